/** Makes of a document that a client sends the one that is stored. */
import { printBson, printField } from "../bson/print.ts";
import { Doc } from "../bson/doc.ts";
import { endOfCstring, readInt32, skipValue, someField } from "../bson/decode.ts";
import { isArray, type ObjectId, Timestamp, typeName, typeOf, type Value } from "../bson/value.ts";
import { MongoError, badValue } from "../kit/mongo-error.ts";
import type { Collation } from "../query/collation.ts";
import { namespaceOf, type StoredCollection, type StoredIndex } from "./catalog.ts";

export const documentBytesMax = 16 * 1024 * 1024;
const nestingMax = 180;

export interface Stamps {
  /** Makes the `_id` of a document that has none. */
  readonly newId: () => ObjectId;
  /** Makes the value that replaces an empty timestamp. */
  readonly newTimestamp: () => Timestamp;
}

/**
 * Puts `_id` first (a new ObjectId where there is none), fills empty timestamps, and checks the limits.
 *
 * @returns a document over bytes
 * @throws {MongoError} 2 when it is above 16 MiB, 15 when it nests above 180 levels, 53 or 52 for a value that `_id` can not have
 */
export function toStorable(doc: Doc, stamps: Stamps): Doc {
  return putIdFirst(fillTimestamps(mustBeInsertable(doc), stamps), stamps);
}

/** Below this size no document can nest too deeply: a level takes seven bytes. */
const nestingBytesMin = nestingMax * 7;

/** Checks the limits only. @returns the same document over bytes @throws {MongoError} as `toStorable` */
export function mustBeInsertable(doc: Doc): Doc {
  const own = toView(doc);
  const bytes = own.toBytes();
  if (bytes.length > documentBytesMax)
    throw badValue(
      `object to insert too large. size in bytes: ${bytes.length}, max size: ${documentBytesMax}`,
    );
  if (bytes.length > nestingBytesMin && nestsDeeperThan(bytes, nestingMax))
    throw new MongoError(15, "cannot insert document because it exceeds 180 levels of nesting");
  const id = own.get("_id");
  if (id !== undefined) mustBeId(id);
  return own;
}

function toView(doc: Doc): Doc {
  return doc.source === undefined ? Doc.fromBytes(doc.toBytes()) : doc;
}

function mustBeId(id: Value): void {
  const type = typeOf(id);
  if (type === 4 || type === 11)
    throw new MongoError(53, `The '_id' value cannot be of type ${typeName(id)}`);
  if (type === 3) mustHaveNoDollarFields(id as Doc);
}

function mustHaveNoDollarFields(doc: Doc): void {
  for (const [key, value] of doc.entries()) {
    if (key.startsWith("$"))
      throw new MongoError(
        52,
        `_id fields may not contain '$'-prefixed fields: ${key} is not valid for storage.`,
      );
    if (typeof value === "object" && value !== null && !isArray(value) && value.bsonType === 3)
      mustHaveNoDollarFields(value);
  }
}

/** The server fills empty timestamps of top-level fields, but never that of `_id`. */
function fillTimestamps(doc: Doc, stamps: Stamps): Doc {
  if (!someField(doc.toBytes(), isTimestamp)) return doc;
  const values = doc.values().map((value, index) => {
    const isEmpty = value instanceof Timestamp && value.t === 0 && value.i === 0;
    return isEmpty && doc.keys()[index] !== "_id" ? stamps.newTimestamp() : value;
  });
  return toView(Doc.fromParts(doc.keys(), values));
}

const isTimestamp = (type: number): boolean => type === 17;

/** Bytes of the element `_id: ObjectId(…)`. */
const idElementBytes = 17;

function putIdFirst(doc: Doc, stamps: Stamps): Doc {
  const bytes = doc.toBytes();
  if (beginsWithId(bytes)) return doc;
  const id = doc.get("_id");
  if (id !== undefined) {
    const rest = [...doc.entries()].filter(([key]) => key !== "_id");
    return toView(Doc.fromEntries([["_id", id], ...rest]));
  }
  // The new field is put in front of the bytes as they are: nothing is encoded again.
  const longer = Buffer.allocUnsafe(bytes.length + idElementBytes);
  longer.writeInt32LE(longer.length, 0);
  longer.write("\u0007_id\0", 4, "latin1");
  const made = stamps.newId();
  longer.writeUInt32BE(made.a, 9);
  longer.writeUInt32BE(made.b, 13);
  longer.writeUInt32BE(made.c, 17);
  longer.set(bytes.subarray(4), 4 + idElementBytes);
  return Doc.fromBytes(longer);
}

function beginsWithId(bytes: Buffer): boolean {
  return bytes[5] === 0x5f && bytes[6] === 0x69 && bytes[7] === 0x64 && bytes[8] === 0;
}

/** Whether documents and arrays are nested in more than `limit` levels, the document itself not counted. */
function nestsDeeperThan(bytes: Buffer, limit: number): boolean {
  // Iterative, since hostile nesting is what it looks for: `ends` holds where the open containers end.
  const ends: number[] = [readInt32(bytes, 0)];
  let at = 4;
  while (ends.length > 0) {
    const type = bytes[at] as number;
    if (type === 0) {
      ends.pop();
      at += 1;
      continue;
    }
    const valueAt = endOfCstring(bytes, at + 1) + 1;
    if (type !== 3 && type !== 4) {
      at = skipValue(bytes, type, valueAt);
      continue;
    }
    ends.push(valueAt + readInt32(bytes, valueAt));
    if (ends.length - 1 > limit) return true;
    at = valueAt + 4;
  }
  return false;
}

/** What the index has in place of a text: the server shows its sort key, which only its ICU can make. */
function shownKey(value: Value, collation: Collation | undefined): Value {
  if (collation === undefined || typeof value !== "string") return value;
  return `0x${Buffer.from(collation.foldOf(value)).toString("hex")}`;
}

/** `E11000` in the server's words. @param values of the key */
export function duplicateKey(
  collection: StoredCollection,
  { definition }: StoredIndex,
  values: readonly (Value | undefined)[],
): MongoError {
  const { name, fields, collation } = definition;
  const shown = fields.map(({ path }, at) =>
    printField(path, shownKey(values[at] ?? null, collation)),
  );
  const rules = collation === undefined ? "" : ` collation: ${printBson(collation.spec)}`;
  return new MongoError(
    11000,
    `E11000 duplicate key error collection: ${namespaceOf(collection)} index: ${name}${rules} dup key: { ${shown.join(", ")} }`,
  );
}
