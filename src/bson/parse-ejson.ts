/**
 * EJSON and JSON text to BSON bytes, in one pass and without objects in between.
 *
 * Canonical, relaxed and legacy (version 1) input alike. To add a wrapper, see `ejson/wrapper.ts`.
 */
import { isUtf8 } from "node:buffer";
import { Fault } from "../kit/fault.ts";
import { Doc } from "./doc.ts";
import {
  closeBrace,
  closeBracket,
  colon,
  comma,
  type Cursor,
  expect,
  fail,
  failUnexpected,
  minus,
  openBrace,
  openBracket,
  peek,
  quote,
} from "./ejson/cursor.ts";
import { closeNames, copyKey, type Names, openNames } from "./ejson/keys.ts";
import { copyLegacyBinary, copyLegacyRegex } from "./ejson/legacy.ts";
import { copyNumber } from "./ejson/number.ts";
import type { Reading } from "./ejson/pair.ts";
import { copyBsonString } from "./ejson/string.ts";
import { copyWrapper, findKnownKey } from "./ejson/wrapper.ts";
import type { Value } from "./value.ts";
import { Writer } from "./writer.ts";

/** The outermost object has depth 1. */
const depthMax = 200;

/** As BSON: MongoDB's own bound of a message. Text of one-digit numbers grows sevenfold. */
const bytesMax = 48_000_000;

/**
 * Reads EJSON or JSON text, as it came from outside, whose top level is an object.
 *
 * Plain integers become Int32, or Int64 where they need it; all other numbers, `-0` and integers beyond
 * 64 bits become Double. A byte order mark and white space around the object are allowed.
 *
 * @throws {Fault} `InvalidParameter` with path, byte and reason; `RequestTooLarge` above 48 MB as BSON
 */
export function parseEjson(text: Buffer): Doc {
  return read(text, (cursor) => {
    if (peek(cursor) !== openBrace) failUnexpected(cursor, "an object");
    const start = cursor.at;
    if (copyObject(cursor) !== documentType)
      fail(cursor, "expected a document and found a single value", start);
  });
}

/**
 * Reads EJSON or JSON text of any value; otherwise like `parseEjson`.
 *
 * @throws {Fault} `InvalidParameter`, `RequestTooLarge`
 */
export function parseEjsonValue(text: Buffer): Value {
  // A document whose only field has an empty name.
  const doc = read(text, (cursor) => {
    const { out } = cursor;
    out.int32(0);
    out.byte(0);
    out.byte(0);
    peek(cursor);
    // The value first: writing it may put another buffer in place.
    const type = copyValue(cursor);
    out.buffer[4] = type;
    out.byte(0);
    out.patchInt32(0, out.at);
  });
  return doc.valueAt(0);
}

const shared = new Writer(64 * 1024);
/** A buffer that one big text made bigger than this is given back. */
const sharedBytesMax = 1024 * 1024;

function read(text: Buffer, copy: (cursor: Cursor) => void): Doc {
  // Reading is synchronous and never re-enters itself: one buffer serves all.
  const out = shared;
  out.at = 0;
  const cursor: Cursor = {
    text,
    at: text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0,
    out,
    depth: 0,
    isElemMatch: false,
    keyHash: 0,
    keyHashes: [],
    keyStarts: [],
  };
  if (!isUtf8(text)) fail(cursor, "the text is not UTF-8", invalidUtf8At(text));
  try {
    copy(cursor);
    if (peek(cursor) !== undefined) failUnexpected(cursor, "the end of the text");
    return Doc.fromBytes(out.take());
  } finally {
    if (out.buffer.length > sharedBytesMax) out.buffer = Buffer.allocUnsafeSlow(64 * 1024);
  }
}

/** The length of the longest well-formed beginning. */
function invalidUtf8At(text: Buffer): number {
  // Three bytes more may belong to a character that is cut off, so the search is by what is left then.
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (wellFormedLength(text, middle) < 0) high = middle - 1;
    else low = middle;
  }
  return wellFormedLength(text, low);
}

/** The longest of the lengths from `length` down to three less that is UTF-8, or -1. */
function wellFormedLength(text: Buffer, length: number): number {
  for (let end = length; end >= Math.max(length - 3, 0); end -= 1)
    if (isUtf8(text.subarray(0, end))) return end;
  return -1;
}

const documentType = 3;
const arrayType = 4;

/** Reads the value at the cursor and writes it without type and key; returns its BSON type. */
function copyValue(cursor: Cursor): number {
  const byte = peek(cursor);
  switch (byte) {
    case quote:
      copyBsonString(cursor);
      return 2;
    case openBrace:
      return copyObject(cursor);
    case openBracket:
      return copyArray(cursor);
    case 0x74:
      expectWord(cursor, "true");
      cursor.out.byte(1);
      return 8;
    case 0x66:
      expectWord(cursor, "false");
      cursor.out.byte(0);
      return 8;
    case 0x6e:
      expectWord(cursor, "null");
      return 10;
    default:
      if (byte === minus || (byte !== undefined && byte >= 0x30 && byte <= 0x39))
        return copyNumber(cursor);
      return failUnexpected(cursor, "a value");
  }
}

function expectWord(cursor: Cursor, word: string): void {
  const { text, at } = cursor;
  for (let index = 0; index < word.length; index += 1)
    if (text[at + index] !== word.charCodeAt(index)) failUnexpected(cursor, "a value");
  cursor.at = at + word.length;
}

function enter(cursor: Cursor): void {
  cursor.depth += 1;
  if (cursor.depth > depthMax) fail(cursor, `more than ${depthMax} levels of nesting`);
}

function checkSize(out: Writer): void {
  if (out.at > bytesMax)
    throw new Fault("RequestTooLarge", `the request is larger than ${bytesMax} bytes of BSON`);
}

const dollar = 0x24;

/** A document, a wrapper, or a legacy regular expression. */
function copyObject(cursor: Cursor): number {
  const { out, at: startAt } = cursor;
  const isElemMatch = cursor.isElemMatch;
  cursor.isElemMatch = false;
  enter(cursor);
  const start = out.at;
  out.ensure(8);
  out.at += 4;
  cursor.at += 1;
  let type = documentType;
  if (peek(cursor) === closeBrace) {
    cursor.at += 1;
    closeDocument(cursor, start);
  } else type = copyFields(cursor, start, { startAt, copyDocument });
  cursor.depth -= 1;
  if (type !== legacyRegexCandidate) return type;
  return isElemMatch ? documentType : copyLegacyRegex(cursor, start);
}

/** A document of `$regex` and `$options` alone. */
const legacyRegexCandidate = -1;

/** `$scope` is a document even where its keys look like a wrapper's. */
function copyDocument(cursor: Cursor): void {
  if (peek(cursor) !== openBrace) failUnexpected(cursor, "an object");
  const start = cursor.at;
  if (copyObject(cursor) !== documentType) fail(cursor, '"$scope" must be a document', start);
}

function copyFields(cursor: Cursor, start: number, reading: Reading): number {
  const { out } = cursor;
  const names = openNames(cursor);
  let regexKeys = 0;
  for (;;) {
    const typeAt = out.at;
    out.ensure(1);
    out.at += 1;
    const keyStart = copyKey(cursor, names);
    if (out.buffer[keyStart] === dollar) {
      const known = findKnownKey(cursor, keyStart);
      if (known?.wrapper !== undefined) {
        closeNames(cursor, names);
        if (names.count > 1) return copyLateWrapper(cursor, start, known.name, names, reading);
        out.at = start;
        return copyWrapper(cursor, known.name, known.wrapper, reading);
      }
      if (known?.isLegacyRegex === true) regexKeys += 1;
      cursor.isElemMatch = known?.isElemMatch === true;
    }
    expect(cursor, colon);
    const type = copyValue(cursor);
    cursor.isElemMatch = false;
    out.buffer[typeAt] = type;
    checkSize(out);
    if (peek(cursor) !== comma) break;
    cursor.at += 1;
  }
  expect(cursor, closeBrace);
  closeNames(cursor, names);
  closeDocument(cursor, start);
  return regexKeys === 2 && names.count === 2 ? legacyRegexCandidate : documentType;
}

/** A wrapper's key behind another field: legacy binary, or a mistake. */
function copyLateWrapper(
  cursor: Cursor,
  start: number,
  key: string,
  names: Names,
  reading: Reading,
): number {
  if (key === "$binary" && names.count === 2) return copyLegacyBinary(cursor, start, reading);
  return fail(cursor, `the field "${key}" can not stand beside other fields`, reading.startAt);
}

function closeDocument(cursor: Cursor, start: number): void {
  const { out } = cursor;
  out.byte(0);
  out.patchInt32(start, out.at - start);
}

function copyArray(cursor: Cursor): number {
  const { out } = cursor;
  cursor.isElemMatch = false;
  enter(cursor);
  const start = out.at;
  out.ensure(5);
  out.at += 4;
  cursor.at += 1;
  if (peek(cursor) === closeBracket) cursor.at += 1;
  else copyElements(cursor);
  closeDocument(cursor, start);
  cursor.depth -= 1;
  return arrayType;
}

function copyElements(cursor: Cursor): void {
  const { out } = cursor;
  for (let index = 0; ; index += 1) {
    const typeAt = out.at;
    out.ensure(16);
    out.at += 1;
    writeIndex(out, index);
    // The value first: writing it may put another buffer in place.
    const type = copyValue(cursor);
    out.buffer[typeAt] = type;
    checkSize(out);
    if (peek(cursor) !== comma) break;
    cursor.at += 1;
  }
  expect(cursor, closeBracket);
}

/** The key of an array's element; the caller has made room. */
function writeIndex(out: Writer, index: number): void {
  const { buffer } = out;
  let digits = 1;
  for (let rest = index; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
  let rest = index;
  for (let at = out.at + digits - 1; at >= out.at; at -= 1) {
    const next = Math.floor(rest / 10);
    buffer[at] = 0x30 + rest - next * 10;
    rest = next;
  }
  buffer[out.at + digits] = 0;
  out.at += digits + 1;
}
