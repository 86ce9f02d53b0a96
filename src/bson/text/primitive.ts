/** The parts that all text formats are made of, written from BSON bytes. */
import { isUtf8 } from "node:buffer";
import { readInt32, readInt64Loose } from "../decode.ts";
import { isoLength, writeIsoDate } from "../iso-date.ts";
import type { TextWriter } from "../text-writer.ts";

/** Writes one value that is neither document, array nor code with scope. */
export type WriteScalar = (out: TextWriter, bytes: Buffer, type: number, at: number) => void;

const quote = 0x22;
const backslash = 0x5c;

/** Strings longer than this are copied in runs, so that room is made for what is there, not for the worst case. */
const loopMax = 256;

/** The UTF-8 from `start` up to `end` as a JSON string with its quotes. */
export function quotedBytes(out: TextWriter, bytes: Buffer, start: number, end: number): void {
  if (end - start > loopMax) {
    quotedLong(out, bytes, start, end);
    return;
  }
  out.ensure((end - start) * 6 + 2);
  const { buffer } = out;
  const first = out.at;
  let to = first;
  let seen = 0;
  buffer[to++] = quote;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    seen |= byte;
    if (byte >= 0x20 && byte !== quote && byte !== backslash) buffer[to++] = byte;
    else to = writeEscape(buffer, to, byte);
  }
  buffer[to++] = quote;
  out.at = to;
  if (seen > 127) repairText(out, first, bytes, start, end);
}

/** Stored text that is no UTF-8 (a driver or a dump may bring it) must not spoil the answer. */
function repairText(
  out: TextWriter,
  first: number,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  if (isUtf8(bytes.subarray(start, end))) return;
  out.at = first;
  out.quoted(bytes.toString("utf8", start, end));
}

function quotedLong(out: TextWriter, bytes: Buffer, start: number, end: number): void {
  const first = out.at;
  let seen = 0;
  let runAt = start;
  out.byte(quote);
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    seen |= byte;
    if (byte >= 0x20 && byte !== quote && byte !== backslash) continue;
    copyRun(out, bytes, runAt, at);
    out.at = writeEscape(out.buffer, out.at, byte);
    runAt = at + 1;
  }
  copyRun(out, bytes, runAt, end);
  out.byte(quote);
  if (seen > 127) repairText(out, first, bytes, start, end);
}

/** Leaves room for an escape after it. */
function copyRun(out: TextWriter, bytes: Buffer, start: number, end: number): void {
  out.ensure(end - start + 6);
  if (end > start) bytes.copy(out.buffer, out.at, start, end);
  out.at += end - start;
}

/** The letter after the backslash, for the bytes that have one. */
const escapeLetters: readonly (number | undefined)[] = Array.from({ length: 0x5d }, (_, byte) => {
  const index = [8, 9, 10, 12, 13, quote, backslash].indexOf(byte);
  return index < 0 ? undefined : 'btnfr"\\'.charCodeAt(index);
});

const hexDigits = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

function writeEscape(buffer: Buffer, to: number, byte: number): number {
  buffer[to] = backslash;
  const letter = escapeLetters[byte];
  if (letter !== undefined) {
    buffer[to + 1] = letter;
    return to + 2;
  }
  buffer[to + 1] = 0x75;
  buffer[to + 2] = 0x30;
  buffer[to + 3] = 0x30;
  buffer[to + 4] = hexDigits[byte >> 4] as number;
  buffer[to + 5] = hexDigits[byte & 15] as number;
  return to + 6;
}

/** The BSON string (length, text, NUL) at `at` as a JSON string. */
export function quotedString(out: TextWriter, bytes: Buffer, at: number): void {
  quotedBytes(out, bytes, at + 4, at + 3 + readInt32(bytes, at));
}

/** Twelve bytes as 24 hex digits in quotes. */
export function quotedObjectId(out: TextWriter, bytes: Buffer, at: number): void {
  out.ensure(26);
  const { buffer } = out;
  let to = out.at;
  buffer[to++] = quote;
  for (let index = 0; index < 12; index += 1) {
    const byte = bytes[at + index] as number;
    buffer[to++] = hexDigits[byte >> 4] as number;
    buffer[to++] = hexDigits[byte & 15] as number;
  }
  buffer[to++] = quote;
  out.at = to;
}

/** A whole number, exactly; up to 2^53 either way. */
export function integer(out: TextWriter, value: number): void {
  out.ensure(20);
  const { buffer } = out;
  let rest = value;
  if (value < 0) {
    buffer[out.at++] = 0x2d;
    rest = -value;
  }
  let digits = 1;
  for (let bound = 10; bound <= rest; bound *= 10) digits += 1;
  for (let to = out.at + digits - 1; to >= out.at; to -= 1) {
    const next = Math.floor(rest / 10);
    buffer[to] = 0x30 + (rest - next * 10);
    rest = next;
  }
  out.at += digits;
}

export function int64(out: TextWriter, bytes: Buffer, at: number): void {
  const value = readInt64Loose(bytes, at);
  if (typeof value === "number") integer(out, value);
  else out.ascii(value.toString());
}

export function uint32(out: TextWriter, bytes: Buffer, at: number): void {
  integer(out, readInt32(bytes, at) >>> 0);
}

/** The content of the binary value at `at`, in base64 with quotes. */
export function quotedBase64(out: TextWriter, bytes: Buffer, at: number): void {
  const length = readInt32(bytes, at);
  // The old binary repeats its length inside.
  const start = bytes[at + 4] === 2 ? at + 9 : at + 5;
  const text = bytes.toString("base64", start, at + 5 + length);
  out.ensure(text.length + 2);
  out.buffer[out.at++] = quote;
  out.at += out.buffer.write(text, out.at, "latin1");
  out.buffer[out.at++] = quote;
}

export function hexByte(out: TextWriter, value: number): void {
  out.byte(hexDigits[value >> 4] as number);
  out.byte(hexDigits[value & 15] as number);
}

/** Seventeen digits at most, the shortest that read back as the same double. */
export function shortest(out: TextWriter, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) integer(out, value);
  else out.ascii(Object.is(value, -0) ? "-0" : value.toString());
}

/** @param ms within the years 0 to 9999 */
export function isoDate(out: TextWriter, ms: number): void {
  out.ensure(isoLength);
  writeIsoDate(out.buffer, out.at, ms);
  out.at += isoLength;
}
