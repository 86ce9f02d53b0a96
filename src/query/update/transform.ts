/** The end of updates that make a whole new document: replacements and pipelines. */
import { Doc } from "../../bson/doc.ts";
import { equals } from "../../bson/compare.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { printField } from "../../bson/print.ts";
import { checkBuildable } from "./size.ts";
import { checkDepth, checkTopLevel, heightOf, toStored } from "./storable.ts";

export interface TransformOptions {
  readonly isInsert: boolean;
  /** Refuses top-level names that begin with `$`. */
  readonly checksNames?: boolean;
}

/**
 * Puts `_id` first, taken from the document before where the new one has none, and checks the result.
 *
 * @returns `before` itself when `after` has the same bytes as it is: one without `_id` counts as a change, as on the server
 * @throws {MongoError} 66 for another `_id`, 53 and 54 for one that can not be, 52 and 55 for names, 15 and 17419 for too
 *   deep and too big
 */
export function finishTransform(before: Doc, after: Doc, options: TransformOptions): Doc {
  // Before it is encoded: a pipeline can make a document of doubling references.
  checkBuildable(after);
  const given = after.toBytes();
  if (before.toBytes().equals(given)) return before;
  const { isInsert, checksNames } = options;
  const replacement = Doc.fromBytes(given);
  if (!isInsert) checkTopLevel(replacement, checksNames === true);
  const whole = withIdFirst(before, replacement);
  const id = whole.get("_id");
  if (id !== undefined) checkIdKept(before.get("_id"), id);
  const stored = toStored(whole, isInsert);
  checkDepth(0, heightOf(stored));
  return stored;
}

function withIdFirst(before: Doc, after: Doc): Doc {
  if (after.firstKey === "_id") return after;
  const given = after.get("_id");
  const id = given === undefined ? before.get("_id") : given;
  return id === undefined ? after : putIdFirst(after, id);
}

/** The document with this `_id` in front, wherever it had one. */
export function putIdFirst(doc: Doc, id: Value): Doc {
  const index = doc.indexOf("_id");
  if (index === 0 && doc.valueAt(0) === id) return doc;
  const isOther = (_: unknown, each: number): boolean => each !== index;
  return Doc.fromParts(
    ["_id", ...doc.keys().filter(isOther)],
    [id, ...doc.values().filter(isOther)],
  );
}

function checkIdKept(before: Value | undefined, after: Value): void {
  if (isArray(after))
    throw new MongoError(
      54,
      "After applying the update to the document, the (immutable) field '_id' was found to be an array or array descendant.",
    );
  if (before !== undefined && !equals(before, after))
    throw new MongoError(
      66,
      `After applying the update, the (immutable) field '_id' was found to have been altered to ${printField("_id", after)}`,
    );
}
