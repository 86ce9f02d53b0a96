/** Sums that numbers can be taken out of again, as the server makes them. */
import {
  type Decimal128,
  decimalInfinity,
  decimalNaN,
  decimalNegativeInfinity,
} from "../../bson/decimal128.ts";
import { Double, int64Max, int64Min, toInteger } from "../../bson/value.ts";
import { divideDecimals, negateDecimal } from "../decimal.ts";
import { type NumberValue, toDecimal, toDouble, widthOf } from "../number.ts";
import { toRoundedInteger } from "../number-value.ts";
import { roundAway, Sum } from "../sum.ts";

const int32Min = -(2 ** 31);
const int32Max = 2 ** 31 - 1;
const two63 = 2 ** 63;

/** The sum of the numbers in a window. What is not finite is counted, since it could not be taken out. */
export class SlidingSum {
  #total = new Sum();
  #count = 0;
  #infinities = 0;
  #negativeInfinities = 0;
  #nans = 0;
  #doubles = 0;
  #decimals = 0;

  get count(): number {
    return this.#count;
  }

  add(value: NumberValue): void {
    if (!this.#note(value, 1)) this.#total.add(value);
  }

  remove(value: NumberValue): void {
    if (!this.#note(value, -1)) this.#subtract(value);
  }

  reset(): void {
    this.#total = new Sum();
    this.#count = 0;
    this.#infinities = 0;
    this.#negativeInfinities = 0;
    this.#nans = 0;
    this.#doubles = 0;
    this.#decimals = 0;
  }

  /** Counts a number. @returns whether that is all to do: it is not finite */
  #note(value: NumberValue, change: 1 | -1): boolean {
    this.#count += change;
    if (typeof value !== "object") return false;
    if (value.bsonType === 1) this.#doubles += change;
    else this.#decimals += change;
    if (!isSpecial(value)) return false;
    const number = toDouble(value);
    if (Number.isNaN(number)) this.#nans += change;
    else if (number > 0) this.#infinities += change;
    else this.#negativeInfinities += change;
    return true;
  }

  #subtract(value: NumberValue): void {
    if (typeof value === "number") this.#subtractInteger(value === int32Min, int32Max, -value);
    else if (typeof value === "bigint") this.#subtractInteger(value === int64Min, int64Max, -value);
    else if (value.bsonType === 1) this.#total.add(new Double(-value.value));
    else this.#total.add(negateDecimal(value));
  }

  /** The least integer has no counterpart, and is taken out in two parts. */
  #subtractInteger(isLeast: boolean, most: number | bigint, negated: number | bigint): void {
    if (isLeast) {
      this.#total.add(most);
      this.#total.add(1);
    } else this.#total.add(negated === 0 ? 0 : negated);
  }

  /** In the narrowest type that the numbers in the window call for. */
  value(): NumberValue {
    const special = this.#special();
    if (special !== undefined) {
      return this.#decimals > 0 ? decimalOf(special) : new Double(special);
    }
    const sum = this.#total.value();
    if (typeof sum === "bigint") return toInteger(sum);
    if (typeof sum === "number") return sum;
    if (sum.bsonType === 19) return this.#decimals === 0 ? this.#narrowDecimal(sum) : sum;
    const { value } = sum;
    const isInteger = this.#doubles === 0 && value >= -two63 && value < two63;
    return isInteger ? toInteger(BigInt(roundAway(value))) : sum;
  }

  #special(): number | undefined {
    if (this.#nans > 0 || (this.#infinities > 0 && this.#negativeInfinities > 0)) return Number.NaN;
    if (this.#infinities > 0) return Number.POSITIVE_INFINITY;
    return this.#negativeInfinities > 0 ? Number.NEGATIVE_INFINITY : undefined;
  }

  #narrowDecimal(sum: Decimal128): NumberValue {
    const whole = this.#doubles > 0 ? undefined : toRoundedInteger(sum);
    return whole === undefined ? new Double(toDouble(sum)) : toInteger(whole);
  }

  /** A Double or a Decimal128; undefined of no numbers. */
  mean(): NumberValue | undefined {
    if (this.#count === 0) return undefined;
    const sum = this.value();
    if (widthOf(sum) !== 3) return new Double(toDouble(sum) / this.#count);
    const decimal = sum as Decimal128;
    return decimal.class === "finite" ? divideDecimals(decimal, toDecimal(this.#count)) : decimal;
  }
}

function decimalOf(special: number): Decimal128 {
  if (Number.isNaN(special)) return decimalNaN;
  return special > 0 ? decimalInfinity : decimalNegativeInfinity;
}

/** An infinity or NaN. */
export function isSpecial(value: NumberValue): boolean {
  if (typeof value !== "object") return false;
  return value.bsonType === 1 ? !Number.isFinite(value.value) : value.class !== "finite";
}
