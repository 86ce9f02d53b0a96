/**
 * Patterns as JavaScript's, for the engines of V8.
 *
 * Neither the flag i nor u is used, since V8's linear engine has none of them: cases are in the sets, and characters
 * beyond 16 bits are written as their two surrogates.
 */
import { within, type CharSet } from "./char-set.ts";
import type { Assertion, RegexNode, Repeat } from "./node.ts";
import { minLength } from "./shape.ts";

export interface Manner {
  /** Whether the text may hold surrogates. */
  readonly hasPairs: boolean;
  /** To find out where and what, not only whether. */
  readonly isExact: boolean;
  /** Writes out bounded loops, which the linear engine takes up to 16 only. */
  readonly isUnrolled: boolean;
}

/** The source is not to get longer. */
const sourceMax = 20_000;

/** Translates a pattern; undefined when JavaScript has nothing that means the same. */
export function translate(node: RegexNode, manner: Manner): string | undefined {
  try {
    const source = write(node, manner, { isStart: !manner.isExact, isEnd: !manner.isExact });
    return source.length > sourceMax ? undefined : source;
  } catch (cause) {
    if (cause === untranslatable) return undefined;
    throw cause;
  }
}

const untranslatable: Error = new Error("has no translation");

/** Where a node stands: an assertion at an end of a pattern that is only searched for may take characters. */
interface Edges {
  readonly isStart: boolean;
  readonly isEnd: boolean;
}

const inside: Edges = { isStart: false, isEnd: false };

function write(node: RegexNode, manner: Manner, edges: Edges): string {
  switch (node.kind) {
    case "set":
      return writeSet(node.set, manner);
    case "sequence":
      return writeSequence(node.items, manner, edges);
    case "alternatives":
      return `(?:${node.options.map((each) => write(each, manner, edges)).join("|")})`;
    case "group":
      return manner.isExact
        ? `(${write(node.item, manner, edges)})`
        : `(?:${write(node.item, manner, edges)})`;
    case "repeat":
      return writeRepeat(node, manner);
    case "look": {
      const sign = `${node.isAhead ? "" : "<"}${node.isNegated ? "!" : "="}`;
      return `(?${sign}${write(node.item, manner, inside)})`;
    }
    case "assert":
      return writeAssertion(node.assertion, edges);
    case "fail":
      return "[]";
    default:
      throw untranslatable;
  }
}

function writeSequence(items: readonly RegexNode[], manner: Manner, edges: Edges): string {
  const last = items.length - 1;
  let source = "";
  for (const [index, item] of items.entries()) {
    const rest = items.slice(index + 1);
    const isStart = edges.isStart && index === 0 && rest.some((each) => minLength(each) > 0);
    source += write(item, manner, { isStart, isEnd: edges.isEnd && index === last });
    if (source.length > sourceMax) throw untranslatable;
  }
  return source;
}

function writeRepeat(node: Repeat, manner: Manner): string {
  const { item, min, max, mode } = node;
  // JavaScript forgets what groups have caught in an earlier turn, and goes on after an empty one.
  const differs = manner.isExact && (hasGroup(item) || minLength(item) === 0);
  if (differs || mode === "possessive") throw untranslatable;
  const source = write(item, manner, inside);
  const each = item.kind === "set" && isOneUnit(source) ? source : `(?:${source})`;
  const lazy = mode === "lazy" ? "?" : "";
  if (max === Infinity && min <= 1) return `${each}${min === 0 ? "*" : "+"}${lazy}`;
  if (manner.isUnrolled) return unroll(each, min, max, lazy);
  return `${each}{${min},${max === Infinity ? "" : max}}${lazy}`;
}

function unroll(each: string, min: number, max: number, lazy: string): string {
  const optional = max === Infinity ? 1 : max - min;
  if ((min + optional) * (each.length + 6) > sourceMax) throw untranslatable;
  const needed = each.repeat(min);
  if (max === Infinity) return `${needed}${each}*${lazy}`;
  return needed + `(?:${each}`.repeat(optional) + `)?${lazy}`.repeat(optional);
}

function isOneUnit(source: string): boolean {
  return source.length === 1 || source.startsWith("[") || source.startsWith("\\");
}

function hasGroup(node: RegexNode): boolean {
  switch (node.kind) {
    case "group":
      return true;
    case "sequence":
      return node.items.some(hasGroup);
    case "alternatives":
      return node.options.some(hasGroup);
    case "repeat":
    case "atomic":
    case "look":
      return hasGroup(node.item);
    default:
      return false;
  }
}

function writeAssertion(assertion: Assertion, { isStart, isEnd }: Edges): string {
  switch (assertion) {
    case "textStart":
      return "^";
    case "textEnd":
      return "$";
    case "lastLineEnd":
      return isEnd ? "\\n?$" : "(?=\\n?$)";
    case "lineEnd":
      return isEnd ? "(?:\\n|$)" : "(?=\\n|$)";
    case "lineStart":
      // No line starts behind a newline that ends the text.
      return isStart ? "(?:^|\\n)" : "(?:^|(?<=\\n)(?!$))";
    case "wordBoundary":
      return "\\b";
    case "notWordBoundary":
      return "\\B";
    case "searchStart":
      throw untranslatable;
  }
}

function writeSet(set: CharSet, { hasPairs }: Manner): string {
  const plain = within(set, 0, 0xffff);
  const beyond = hasPairs ? within(set, 0x1_0000, 0x10_ffff) : [];
  const plainClass = writeClass(plain);
  if (beyond.length === 0) return plainClass;
  const pairs = writePairs(beyond);
  return plain.length === 0 ? `(?:${pairs})` : `(?:${plainClass}|${pairs})`;
}

function writeClass(ranges: CharSet): string {
  const [low, high] = ranges;
  if (ranges.length === 2 && low !== undefined && low === high) return writeUnit(low);
  let source = "";
  for (let index = 0; index < ranges.length; index += 2)
    source += writeRange(ranges[index] as number, ranges[index + 1] as number);
  return `[${source}]`;
}

function writeRange(low: number, high: number): string {
  return low === high ? writeUnit(low) : `${writeUnit(low)}-${writeUnit(high)}`;
}

function writeUnit(unit: number): string {
  const isPlain =
    (unit >= 0x30 && unit <= 0x39) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    (unit >= 0x61 && unit <= 0x7a);
  return isPlain ? String.fromCharCode(unit) : `\\u${unit.toString(16).padStart(4, "0")}`;
}

/** Ranges beyond 16 bits, as alternatives of a high and a low surrogate. */
function writePairs(ranges: CharSet): string {
  const pairs: string[] = [];
  for (let index = 0; index < ranges.length; index += 2)
    addPairs(ranges[index] as number, ranges[index + 1] as number, pairs);
  return pairs.join("|");
}

function addPairs(low: number, high: number, pairs: string[]): void {
  for (let start = low; start <= high;) {
    const isWhole = (start & 0x3ff) === 0 && (start | 0x3ff) <= high;
    // Whole blocks of 1,024 go together; what sticks out at either end is by itself.
    const lastBlock = (high + 1) & ~0x3ff;
    const end = isWhole ? lastBlock - 1 : Math.min(start | 0x3ff, high);
    const highs = `[${writeRange(highOf(start), highOf(end))}]`;
    pairs.push(`${highs}[${writeRange(lowOf(start), lowOf(end))}]`);
    start = end + 1;
  }
}

function highOf(codePoint: number): number {
  return 0xd800 + ((codePoint - 0x1_0000) >> 10);
}

function lowOf(codePoint: number): number {
  return 0xdc00 + (codePoint & 0x3ff);
}
