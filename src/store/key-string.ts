/**
 * Values as byte strings that sort as the values do.
 *
 * Two values have the same bytes exactly when `compare` calls them equal, and no value's bytes begin another's, so that
 * the parts of a compound key can stand one behind the other. Descending parts are the same bytes inverted.
 */
import type { Doc } from "../bson/doc.ts";
import { rankOf } from "../bson/compare.ts";
import { isArray, type Value } from "../bson/value.ts";
import { ensureKey, type KeyBuffer, writeByte, writeBytes, writeWord } from "./key-buffer.ts";
import { writeNumberKey } from "./key-string/number.ts";

/** First byte of every value: its rank, moved so that 0 stays free for "end" and 0xff for "after everything". */
const rankOffset = 2;

/** The first byte of the values of a rank. */
export function rankByte(rank: number): number {
  return rank + rankOffset;
}

/** Appends one part of a key; a missing value is to be given as `null`, as MongoDB indexes it. */
export function writeKeyPart(key: KeyBuffer, value: Value, descending: boolean): void {
  const start = key.length;
  writeValue(key, value);
  if (!descending) return;
  const { bytes, length } = key;
  for (let at = start; at < length; at += 1) bytes[at] = ~(bytes[at] as number);
}

function writeValue(key: KeyBuffer, value: Value): void {
  writeByte(key, rankByte(rankOf(value)));
  switch (typeof value) {
    case "string":
      writeText(key, value);
      return;
    case "number":
    case "bigint":
      writeNumberKey(key, value);
      return;
    case "boolean":
      writeByte(key, value ? 1 : 0);
      return;
    default:
      if (value === null) return;
      if (isArray(value)) writeArray(key, value);
      else writeObject(key, value);
  }
}

/** Texts up to this length are written by a loop, which beats the native call if they are ASCII. */
const asciiLoopMax = 32;

/** UTF-8, ended by 0; within it, 0 is written 1 1 and 1 is written 1 2, so that nothing but the end is a 0. */
function writeText(key: KeyBuffer, text: string): void {
  if (text.length <= asciiLoopMax && writeShortAscii(key, text)) return;
  const start = key.length;
  ensureKey(key, text.length * 3 + 1);
  const written = key.bytes.write(text, start, "utf8");
  const end = start + written;
  let escapes = 0;
  for (let at = start; at < end; at += 1) if ((key.bytes[at] as number) < 2) escapes += 1;
  key.length = end;
  if (escapes > 0) escapeLowBytes(key, start, escapes);
  writeByte(key, 0);
}

/** Spreads the bytes from `start` on, last first, to make room for the escapes. */
function escapeLowBytes(key: KeyBuffer, start: number, escapes: number): void {
  ensureKey(key, escapes);
  const { bytes } = key;
  let to = key.length + escapes - 1;
  for (let from = key.length - 1; from >= start; from -= 1) {
    const byte = bytes[from] as number;
    bytes[to] = byte < 2 ? byte + 1 : byte;
    to -= 1;
    if (byte >= 2) continue;
    bytes[to] = 1;
    to -= 1;
  }
  key.length += escapes;
}

function writeShortAscii(key: KeyBuffer, text: string): boolean {
  ensureKey(key, text.length + 1);
  const { bytes, length } = key;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 127 || code < 2) return false;
    bytes[length + index] = code;
  }
  bytes[length + text.length] = 0;
  key.length = length + text.length + 1;
  return true;
}

function writeArray(key: KeyBuffer, array: readonly Value[]): void {
  for (const each of array) writeValue(key, each);
  writeByte(key, 0);
}

/** Field by field: rank, name, value: the order in which `compareDocs` looks at them. */
function writeDoc(key: KeyBuffer, doc: Doc): void {
  const keys = doc.keys();
  for (let index = 0; index < keys.length; index += 1) {
    const value = doc.valueAt(index);
    writeByte(key, rankByte(rankOf(value)));
    writeText(key, keys[index] as string);
    writeValue(key, value);
  }
  writeByte(key, 0);
}

type ObjectValue = Exclude<Value, string | number | boolean | bigint | null | readonly Value[]>;

function writeObject(key: KeyBuffer, value: ObjectValue): void {
  switch (value.bsonType) {
    case 1:
    case 19:
      writeNumberKey(key, value);
      return;
    case 3:
      writeDoc(key, value);
      return;
    case 7:
      writeWord(key, value.a);
      writeWord(key, value.b);
      writeWord(key, value.c);
      return;
    case 9:
      writeInt64(key, value.ms);
      return;
    case 17:
      writeWord(key, value.t);
      writeWord(key, value.i);
      return;
    default:
      writeRare(key, value);
  }
}

function writeRare(
  key: KeyBuffer,
  value: Exclude<ObjectValue, { bsonType: 1 | 3 | 7 | 9 | 17 | 19 }>,
): void {
  switch (value.bsonType) {
    case 5:
      writeWord(key, value.bytes.length);
      writeByte(key, value.subType);
      writeBytes(key, value.bytes);
      return;
    case 11:
      writeText(key, value.pattern);
      writeText(key, value.options);
      return;
    case 12:
      writeWord(key, Buffer.byteLength(value.namespace));
      writeText(key, value.namespace);
      writeWord(key, value.id.a);
      writeWord(key, value.id.b);
      writeWord(key, value.id.c);
      return;
    case 13:
      writeText(key, value.code);
      return;
    case 14:
      writeText(key, value.text);
      return;
    case 15:
      writeText(key, value.code);
      writeDoc(key, value.scope);
      return;
    case 6:
    case -1:
    case 127:
      return;
  }
}

/** Sign flipped, so that negative numbers come first. */
function writeInt64(key: KeyBuffer, value: number | bigint): void {
  if (typeof value === "bigint") {
    const wide = BigInt.asUintN(64, value + (1n << 63n));
    writeWord(key, Number(wide >> 32n));
    writeWord(key, Number(wide & 0xffff_ffffn));
    return;
  }
  const high = Math.floor(value / 0x1_0000_0000);
  writeWord(key, (high + 0x8000_0000) >>> 0);
  writeWord(key, (value - high * 0x1_0000_0000) >>> 0);
}
