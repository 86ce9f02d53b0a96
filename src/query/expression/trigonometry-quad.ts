/**
 * Numbers of 113 binary digits, which a mongod computes the trigonometry of decimals in: what is lost on the way into
 * them and out of them shows in the last digit.
 *
 * They are held as the fixed-point numbers of `trigonometry-fixed.ts`.
 */
import { coefficientMax, Decimal128, roundDecimal } from "../../bson/decimal128.ts";
import { bits, unit } from "./trigonometry-fixed.ts";

const quadBits = 113;

/** How many binary digits a number has. @param value 0 or above */
function bitLength(value: bigint): number {
  const digits = value.toString(16);
  return digits.length * 4 - Math.clz32(Number.parseInt(digits[0] ?? "0", 16)) + 28;
}

/** Rounds half to even. */
export function toQuad(value: bigint): bigint {
  return round(value, (kept) => kept % 2n === 1n);
}

/** Rounds half away from 0, as the server's subtraction does. */
export function toQuadHalfUp(value: bigint): bigint {
  return round(value, () => true);
}

function round(value: bigint, roundsHalfUp: (kept: bigint) => boolean): bigint {
  if (value < 0n) return -round(-value, roundsHalfUp);
  const drop = BigInt(bitLength(value) - quadBits);
  if (drop <= 0n) return value;
  const kept = value >> drop;
  const rest = value - (kept << drop);
  const half = 1n << (drop - 1n);
  const isUp = rest > half || (rest === half && roundsHalfUp(kept));
  return (isUp ? kept + 1n : kept) << drop;
}

/** Rounds towards 0. @param value 0 or above */
export function cutToQuad(value: bigint): bigint {
  const drop = BigInt(Math.max(bitLength(value) - quadBits, 0));
  return (value >> drop) << drop;
}

/** The exact value of a decimal that is neither out of proportion nor special, as a fixed-point number. */
export function toFixed({ negative, coefficient, exponent }: Decimal128): bigint {
  const size =
    exponent >= 0
      ? coefficient * unit * 10n ** BigInt(exponent)
      : (coefficient * unit) / 10n ** BigInt(-exponent);
  return negative ? -size : size;
}

export function quadOfDecimal(value: Decimal128): bigint {
  return toQuad(toFixed(value));
}

/** Digits that a result is cut to before it is rounded. */
const roundingDigits = 50;

/** To 34 digits, all of them written; what has an exact decimal of fewer is given as that, as the server has it. */
export function decimalOfQuad(value: bigint): Decimal128 {
  const size = value < 0n ? -value : value;
  const exact = exactDecimal(value < 0n, size);
  if (exact !== undefined) return exact;
  const front = Math.ceil((bitLength(size) - Number(bits)) * Math.log10(2));
  const places = roundingDigits - front;
  const scaled =
    places >= 0 ? (size * 10n ** BigInt(places)) / unit : size / (unit * 10n ** BigInt(-places));
  return roundDecimal(value < 0n, scaled.toString(), -places).value;
}

const digitsMax = 34;

/** The number as a decimal of as few digits as it takes; undefined when it takes too many. */
function exactDecimal(negative: boolean, size: bigint): Decimal128 | undefined {
  const places = placesMax - zeroBits(size & (unit - 1n));
  if (places > digitsMax) return undefined;
  const coefficient = (size * 10n ** BigInt(places)) / unit;
  if (coefficient > coefficientMax) return undefined;
  return new Decimal128("finite", negative, coefficient, -places);
}

const placesMax = Number(bits);

/** How many binary digits at the end are 0, at most all behind the point. */
function zeroBits(fraction: bigint): number {
  if (fraction === 0n) return placesMax;
  const lowest = fraction & -fraction;
  return bitLength(lowest) - 1;
}
