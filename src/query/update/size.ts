/** Sizes of values before they are encoded, so that nothing is built which can not be stored. */
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { Run } from "./place.ts";

/** Bytes of a stored document, at most. */
export const sizeMax: number = 16 * 1024 * 1024;
/** What the server itself can still handle. */
export const internalSizeMax: number = sizeMax + 16 * 1024;

/** More than this is not even encoded; what is between the two is, so that the message can tell the size. */
const buildableMax = 2 * sizeMax;

/**
 * Counts what an update puts into a document.
 *
 * @throws {MongoError} 10334 when it is more than a document can be
 */
export function spendSize(run: Run, bytes: number): void {
  run.bytesPut += bytes;
  if (run.bytesPut > buildableMax) throw tooLarge(run.bytesPut, "");
}

/** @throws {MongoError} 10334 for a document that is by far too large, before anybody encodes it */
export function checkBuildable(doc: Doc): void {
  const size = leastSize(doc);
  if (size > buildableMax) throw tooLarge(size, "");
}

/** @param first the document's first field, as messages show it */
export function tooLarge(size: number, first: string): MongoError {
  const shown = first === "" ? "" : ` First element: ${first}`;
  return new MongoError(
    10334,
    `BSONObj size: ${size} (0x${size.toString(16).toUpperCase()}) is invalid. Size must be between 0 and ${internalSizeMax}(16MB)${shown}`,
  );
}

/** Bytes that a value takes, at least: counts elements, documents and texts, and stops beyond what can be stored. */
export function leastSize(value: Value): number {
  if (typeof value === "string") return value.length + 5;
  if (typeof value !== "object" || value === null) return 1;
  if (value instanceof Doc && value.source !== undefined) return value.source.length;
  const parts = isArray(value) ? value : value instanceof Doc ? value.values() : undefined;
  if (parts === undefined) return value instanceof Doc || isArray(value) ? 5 : sizeOfRare(value);
  let size = 5;
  for (const part of parts) {
    size += 2 + leastSize(part);
    if (size > buildableMax) return size;
  }
  return size;
}

function sizeOfRare(
  value: Exclude<Value, string | number | boolean | bigint | null | Doc | readonly Value[]>,
): number {
  switch (value.bsonType) {
    case 5:
      return value.bytes.length + 5;
    case 13:
    case 15:
      return value.code.length + 5;
    case 14:
      return value.text.length + 5;
    case 11:
      return value.pattern.length + 2;
    default:
      return 1;
  }
}
