/** Sums as the server makes them: exact for integers, compensated for doubles, apart for decimals. */
import type { NumberValue } from "../bson/compare.ts";
import { type Decimal128, decimalZero } from "../bson/decimal128.ts";
import { Double, toInteger } from "../bson/value.ts";
import { addDecimals, divideDecimals } from "./decimal.ts";
import { toExactDecimal, widthOf, type NumberWidth } from "./number.ts";

const two63 = 2 ** 63;

/** The sum of any number of numbers; fill it with `add`, read it any number of times. */
export class Sum {
  /** The total is `#high + #low` exactly (a "double-double"). */
  #high = 0;
  #low = 0;
  /** The plain sum: what infinities and NaN make of it. */
  #plain = 0;
  #decimal: Decimal128 = decimalZero;
  #width: NumberWidth = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(value: NumberValue): void {
    this.#count += 1;
    const width = widthOf(value);
    if (width > this.#width) this.#width = width;
    if (typeof value === "number") this.#addDouble(value);
    else if (typeof value === "bigint") this.addLong(value);
    else if (value.bsonType === 1) this.#addDouble(value.value);
    else this.#decimal = addDecimals(this.#decimal, value);
  }

  /** Adds an integer without its type: a date's milliseconds. */
  addLong(value: bigint | number): void {
    if (typeof value === "number") {
      this.#addDouble(value);
      return;
    }
    // In two halves, each of which a double holds.
    const high = (value / 0x1_0000_0000n) * 0x1_0000_0000n;
    this.#addDouble(Number(value - high));
    this.#addDouble(Number(high));
  }

  #addDouble(value: number): void {
    this.#plain += value;
    const first = value + this.#low;
    // As the server does it: not exact where the value is below what was lost before.
    const lost = this.#low - (first - value);
    const second = this.#high + first;
    this.#low = errorOfSum(this.#high, first, second) + lost;
    this.#high = second;
  }

  /** The sum in the widest type that was added; an Int64 that overflows becomes a Double. */
  value(): NumberValue {
    if (this.#width === 3) return this.toDecimal();
    if (this.#width === 2) return new Double(this.toDouble());
    const long = this.toLong();
    if (long === undefined) return new Double(this.toDouble());
    return this.#width === 0 ? toInteger(long) : long;
  }

  /** The arithmetic mean, a Double or Decimal128; only when `count` is above 0. */
  mean(): NumberValue {
    if (this.#width === 3)
      return divideDecimals(this.toDecimal(), toExactDecimal(BigInt(this.#count)));
    return new Double(this.toDouble() / this.#count);
  }

  get isDecimal(): boolean {
    return this.#width === 3;
  }

  toDouble(): number {
    return Number.isFinite(this.#high) ? this.#high : this.#plain;
  }

  toDecimal(): Decimal128 {
    if (!Number.isFinite(this.#high))
      return addDecimals(this.#decimal, toExactDecimal(new Double(this.#plain)));
    const rest = addDecimals(
      toExactDecimal(new Double(this.#high)),
      toExactDecimal(new Double(this.#low)),
    );
    return addDecimals(this.#decimal, rest);
  }

  /** The sum without decimals, rounded; undefined where an Int64 can not hold it. */
  toLong(): bigint | undefined {
    const high = this.#high;
    const low = this.#low;
    const fits =
      (high > -two63 && high < two63) ||
      (high === -two63 && low >= 0) ||
      (high === two63 && low < 0);
    if (!fits) return undefined;
    const rounded = roundAway(high);
    return BigInt(rounded) + BigInt(roundAway(high - rounded + low));
  }
}

/** What the rounding of `left + right` to `sum` lost. */
function errorOfSum(left: number, right: number, sum: number): number {
  const part = sum - left;
  return left - (sum - part) + (right - part);
}

/** To the nearest integer, halves away from zero. */
export function roundAway(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}
