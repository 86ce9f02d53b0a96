/** Conversions to the number types. */
import { type Decimal128, readDecimal } from "../../bson/decimal128.ts";
import {
  type DateTime,
  Double,
  int64Max,
  int64Min,
  isInt32,
  type Value,
} from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { quantizeDecimal } from "../decimal.ts";
import { toDecimal, toDouble, type NumberValue } from "../number.ts";
import { printDouble } from "../../bson/print-value.ts";

/** `ConversionFailure`: what `onError` catches. */
export function conversionFailure(message: string): MongoError {
  return new MongoError(241, message);
}

function unparsable(text: string, reason: string): MongoError {
  return conversionFailure(
    `Failed to parse number '${text}' in $convert with no onError value: ${reason}`,
  );
}

function overflow(value: string): MongoError {
  return conversionFailure(
    `Conversion would overflow target type in $convert with no onError value: ${value}`,
  );
}

/** A number cut to an integer that an Int64 holds. */
export function cutToLong(value: NumberValue): bigint {
  if (typeof value !== "object") return BigInt(value);
  const double = toDouble(value);
  checkFinite(value);
  const isDouble = value.bsonType === 1;
  const whole = isDouble ? wholeOfDouble(double) : wholeOfDecimal(value);
  if (whole === undefined || whole < int64Min || whole > int64Max)
    throw overflow(isDouble ? printDouble(double) : value.toString());
  return whole;
}

function wholeOfDouble(value: number): bigint | undefined {
  return Math.abs(value) < 2 ** 65 ? BigInt(Math.trunc(value)) : undefined;
}

function wholeOfDecimal(value: Decimal128): bigint | undefined {
  const whole = quantizeDecimal(value, 0, "down");
  if (whole.class !== "finite") return undefined;
  return whole.negative ? -whole.coefficient : whole.coefficient;
}

function checkFinite(value: Double | Decimal128): void {
  const isNaN = value.bsonType === 1 ? Number.isNaN(value.value) : value.class === "nan";
  const isInfinite =
    value.bsonType === 1 ? Math.abs(value.value) === Infinity : value.class === "infinity";
  if (!isNaN && !isInfinite) return;
  const what = isNaN ? "NaN" : "infinity";
  throw conversionFailure(
    `Attempt to convert ${what} value to integer type in $convert with no onError value`,
  );
}

export function numberToInt(value: NumberValue): number {
  if (typeof value === "bigint") {
    // The server prints no value here.
    if (!isInt32(Number(value))) throw overflow("");
    return Number(value);
  }
  const long = typeof value === "number" ? BigInt(value) : cutToInt(value);
  return Number(long);
}

function cutToInt(value: Double | Decimal128): bigint {
  checkFinite(value);
  const printed = value.bsonType === 1 ? printDouble(value.value) : value.toString();
  const whole = value.bsonType === 1 ? wholeOfDouble(value.value) : wholeOfDecimal(value);
  if (whole === undefined || BigInt.asIntN(32, whole) !== whole) throw overflow(printed);
  return whole;
}

export function numberToDouble(value: NumberValue): Double {
  const double = toDouble(value);
  if (typeof value === "object" && value.bsonType === 19 && isOutOfDoubles(value, double))
    throw overflow(value.toString());
  return new Double(double);
}

function isOutOfDoubles(value: Decimal128, double: number): boolean {
  if (value.class !== "finite") return false;
  return !Number.isFinite(double) || (double === 0 && !value.isZero);
}

export function numberToDecimal(value: NumberValue): Decimal128 {
  return toDecimal(value);
}

function refuseHexadecimal(text: string): void {
  if (text.startsWith("0x"))
    throw conversionFailure(`Illegal hexadecimal input in $convert with no onError value: ${text}`);
}

/** @param bits 32 or 64 */
export function textToInteger(text: string, bits: 32 | 64): number | bigint {
  refuseHexadecimal(text);
  const match = /^[+-]?(\d*)(.*)$/s.exec(text);
  if (match === null || (match[1] === "" && match[2] === "")) throw unparsable(text, "No digits");
  if (match[2] !== "") throw unparsable(text, "Did not consume whole string.");
  const long = parseLong(text);
  if (long === undefined || BigInt.asIntN(bits, long) !== long) throw unparsable(text, "Overflow");
  return bits === 32 ? Number(long) : long;
}

/** Digits of the longest Int64 are 19; what is much longer is not worth parsing. */
const digitsMax = 25;

function parseLong(text: string): bigint | undefined {
  const digits = text.replace(/^[+-]/, "").replace(/^0+(?=.)/, "");
  if (digits.length > digitsMax) return undefined;
  return text.startsWith("-") ? -BigInt(digits) : BigInt(digits);
}

const doubleForm = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf(?:inity)?|nan)$/i;

/** Only a leading `0x` is refused; what else the C library knows as hexadecimal passes. */
const hexadecimalForm = /^([+-]?)0x(?=\.?[0-9a-f])([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d+))?$/i;
const wholeDigitsMax = 256;

function hexadecimalToDouble(text: string): Double | undefined {
  const match = hexadecimalForm.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", power = "0"] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  if (digits.length > wholeDigitsMax) throw unparsable(text, "Out of range");
  const mantissa = Number(`0x${digits === "" ? "0" : digits}`);
  // In two steps: the power alone may be too small for a double where the number is not.
  const exponent = Math.max(-5000, Math.min(5000, Number(power) - 4 * fraction.length));
  const half = Math.trunc(exponent / 2);
  const magnitude = mantissa === 0 ? 0 : mantissa * 2 ** half * 2 ** (exponent - half);
  if (!Number.isFinite(magnitude) || (magnitude === 0 && mantissa !== 0))
    throw unparsable(text, "Out of range");
  return new Double(sign === "-" ? -magnitude : magnitude);
}

export function textToDouble(text: string): Double {
  refuseHexadecimal(text);
  if (text === "") throw unparsable(text, "Empty string");
  if (/^\s/.test(text)) throw unparsable(text, "Leading whitespace");
  if (!/^[+-]?(?:\d|\.\d|inf|nan)/i.test(text))
    throw unparsable(text, "Did not consume any digits");
  const hexadecimal = hexadecimalToDouble(text);
  if (hexadecimal !== undefined) return hexadecimal;
  if (!doubleForm.test(text)) throw unparsable(text, "Did not consume whole string.");
  if (/nan$/i.test(text)) return new Double(Number.NaN);
  const sign = text.startsWith("-") ? -1 : 1;
  if (/[a-df-z]/i.test(text)) return new Double(sign * Infinity);
  const double = Number(text);
  const isZero = !/[1-9]/.test(text.replace(/[eE].*$/, ""));
  if (!Number.isFinite(double) || (Math.abs(double) < 2 ** -1022 && !isZero))
    throw unparsable(text, "Out of range");
  return new Double(double);
}

export function textToDecimal(text: string): Decimal128 {
  refuseHexadecimal(text);
  if (text === "") throw unparsable(text, "Empty string");
  const read = readDecimal(text);
  if (read === undefined) throw unparsable(text, "Failed to parse string to decimal");
  const isSpecial = /[nN]/.test(text);
  if (read.value.class === "infinity" && !isSpecial)
    throw unparsable(text, "Conversion from string to decimal would overflow");
  if (read.isUnderflow) throw unparsable(text, "Conversion from string to decimal would underflow");
  return read.value;
}

export function dateToNumber(value: Value): bigint {
  return BigInt((value as DateTime).ms);
}
