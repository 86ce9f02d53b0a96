/** The numeric values as whole numbers. */
import type { NumberValue } from "../bson/compare.ts";
import type { Decimal128 } from "../bson/decimal128.ts";
import { int64Max, int64Min } from "../bson/value.ts";
import { toDouble } from "./number.ts";

/** The number cut to a whole one; undefined when it is not finite or no int64. */
export function toTruncatedInteger(value: NumberValue): bigint | undefined {
  if (typeof value !== "object") return BigInt(value);
  const whole = value.bsonType === 1 ? truncateDouble(value.value) : truncateDecimal(value);
  return whole === undefined || whole < int64Min || whole > int64Max ? undefined : whole;
}

/** The number as an int64 if it is one exactly; undefined otherwise. */
export function toExactInteger(value: NumberValue): bigint | undefined {
  if (typeof value !== "object") return BigInt(value);
  const isWhole = value.bsonType === 1 ? Number.isInteger(value.value) : isWholeDecimal(value);
  return isWhole ? toTruncatedInteger(value) : undefined;
}

function truncateDouble(value: number): bigint | undefined {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
}

/** Digits of the biggest int64. */
const int64Digits = 19;

function truncateDecimal(value: Decimal128): bigint | undefined {
  if (value.class !== "finite") return undefined;
  const { coefficient, exponent } = value;
  if (coefficient === 0n) return 0n;
  if (exponent > int64Digits) return undefined;
  const magnitude =
    exponent >= 0 ? coefficient * 10n ** BigInt(exponent) : coefficient / tenTo(-exponent);
  return value.negative ? -magnitude : magnitude;
}

/** Beyond a coefficient's 34 digits any divisor gives 0. */
function tenTo(exponent: number): bigint {
  return 10n ** BigInt(Math.min(exponent, 40));
}

function isWholeDecimal(value: Decimal128): boolean {
  if (value.class !== "finite") return false;
  return value.exponent >= 0 || value.coefficient % tenTo(-value.exponent) === 0n;
}

/**
 * The whole number that the server takes where it wants one and is not strict about it: a decimal is rounded, halves
 * to even, a double cut; NaN and what fits no int64 give the nearest that does.
 */
export function toWholeDouble(value: NumberValue): number {
  if (typeof value === "object" && value.bsonType !== 1) {
    const rounded = toRoundedInteger(value);
    if (rounded !== undefined) return Number(rounded);
  }
  const double = toDouble(value);
  if (Number.isNaN(double)) return 0;
  return Math.trunc(Math.max(Number(int64Min), Math.min(double, Number(int64Max))));
}

/** A decimal as the nearest int64, halves to even; undefined when it is not finite or none. */
export function toRoundedInteger(value: Decimal128): bigint | undefined {
  const whole = truncateDecimal(value);
  if (whole === undefined) return undefined;
  let rounded = whole;
  if (value.exponent < 0) {
    const divisor = tenTo(-value.exponent);
    const twice = (value.coefficient % divisor) * 2n;
    if (twice > divisor || (twice === divisor && whole % 2n !== 0n))
      rounded += value.negative ? -1n : 1n;
  }
  return rounded < int64Min || rounded > int64Max ? undefined : rounded;
}
