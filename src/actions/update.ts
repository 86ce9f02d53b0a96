import { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import { failedToParse } from "../kit/mongo-error.ts";
import { mustField, wrongType } from "./fields.ts";

/**
 * The `update` of an action: a document of operators, or a pipeline.
 *
 * Atlas: whether the original took a pipeline is not known; it is taken.
 *
 * @throws {Fault} `MissingParameter`, `InvalidParameter`
 * @throws {MongoError} 9 for a document without operators, in the words of the driver behind the original
 */
export function mustUpdate(body: Doc): Doc | readonly Value[] {
  const update = mustField(body, "update");
  if (isArray(update)) return update;
  if (!(update instanceof Doc)) throw wrongType("update", "an object");
  const [first] = update.keys();
  if (first === undefined) throw failedToParse("update document must have at least one element");
  if (!first.startsWith("$"))
    throw failedToParse("update document must contain key beginning with '$'");
  return update;
}

/** The `replacement` of an action. @throws {MongoError} 9 for a document of operators */
export function mustReplacement(body: Doc): Doc {
  const replacement = mustField(body, "replacement");
  if (!(replacement instanceof Doc)) throw wrongType("replacement", "an object");
  if (replacement.keys()[0]?.startsWith("$") === true)
    throw failedToParse("replacement document cannot contain keys beginning with '$'");
  return replacement;
}
