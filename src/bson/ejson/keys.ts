/** Field names: copied like strings, checked for NUL and for duplicates within their object. */
import { backslash, type Cursor, excerpt, fail, failUnexpected, peek, quote } from "./cursor.ts";
import { copyString } from "./string.ts";

/** Up to this many keys are compared with each other; more go into a Set. */
const linearMax = 16;

/** The names that one open object has had so far. */
export interface Names {
  /** Where this object's part of the cursor's stacks begins. */
  readonly base: number;
  count: number;
  seen: Set<string> | undefined;
}

export function openNames(cursor: Cursor): Names {
  return { base: cursor.keyStarts.length, count: 0, seen: undefined };
}

/** Gives the object's part of the stacks back. */
export function closeNames(cursor: Cursor, names: Names): void {
  cursor.keyStarts.length = names.base;
  cursor.keyHashes.length = names.base;
}

/**
 * Writes the name at the cursor as a C string; returns where it begins in the output.
 *
 * Its hash is left in the cursor.
 */
export function copyKey(cursor: Cursor, names: Names): number {
  if (peek(cursor) !== quote) failUnexpected(cursor, "a field name in quotes");
  const { out, at: keyAt } = cursor;
  const start = out.at;
  if (!copyShortKey(cursor)) copyString(cursor);
  const end = out.at;
  out.byte(0);
  const { buffer } = out;
  let hash = 0;
  for (let at = start; at < end; at += 1) {
    const byte = buffer[at] as number;
    if (byte === 0) fail(cursor, "a field name can not contain the NUL character", keyAt);
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  cursor.keyHash = hash;
  if (isKnown(cursor, names, hash, start, end)) {
    const name = buffer.toString("utf8", start, end);
    fail(cursor, `the field ${excerpt(name)} is there twice`, keyAt);
  }
  names.count += 1;
  return start;
}

const shortKeyMax = 32;

/** Most names are short, plain, and followed by their quote; false leaves everything as it was. */
function copyShortKey(cursor: Cursor): boolean {
  const { text, out } = cursor;
  out.ensure(shortKeyMax + 1);
  const { buffer } = out;
  let from = cursor.at + 1;
  const end = Math.min(from + shortKeyMax, text.length);
  let to = out.at;
  for (; from < end; from += 1) {
    const byte = text[from] as number;
    if (byte === quote) {
      out.at = to;
      cursor.at = from + 1;
      return true;
    }
    if (byte === backslash || byte < 0x20) return false;
    buffer[to] = byte;
    to += 1;
  }
  return false;
}

function isKnown(cursor: Cursor, names: Names, hash: number, start: number, end: number): boolean {
  const { keyHashes, keyStarts } = cursor;
  if (names.seen !== undefined) return isSeen(cursor, names.seen, start, end);
  for (let index = names.base; index < keyHashes.length; index += 1)
    if (keyHashes[index] === hash && isSame(cursor.out.buffer, keyStarts[index] as number, start))
      return true;
  keyHashes.push(hash);
  keyStarts.push(start);
  if (names.count >= linearMax) rememberAll(cursor, names);
  return false;
}

/** The hash that `copyKey` gives to an ASCII name. */
export function hashOf(name: string): number {
  let hash = 0;
  for (let at = 0; at < name.length; at += 1)
    hash = (Math.imul(hash, 31) + name.charCodeAt(at)) | 0;
  return hash;
}

function isSame(buffer: Buffer, left: number, right: number): boolean {
  let length = 0;
  while (buffer[left + length] === buffer[right + length]) {
    if (buffer[left + length] === 0) return true;
    length += 1;
  }
  return false;
}

/** Names that a client has chosen to collide in our hash do not collide in the engine's, which is seeded. */
function rememberAll(cursor: Cursor, names: Names): void {
  const seen = new Set<string>();
  for (let index = names.base; index < cursor.keyStarts.length; index += 1) {
    const start = cursor.keyStarts[index] as number;
    isSeen(cursor, seen, start, cursor.out.buffer.indexOf(0, start));
  }
  names.seen = seen;
}

function isSeen(cursor: Cursor, seen: Set<string>, start: number, end: number): boolean {
  // Latin-1 keeps different bytes different, which is all that is asked here.
  const name = cursor.out.buffer.toString("latin1", start, end);
  if (seen.has(name)) return true;
  seen.add(name);
  return false;
}
