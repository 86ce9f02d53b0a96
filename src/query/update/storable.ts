/** What a document must be to be stored, in the server's limits and words. */
import { endOfCstring, skipValue, someField } from "../../bson/decode.ts";
import { Doc } from "../../bson/doc.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { printField } from "../../bson/print.ts";
import { internalSizeMax, sizeMax, tooLarge } from "./size.ts";

/** Levels of fields in a stored document. */
const depthMax = 180;

/** How many levels of fields are within a value: 0 for a scalar or something empty. */
export function heightOf(value: Value): number {
  if (typeof value !== "object" || value === null) return 0;
  if (value instanceof Doc && value.source !== undefined) return heightOfBytes(value.source, 0);
  const parts = isArray(value) ? value : value instanceof Doc ? value.values() : undefined;
  if (parts === undefined) return 0;
  let height = 0;
  for (const part of parts) height = Math.max(height, 1 + heightOf(part));
  return height;
}

function heightOfBytes(bytes: Buffer, start: number): number {
  let height = 0;
  let at = start + 4;
  for (let type = bytes[at] as number; type !== 0; type = bytes[at] as number) {
    const valueAt = endOfCstring(bytes, at + 1) + 1;
    const below = type === 3 || type === 4 ? heightOfBytes(bytes, valueAt) : 0;
    height = Math.max(height, 1 + below);
    at = skipValue(bytes, type, valueAt);
  }
  return height;
}

/** @throws {MongoError} 15 when a field at `depth` with `height` levels below it is too deep */
export function checkDepth(depth: number, height: number): void {
  if (depth + height > depthMax)
    throw new MongoError(15, `Document exceeds maximum nesting depth of ${depthMax}`);
}

/** @throws {MongoError} 53 for an `_id` that may not be, 52 for `$`-prefixed fields in it */
export function checkId(id: Value): void {
  const name = typeName(id);
  if (name === "array" || name === "regex" || name === "undefined")
    throw new MongoError(53, `The '_id' value cannot be of type ${name}`);
  if (!(id instanceof Doc)) return;
  const key = id.keys().find((each) => each.startsWith("$"));
  if (key !== undefined)
    throw new MongoError(
      52,
      `_id fields may not contain '$'-prefixed fields: ${key} is not valid for storage.`,
    );
}

/** @throws {MongoError} 52 and 55 for top-level fields whose names begin with `$` */
export function checkTopLevelNames(doc: Doc): void {
  const keys = doc.keys();
  for (let index = 0; index < keys.length; index += 1)
    if (keys[index]?.startsWith("$") === true) checkTopLevelName(doc, index);
}

const dollar = 0x24;

/** `_id` and, if wanted, names: the first wrong one in the document's order is named. @throws {MongoError} 52, 53, 55 */
export function checkTopLevel(doc: Doc, checksNames: boolean): void {
  const { source } = doc;
  if (source !== undefined && !someField(source, (_, keyAt) => source[keyAt] === dollar)) {
    const id = doc.get("_id");
    if (id !== undefined) checkId(id);
    return;
  }
  const keys = doc.keys();
  for (let index = 0; index < keys.length; index += 1) {
    if (keys[index] === "_id") checkId(doc.valueAt(index));
    else if (checksNames && keys[index]?.startsWith("$") === true) checkTopLevelName(doc, index);
  }
}

/** Parts of a DBRef are allowed, whole and in their order. */
function checkTopLevelName(doc: Doc, index: number): void {
  const keys = doc.keys();
  const name = keys[index] as string;
  const value = doc.valueAt(index);
  switch (name) {
    case "$ref":
      checkIsString(name, value);
      if (keys[index + 1] !== "$id")
        throw new MongoError(55, "The DBRef $ref field must be followed by a $id field");
      return;
    case "$id":
      checkFollows(name, "$ref", keys[index - 1]);
      return;
    case "$db":
      checkIsString(name, value);
      checkFollows(name, "$id", keys[index - 1]);
      return;
    default:
      throw new MongoError(
        52,
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      );
  }
}

function checkIsString(name: string, value: Value): void {
  if (typeof value !== "string")
    throw new MongoError(55, `The DBRef ${name} field must be a String, not a ${typeName(value)}`);
}

function checkFollows(name: string, wanted: string, before: string | undefined): void {
  if (before !== wanted)
    throw new MongoError(
      55,
      `Found ${name} field without a ${wanted} before it, which is invalid.`,
    );
}

/**
 * The document as it is to be stored: over its bytes, so that nobody has to encode it again.
 *
 * @throws {MongoError} 17419 (17420 for an upsert) or 10334 when it is too big
 */
export function toStored(doc: Doc, isInsert: boolean): Doc {
  const bytes = doc.toBytes();
  if (bytes.length > internalSizeMax) {
    const [name, value] = [...Doc.fromBytes(bytes).entries()][0] ?? ["", null];
    throw tooLarge(bytes.length, printField(name, value));
  }
  if (bytes.length > sizeMax)
    throw isInsert
      ? new MongoError(17420, `Document to upsert is larger than ${sizeMax}`)
      : new MongoError(17419, `Resulting document after update is larger than ${sizeMax}`);
  return Doc.fromBytes(bytes);
}
