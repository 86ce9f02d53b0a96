/**
 * Decimal128 as sign, coefficient and exponent; from and to its 16 bytes and its text.
 *
 * Follows the BSON decimal128 specification (mongodb/specifications, bson-decimal128).
 * Arithmetic is not here.
 */

export const coefficientMax = 10n ** 34n - 1n;
const digitsMax = 34;
export const exponentMin = -6176;
export const exponentMax = 6111;
const bias = 6176;

export type DecimalClass = "finite" | "infinity" | "nan";

export class Decimal128 {
  readonly class: DecimalClass;
  readonly negative: boolean;
  /** 0 to 10^34 - 1; 0 unless finite. */
  readonly coefficient: bigint;
  /** -6176 to 6111; value = coefficient × 10^exponent. */
  readonly exponent: number;

  constructor(kind: DecimalClass, negative: boolean, coefficient: bigint, exponent: number) {
    this.class = kind;
    this.negative = negative;
    this.coefficient = coefficient;
    this.exponent = exponent;
  }
  get bsonType(): 19 {
    return 19;
  }
  get isZero(): boolean {
    return this.class === "finite" && this.coefficient === 0n;
  }
  toString(): string {
    return toText(this);
  }
}

export const decimalNaN: Decimal128 = new Decimal128("nan", false, 0n, 0);
export const decimalInfinity: Decimal128 = new Decimal128("infinity", false, 0n, 0);
export const decimalNegativeInfinity: Decimal128 = new Decimal128("infinity", true, 0n, 0);
export const decimalZero: Decimal128 = new Decimal128("finite", false, 0n, 0);

/** Any integer that fits 34 digits. */
export function decimalFromInteger(value: number | bigint): Decimal128 {
  const wide = BigInt(value);
  return new Decimal128("finite", wide < 0n, wide < 0n ? -wide : wide, 0);
}

const textForm = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;
const specialForm = /^([+-]?)(inf(?:inity)?|nan)$/i;

/** What a text became, and what that cost. */
export interface DecimalReading {
  readonly value: Decimal128;
  /** Something was lost: digits beyond 34, or a number that is too big or too small. */
  readonly inexact: boolean;
  /** Digits were lost because they lie below the least exponent. */
  readonly isUnderflow: boolean;
}

/**
 * Reads a decimal number. Digits beyond 34 are cut off and not rounded, as a mongod does with text.
 *
 * @returns undefined when the text is no number
 */
export function readDecimal(text: string): DecimalReading | undefined {
  const special = specialForm.exec(text);
  if (special !== null) {
    const infinity = special[1] === "-" ? decimalNegativeInfinity : decimalInfinity;
    const value = special[2]?.toLowerCase() === "nan" ? decimalNaN : infinity;
    return { value, inexact: false, isUnderflow: false };
  }
  const match = textForm.exec(text);
  if (match === null) return undefined;
  const fraction = match[3] ?? match[4] ?? "";
  const digits = ((match[2] ?? "") + fraction).replace(/^0+/, "");
  const exponent = Number(match[5] ?? "0") - fraction.length;
  const kept = digits.slice(0, digitsMax);
  const isCut = /[1-9]/.test(digits.slice(digitsMax));
  const rounded = roundDecimal(match[1] === "-", kept, exponent + digits.length - kept.length);
  return {
    value: rounded.value,
    inexact: isCut || rounded.inexact,
    isUnderflow: rounded.inexact && rounded.value.class === "finite",
  };
}

/**
 * Rounds (half to even) a number of any size into the format.
 *
 * @param digits decimal digits without leading zeros; empty means zero
 */
export function roundDecimal(
  negative: boolean,
  digits: string,
  exponent: number,
): { value: Decimal128; inexact: boolean } {
  if (digits === "") {
    const clamped = Math.min(Math.max(exponent, exponentMin), exponentMax);
    return { value: new Decimal128("finite", negative, 0n, clamped), inexact: false };
  }
  // Digits that can not be kept: beyond 34, or below the least exponent.
  let drop = Math.max(digits.length - digitsMax, exponentMin - exponent, 0);
  let power = exponent;
  let inexact = false;
  let coefficient: bigint;
  if (drop > 0) {
    drop = Math.min(drop, digits.length + 1);
    const kept = digits.slice(0, Math.max(digits.length - drop, 0));
    const lost = drop > digits.length ? `0${digits}` : digits.slice(digits.length - drop);
    inexact = /[1-9]/.test(lost);
    coefficient = BigInt(kept === "" ? 0 : kept) + (roundsUp(kept, lost) ? 1n : 0n);
    power = Math.max(exponent + drop, exponentMin);
    if (coefficient > coefficientMax) {
      coefficient /= 10n;
      power += 1;
    }
  } else coefficient = BigInt(digits);
  return clampHigh(negative, coefficient, power, inexact);
}

function roundsUp(kept: string, lost: string): boolean {
  const first = lost[0] ?? "0";
  if (first !== "5") return first > "5";
  if (/[1-9]/.test(lost.slice(1))) return true;
  return Number(kept.at(-1) ?? "0") % 2 === 1;
}

function clampHigh(
  negative: boolean,
  coefficient: bigint,
  exponent: number,
  inexact: boolean,
): { value: Decimal128; inexact: boolean } {
  let wide = coefficient;
  let power = exponent;
  if (wide === 0n) power = Math.min(power, exponentMax);
  // Over the greatest exponent a number may still fit with zeros appended.
  while (power > exponentMax && wide * 10n <= coefficientMax) {
    wide *= 10n;
    power -= 1;
  }
  if (power > exponentMax)
    return { value: negative ? decimalNegativeInfinity : decimalInfinity, inexact: true };
  return { value: new Decimal128("finite", negative, wide, power), inexact };
}

function toText(value: Decimal128): string {
  const sign = value.negative ? "-" : "";
  if (value.class === "nan") return "NaN";
  if (value.class === "infinity") return `${sign}Infinity`;
  const digits = value.coefficient.toString();
  const adjusted = value.exponent + digits.length - 1;
  if (value.exponent > 0 || adjusted < -6) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0] ?? "0"}${fraction}E${adjusted < 0 ? "-" : "+"}${Math.abs(adjusted)}`;
  }
  if (value.exponent === 0) return sign + digits;
  const point = digits.length + value.exponent;
  if (point > 0) return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  return `${sign}0.${"0".repeat(-point)}${digits}`;
}

/** @param low the first eight bytes as an unsigned integer, @param high the last eight */
export function decimalFromBits(low: bigint, high: bigint): Decimal128 {
  const negative = (high & (1n << 63n)) !== 0n;
  const combination = (high >> 58n) & 31n;
  if (combination === 31n) return decimalNaN;
  if (combination === 30n) return negative ? decimalNegativeInfinity : decimalInfinity;
  if (combination >> 3n === 3n) {
    // The large form can only hold coefficients out of range, which count as zero.
    const exponent = Number((high >> 47n) & 0x3fffn) - bias;
    return new Decimal128("finite", negative, 0n, exponent);
  }
  const exponent = Number((high >> 49n) & 0x3fffn) - bias;
  const coefficient = ((high & ((1n << 49n) - 1n)) << 64n) | low;
  return new Decimal128(
    "finite",
    negative,
    coefficient > coefficientMax ? 0n : coefficient,
    exponent,
  );
}

export function decimalToBits(value: Decimal128): { low: bigint; high: bigint } {
  const sign = value.negative ? 1n << 63n : 0n;
  if (value.class === "nan") return { low: 0n, high: 31n << 58n };
  if (value.class === "infinity") return { low: 0n, high: sign | (30n << 58n) };
  const low = value.coefficient & ((1n << 64n) - 1n);
  const high = sign | (BigInt(value.exponent + bias) << 49n) | (value.coefficient >> 64n);
  return { low, high };
}
