/**
 * A stable merge sort of entries by key that lets others work in between.
 *
 * It sorts positions, and compares first a number that stands for the beginning of the key: most comparisons end there,
 * without following a pointer.
 */
import type { Pacer } from "../../kit/pacer.ts";
import { computePrefixes, type LeadingParts } from "./prefix.ts";
import { radixSort } from "./radix-sort.ts";

/** From so many on, passes over the bits of the prefixes are cheaper than comparing them. */
const radixMin = 4096;

/** Positions that are put in order by insertion before merging begins. */
const runLength = 16;

/** How two positions compare. */
export interface PositionOrder {
  /** The first parts of the keys, by which `compare` goes first. */
  readonly leading: LeadingParts;
  /** Of the first parts. */
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
  const from = new Uint32Array(count);
  for (let start = 0; start < count; start += radixMin)
    number(from, start, Math.min(start + radixMin, count));
  if (count >= radixMin) {
    const sorted = await radixSort(from, prefixes, pacer);
    await sortTies(sorted, prefixes, compare, pacer);
    return sorted;
  }
  const order = (left: number, right: number): number =>
    (prefixes[left] as number) - (prefixes[right] as number) || compare(left, right);
  return await mergeSort(from, order, pacer);
}

function number(positions: Uint32Array, start: number, end: number): void {
  for (let position = start; position < end; position += 1) positions[position] = position;
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
    const end = endOfTies(sorted, prefixes, start);
    if (end - start <= runLength) insertionSort(sorted, start, end, compare);
    // oxlint-disable-next-line no-await-in-loop
    else sorted.set(await mergeSort(sorted.slice(start, end), compare, pacer), start);
    start = end;
    // oxlint-disable-next-line no-await-in-loop
    if (pacer.due()) await pacer.rest();
  }
}

function endOfTies(sorted: Uint32Array, prefixes: Float64Array, start: number): number {
  const prefix = prefixes[sorted[start] as number];
  let end = start + 1;
  while (end < sorted.length && prefixes[sorted[end] as number] === prefix) end += 1;
  return end;
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
