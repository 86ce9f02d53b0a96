/** `$min $max $minN $maxN` over windows that lose values. */
import { compare, type TextOrder } from "../../bson/compare.ts";
import type { Value } from "../../bson/value.ts";
import { isNullish } from "../truth.ts";
import type { WindowState } from "./sliding.ts";

interface Candidate {
  readonly value: Value;
  /** Counts all that was added before. */
  readonly number: number;
}

/**
 * Keeps only what may become the extreme once those before it have fallen out.
 *
 * Of equal values the server gives the oldest of the least ones, and the newest of the greatest.
 *
 * @param sign 1 for the greatest, -1 for the least
 */
export function slidingExtreme(sign: 1 | -1): StartWith {
  return (collation) => startExtreme(sign, collation);
}

/** Begins a window whose texts are compared by a collation. */
export type StartWith = (collation: TextOrder | undefined) => WindowState;

function startExtreme(sign: 1 | -1, collation: TextOrder | undefined): WindowState {
  const isBeaten = (value: Value, by: Value): boolean => {
    const difference = compare(by, value, collation) * sign;
    return difference > 0 || (difference === 0 && sign === 1);
  };
  const candidates: Candidate[] = [];
  let head = 0;
  let added = 0;
  let removed = 0;
  return {
    add(value) {
      added += 1;
      if (isNullish(value)) return;
      while (candidates.length > head && isBeaten((candidates.at(-1) as Candidate).value, value))
        candidates.pop();
      candidates.push({ value, number: added });
    },
    remove() {
      removed += 1;
      if (candidates[head]?.number === removed) head += 1;
      if (head > 1024 && head * 2 > candidates.length) {
        candidates.splice(0, head);
        head = 0;
      }
    },
    result: () => candidates[head]?.value ?? null,
  };
}

/** @param sign 1 gives the greatest first, -1 the least */
export function slidingExtremes(
  sign: 1 | -1,
): (count: number, collation: TextOrder | undefined) => WindowState {
  return (count, collation) => {
    const sorted = createSorted<Value, Value>(
      (value) => value,
      (left, right) => compare(left, right, collation),
    );
    return {
      add(value) {
        if (!isNullish(value)) sorted.add(value, value);
      },
      remove(value) {
        if (!isNullish(value)) sorted.remove(value);
      },
      result: () => (sign === -1 ? sorted.first(count) : sorted.last(count).toReversed()),
    };
  };
}

/** Values in ascending order of their keys, equal ones in the order that they came in. */
export interface Sorted<T, K> {
  add(key: K, value: T): void;
  /** Removes the oldest of those with this key. */
  remove(key: K): void;
  first(count: number): T[];
  last(count: number): T[];
  /** The list itself; it goes on changing. */
  all(): readonly T[];
}

export function createSorted<T, K>(
  keyOf: (value: T) => K,
  order: (left: K, right: K) => number,
): Sorted<T, K> {
  const values: T[] = [];
  /** The first position whose key is not below, or is above, the one given. */
  const placeOf = (key: K, isAbove: boolean): number => {
    let low = 0;
    let high = values.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const difference = order(keyOf(values[middle] as T), key);
      if (difference > 0 || (difference === 0 && !isAbove)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return {
    add: (key, value) => {
      values.splice(placeOf(key, true), 0, value);
    },
    remove: (key) => {
      values.splice(placeOf(key, false), 1);
    },
    first: (count) => values.slice(0, count),
    last: (count) => values.slice(-count),
    all: () => values,
  };
}
