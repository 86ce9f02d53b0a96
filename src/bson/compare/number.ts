/** Numbers of all four types in one order, by their exact values. */
import {
  type Decimal128,
  decimalInfinity,
  decimalNaN,
  decimalNegativeInfinity,
  roundDecimal,
} from "../decimal128.ts";
import type { Double } from "../value.ts";

export type NumberValue = number | bigint | Double | Decimal128;

/** Exact across all four types; NaN is one value, below all others; -0 equals 0. */
export function compareNumbers(left: NumberValue, right: NumberValue): number {
  const a = plainNumber(left);
  const b = plainNumber(right);
  if (typeof a === "number" && typeof b === "number") return compareDoubles(a, b);
  if (typeof a === "object") {
    if (typeof b === "object") return compareDecimals(a, b);
    return typeof b === "number"
      ? -compareDoubleToDecimal(b, a)
      : compareDecimals(a, decimalOfExact(b));
  }
  if (typeof b === "object")
    return typeof a === "number"
      ? compareDoubleToDecimal(a, b)
      : compareDecimals(decimalOfExact(a), b);
  // A number and a bigint compare by their exact values.
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
}

function compareDoubles(left: number, right: number): number {
  if (left < right) return -1;
  if (left > right) return 1;
  return left === right ? 0 : Number(Number.isNaN(right)) - Number(Number.isNaN(left));
}

/** An int32 and a double as the number that they are. */
export function plainNumber(value: NumberValue): number | bigint | Decimal128 {
  if (typeof value === "object" && value.bsonType === 1) return value.value;
  return value;
}

/** By the double's exact binary value, which can need hundreds of digits where it is close. */
export function compareDoubleToDecimal(left: number, right: Decimal128): number {
  if (right.class !== "finite" || !Number.isFinite(left) || right.isZero || left === 0)
    return compareDecimals(decimalOfExact(left), right);
  // Rounding to doubles keeps the order, so only a decimal that rounds to this very double is hard.
  const near = Number(right.toString());
  if (near !== left) return order(left, near);
  const { digits, exponent } = exactDigits(Math.abs(left));
  const size = compareSizes(digits, exponent, right.coefficient.toString(), right.exponent);
  return left < 0 ? -size : size;
}

/** The decimal of a double's exact binary value, or of an integer, rounded to 34 digits. */
export function decimalOfExact(value: number | bigint): Decimal128 {
  if (typeof value === "bigint")
    return roundDecimal(value < 0n, (value < 0n ? -value : value).toString(), 0).value;
  if (Number.isNaN(value)) return decimalNaN;
  if (!Number.isFinite(value)) return value > 0 ? decimalInfinity : decimalNegativeInfinity;
  const { digits, exponent } = exactDigits(Math.abs(value));
  return roundDecimal(value < 0 || Object.is(value, -0), digits, exponent).value;
}

/** value = mantissa × 2^power exactly; in decimal that is a whole number times a power of ten. */
function exactDigits(value: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: "", exponent: 0 };
  if (Number.isSafeInteger(value)) return { digits: value.toString(), exponent: 0 };
  const { mantissa, power } = splitDouble(value);
  if (power >= 0) return { digits: (mantissa << BigInt(power)).toString(), exponent: 0 };
  // 2^-n = 5^n × 10^-n
  return { digits: (mantissa * 5n ** BigInt(-power)).toString(), exponent: power };
}

const splitView = new DataView(new ArrayBuffer(8));

function splitDouble(value: number): { mantissa: bigint; power: number } {
  splitView.setFloat64(0, value);
  const bits = splitView.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  let mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  let power = (biased === 0 ? 1 : biased) - 1075;
  while (mantissa % 2n === 0n && mantissa > 0n) {
    mantissa /= 2n;
    power += 1;
  }
  return { mantissa, power };
}

/** Exact; NaN lowest, zeros equal whatever their sign and exponent. */
export function compareDecimals(left: Decimal128, right: Decimal128): number {
  if (left.class === "nan" || right.class === "nan")
    return Number(right.class === "nan") - Number(left.class === "nan");
  const signs = signOf(left) - signOf(right);
  if (signs !== 0) return signs;
  const sign = signOf(left);
  if (sign === 0) return 0;
  if (left.class === "infinity" || right.class === "infinity")
    return sign * (Number(left.class === "infinity") - Number(right.class === "infinity"));
  return (
    sign *
    compareSizes(
      left.coefficient.toString(),
      left.exponent,
      right.coefficient.toString(),
      right.exponent,
    )
  );
}

function signOf(value: Decimal128): number {
  if (value.isZero) return 0;
  return value.negative ? -1 : 1;
}

/** Two positive numbers, as digits without leading zeros times a power of ten. */
function compareSizes(
  left: string,
  leftExponent: number,
  right: string,
  rightExponent: number,
): number {
  const adjusted = left.length + leftExponent - (right.length + rightExponent);
  if (adjusted !== 0) return adjusted;
  const length = Math.max(left.length, right.length);
  const a = left.padEnd(length, "0");
  const b = right.padEnd(length, "0");
  // Equally long digits sort as text does.
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Below, at or above 0, for what `<` can compare. */
export function order(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1;
  return left > right ? 1 : 0;
}
