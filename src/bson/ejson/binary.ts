/** `$binary` in both its forms, and `$uuid`. */
import { closeBrace, colon, comma, type Cursor, expect, fail, openBrace, peek } from "./cursor.ts";
import { readPair, type Reading } from "./pair.ts";
import { readText } from "./string.ts";

const binaryType = 5;

/** `{"base64": …, "subType": …}`, or (version 1) base64 text with `$type` beside it. */
export function readBinary(cursor: Cursor, reading: Reading): number {
  if (cursor.text[cursor.at] === openBrace) {
    const [base64, subType] = readPair(cursor, reading, "$binary", {
      first: "base64",
      second: "subType",
      read: readText,
    });
    writeBinary(cursor, reading, base64, subType);
    return binaryType;
  }
  const base64 = readText(cursor);
  if (peek(cursor) !== comma) failBinary(cursor, reading);
  cursor.at += 1;
  if (readText(cursor) !== "$type") failBinary(cursor, reading);
  expect(cursor, colon);
  writeBinary(cursor, reading, base64, readText(cursor));
  return binaryType;
}

/** Version 1 with `$type` in front: the cursor is at the base64 text. */
export function readBinaryAfterType(cursor: Cursor, reading: Reading, subType: string): number {
  writeBinary(cursor, reading, readText(cursor), subType);
  expect(cursor, closeBrace);
  return binaryType;
}

const subTypeForm = /^[0-9a-f]{1,2}$/i;
const base64Form = /^[A-Za-z0-9+/]*={0,2}$/;

function writeBinary(cursor: Cursor, reading: Reading, base64: string, subTypeHex: string): void {
  if (!subTypeForm.test(subTypeHex) || base64.length % 4 !== 0 || !base64Form.test(base64))
    failBinary(cursor, reading);
  writeBytes(cursor, Buffer.from(base64, "base64"), Number.parseInt(subTypeHex, 16));
}

function writeBytes(cursor: Cursor, bytes: Buffer, subType: number): void {
  const { out } = cursor;
  const isOld = subType === 2;
  out.int32(bytes.length + (isOld ? 4 : 0));
  out.byte(subType);
  if (isOld) out.int32(bytes.length);
  out.bytes(bytes);
}

function failBinary(cursor: Cursor, reading: Reading): never {
  return fail(
    cursor,
    '"$binary" must be {"base64": base64 with padding, "subType": one or two hex digits}',
    reading.startAt,
  );
}

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[0-9a-f]{32}$/i;

export function readUuid(cursor: Cursor, reading: Reading): number {
  const text = readText(cursor);
  if (!uuidForm.test(text))
    fail(cursor, '"$uuid" must be 32 hex digits, grouped as 8-4-4-4-12', reading.startAt);
  writeBytes(cursor, Buffer.from(text.replaceAll("-", ""), "hex"), 4);
  return binaryType;
}
