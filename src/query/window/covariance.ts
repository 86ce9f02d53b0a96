/** `$covariancePop` and `$covarianceSamp`, in one pass and backwards too. */
import { Double, isArray, isNumber, type Value } from "../../bson/value.ts";
import { divideDecimals } from "../decimal.ts";
import { multiply, type NumberValue, subtract, toDecimal, toDouble, widthOf } from "../number.ts";
import type { WindowState } from "./sliding.ts";
import { isSpecial, SlidingSum } from "./sliding-sum.ts";

type Pair = readonly [NumberValue, NumberValue];

/** @param lost 1 for a sample, 0 for the population */
export function slidingCovariance(lost: 0 | 1): () => WindowState {
  return () => {
    const covariance = new SlidingCovariance(lost);
    return {
      add(value) {
        if (isPair(value)) covariance.add(value);
      },
      remove(value) {
        if (isPair(value)) covariance.remove(value);
      },
      result: () => covariance.value(),
    };
  };
}

function isPair(value: Value | undefined): value is Pair {
  return isArray(value) && value.length === 2 && isNumber(value[0]) && isNumber(value[1]);
}

class SlidingCovariance {
  readonly #lost: 0 | 1;
  readonly #x = new SlidingSum();
  readonly #y = new SlidingSum();
  /** Of the products of the distances from the two means. */
  readonly #products = new SlidingSum();
  #count = 0;

  constructor(lost: 0 | 1) {
    this.#lost = lost;
  }

  add([x, y]: Pair): void {
    const special = specialOf([x, y]);
    if (special !== undefined) {
      this.#products.add(special);
      return;
    }
    this.#count += 1;
    const before = this.#x.mean();
    this.#x.add(x);
    this.#y.add(y);
    if (before === undefined) return;
    this.#products.add(product(distance(x, before), distance(y, meanOf(this.#y))));
  }

  remove([x, y]: Pair): void {
    const special = specialOf([x, y]);
    if (special !== undefined) {
      this.#products.remove(special);
      return;
    }
    this.#count -= 1;
    if (this.#count === 0) {
      this.#x.reset();
      this.#y.reset();
      this.#products.reset();
      return;
    }
    this.#x.remove(x);
    this.#products.remove(product(distance(x, meanOf(this.#x)), distance(y, meanOf(this.#y))));
    this.#y.remove(y);
  }

  value(): Value {
    if (this.#count === 1 && this.#lost === 0) return new Double(0);
    const count = this.#count - this.#lost;
    if (count <= 0) return null;
    const sum = this.#products.value();
    if (widthOf(sum) !== 3) return new Double(toDouble(sum) / count);
    return divideDecimals(toDecimal(sum), toDecimal(new Double(count)));
  }
}

function meanOf(sum: SlidingSum): NumberValue {
  return sum.mean() ?? 0;
}

/** A mean is a double or a decimal, so nothing overflows. */
function distance(value: NumberValue, mean: NumberValue): NumberValue {
  return subtract(value, mean) ?? new Double(toDouble(value) - toDouble(mean));
}

function product(left: NumberValue, right: NumberValue): NumberValue {
  return multiply(left, right) ?? new Double(toDouble(left) * toDouble(right));
}

/** What a pair that is not finite counts as: an infinity or NaN, a decimal where one of the two is. */
function specialOf(pair: Pair): NumberValue | undefined {
  const specials = pair.filter((each) => isSpecial(each));
  if (specials.length === 0) return undefined;
  const sum = specials.map((each) => toDouble(each)).reduce((total, each) => total + each, 0);
  const isDecimal = pair.some(
    (each) => typeof each === "object" && each.bsonType === 19 && each.class !== "nan",
  );
  return isDecimal ? toDecimal(new Double(sum)) : new Double(sum);
}
