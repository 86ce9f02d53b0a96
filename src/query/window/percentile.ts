/** `$percentile` and `$median` over windows that lose values. */
import { isNumber, type Value } from "../../bson/value.ts";
import { toDouble } from "../number.ts";
import { percentileOf } from "../percentile.ts";
import { createSorted } from "./extreme.ts";
import type { WindowState } from "./sliding.ts";

/** @param finish what is given, from the value at each share */
export function slidingPercentile(
  finish: (valueAt: (share: number) => Value) => Value,
): WindowState {
  const sorted = createSorted<number, number>((each) => each, compareDoubles);
  return {
    add(value) {
      if (isNumber(value)) sorted.add(toDouble(value), toDouble(value));
    },
    remove(value) {
      if (isNumber(value)) sorted.remove(toDouble(value));
    },
    result: () => finish((share) => percentileOf(sorted.all(), share)),
  };
}

/** NaN above all others, as a sorted Float64Array has it. */
function compareDoubles(left: number, right: number): number {
  if (left < right) return -1;
  if (left > right) return 1;
  return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
}
