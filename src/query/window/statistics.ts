/** `$sum $avg $stdDevPop $stdDevSamp $count` over windows that lose values. */
import { Double, isNumber, type Value } from "../../bson/value.ts";
import { type NumberValue, toDouble } from "../number.ts";
import { Sum } from "../sum.ts";
import type { WindowState } from "./sliding.ts";
import { isSpecial, SlidingSum } from "./sliding-sum.ts";

export function slidingSum(): WindowState {
  const sum = new SlidingSum();
  return overNumbers(sum, () => sum.value());
}

export function slidingAverage(): WindowState {
  const sum = new SlidingSum();
  return overNumbers(sum, () => sum.mean() ?? null);
}

interface Reckoning {
  add(value: NumberValue): void;
  remove(value: NumberValue): void;
}

function overNumbers(reckoning: Reckoning, result: () => Value): WindowState {
  return {
    add(value) {
      if (isNumber(value)) reckoning.add(value);
    },
    remove(value) {
      if (isNumber(value)) reckoning.remove(value);
    },
    result,
  };
}

/** @param lost 1 for a sample, 0 for the population */
export function slidingDeviation(lost: 0 | 1): () => WindowState {
  return () => {
    const deviation = new SlidingDeviation(lost);
    return overNumbers(deviation, () => deviation.value());
  };
}

/** Welford's method, backwards too. */
class SlidingDeviation {
  readonly #lost: 0 | 1;
  #sum = new Sum();
  /** Of the squared distances from the mean. */
  #squares = new Sum();
  #count = 0;
  #specials = 0;

  constructor(lost: 0 | 1) {
    this.#lost = lost;
  }

  add(value: NumberValue): void {
    this.#update(value, 1);
  }

  remove(value: NumberValue): void {
    this.#update(value, -1);
  }

  #update(value: NumberValue, change: 1 | -1): void {
    if (isSpecial(value)) {
      this.#specials += change;
      this.#count += change;
      return;
    }
    if (this.#count === 0) {
      this.#count = 1;
      this.#sum.add(value);
      return;
    }
    if (this.#count + change === 0) {
      this.#sum = new Sum();
      this.#squares = new Sum();
      this.#count = 0;
      this.#specials = 0;
      return;
    }
    const number = toDouble(value);
    const distance = this.#count * number - toDouble(this.#sum.value());
    this.#count += change;
    this.#sum.add(new Double(number * change));
    const square = (distance * distance * change) / (this.#count * (this.#count - change));
    this.#squares.add(new Double(square));
  }

  value(): Value {
    if (this.#specials > 0) return null;
    const count = this.#count - this.#lost;
    if (count === 0) return null;
    const squares = toDouble(this.#squares.value());
    if (squares < 0 || (this.#lost === 0 && this.#count === 1)) {
      // What rounding left of nothing.
      this.#squares = new Sum();
      return 0;
    }
    return new Double(Math.sqrt(squares / count));
  }
}
