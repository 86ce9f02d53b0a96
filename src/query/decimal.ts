/**
 * Arithmetic on Decimal128: exact where it can be, else rounded half to even to 34 digits, exponents kept as IEEE 754
 * has it (1.10 + 2.20 = 3.30).
 */
import { Decimal as BigDecimal } from "decimal.js";
import {
  Decimal128,
  decimalFromInteger,
  decimalInfinity,
  decimalNaN,
  decimalNegativeInfinity,
  exponentMax,
  exponentMin,
  roundDecimal,
} from "../bson/decimal128.ts";

const digitsMax = 34;

/** Exponents further apart than this: the smaller number only decides the rounding. */
const gapMax = 80;

function finite(negative: boolean, coefficient: bigint, exponent: number): Decimal128 {
  const digits = coefficient === 0n ? "" : coefficient.toString();
  return roundDecimal(negative, digits, exponent).value;
}

export function negateDecimal(value: Decimal128): Decimal128 {
  if (value.class === "nan") return value;
  return new Decimal128(value.class, !value.negative, value.coefficient, value.exponent);
}

export function absoluteDecimal(value: Decimal128): Decimal128 {
  return value.negative ? negateDecimal(value) : value;
}

export function addDecimals(left: Decimal128, right: Decimal128): Decimal128 {
  if (left.class !== "finite" || right.class !== "finite") return addSpecial(left, right);
  const [high, low] = left.exponent >= right.exponent ? [left, right] : [right, left];
  let { coefficient: small, exponent } = low;
  if (high.exponent - exponent > gapMax && !high.isZero) {
    small = small === 0n ? 0n : 1n;
    exponent = high.exponent - gapMax;
  }
  const large = high.isZero ? 0n : high.coefficient * 10n ** BigInt(high.exponent - exponent);
  const sum = (high.negative ? -large : large) + (low.negative ? -small : small);
  // Exact zeros are positive unless both were negative.
  if (sum === 0n)
    return finite(left.negative && right.negative, 0n, Math.min(left.exponent, right.exponent));
  return finite(sum < 0n, sum < 0n ? -sum : sum, exponent);
}

function addSpecial(left: Decimal128, right: Decimal128): Decimal128 {
  if (left.class === "nan" || right.class === "nan") return decimalNaN;
  if (left.class === "infinity" && right.class === "infinity")
    return left.negative === right.negative ? left : decimalNaN;
  return left.class === "infinity" ? left : right;
}

export function subtractDecimals(left: Decimal128, right: Decimal128): Decimal128 {
  return addDecimals(left, negateDecimal(right));
}

export function multiplyDecimals(left: Decimal128, right: Decimal128): Decimal128 {
  if (left.class === "nan" || right.class === "nan") return decimalNaN;
  const negative = left.negative !== right.negative;
  if (left.class === "infinity" || right.class === "infinity")
    return left.isZero || right.isZero ? decimalNaN : infinity(negative);
  return finite(negative, left.coefficient * right.coefficient, left.exponent + right.exponent);
}

function infinity(negative: boolean): Decimal128 {
  return negative ? decimalNegativeInfinity : decimalInfinity;
}

export function divideDecimals(left: Decimal128, right: Decimal128): Decimal128 {
  if (left.class === "nan" || right.class === "nan") return decimalNaN;
  const negative = left.negative !== right.negative;
  if (left.class === "infinity")
    return right.class === "infinity" ? decimalNaN : infinity(negative);
  if (right.class === "infinity") return finite(negative, 0n, exponentMin);
  if (right.isZero) return left.isZero ? decimalNaN : infinity(negative);
  const preferred = left.exponent - right.exponent;
  if (left.isZero) return finite(negative, 0n, preferred);
  const shift = Math.max(digitsMax + 2 + digitCount(right) - digitCount(left), 0);
  const dividend = left.coefficient * 10n ** BigInt(shift);
  let quotient = dividend / right.coefficient;
  let exponent = preferred - shift;
  if (quotient * right.coefficient !== dividend) {
    // More digits than are kept already: one more says that it is not exact.
    return finite(negative, quotient * 10n + 1n, exponent - 1);
  }
  while (exponent < preferred && quotient % 10n === 0n) {
    quotient /= 10n;
    exponent += 1;
  }
  return finite(negative, quotient, exponent);
}

function digitCount(value: Decimal128): number {
  return value.coefficient.toString().length;
}

/** What is left over of a division towards zero; it has the dividend's sign. */
export function remainderOfDecimals(left: Decimal128, right: Decimal128): Decimal128 {
  if (left.class !== "finite" || right.class === "nan" || right.isZero) return decimalNaN;
  if (right.class === "infinity") return left;
  const exponent = Math.min(left.exponent, right.exponent);
  const dividend = left.coefficient * 10n ** BigInt(left.exponent - exponent);
  const divisor = right.coefficient * 10n ** BigInt(right.exponent - exponent);
  return finite(left.negative, dividend % divisor, exponent);
}

export type Rounding = "halfEven" | "down" | "ceiling" | "floor";

/** The multiple of 10^exponent that is next; NaN where that takes more than 34 digits. */
export function quantizeDecimal(
  value: Decimal128,
  exponent: number,
  rounding: Rounding,
): Decimal128 {
  if (value.class !== "finite") return value;
  if (value.isZero) return finite(value.negative, 0n, exponent);
  const gap = value.exponent - exponent;
  if (gap >= 0) {
    if (gap + digitCount(value) > digitsMax) return decimalNaN;
    const wide = value.coefficient * 10n ** BigInt(gap);
    return new Decimal128("finite", value.negative, wide, exponent);
  }
  const unit = 10n ** BigInt(Math.min(-gap, digitsMax + 2));
  const whole = value.coefficient / unit;
  const up = roundsUp(value.negative, whole, value.coefficient % unit, unit, rounding);
  return new Decimal128("finite", value.negative, whole + (up ? 1n : 0n), exponent);
}

function roundsUp(
  negative: boolean,
  whole: bigint,
  rest: bigint,
  unit: bigint,
  rounding: Rounding,
): boolean {
  if (rest === 0n || rounding === "down") return false;
  if (rounding === "ceiling") return !negative;
  if (rounding === "floor") return negative;
  const half = rest * 2n - unit;
  return half > 0n || (half === 0n && whole % 2n === 1n);
}

/** Digits to reckon with, so that what is rounded to 34 comes out right. */
const Wide: typeof BigDecimal = BigDecimal.clone({
  precision: 80,
  rounding: BigDecimal.ROUND_HALF_EVEN,
  minE: -9e15,
  maxE: 9e15,
  toExpNeg: -9e15,
  toExpPos: 9e15,
});

function toWide(value: Decimal128): BigDecimal {
  return new Wide(value.toString());
}

/** Rounded half to even to 34 digits. */
function fromWide(value: BigDecimal): Decimal128 {
  if (value.isNaN()) return decimalNaN;
  if (!value.isFinite()) return infinity(value.isNegative());
  const [mantissa, power] = value.abs().toExponential().split("e") as [string, string];
  const [whole, fraction = ""] = mantissa.split(".") as [string, string?];
  const digits = value.isZero() ? "" : whole + fraction;
  return roundDecimal(value.isNegative(), digits, Number(power) - fraction.length).value;
}

/** The square root of a number that is not negative; an exact root keeps half the exponent. */
export function squareRootOfDecimal(value: Decimal128): Decimal128 {
  if (value.class !== "finite") return value.negative ? decimalNaN : value;
  const preferred = Math.floor(value.exponent / 2);
  if (value.isZero) return finite(value.negative, 0n, preferred);
  if (value.negative) return decimalNaN;
  const wide = toWide(value).sqrt();
  const root = fromWide(wide);
  return toWide(root).eq(wide) ? towardsExponent(root, preferred) : withAllDigits(root);
}

/** Strips or adds zeros until the exponent is as near to `preferred` as it can be. */
export function towardsExponent(value: Decimal128, preferred: number): Decimal128 {
  if (value.class !== "finite") return value;
  let { coefficient, exponent } = value;
  while (exponent < preferred && coefficient % 10n === 0n && coefficient !== 0n) {
    coefficient /= 10n;
    exponent += 1;
  }
  const wide = 10n ** BigInt(digitsMax - 1);
  while (exponent > preferred && coefficient < wide && exponent > exponentMin) {
    coefficient *= 10n;
    exponent -= 1;
  }
  return new Decimal128("finite", value.negative, coefficient, exponent);
}

const one = decimalFromInteger(1);
const zero = decimalFromInteger(0);

/** Powers of e beyond which every result is infinite or zero. */
const exponentialMax = 15_000;

export function exponentialOfDecimal(value: Decimal128): Decimal128 {
  if (value.class === "nan") return value;
  if (value.class === "infinity") return value.negative ? zero : value;
  if (value.isZero) return one;
  const wide = toWide(value);
  if (wide.gt(exponentialMax)) return decimalInfinity;
  if (wide.lt(-exponentialMax)) return smallest(false);
  const result = fromWide(wide.exp());
  // So near to 1 the server does not reckon at all.
  return wide.abs().lt("1E-34") && isOne(result) ? one : withAllDigits(result);
}

/** What a power that is too small becomes. */
function smallest(negative: boolean): Decimal128 {
  return new Decimal128("finite", negative, 0n, exponentMin);
}

function withAllDigits(value: Decimal128): Decimal128 {
  return towardsExponent(value, exponentMin);
}

/** The natural logarithm of a positive number. */
export function logarithmOfDecimal(value: Decimal128): Decimal128 {
  if (value.class !== "finite") return value;
  const result = fromWide(toWide(value).ln());
  return result.isZero ? result : withAllDigits(result);
}

/** The logarithm of a positive number to the base 2 or 10; an exact one is a plain integer. */
export function logarithmToBase(value: Decimal128, base: 2 | 10): Decimal128 {
  if (value.class !== "finite") return value;
  const result = fromWide(toWide(value).log(base));
  return toWide(result).isInteger() ? towardsExponent(result, 0) : withAllDigits(result);
}

/** `base` to the power of `exponent`. */
export function powerOfDecimals(base: Decimal128, exponent: Decimal128): Decimal128 {
  if (exponent.isZero) return withAllDigits(one);
  if (isOne(base)) return withAllDigits(one);
  if (base.class === "nan" || exponent.class === "nan") return decimalNaN;
  if (base.class !== "finite" || exponent.class !== "finite" || base.isZero)
    return specialPower(base, exponent);
  return finitePower(base, exponent);
}

function isOne(value: Decimal128): boolean {
  return value.class === "finite" && !value.negative && toWide(value).eq(1);
}

function finitePower(base: Decimal128, exponent: Decimal128): Decimal128 {
  const power = toWide(exponent);
  if (base.negative && !power.isInteger()) return decimalNaN;
  const magnitude = toWide(absoluteDecimal(base));
  const negative = base.negative && !power.mod(2).isZero();
  // The decimal exponent of the result tells over- and underflow before any work is done.
  const size = power.times(magnitude.log(10));
  if (size.gt(exponentMax + digitsMax + 1)) return infinity(negative);
  if (size.lt(exponentMin - digitsMax - 1)) return smallest(negative);
  const result = withAllDigits(fromWide(magnitude.eq(1) ? magnitude : magnitude.pow(power)));
  return negative ? negateDecimal(result) : result;
}

function specialPower(base: Decimal128, exponent: Decimal128): Decimal128 {
  const isOdd =
    exponent.class === "finite" &&
    toWide(exponent).isInteger() &&
    !toWide(exponent).mod(2).isZero();
  const direction = exponent.negative ? -1 : 1;
  const grows =
    exponent.class === "infinity"
      ? magnitudeAgainstOne(base) * direction
      : (base.isZero ? -1 : 1) * direction;
  if (grows === 0) return withAllDigits(one);
  // Where nothing is left of an infinity or a zero, nothing is left of its sign.
  return grows > 0 ? infinity(base.negative && isOdd) : smallest(false);
}

function magnitudeAgainstOne(value: Decimal128): number {
  if (value.class === "infinity") return 1;
  return toWide(absoluteDecimal(value)).cmp(1);
}
