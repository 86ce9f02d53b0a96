/** JSON numbers: integers become Int32 or Int64 where they fit, all others Double. */
import { int64Max, int64Min } from "../value.ts";
import { type Cursor, fail, minus } from "./cursor.ts";

export const int32Type = 16;
export const int64Type = 18;
export const doubleType = 1;

/** Digits that a double surely holds exactly. */
export const exactDigitsMax = 15;

/** Writes the number at the cursor; returns its BSON type. */
export function copyNumber(cursor: Cursor): number {
  const { text } = cursor;
  const start = cursor.at;
  const isNegative = text[start] === minus;
  const digitsAt = isNegative ? start + 1 : start;
  let at = digitsAt;
  let value = 0;
  let byte = text[at] ?? 0;
  while (byte >= 0x30 && byte <= 0x39) {
    value = value * 10 + (byte - 0x30);
    at += 1;
    byte = text[at] ?? 0;
  }
  const count = at - digitsAt;
  if (count === 0) fail(cursor, "a number must have digits", at);
  if (count > 1 && text[digitsAt] === 0x30) fail(cursor, "a number must not have leading zeros");
  if (byte === 0x2e || byte === 0x65 || byte === 0x45)
    return copyFraction(cursor, start, at, value);
  cursor.at = at;
  if (count > exactDigitsMax) return copyLong(cursor, start, at);
  return writeInteger(cursor, isNegative ? -value : value);
}

function writeInteger({ out }: Cursor, value: number): number {
  if ((value | 0) === value) {
    // "-0" can only be meant as the double.
    if (Object.is(value, -0)) {
      out.double(value);
      return doubleType;
    }
    out.int32(value);
    return int32Type;
  }
  out.safeInteger(value);
  return int64Type;
}

function copyLong(cursor: Cursor, start: number, end: number): number {
  // 19 digits can fit an int64; a client's million digits must not meet BigInt.
  if (end - start > 20) return writeDouble(cursor, toDouble(cursor, start, end));
  const wide = BigInt(cursor.text.toString("latin1", start, end));
  if (wide < int64Min || wide > int64Max) return writeDouble(cursor, Number(wide));
  cursor.out.int64(wide);
  return int64Type;
}

/** A fraction, an exponent or both; `at` is the point or the E, `whole` the digits before it. */
function copyFraction(cursor: Cursor, start: number, from: number, whole: number): number {
  const { text } = cursor;
  let at = from;
  if (text[at] === 0x2e) at = skipDigits(cursor, at + 1);
  const hasExponent = text[at] === 0x65 || text[at] === 0x45;
  if (!hasExponent && at - start <= exactDigitsMax) {
    cursor.at = at;
    return writeDouble(cursor, shortFraction(text, start, from, at, whole));
  }
  if (hasExponent) {
    const sign = text[at + 1];
    at = skipDigits(cursor, sign === 0x2b || sign === minus ? at + 2 : at + 1);
  }
  cursor.at = at;
  return writeDouble(cursor, toDouble(cursor, start, at));
}

export const powersOfTen: readonly number[] = Array.from(
  { length: exactDigitsMax + 1 },
  (_, power) => 10 ** power,
);

/** All digits as one integer, divided once: both numbers are exact, so the result is rounded correctly. */
function shortFraction(
  text: Buffer,
  start: number,
  pointAt: number,
  end: number,
  whole: number,
): number {
  let digits = whole;
  for (let at = pointAt + 1; at < end; at += 1) digits = digits * 10 + (text[at] as number) - 0x30;
  const value = digits / (powersOfTen[end - pointAt - 1] as number);
  return text[start] === minus ? -value : value;
}

function skipDigits(cursor: Cursor, from: number): number {
  const { text } = cursor;
  let at = from;
  let byte = text[at] ?? 0;
  while (byte >= 0x30 && byte <= 0x39) {
    at += 1;
    byte = text[at] ?? 0;
  }
  if (at === from) fail(cursor, "a number must have digits here", at);
  return at;
}

function toDouble(cursor: Cursor, start: number, end: number): number {
  return Number(cursor.text.toString("latin1", start, end));
}

function writeDouble(cursor: Cursor, value: number): number {
  cursor.out.double(value);
  return doubleType;
}
