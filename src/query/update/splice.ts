/** A document with some fields changed, made of its bytes: what stays is copied, not decoded. */
import { endOfCstring, skipValue } from "../../bson/decode.ts";
import { Doc } from "../../bson/doc.ts";
import { writeElement } from "../../bson/encode.ts";
import type { Value } from "../../bson/value.ts";
import { Writer } from "../../bson/writer.ts";

export interface Changes {
  /** By the field's index: its new value, or undefined to take it out. */
  readonly replaced: ReadonlyMap<number, Value | undefined>;
  readonly addedKeys: readonly string[];
  readonly addedValues: readonly Value[];
}

const writerBytes = 64 * 1024;
/** A buffer that one big document made bigger than this is given back. */
const writerBytesMax = 1024 * 1024;
/** Used by one call at a time: a level is spliced after the levels below it. */
let writer = new Writer(writerBytes);

export function splice(doc: Doc, source: Buffer, changes: Changes): Doc {
  const { replaced, addedKeys, addedValues } = changes;
  writer.at = 0;
  writer.int32(0);
  const names = doc.keys();
  let at = 4;
  let copiedTo = 4;
  for (let index = 0; index < names.length; index += 1) {
    const type = source[at] as number;
    const next = skipValue(source, type, endOfCstring(source, at + 1) + 1);
    if (replaced.has(index)) {
      writer.bytes(source.subarray(copiedTo, at));
      const value = replaced.get(index);
      if (value !== undefined) writeElement(writer, names[index] as string, value, 1);
      copiedTo = next;
    }
    at = next;
  }
  writer.bytes(source.subarray(copiedTo, at));
  for (let index = 0; index < addedKeys.length; index += 1)
    writeElement(writer, addedKeys[index] as string, addedValues[index] as Value, 1);
  writer.byte(0);
  writer.patchInt32(0, writer.at);
  const bytes = writer.take();
  if (writer.buffer.length > writerBytesMax) writer = new Writer(writerBytes);
  return Doc.fromBytes(bytes);
}
