/** Replacements: a whole new document in the place of an old one, under the same `_id`. */
import { someField } from "../bson/decode.ts";
import { Doc } from "../bson/doc.ts";
import { Timestamp, toDateTime, type Value } from "../bson/value.ts";
import { failedToParse } from "../kit/mongo-error.ts";
import type { QueryEnvironment } from "./environment.ts";
import { timestampOf } from "./update/set.ts";
import { finishTransform } from "./update/transform.ts";

/**
 * Compiles a replacement.
 *
 * @param environment gives the instant that empty timestamps become
 * @returns what makes the new document out of the old one; the old one itself when both have the same bytes
 * @throws {MongoError} 9 for an update of operators; when it is applied, 66 for another `_id`, 53 for one that can not be, 52
 *   and 55 for names that begin with `$`, 15 and 17419 for too deep and too big
 */
export function compileReplacement(
  replacement: Doc,
  environment: Pick<QueryEnvironment, "now"> = { now: toDateTime(Date.now()) },
): (doc: Doc) => Doc {
  refuseOperators(replacement);
  const whole = fillTimestamps(replacement, environment);
  return (doc) => finishTransform(doc, whole, { isInsert: false, checksNames: true });
}

/** @throws {MongoError} 9 for an update of operators */
export function refuseOperators(replacement: Doc): void {
  if (replacement.firstKey?.startsWith("$") === true)
    throw failedToParse("the replace operation document must not contain atomic operators");
}

/** The server's way to have a timestamp set: `Timestamp(0, 0)` at the top level becomes the request's instant. */
export function fillTimestamps(doc: Doc, environment: Pick<QueryEnvironment, "now">): Doc {
  const { source } = doc;
  if (source !== undefined && !someField(source, isTimestamp)) return doc;
  const keys = doc.keys();
  const isFilled = (value: Value, index: number): boolean =>
    keys[index] !== "_id" && isEmptyTimestamp(value);
  const values = doc.values();
  if (!values.some(isFilled)) return doc;
  const now = timestampOf(environment);
  return Doc.fromParts(
    keys,
    values.map((value, index) => (isFilled(value, index) ? now : value)),
  );
}

const isTimestamp = (type: number): boolean => type === 17;

function isEmptyTimestamp(value: Value): boolean {
  return value instanceof Timestamp && value.t === 0 && value.i === 0;
}
