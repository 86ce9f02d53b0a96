/** `$date`: ISO text, `{"$numberLong": …}`, or (version 1) milliseconds as a plain integer. */
import { readIsoBytes, readIsoDate } from "../iso-date.ts";
import {
  closeBrace,
  colon,
  type Cursor,
  expect,
  fail,
  minus,
  openBrace,
  peek,
  quote,
} from "./cursor.ts";
import { copyNumber, doubleType, int64Type } from "./number.ts";
import type { Reading } from "./pair.ts";
import { readText, skipText } from "./string.ts";
import { readNumberLong } from "./wrapped-number.ts";

const dateType = 9;

export function readDate(cursor: Cursor, reading: Reading): number {
  const byte = cursor.text[cursor.at] ?? 0;
  if (byte === quote) {
    const ms = readQuotedDate(cursor);
    if (ms === undefined) return failDate(cursor, reading);
    cursor.out.safeInteger(ms);
  } else if (byte === openBrace) {
    cursor.at += 1;
    if (!skipText(cursor, "$numberLong") && readText(cursor) !== "$numberLong")
      failDate(cursor, reading);
    expect(cursor, colon);
    peek(cursor);
    readNumberLong(cursor, reading);
    expect(cursor, closeBrace);
  } else if (byte === minus || (byte >= 0x30 && byte <= 0x39)) readDateNumber(cursor, reading);
  else failDate(cursor, reading);
  return dateType;
}

function readQuotedDate(cursor: Cursor): number | undefined {
  const { text, at } = cursor;
  const end = text.indexOf(quote, at + 1);
  const ms = readIsoBytes(text, at + 1, end - at - 1);
  if (ms === undefined) return readIsoDate(readText(cursor));
  cursor.at = end + 1;
  return ms;
}

function readDateNumber(cursor: Cursor, reading: Reading): void {
  const { out } = cursor;
  const start = out.at;
  const type = copyNumber(cursor);
  if (type === doubleType) failDate(cursor, reading);
  if (type === int64Type) return;
  const ms = out.buffer.readInt32LE(start);
  out.int32(ms >> 31);
}

function failDate(cursor: Cursor, reading: Reading): never {
  return fail(
    cursor,
    '"$date" must be an ISO 8601 date, {"$numberLong": …} or an integer, in milliseconds since 1970',
    reading.startAt,
  );
}
