/** The wrappers that are neither number, date nor binary. */
import { readObjectId } from "../object-id.ts";
import {
  closeBrace,
  colon,
  comma,
  type Cursor,
  expect,
  fail,
  failUnexpected,
  openBrace,
  peek,
  quote,
} from "./cursor.ts";
import { readPair, type Reading } from "./pair.ts";
import { copyBsonString, hexDigit, readText, skipText } from "./string.ts";

export function readOid(cursor: Cursor, reading: Reading): number {
  const { text, out, at } = cursor;
  if (text[at] !== quote || text[at + 25] !== quote) failOid(cursor, reading);
  out.ensure(12);
  for (let index = 0; index < 12; index += 1) {
    const high = hexDigit(text[at + 1 + index * 2] as number);
    const low = hexDigit(text[at + 2 + index * 2] as number);
    if (high < 0 || low < 0) failOid(cursor, reading);
    out.buffer[out.at + index] = high * 16 + low;
  }
  out.at += 12;
  cursor.at = at + 26;
  return 7;
}

function failOid(cursor: Cursor, reading: Reading): never {
  return fail(cursor, '"$oid" must be 24 hex digits', reading.startAt);
}

export function readRegularExpression(cursor: Cursor, reading: Reading): number {
  const [pattern, options] = readPair(cursor, reading, "$regularExpression", {
    first: "pattern",
    second: "options",
    read: readText,
  });
  if (pattern.includes("\0") || options.includes("\0"))
    fail(cursor, "a regular expression can not contain the NUL character", reading.startAt);
  cursor.out.cstring(pattern);
  cursor.out.cstring(sortOptions(options));
  return 11;
}

/** In alphabetical order, as the BSON specification wants them. */
export function sortOptions(options: string): string {
  return Array.from(options).toSorted().join("");
}

export function readTimestamp(cursor: Cursor, reading: Reading): number {
  const [t, i] = readPair(cursor, reading, "$timestamp", {
    first: "t",
    second: "i",
    read: (inner) => readUint32(inner, reading),
  });
  cursor.out.int32(i);
  cursor.out.int32(t);
  return 17;
}

function readUint32(cursor: Cursor, reading: Reading): number {
  const { text } = cursor;
  const start = cursor.at;
  if (text[start] === openBrace) return readWrappedUint32(cursor, reading);
  let value = 0;
  while (cursor.at - start < 11) {
    const digit = (text[cursor.at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    cursor.at += 1;
  }
  const hasLeadingZero = text[start] === 0x30 && cursor.at > start + 1;
  if (cursor.at === start || hasLeadingZero || value > 0xffff_ffff)
    fail(cursor, '"$timestamp" must have "t" and "i", 32-bit unsigned integers', reading.startAt);
  return value;
}

/**
 * A small number that is a wrapper itself, as realm-web 2.0.1 sends it: it writes canonical EJSON, and writes what it
 * has got once more. The drivers' own readers take it.
 */
export function readWrappedUint32(cursor: Cursor, reading: Reading): number {
  expect(cursor, openBrace);
  const key = readText(cursor);
  expect(cursor, colon);
  const digits = peek(cursor) === quote ? readText(cursor) : "";
  const value = Number(digits);
  const isNumber = key === "$numberInt" || key === "$numberLong";
  if (!isNumber || !/^\d{1,10}$/.test(digits) || value > 0xffff_ffff)
    fail(cursor, "expected a 32-bit unsigned integer", reading.startAt);
  expect(cursor, closeBrace);
  return value;
}

export function readSymbol(cursor: Cursor): number {
  copyStringValue(cursor);
  return 14;
}

function copyStringValue(cursor: Cursor): void {
  if (peek(cursor) !== quote) failUnexpected(cursor, "a string");
  copyBsonString(cursor);
}

/** `$code`, with `$scope` behind it or without. */
export function readCode(cursor: Cursor, reading: Reading): number {
  const { out } = cursor;
  const start = out.at;
  copyStringValue(cursor);
  if (peek(cursor) !== comma) return 13;
  cursor.at += 1;
  if (readText(cursor) !== "$scope")
    fail(cursor, 'beside "$code" only "$scope" can stand', reading.startAt);
  expect(cursor, colon);
  // The length of the whole comes before the code: make room for it.
  out.ensure(4);
  out.buffer.copyWithin(start + 4, start, out.at);
  out.at += 4;
  reading.copyDocument(cursor);
  out.patchInt32(start, out.at - start);
  return 15;
}

export function readDbPointer(cursor: Cursor, reading: Reading): number {
  const { out } = cursor;
  const [namespace, hex] = readPair(cursor, reading, "$dbPointer", {
    first: "$ref",
    second: "$id",
    read: (inner) => (inner.text[inner.at] === openBrace ? readWrappedOid(inner) : readText(inner)),
  });
  if (readObjectId(hex) === undefined)
    return fail(
      cursor,
      '"$dbPointer" must be {"$ref": a string, "$id": {"$oid": …}}',
      reading.startAt,
    );
  out.string(namespace);
  out.bytes(Buffer.from(hex, "hex"));
  return 12;
}

function readWrappedOid(cursor: Cursor): string {
  expect(cursor, openBrace);
  if (!skipText(cursor, "$oid")) failUnexpected(cursor, '"$oid"');
  expect(cursor, colon);
  const hex = readText(cursor);
  expect(cursor, closeBrace);
  return hex;
}
