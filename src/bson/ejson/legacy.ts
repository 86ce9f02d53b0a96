/** Version 1 forms that can only be told at their second field. */
import { Doc } from "../doc.ts";
import { readBinaryAfterType } from "./binary.ts";
import { type Cursor, expect, fail } from "./cursor.ts";
import type { Reading } from "./pair.ts";
import { sortOptions } from "./wrapped-value.ts";

/**
 * Replaces the document just written, which has `$regex` and `$options` and nothing else, by a regular expression.
 *
 * Atlas: these two together are version 1's form of a value and also a query operator. Where a field's condition
 * stands both mean the same; in `$in`, in expressions and in documents only the value has a meaning. So it is
 * read as a value everywhere but right under `$elemMatch`, which wants a document. `$regex` alone, or beside
 * other operators, stays what it is.
 *
 * @returns the BSON type of what is there now
 */
export function copyLegacyRegex(cursor: Cursor, start: number): number {
  const { out } = cursor;
  const doc = Doc.fromBytes(out.take(start));
  const pattern = doc.get("$regex");
  const options = doc.get("$options");
  if (typeof pattern !== "string" || typeof options !== "string") return 3;
  // A pattern that BSON can not hold is left for the query language to refuse.
  if (pattern.includes("\0") || options.includes("\0")) return 3;
  out.at = start;
  out.cstring(pattern);
  out.cstring(sortOptions(options));
  return 11;
}

/** `{"$type": "00", "$binary": …}`: the cursor is behind the second key, the first field is in the output. */
export function copyLegacyBinary(cursor: Cursor, start: number, reading: Reading): number {
  const { out } = cursor;
  const { buffer } = out;
  const isText =
    buffer[start + 4] === 2 && buffer.toString("latin1", start + 5, start + 11) === "$type\0";
  if (!isText) fail(cursor, 'the field "$binary" can not stand beside others', reading.startAt);
  const length = buffer.readInt32LE(start + 11);
  const subType = buffer.toString("latin1", start + 15, start + 14 + length);
  out.at = start;
  expect(cursor, 0x3a);
  return readBinaryAfterType(cursor, reading, subType);
}
