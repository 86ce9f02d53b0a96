/**
 * Sets of values, as intervals of key parts.
 *
 * An interval holds the parts from `low` on, up to and without `high`. Since no part begins another, "above x" begins at
 * the next byte string after x, and every set is a sorted list of half-open intervals. Parts are as in an ascending field.
 */
import { rankOf } from "../../bson/compare.ts";
import type { Value } from "../../bson/value.ts";
import { turned } from "../bounds-text.ts";
import { createKeyBuffer } from "../key-buffer.ts";
import { rankByte, writeKeyPart } from "../key-string.ts";

export interface Interval {
  readonly low: Buffer;
  readonly high: Buffer;
  /** Set when it holds one value only: that value's part, the same as `low`. */
  readonly isPoint: boolean;
  /** As `explain` shows it. */
  readonly text: string;
}

/** Sorted, not overlapping. */
export type Intervals = readonly Interval[];

const below = Buffer.alloc(0);
const above = Buffer.from([0xff]);

export const all: Intervals = [
  { low: below, high: above, isPoint: false, text: "[MinKey, MaxKey]" },
];

export function isAll(intervals: Intervals): boolean {
  const [only] = intervals;
  return intervals.length === 1 && only?.low.length === 0 && only.high.equals(above);
}

/** The least byte string above all that begin with this one. */
export function successor(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0xff) end -= 1;
  if (end === 0) return above;
  const next = Buffer.from(bytes.subarray(0, end));
  next[end - 1] = (next[end - 1] as number) + 1;
  return next;
}

const scratch = createKeyBuffer(256);

export function partOf(value: Value): Buffer {
  scratch.length = 0;
  writeKeyPart(scratch, value, false);
  return Buffer.from(scratch.bytes.subarray(0, scratch.length));
}

export function point(value: Value, text: string): Interval {
  const low = partOf(value);
  return { low, high: successor(low), isPoint: true, text: `[${text}, ${text}]` };
}

/** All values of one rank of MongoDB's order. */
export function ofRank(rank: number, text: string): Interval {
  return {
    low: Buffer.from([rankByte(rank)]),
    high: Buffer.from([rankByte(rank) + 1]),
    isPoint: false,
    text,
  };
}

/** The values of the operand's type on one side of it. */
export function beside(value: Value, side: "gt" | "gte" | "lt" | "lte", text: string): Interval {
  const type = ofRank(rankOf(value), "");
  const part = partOf(value);
  const isUp = side === "gt" || side === "gte";
  const edge = side === "gt" || side === "lte" ? successor(part) : part;
  return isUp
    ? { low: edge, high: type.high, isPoint: false, text }
    : { low: type.low, high: edge, isPoint: false, text };
}

/** Texts that begin with a prefix; symbols, too. */
export function beginningWith(prefix: string, text: string): Interval {
  const whole = partOf(prefix);
  // Without the byte that ends it.
  const low = whole.subarray(0, whole.length - 1);
  return { low, high: successor(low), isPoint: false, text };
}

function byLow(left: Interval, right: Interval): number {
  return Buffer.compare(left.low, right.low);
}

export function union(parts: readonly Interval[]): Intervals {
  const sorted = parts.toSorted(byLow);
  const merged: Interval[] = [];
  for (const each of sorted) {
    const last = merged.at(-1);
    if (
      last === undefined ||
      Buffer.compare(each.low, last.high) > 0 ||
      areApartPoints(last, each)
    ) {
      merged.push(each);
      continue;
    }
    if (Buffer.compare(each.high, last.high) <= 0) continue;
    merged[merged.length - 1] = {
      low: last.low,
      high: each.high,
      isPoint: false,
      text: joinTexts(last.text, each.text),
    };
  }
  return merged;
}

/** Neighbours such as null and undefined stay two points: a compound key can go on behind a point only. */
function areApartPoints(left: Interval, right: Interval): boolean {
  return left.isPoint && right.isPoint && Buffer.compare(right.low, left.high) >= 0;
}

export function intersect(left: Intervals, right: Intervals): Intervals {
  if (isAll(left)) return right;
  if (isAll(right)) return left;
  const found: Interval[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    const [a, b] = [left[i] as Interval, right[j] as Interval];
    const low = Buffer.compare(a.low, b.low) >= 0 ? a : b;
    const high = Buffer.compare(a.high, b.high) <= 0 ? a : b;
    if (Buffer.compare(low.low, high.high) < 0) found.push(between(low, high));
    if (high === a) i += 1;
    else j += 1;
  }
  return found;
}

function between(low: Interval, high: Interval): Interval {
  if (low === high || low.isPoint) return low;
  if (high.isPoint) return high;
  return { low: low.low, high: high.high, isPoint: false, text: joinTexts(low.text, high.text) };
}

function joinTexts(low: string, high: string): string {
  const lowEnd = low.slice(0, low.indexOf(", "));
  const highEnd = high.slice(high.lastIndexOf(", "));
  return `${lowEnd}${highEnd}`;
}

/** The same set in the order of a descending field. */
export function invert(intervals: Intervals): Intervals {
  return intervals
    .map((each) => ({
      low: each.high.equals(above) ? below : edgeOf(each.high),
      high: each.low.length === 0 ? above : edgeOf(each.low),
      isPoint: each.isPoint,
      text: turned(each.text),
    }))
    .map((each, at) =>
      each.isPoint ? { ...each, low: flip((intervals[at] as Interval).low) } : each,
    )
    .toReversed();
}

/** Parts from `edge` on become, inverted, parts before this one. */
function edgeOf(edge: Buffer): Buffer {
  return successor(flip(edge));
}

function flip(bytes: Buffer): Buffer {
  const flipped = Buffer.allocUnsafe(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) flipped[at] = ~(bytes[at] as number);
  return flipped;
}
