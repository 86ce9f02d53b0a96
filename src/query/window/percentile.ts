/** `$percentile` and `$median` over windows that lose values. */
import { Double, isNumber, type Value } from "../../bson/value.ts";
import { toDouble } from "../number.ts";
import { percentileOf } from "../percentile.ts";
import { createSorted } from "./extreme.ts";
import type { WindowState } from "./sliding.ts";

/** @param finish what is given, from the value at each share */
export function slidingPercentile(
  finish: (valueAt: (share: number) => Value) => Value,
): WindowState {
  const sorted = createSorted<Double>((each) => each);
  return {
    add(value) {
      if (!isNumber(value)) return;
      const number = new Double(toDouble(value));
      sorted.add(number, number);
    },
    remove(value) {
      if (isNumber(value)) sorted.remove(new Double(toDouble(value)));
    },
    result() {
      const numbers = sorted.first(Number.POSITIVE_INFINITY).map((each) => each.value);
      return finish((share) => percentileOf(numbers, share));
    },
  };
}
