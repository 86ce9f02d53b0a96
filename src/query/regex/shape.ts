/** What can be said of a pattern without running it. */
import { union, type CharSet } from "./char-set.ts";
import type { RegexNode } from "./node.ts";

/** The fewest characters that the pattern takes; a lower bound. */
export function minLength(node: RegexNode): number {
  switch (node.kind) {
    case "set":
      return 1;
    case "sequence": {
      let total = 0;
      for (const item of node.items) total += minLength(item);
      return total;
    }
    case "alternatives":
      return Math.min(...node.options.map(minLength));
    case "repeat":
      return node.min === 0 ? 0 : node.min * minLength(node.item);
    case "group":
    case "atomic":
      return minLength(node.item);
    case "conditional":
      return Math.min(minLength(node.yes), minLength(node.no));
    default:
      return 0;
  }
}

/** Whether the pattern can only match at the start of the text. */
export function isAnchored(node: RegexNode): boolean {
  switch (node.kind) {
    case "assert":
      return node.assertion === "textStart" || node.assertion === "searchStart";
    case "sequence":
      return node.items[0] !== undefined && isAnchored(node.items[0]);
    case "alternatives":
      return node.options.every(isAnchored);
    case "group":
    case "atomic":
      return isAnchored(node.item);
    default:
      return false;
  }
}

/** The characters that a match can begin with; undefined when it may begin with any, or with none. */
export function firstSet(node: RegexNode): CharSet | undefined {
  switch (node.kind) {
    case "set":
      return node.set;
    case "sequence":
      return firstOfSequence(node.items);
    case "alternatives": {
      const sets = node.options.map(firstSet);
      return sets.every((each) => each !== undefined) ? union(...sets) : undefined;
    }
    case "repeat":
      return node.min === 0 ? undefined : firstSet(node.item);
    case "group":
    case "atomic":
      return firstSet(node.item);
    default:
      return undefined;
  }
}

function firstOfSequence(items: readonly RegexNode[]): CharSet | undefined {
  const optional: CharSet[] = [];
  for (const item of items) {
    // An assertion only narrows what follows it.
    if (item.kind === "assert" || item.kind === "look" || item.kind === "keep") continue;
    const isOptional = item.kind === "repeat" && item.min === 0 && item.max > 0;
    const first = firstSet(isOptional ? item.item : item);
    if (first === undefined) return undefined;
    if (!isOptional) return union(...optional, first);
    optional.push(first);
  }
  return undefined;
}

export interface Cost {
  /** Ways to match from one place, loops without end left out; Infinity for too many. */
  readonly ways: number;
  /** The power of the text's length that they are to be multiplied with; Infinity where loops are nested. */
  readonly power: number;
}

/** An upper bound of the work of a backtracking match from one place. */
export function costOf(node: RegexNode): Cost {
  switch (node.kind) {
    case "sequence": {
      let [ways, power] = [1, 0];
      for (const item of node.items) {
        const cost = costOf(item);
        ways *= cost.ways;
        power += cost.power;
      }
      return { ways, power };
    }
    case "alternatives": {
      const costs = node.options.map(costOf);
      return {
        ways: costs.reduce((total, each) => total + each.ways, 0),
        power: Math.max(...costs.map((each) => each.power)),
      };
    }
    case "repeat": {
      const { ways, power } = costOf(node.item);
      if (node.max === Infinity)
        return ways === 1 && power === 0 && minLength(node.item) > 0
          ? { ways: node.min + 1, power: 1 }
          : { ways: Infinity, power: Infinity };
      if (ways === 1 && power === 0) return { ways: node.max - node.min + 1, power: 0 };
      return { ways: (ways + 1) ** node.max, power: power * node.max };
    }
    case "group":
    case "atomic":
    case "look":
      return costOf(node.item);
    default:
      return { ways: 1, power: 0 };
  }
}

/** Instructions that the pattern comes to, loops with bounds written out. */
export function sizeOf(node: RegexNode): number {
  switch (node.kind) {
    case "sequence":
      return node.items.reduce((total, each) => total + sizeOf(each), 1);
    case "alternatives":
      return node.options.reduce((total, each) => total + sizeOf(each) + 1, 1);
    case "repeat": {
      const times = node.max === Infinity ? node.min + 1 : node.max;
      return sizeOf(node.item) * Math.max(times, 1) + 1;
    }
    case "group":
    case "atomic":
    case "look":
      return sizeOf(node.item) + 2;
    case "conditional":
      return sizeOf(node.yes) + sizeOf(node.no) + 2;
    default:
      return 1;
  }
}

/**
 * The pattern without what does not change whether it is found: loops that may be empty at its ends.
 *
 * `.*a.*` is found where `a` is, and does not begin anew from each character.
 */
export function trimmed(node: RegexNode): RegexNode {
  if (node.kind === "repeat") return trimRepeat(node);
  if (node.kind !== "sequence") return node;
  let items = node.items;
  while (isLooseEnd(items[0], "start")) items = items.slice(1);
  while (isLooseEnd(items.at(-1), "end")) items = items.slice(0, -1);
  const [first] = items;
  const last = items.at(-1);
  if (first?.kind === "repeat" && first.mode !== "possessive")
    items = [trimRepeat(first), ...items.slice(1)];
  if (last?.kind === "repeat" && items.length > 1) items = [...items.slice(0, -1), trimRepeat(last)];
  return { kind: "sequence", items };
}

function isLooseEnd(node: RegexNode | undefined, end: "start" | "end"): boolean {
  if (node?.kind !== "repeat" || node.item.kind !== "set" || node.min > 0) return false;
  return end === "end" || node.mode !== "possessive";
}

function trimRepeat(node: Extract<RegexNode, { kind: "repeat" }>): RegexNode {
  return node.item.kind === "set" ? { ...node, max: node.min, mode: "greedy" } : node;
}
