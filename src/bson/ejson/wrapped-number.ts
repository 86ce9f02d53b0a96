/** `$numberInt`, `$numberLong`, `$numberDouble` and `$numberDecimal`: numbers in quotes. */
import { decimalToBits, readDecimal } from "../decimal128.ts";
import { isInt32 } from "../value.ts";
import { type Cursor, fail, minus, quote } from "./cursor.ts";
import { doubleType, exactDigitsMax, int32Type, int64Type, powersOfTen } from "./number.ts";
import type { Reading } from "./pair.ts";
import { readText } from "./string.ts";

/**
 * Reads a string at the cursor that is nothing but a short plain integer, such as `"-12"`.
 *
 * @returns NaN for any other text, and does not move then
 */
function readQuotedInteger(cursor: Cursor): number {
  const { text } = cursor;
  if (text[cursor.at] !== quote) return Number.NaN;
  const isNegative = text[cursor.at + 1] === minus;
  const start = cursor.at + (isNegative ? 2 : 1);
  let at = start;
  let value = 0;
  let digit = (text[at] ?? 0) - 0x30;
  while (digit >= 0 && digit <= 9) {
    value = value * 10 + digit;
    at += 1;
    digit = (text[at] ?? 0) - 0x30;
  }
  const count = at - start;
  if (count === 0 || count > exactDigitsMax || text[at] !== quote) return Number.NaN;
  cursor.at = at + 1;
  return isNegative ? -value : value;
}

const integerForm = /^[+-]?\d{1,20}$/;

export function readNumberInt(cursor: Cursor, reading: Reading): number {
  let value = readQuotedInteger(cursor);
  if (Number.isNaN(value)) {
    const text = readText(cursor);
    if (integerForm.test(text)) value = Number(text);
  }
  // "-0" is the int 0.
  if (!isInt32(value + 0))
    fail(cursor, '"$numberInt" must be a 32-bit integer in quotes', reading.startAt);
  cursor.out.int32(value);
  return int32Type;
}

export function readNumberLong(cursor: Cursor, reading: Reading): number {
  const short = readQuotedInteger(cursor);
  if (!Number.isNaN(short)) {
    cursor.out.safeInteger(short);
    return int64Type;
  }
  const value = toLong(readText(cursor));
  if (value === undefined)
    return fail(cursor, '"$numberLong" must be a 64-bit integer in quotes', reading.startAt);
  cursor.out.int64(value);
  return int64Type;
}

function toLong(text: string): bigint | undefined {
  if (!integerForm.test(text)) return undefined;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Like `readQuotedInteger`, with a point among the digits: `"12.5"`. */
function readQuotedFraction(cursor: Cursor): number {
  const { text } = cursor;
  if (text[cursor.at] !== quote) return Number.NaN;
  const isNegative = text[cursor.at + 1] === minus;
  const start = cursor.at + (isNegative ? 2 : 1);
  let at = start;
  let digits = 0;
  let pointAt = start;
  for (; at - start <= exactDigitsMax; at += 1) {
    const digit = (text[at] ?? 0) - 0x30;
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
    else if (digit === -2 && pointAt === start) pointAt = at;
    else break;
  }
  if (pointAt === start || text[at] !== quote) return Number.NaN;
  cursor.at = at + 1;
  // Both numbers are exact, so that the quotient is rounded correctly.
  const value = digits / (powersOfTen[at - pointAt - 1] as number);
  return isNegative ? -value : value;
}

const doubleForm = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|Infinity)$/;

// As the original's readers: any case, and a sign that says nothing.
const nanForm = /^[+-]?nan$/i;

export function readNumberDouble(cursor: Cursor, reading: Reading): number {
  const short = readQuotedFraction(cursor);
  if (!Number.isNaN(short)) {
    cursor.out.double(short);
    return doubleType;
  }
  const text = readText(cursor);
  if (nanForm.test(text)) {
    cursor.out.double(Number.NaN);
    return doubleType;
  }
  if (!doubleForm.test(text))
    fail(cursor, '"$numberDouble" must be a number in quotes', reading.startAt);
  cursor.out.double(Number(text));
  return doubleType;
}

/** Text beyond this is no decimal that anybody means, and expensive to round. */
const decimalTextMax = 8192;

export function readNumberDecimal(cursor: Cursor, reading: Reading): number {
  const text = readText(cursor);
  const read = text.length > decimalTextMax ? undefined : readDecimal(text);
  if (read === undefined)
    return fail(cursor, '"$numberDecimal" must be a decimal number in quotes', reading.startAt);
  // As the drivers have it: what would silently become another number is refused.
  if (read.inexact)
    return fail(cursor, '"$numberDecimal" does not fit 34 digits exactly', reading.startAt);
  const { low, high } = decimalToBits(read.value);
  cursor.out.int64(low);
  cursor.out.int64(high);
  return 19;
}
