/** Sorts positions by the numbers that stand for their keys: without comparing, and stable. */
import type { Pacer } from "../../kit/pacer.ts";

const digitBits = 16;
const digits = 64 / digitBits;
const buckets = 2 ** digitBits;

/** Positions between two looks at the pacer. */
const perLook = 4096;

/** @param numbers none of them NaN; -0 counts as 0 */
export async function radixSort(
  positions: Uint32Array,
  numbers: Float64Array,
  pacer: Pacer,
): Promise<Uint32Array> {
  const words = toSortable(numbers);
  let from: Uint32Array = positions;
  let to: Uint32Array = new Uint32Array(positions.length);
  for (let digit = 0; digit < digits; digit += 1) {
    const counts = countDigits(words, digit);
    // oxlint-disable-next-line no-await-in-loop
    if (pacer.due(perLook)) await pacer.rest();
    // A digit that all have in common moves nothing.
    if (counts.includes(positions.length)) continue;
    toStarts(counts);
    for (let start = 0; start < from.length; start += perLook) {
      scatter(from.subarray(start, start + perLook), to, words, counts, digit);
      // oxlint-disable-next-line no-await-in-loop
      if (pacer.due(perLook)) await pacer.rest();
    }
    [from, to] = [to, from];
  }
  return from;
}

/** The numbers as unsigned integers of 64 bits in the same order, by digits, the lowest first: as all machines have them. */
function toSortable(numbers: Float64Array): Uint16Array {
  const copy = new Float64Array(numbers.length);
  const words = new Uint16Array(copy.buffer);
  for (let start = 0; start < numbers.length; start += perLook)
    makeSortable(numbers, copy, words, start, Math.min(start + perLook, numbers.length));
  return words;
}

/** A part at a time: a loop of its own for all of them would be entered once only, and run before it is compiled. */
function makeSortable(
  numbers: Float64Array,
  copy: Float64Array,
  words: Uint16Array,
  start: number,
  end: number,
): void {
  for (let index = start; index < end; index += 1) {
    // Adding 0 makes 0 of -0.
    copy[index] = (numbers[index] as number) + 0;
    const at = index * digits;
    const isNegative = (words[at + digits - 1] as number) >= 0x8000;
    if (isNegative)
      for (let digit = 0; digit < digits; digit += 1)
        words[at + digit] = ~(words[at + digit] as number);
    else words[at + digits - 1] = (words[at + digits - 1] as number) | 0x8000;
  }
}

function countDigits(words: Uint16Array, digit: number): Uint32Array {
  const counts = new Uint32Array(buckets);
  const wordsPerLook = perLook * digits;
  for (let start = 0; start < words.length; start += wordsPerLook)
    countPart(words, digit, counts, start, Math.min(start + wordsPerLook, words.length));
  return counts;
}

function countPart(
  words: Uint16Array,
  digit: number,
  counts: Uint32Array,
  start: number,
  end: number,
): void {
  for (let at = start + digit; at < end; at += digits) {
    const bucket = words[at] as number;
    counts[bucket] = (counts[bucket] as number) + 1;
  }
}

function toStarts(counts: Uint32Array): void {
  let start = 0;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const count = counts[bucket] as number;
    counts[bucket] = start;
    start += count;
  }
}

function scatter(
  from: Uint32Array,
  to: Uint32Array,
  words: Uint16Array,
  starts: Uint32Array,
  digit: number,
): void {
  for (let index = 0; index < from.length; index += 1) {
    const position = from[index] as number;
    const bucket = words[position * digits + digit] as number;
    const place = starts[bucket] as number;
    to[place] = position;
    starts[bucket] = place + 1;
  }
}
