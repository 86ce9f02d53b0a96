/** `"$a.b"` and `"$$name.a.b"`: paths into documents, mapped over arrays. */
import type { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";

const pathPartsMax = 200;

/**
 * Splits a path as expressions know them.
 *
 * @param path without leading `$`
 * @throws {MongoError} 16410, 16411, 15998, 40352, 40353 for names that can not be fields, 15 when it is too long
 */
export function splitFieldPath(path: string): readonly string[] {
  if (path === "") throw new MongoError(40352, "FieldPath cannot be constructed with empty string");
  if (path.endsWith(".")) throw new MongoError(40353, "FieldPath must not end with a '.'.");
  const parts = path.split(".");
  for (const part of parts) checkFieldName(part);
  if (parts.length > pathPartsMax) throw new MongoError(15, "FieldPath is too long");
  return parts;
}

/** Names that fields may have although they begin with `$`. */
export const dollarNames: ReadonlySet<string> = new Set([
  "$id",
  "$ref",
  "$db",
  "$sortKey",
  "$recordId",
]);

/**
 * Checks one name of a path, or of a field that an expression makes.
 *
 * @throws {MongoError} 15998 empty, 16410 `$`, 16411 NUL, 16412 dot
 */
export function checkFieldName(name: string): void {
  if (name === "") throw new MongoError(15998, "FieldPath field names may not be empty strings.");
  if (name.startsWith("$") && !dollarNames.has(name))
    throw new MongoError(
      16410,
      "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
    );
  if (name.includes("\0"))
    throw new MongoError(16411, "FieldPath field names may not contain '\0'.");
  if (name.includes("."))
    throw new MongoError(
      16412,
      "FieldPath field names may not contain '.'. Consider using $getField or $setField.",
    );
}

/** Follows `parts` from `from` on: through documents, and through arrays of documents element by element. */
export function followPath(
  value: Value | undefined,
  parts: readonly string[],
  from = 0,
): Value | undefined {
  if (from === parts.length) return value;
  if (typeof value !== "object" || value === null) return undefined;
  if (isArray(value)) return followInArray(value, parts, from);
  if (value.bsonType !== 3) return undefined;
  return followInDoc(value, parts, from);
}

function followInDoc(doc: Doc, parts: readonly string[], from: number): Value | undefined {
  const next = doc.get(parts[from] as string);
  return from + 1 === parts.length ? next : followPath(next, parts, from + 1);
}

function followInArray(array: readonly Value[], parts: readonly string[], from: number): Value[] {
  const found: Value[] = [];
  for (const each of array) {
    // Arrays right within an array are passed over.
    if (typeof each !== "object" || each === null || isArray(each) || each.bsonType !== 3) continue;
    const value = followInDoc(each, parts, from);
    if (value !== undefined) found.push(value);
  }
  return found;
}
