/** JSON numbers: integers become Int32 or Int64 where they fit, all others Double. */
import { int64Max, int64Min } from "../value.ts";
import { type Cursor, fail, minus } from "./cursor.ts";

export const int32Type = 16;
export const int64Type = 18;
export const doubleType = 1;

/** Digits that a double surely holds exactly. */
const exactDigitsMax = 15;

/** Writes the number at the cursor; returns its BSON type. */
export function copyNumber(cursor: Cursor): number {
  const { text, out } = cursor;
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
  if (byte === 0x2e || byte === 0x65 || byte === 0x45) return copyFraction(cursor, start, at);
  cursor.at = at;
  if (count > exactDigitsMax) return copyLong(cursor, start, at);
  if (isNegative) value = -value;
  // "-0" can only be meant as the double.
  if (Object.is(value, -0)) return writeDouble(cursor, -0);
  if ((value | 0) === value) {
    out.int32(value);
    return int32Type;
  }
  const high = Math.floor(value / 0x1_0000_0000);
  out.int32(value - high * 0x1_0000_0000);
  out.int32(high);
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

/** A fraction, an exponent or both; `at` is the point or the E. */
function copyFraction(cursor: Cursor, start: number, from: number): number {
  const { text } = cursor;
  let at = from;
  if (text[at] === 0x2e) at = skipDigits(cursor, at + 1);
  if (text[at] === 0x65 || text[at] === 0x45) {
    const sign = text[at + 1];
    at = skipDigits(cursor, sign === 0x2b || sign === minus ? at + 2 : at + 1);
  }
  cursor.at = at;
  return writeDouble(cursor, toDouble(cursor, start, at));
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
