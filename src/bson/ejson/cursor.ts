/** Where the reader of EJSON stands, what it writes to, and how it says what is wrong. */
import { Fault } from "../../kit/fault.ts";
import type { Writer } from "../writer.ts";

export interface Cursor {
  /** Valid UTF-8; nobody changes it. */
  readonly text: Buffer;
  /** The byte to be read next. */
  at: number;
  readonly out: Writer;
  /** Containers around the current value. */
  depth: number;
  /** Whether the value to come is that of `$elemMatch`. */
  isElemMatch: boolean;
  /** Of the key read last. */
  keyHash: number;
  /** Hashes and places (in `out`) of the keys of all open objects, for the search for duplicates. */
  readonly keyHashes: number[];
  readonly keyStarts: number[];
}

export const quote = 0x22;
export const backslash = 0x5c;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const colon = 0x3a;
export const comma = 0x2c;
export const minus = 0x2d;

/** Moves to the next byte that is no white space and returns it; undefined at the end. */
export function peek(cursor: Cursor): number | undefined {
  const { text } = cursor;
  let byte = text[cursor.at];
  while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
    cursor.at += 1;
    byte = text[cursor.at];
  }
  return byte;
}

/** Reads one punctuation byte, white space before it allowed. */
export function expect(cursor: Cursor, byte: number): void {
  if (peek(cursor) !== byte) failUnexpected(cursor, `'${String.fromCharCode(byte)}'`);
  cursor.at += 1;
}

/** Throws about the byte at the cursor. */
export function failUnexpected(cursor: Cursor, wanted: string): never {
  const byte = cursor.text[cursor.at];
  return fail(cursor, `expected ${wanted} and found ${describe(byte)}`);
}

function describe(byte: number | undefined): string {
  if (byte === undefined) return "the end of the text";
  if (byte > 0x20 && byte < 0x7f) return `'${String.fromCharCode(byte)}'`;
  return `the byte 0x${byte.toString(16).padStart(2, "0")}`;
}

/**
 * Throws with the place and the reason.
 *
 * @param at the byte that the message names; everything before it has been read and is well formed
 * @throws {Fault} `InvalidParameter`
 */
export function fail(cursor: Pick<Cursor, "text" | "at">, reason: string, at = cursor.at): never {
  const path = pathAt(cursor.text, at);
  const place = path === "" ? `byte ${at}` : `${path} (byte ${at})`;
  throw new Fault("InvalidParameter", `invalid EJSON at ${place}: ${reason}`);
}

const pathSegmentMax = 64;
const pathMax = 256;

/**
 * The path of the value around a byte: `documents[3].price`.
 *
 * Found by a second look at the text, so that reading well-formed text does not pay for it.
 */
function pathAt(text: Buffer, end: number): string {
  const open: { key: string | number; isKeyNext: boolean }[] = [];
  for (let at = 0; at < end; at += 1) {
    const inner = open.at(-1);
    switch (text[at]) {
      case quote: {
        const closing = endOfString(text, at);
        if (inner?.isKeyNext === true && closing < end) {
          inner.key = text.toString("utf8", at + 1, Math.min(closing, at + 1 + pathSegmentMax));
          inner.isKeyNext = false;
        }
        at = closing;
        break;
      }
      case openBrace:
        open.push({ key: "", isKeyNext: true });
        break;
      case openBracket:
        open.push({ key: 0, isKeyNext: false });
        break;
      case closeBrace:
      case closeBracket:
        open.pop();
        break;
      case comma:
        if (inner !== undefined) stepOver(inner);
        break;
      default:
    }
  }
  return toPath(open);
}

function stepOver(container: { key: string | number; isKeyNext: boolean }): void {
  if (typeof container.key === "number") container.key += 1;
  else {
    container.key = "";
    container.isKeyNext = true;
  }
}

function endOfString(text: Buffer, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== quote) at += text[at] === backslash ? 2 : 1;
  return at;
}

function toPath(open: readonly { key: string | number; isKeyNext: boolean }[]): string {
  let path = "";
  for (const { key, isKeyNext } of open) {
    if (typeof key === "number") path += `[${key}]`;
    else if (!isKeyNext) path += path === "" ? key : `.${key}`;
  }
  return path.length > pathMax ? `${path.slice(0, pathMax)}…` : path;
}

/** Client text in a message: quoted and short. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > pathSegmentMax ? `${text.slice(0, pathSegmentMax)}…` : text);
}
