/** JSON strings: the bytes between the quotes, unescaped, straight into the output. */
import { backslash, type Cursor, fail, failUnexpected, peek, quote } from "./cursor.ts";

/** Runs longer than this are copied by the native call. */
const loopMax = 48;

/**
 * Copies the content of the string at the cursor (at its opening quote) and moves behind it.
 *
 * Neither length nor end is written. The text as a whole has been checked to be UTF-8.
 */
export function copyString(cursor: Cursor): void {
  const { text, out } = cursor;
  const length = text.length;
  let at = cursor.at + 1;
  for (;;) {
    const start = at;
    let byte = quote;
    while (at < length) {
      byte = text[at] as number;
      if (byte === quote || byte === backslash || byte < 0x20) break;
      at += 1;
    }
    copyRun(cursor, start, at);
    if (at >= length) fail(cursor, "the string does not end");
    if (byte === quote) {
      cursor.at = at + 1;
      return;
    }
    if (byte !== backslash) fail(cursor, "a control character in a string must be escaped", at);
    cursor.at = at;
    at = copyEscape(cursor);
    out.ensure(4);
  }
}

function copyRun(cursor: Cursor, start: number, end: number): void {
  const { text, out } = cursor;
  const count = end - start;
  out.ensure(count + 8);
  const { buffer } = out;
  let to = out.at;
  if (count > loopMax) text.copy(buffer, to, start, end);
  else
    for (let from = start; from < end; from += 1) {
      buffer[to] = text[from] as number;
      to += 1;
    }
  out.at += count;
}

const simpleEscapes: ReadonlyMap<number, number> = new Map(
  [
    ['"', '"'],
    ["\\", "\\"],
    ["/", "/"],
    ["b", "\b"],
    ["f", "\f"],
    ["n", "\n"],
    ["r", "\r"],
    ["t", "\t"],
  ].map(([letter, meaning]) => [
    (letter as string).charCodeAt(0),
    (meaning as string).charCodeAt(0),
  ]),
);

/** Reads the escape at the cursor; returns where the text goes on. */
function copyEscape(cursor: Cursor): number {
  const { text, out, at } = cursor;
  const letter = text[at + 1];
  const simple = simpleEscapes.get(letter ?? 0);
  if (simple !== undefined) {
    out.byte(simple);
    return at + 2;
  }
  if (letter !== 0x75) fail(cursor, "unknown escape in a string");
  const unit = readHex4(cursor, at + 2);
  if (unit < 0xd800 || unit > 0xdfff) {
    writeCodePoint(cursor, unit);
    return at + 6;
  }
  const isPair = unit < 0xdc00 && text[at + 6] === backslash && text[at + 7] === 0x75;
  const low = isPair ? readHex4(cursor, at + 8) : 0;
  if (low < 0xdc00 || low > 0xdfff) fail(cursor, "a lone surrogate in a string");
  writeCodePoint(cursor, 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
  return at + 12;
}

function readHex4(cursor: Cursor, start: number): number {
  let value = 0;
  for (let at = start; at < start + 4; at += 1) {
    const digit = hexDigit(cursor.text[at] ?? 0);
    if (digit < 0) fail(cursor, "\\u must be followed by four hex digits");
    value = value * 16 + digit;
  }
  return value;
}

/** The value of a hex digit's byte, or -1. */
export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function writeCodePoint(cursor: Cursor, point: number): void {
  const { out } = cursor;
  if (point < 0x80) out.byte(point);
  else if (point < 0x800) {
    out.byte(0xc0 | (point >> 6));
    out.byte(0x80 | (point & 0x3f));
  } else if (point < 0x1_0000) {
    out.byte(0xe0 | (point >> 12));
    out.byte(0x80 | ((point >> 6) & 0x3f));
    out.byte(0x80 | (point & 0x3f));
  } else {
    out.byte(0xf0 | (point >> 18));
    out.byte(0x80 | ((point >> 12) & 0x3f));
    out.byte(0x80 | ((point >> 6) & 0x3f));
    out.byte(0x80 | (point & 0x3f));
  }
}

/** Writes the string at the cursor as a BSON string: length, text, NUL. */
export function copyBsonString(cursor: Cursor): void {
  const { out } = cursor;
  const lengthAt = out.at;
  out.ensure(4);
  out.at += 4;
  copyString(cursor);
  out.byte(0);
  out.patchInt32(lengthAt, out.at - lengthAt - 4);
}

/** The string at the cursor (white space before it allowed) as text; leaves the output as it was. */
export function readText(cursor: Cursor): string {
  if (peek(cursor) !== quote) failUnexpected(cursor, "a string");
  const { out } = cursor;
  const start = out.at;
  copyString(cursor);
  const text = out.buffer.toString("utf8", start, out.at);
  out.at = start;
  return text;
}

/** Moves behind the string at the cursor if it is this ASCII text, written without escapes. */
export function skipText(cursor: Cursor, wanted: string): boolean {
  if (peek(cursor) !== quote) return false;
  const { text, at } = cursor;
  for (let index = 0; index < wanted.length; index += 1)
    if (text[at + 1 + index] !== wanted.charCodeAt(index)) return false;
  if (text[at + 1 + wanted.length] !== quote) return false;
  cursor.at = at + wanted.length + 2;
  return true;
}
