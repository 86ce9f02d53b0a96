/** Values to BSON bytes. Documents that are still their bytes are copied, not rebuilt. */
import { MongoError } from "../kit/mongo-error.ts";
import { decimalToBits } from "./decimal128.ts";
import type { Doc } from "./doc.ts";
import { isArray, typeOf, type Value } from "./value.ts";
import { Writer } from "./writer.ts";

/** MongoDB's own bound is 180 for stored documents; this one only keeps recursion finite. */
const depthMax = 250;

/** Writes one element: type byte, key, value. */
export function writeElement(writer: Writer, key: string, value: Value, depth = 0): void {
  writer.byte(typeOf(value) & 0xff);
  writer.cstring(key);
  writeValue(writer, value, depth);
}

/** Writes a document with its length and end. */
export function writeDoc(writer: Writer, doc: Doc, depth = 0): void {
  const source = doc.source;
  if (source !== undefined) {
    writer.bytes(source);
    return;
  }
  if (depth > depthMax) throw new MongoError(15, "cannot nest more than 180 levels");
  const startAt = writer.at;
  writer.int32(0);
  const keys = doc.keys();
  const values = doc.values();
  for (let index = 0; index < keys.length; index += 1)
    writeElement(writer, keys[index] as string, values[index] as Value, depth + 1);
  writer.byte(0);
  writer.patchInt32(startAt, writer.at - startAt);
}

function writeArray(writer: Writer, array: readonly Value[], depth: number): void {
  if (depth > depthMax) throw new MongoError(15, "cannot nest more than 180 levels");
  const startAt = writer.at;
  writer.int32(0);
  for (let index = 0; index < array.length; index += 1)
    writeElement(writer, String(index), array[index] as Value, depth + 1);
  writer.byte(0);
  writer.patchInt32(startAt, writer.at - startAt);
}

/** Writes the value alone, without type byte and key. */
export function writeValue(writer: Writer, value: Value, depth = 0): void {
  switch (typeof value) {
    case "string":
      writer.string(value);
      return;
    case "number":
      writer.int32(value);
      return;
    case "boolean":
      writer.byte(value ? 1 : 0);
      return;
    case "bigint":
      writer.int64(value);
      return;
    default:
      if (value === null) return;
      if (isArray(value)) writeArray(writer, value, depth);
      else writeObject(writer, value, depth);
  }
}

type ObjectValue = Exclude<Value, string | number | boolean | bigint | null | readonly Value[]>;

function writeObject(writer: Writer, value: ObjectValue, depth: number): void {
  switch (value.bsonType) {
    case 1:
      writer.double(value.value);
      return;
    case 3:
      writeDoc(writer, value, depth);
      return;
    case 7:
      writeObjectIdWords(writer, value.a, value.b, value.c);
      return;
    case 9:
      if (typeof value.ms === "number") writer.safeInteger(value.ms);
      else writer.int64(value.ms);
      return;
    case 17:
      writer.int32(value.i);
      writer.int32(value.t);
      return;
    case 19: {
      const { low, high } = decimalToBits(value);
      writer.int64(low);
      writer.int64(high);
      return;
    }
    default:
      writeRare(writer, value, depth);
  }
}

function writeRare(
  writer: Writer,
  value: Exclude<ObjectValue, { bsonType: 1 | 3 | 7 | 9 | 17 | 19 }>,
  depth: number,
): void {
  switch (value.bsonType) {
    case 5: {
      const isOld = value.subType === 2;
      writer.int32(value.bytes.length + (isOld ? 4 : 0));
      writer.byte(value.subType);
      if (isOld) writer.int32(value.bytes.length);
      writer.bytes(value.bytes);
      return;
    }
    case 11:
      writer.cstring(value.pattern);
      writer.cstring(value.options);
      return;
    case 12:
      writer.string(value.namespace);
      writeObjectIdWords(writer, value.id.a, value.id.b, value.id.c);
      return;
    case 13:
      writer.string(value.code);
      return;
    case 14:
      writer.string(value.text);
      return;
    case 15: {
      const startAt = writer.at;
      writer.int32(0);
      writer.string(value.code);
      writeDoc(writer, value.scope, depth + 1);
      writer.patchInt32(startAt, writer.at - startAt);
      return;
    }
    case 6:
    case -1:
    case 127:
      return;
  }
}

function writeObjectIdWords(writer: Writer, a: number, b: number, c: number): void {
  writer.ensure(12);
  writeBigEndian(writer, a);
  writeBigEndian(writer, b);
  writeBigEndian(writer, c);
}

function writeBigEndian(writer: Writer, word: number): void {
  const { buffer, at } = writer;
  buffer[at] = word >>> 24;
  buffer[at + 1] = word >>> 16;
  buffer[at + 2] = word >>> 8;
  buffer[at + 3] = word;
  writer.at = at + 4;
}

const shared = new Writer(64 * 1024);
/** A buffer that one big document made bigger than this is given back. */
const sharedBytesMax = 1024 * 1024;
let isSharedBusy = false;

/** The bytes of a document, in a buffer of their own. */
export function encodeDoc(doc: Doc): Buffer {
  // Encoding never re-enters itself, but a getter in between must not corrupt the buffer if it ever does.
  const writer = isSharedBusy ? new Writer() : shared;
  const wasBusy = isSharedBusy;
  isSharedBusy = true;
  try {
    writer.at = 0;
    writeDoc(writer, doc);
    return writer.take();
  } finally {
    isSharedBusy = wasBusy;
    if (shared.buffer.length > sharedBytesMax) shared.buffer = Buffer.allocUnsafeSlow(64 * 1024);
  }
}
