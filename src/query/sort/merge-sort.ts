/**
 * A stable merge sort of entries by key that lets others work in between.
 *
 * It sorts positions, and compares first a number that stands for the beginning of the key: most comparisons end there,
 * without following a pointer.
 */
import { rankOf } from "../../bson/compare.ts";
import { DateTime, isNumber, ObjectId, type Value } from "../../bson/value.ts";
import type { Pacer } from "../../kit/pacer.ts";
import { toDouble } from "../number.ts";
import { radixSort } from "./radix-sort.ts";

/** From so many on, passes over the bits of the prefixes are cheaper than comparing them. */
const radixMin = 4096;

/** Positions that are put in order by insertion before merging begins. */
const runLength = 16;

/** How two positions compare. */
export interface PositionOrder {
  /** The first part of the key, by which `compare` goes first. */
  readonly leading: (position: number) => Value;
  /** Of the first part. */
  readonly direction: 1 | -1;
  /** Never 0 for two positions. */
  readonly compare: (left: number, right: number) => number;
}

/** The positions from 0 to `count` in order. */
export async function sortPositions(
  count: number,
  { leading, direction, compare }: PositionOrder,
  pacer: Pacer,
): Promise<Uint32Array> {
  const prefixes = await computePrefixes(count, leading, direction, pacer);
  const from = Uint32Array.from({ length: count }, (_, position) => position);
  if (count >= radixMin) {
    const sorted = await radixSort(from, prefixes, pacer);
    await sortTies(sorted, prefixes, compare, pacer);
    return sorted;
  }
  const order = (left: number, right: number): number =>
    (prefixes[left] as number) - (prefixes[right] as number) || compare(left, right);
  return await mergeSort(from, order, pacer);
}

async function mergeSort(positions: Uint32Array, order: Order, pacer: Pacer): Promise<Uint32Array> {
  const count = positions.length;
  let from: Uint32Array = positions;
  let to: Uint32Array = new Uint32Array(count);
  for (let start = 0; start < count; start += runLength) {
    insertionSort(from, start, Math.min(start + runLength, count), order);
    if (pacer.due()) await pacer.rest();
  }
  for (let width = runLength; width < count; width *= 2) {
    await mergePass(from, to, width, order, pacer);
    [from, to] = [to, from];
  }
  return from;
}

/** Positions whose prefixes are equal, which only their keys tell apart. */
async function sortTies(
  sorted: Uint32Array,
  prefixes: Float64Array,
  compare: Order,
  pacer: Pacer,
): Promise<void> {
  for (let start = 0; start < sorted.length;) {
    const prefix = prefixes[sorted[start] as number];
    let end = start + 1;
    while (end < sorted.length && prefixes[sorted[end] as number] === prefix) end += 1;
    if (end - start <= runLength) insertionSort(sorted, start, end, compare);
    // oxlint-disable-next-line no-await-in-loop
    else sorted.set(await mergeSort(sorted.slice(start, end), compare, pacer), start);
    start = end;
    // oxlint-disable-next-line no-await-in-loop
    if (pacer.due()) await pacer.rest();
  }
}

type Order = (left: number, right: number) => number;

function insertionSort(positions: Uint32Array, start: number, end: number, order: Order): void {
  for (let next = start + 1; next < end; next += 1) {
    const position = positions[next] as number;
    let at = next;
    while (at > start && order(positions[at - 1] as number, position) > 0) {
      positions[at] = positions[at - 1] as number;
      at -= 1;
    }
    positions[at] = position;
  }
}

/** Merged positions between two looks at the pacer. */
const mergedPerLook = 64;

async function mergePass(
  from: Uint32Array,
  to: Uint32Array,
  width: number,
  order: Order,
  pacer: Pacer,
): Promise<void> {
  const count = from.length;
  for (let start = 0; start < count; start += 2 * width) {
    const middle = Math.min(start + width, count);
    const end = Math.min(start + 2 * width, count);
    let left = start;
    let right = middle;
    for (let at = start; at < end; at += 1) {
      const takesLeft =
        right >= end || (left < middle && order(from[left] as number, from[right] as number) <= 0);
      to[at] = (takesLeft ? from[left++] : from[right++]) as number;
      if (at % mergedPerLook === 0 && pacer.due()) await pacer.rest();
    }
  }
}

/** Never orders two keys against `compare`; equal numbers decide nothing. */
async function computePrefixes(
  count: number,
  leading: (position: number) => Value,
  direction: 1 | -1,
  pacer: Pacer,
): Promise<Float64Array> {
  const prefixes = new Float64Array(count);
  const first = count === 0 ? null : leading(0);
  const rank = rankOf(first);
  let isOneKind = true;
  // What all texts begin with tells nothing.
  let common = typeof first === "string" ? first.length : 0;
  for (let position = 0; position < count; position += 1) {
    const value = leading(position);
    if (rankOf(value) !== rank) isOneKind = false;
    if (common > 0) common = commonLength(first as string, value, common);
    if (pacer.due()) await pacer.rest();
  }
  for (let position = 0; position < count; position += 1) {
    const value = leading(position);
    // Keys of several kinds: the kind is the number.
    prefixes[position] = (isOneKind ? prefixOf(value, common) : rankOf(value)) * direction;
    if (pacer.due()) await pacer.rest();
  }
  return prefixes;
}

function commonLength(first: string, value: Value, most: number): number {
  if (typeof value !== "string") return 0;
  let length = 0;
  while (length < most && first.charCodeAt(length) === value.charCodeAt(length)) length += 1;
  return length;
}

/** @param common characters that all texts begin with */
function prefixOf(value: Value, common: number): number {
  if (typeof value === "string") return textPrefix(value, common);
  if (isNumber(value)) return numberPrefix(toDouble(value));
  if (value instanceof DateTime) return Number(value.ms);
  if (value instanceof ObjectId) return value.a * 2 ** 21 + (value.b >>> 11);
  return typeof value === "boolean" ? Number(value) : 0;
}

/** NaN is below all numbers; infinities would make NaN of a difference. */
function numberPrefix(value: number): number {
  if (Number.isNaN(value)) return -Number.MAX_VALUE;
  return Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
}

const prefixLength = 6;

/** The first characters as digits of base 256; from the first that is not ASCII on, all count the same. */
function textPrefix(text: string, start: number): number {
  let prefix = 0;
  let isAscii = true;
  for (let index = start; index < start + prefixLength; index += 1) {
    let digit = 0;
    if (isAscii && index < text.length) {
      digit = text.charCodeAt(index);
      if (digit > 127) {
        digit = 128;
        isAscii = false;
      }
    }
    prefix = prefix * 256 + digit;
  }
  return prefix;
}
