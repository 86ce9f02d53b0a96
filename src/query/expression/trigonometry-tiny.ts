/** Decimals that are so small that a function gives them back. */
import { type Decimal128, exponentMin, roundDecimal } from "../../bson/decimal128.ts";

const digitsMax = 34;

/** The value's first digit is that of 10^(magnitude - 1). */
export function magnitude(value: Decimal128): number {
  return value.exponent + value.coefficient.toString().length;
}

/** Below 10^-40. */
export function isTiny(value: Decimal128): boolean {
  return value.isZero || magnitude(value) <= -40;
}

/** The same value with as many zeros behind as there is room for. */
export function pad(value: Decimal128): Decimal128 {
  const digits = value.coefficient.toString();
  const room = Math.max(Math.min(digitsMax - digits.length, value.exponent - exponentMin), 0);
  return roundDecimal(value.negative, digits + "0".repeat(room), value.exponent - room).value;
}
