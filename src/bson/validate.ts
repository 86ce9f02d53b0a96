/** The check of BSON that comes from outside; after it, reading needs no bounds. */
import { isUtf8 } from "node:buffer";
import { MongoError } from "../kit/mongo-error.ts";
import { readInt32 } from "./decode.ts";
import { Doc } from "./doc.ts";

/** The outermost document has depth 1. */
const depthMax = 200;

/**
 * Reads BSON bytes that nobody has checked: exactly one document, in a buffer that will not change.
 *
 * Lengths, ends, types, booleans, nesting (200 levels at most) and UTF-8 are checked. Duplicate keys pass.
 *
 * @throws {MongoError} 22 `InvalidBSON` with the byte and the reason
 */
export function readBson(bytes: Uint8Array): Doc {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  checkDocument(buffer, 0, buffer.length, 1);
  if (buffer.readInt32LE(0) !== buffer.length)
    refuse(buffer.readInt32LE(0), "bytes after the document");
  return Doc.fromBytes(buffer);
}

function refuse(at: number, reason: string): never {
  throw new MongoError(22, `invalid BSON at byte ${at}: ${reason}`);
}

/** Checks the document at `start`, which must end at or before `end`; returns where it ends. */
function checkDocument(bytes: Buffer, start: number, end: number, depth: number): number {
  if (depth > depthMax) refuse(start, `more than ${depthMax} levels of nesting`);
  const length = checkLength(bytes, start, end, 5);
  const last = start + length - 1;
  if (bytes[last] !== 0) refuse(last, "a document does not end with NUL");
  let at = start + 4;
  while (at < last) {
    const type = bytes[at] as number;
    const valueAt = checkCstring(bytes, at + 1, last);
    at = checkValue(bytes, type, valueAt, last, depth);
  }
  return last + 1;
}

/** The length in front of a document or code with scope, which counts itself. */
function checkLength(bytes: Buffer, start: number, end: number, min: number): number {
  if (end - start < 4) refuse(start, "a length is cut short");
  const length = readInt32(bytes, start);
  if (length < min || length > end - start) refuse(start, "a length is out of bounds");
  return length;
}

function checkCstring(bytes: Buffer, start: number, end: number): number {
  let at = start;
  let seen = 0;
  while (at < end && bytes[at] !== 0) {
    seen |= bytes[at] as number;
    at += 1;
  }
  if (at >= end) refuse(start, "a name does not end");
  if (seen > 127) checkUtf8(bytes, start, at);
  return at + 1;
}

function checkUtf8(bytes: Buffer, start: number, end: number): void {
  if (!isUtf8(bytes.subarray(start, end))) refuse(start, "text that is not UTF-8");
}

/** Checks the value at `at`; returns where it ends. */
function checkValue(bytes: Buffer, type: number, at: number, end: number, depth: number): number {
  switch (type) {
    case 2:
    case 13:
    case 14:
      return checkString(bytes, at, end);
    case 3:
    case 4:
      return checkDocument(bytes, at, end, depth + 1);
    case 5:
      return checkBinary(bytes, at, end);
    case 8:
      if ((bytes[at] as number) > 1) refuse(at, "a boolean that is neither 0 nor 1");
      return checkFixed(at, 1, end);
    case 11:
      return checkCstring(bytes, checkCstring(bytes, at, end), end);
    case 12:
      return checkFixed(checkString(bytes, at, end), 12, end);
    case 15:
      return checkCodeWithScope(bytes, at, end, depth);
    default: {
      const size = fixedSizes.get(type);
      if (size === undefined) return refuse(at, `the unknown type ${type}`);
      return checkFixed(at, size, end);
    }
  }
}

/** Bytes of the values that always have the same size. */
const fixedSizes: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [6, 0],
  [7, 12],
  [9, 8],
  [10, 0],
  [16, 4],
  [17, 8],
  [18, 8],
  [19, 16],
  [127, 0],
  [255, 0],
]);

function checkFixed(at: number, size: number, end: number): number {
  if (size > end - at) refuse(at, "a value is cut short");
  return at + size;
}

function checkString(bytes: Buffer, at: number, end: number): number {
  const textAt = checkFixed(at, 4, end);
  const length = readInt32(bytes, at);
  if (length < 1 || length > end - textAt) refuse(at, "the length of a string is out of bounds");
  const last = textAt + length - 1;
  if (bytes[last] !== 0) refuse(last, "a string does not end with NUL");
  checkUtf8(bytes, textAt, last);
  return last + 1;
}

function checkBinary(bytes: Buffer, at: number, end: number): number {
  const contentAt = checkFixed(at, 5, end);
  const length = readInt32(bytes, at);
  if (length < 0 || length > end - contentAt) refuse(at, "the length of a binary is out of bounds");
  const isOld = bytes[at + 4] === 2;
  if (isOld && (length < 4 || readInt32(bytes, contentAt) !== length - 4))
    refuse(contentAt, "the inner length of an old binary is wrong");
  return contentAt + length;
}

function checkCodeWithScope(bytes: Buffer, at: number, end: number, depth: number): number {
  const length = checkLength(bytes, at, end, 14);
  const scopeAt = checkString(bytes, at + 4, at + length);
  if (checkDocument(bytes, scopeAt, at + length, depth + 1) !== at + length)
    refuse(scopeAt, "code with scope has a wrong length");
  return at + length;
}
