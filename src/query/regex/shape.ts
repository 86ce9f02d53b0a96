/** What can be said of a pattern without running it. */
import { union, type CharSet } from "./char-set.ts";
import type { RegexNode, Repeat } from "./node.ts";

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
  /** Characters looked at in all these ways together. */
  readonly work: number;
  /** The power of the text's length that both are to be multiplied with; Infinity where loops are nested. */
  readonly power: number;
}

/** An upper bound of the work of a backtracking match from one place. */
export function costOf(node: RegexNode): Cost {
  switch (node.kind) {
    case "sequence": {
      let [ways, work, power] = [1, 1, 0];
      for (const item of node.items) {
        const cost = costOf(item);
        work += ways * cost.work;
        ways *= cost.ways;
        power += cost.power;
      }
      return { ways, work, power };
    }
    case "alternatives": {
      const costs = node.options.map(costOf);
      return {
        ways: sum(costs.map((each) => each.ways)),
        work: sum(costs.map((each) => each.work)),
        power: Math.max(...costs.map((each) => each.power)),
      };
    }
    case "repeat":
      return costOfRepeat(node);
    case "group":
    case "atomic":
      return costOf(node.item);
    case "look":
      return { ...costOf(node.item), ways: 1 };
    default:
      return { ways: 1, work: 1, power: 0 };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

const unbounded: Cost = { ways: Infinity, work: Infinity, power: Infinity };

function costOfRepeat({ item, min, max }: Repeat): Cost {
  const { ways, work, power } = costOf(item);
  const isSimple = ways === 1 && power === 0;
  if (max === Infinity)
    return isSimple && minLength(item) > 0 ? { ways: 1, work: work + min, power: 1 } : unbounded;
  if (isSimple) return { ways: max - min + 1, work: work * max + 1, power: 0 };
  return { ways: (ways + 1) ** max, work: work * (ways + 1) ** max, power: power * max };
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
  if (last?.kind === "repeat" && items.length > 1)
    items = [...items.slice(0, -1), trimRepeat(last)];
  return { kind: "sequence", items };
}

function isLooseEnd(node: RegexNode | undefined, end: "start" | "end"): boolean {
  if (node?.kind !== "repeat" || node.item.kind !== "set" || node.min > 0) return false;
  return end === "end" || node.mode !== "possessive";
}

function trimRepeat(node: Repeat): RegexNode {
  return node.item.kind === "set" ? { ...node, max: node.min, mode: "greedy" } : node;
}
