/** `$pull`: elements that equal a value, or that a condition matches. */
import { equals } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { typeOf, type Value } from "../../bson/value.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileMatch } from "../match.ts";
import { compileCulling } from "./pop.ts";
import { refuseDocumentOperators } from "./restricted.ts";
import type { Leaf } from "./tree.ts";

/** Operators that stand for a condition on the element itself, not on a field of it. */
const valueOperators: ReadonlySet<string> = new Set([
  "$all",
  "$bitsAllClear",
  "$bitsAllSet",
  "$bitsAnyClear",
  "$bitsAnySet",
  "$elemMatch",
  "$eq",
  "$exists",
  "$geoIntersects",
  "$geoNear",
  "$geoWithin",
  "$gt",
  "$gte",
  "$in",
  "$lt",
  "$lte",
  "$maxDistance",
  "$minDistance",
  "$mod",
  "$ne",
  "$near",
  "$nearSphere",
  "$nin",
  "$options",
  "$regex",
  "$size",
  "$type",
  "$uniqueDocs",
  "$within",
]);

/** What stands for the element while a condition looks at it. */
const elementName = "";

/** @throws {MongoError} what the condition gives as a filter */
export function compilePull(condition: Value, environment: QueryEnvironment): Leaf {
  return compileCulling(compileCondition(condition, environment));
}

function compileCondition(
  condition: Value,
  environment: QueryEnvironment,
): (element: Value) => boolean {
  const isRegex = typeOf(condition) === 11;
  if (!isRegex && !(condition instanceof Doc))
    return (element) => equals(element, condition, environment.collation);
  if (condition instanceof Doc) {
    const [first] = condition.keys();
    if (first === undefined || !valueOperators.has(first))
      return compileFields(condition, environment);
  }
  const match = compileMatch(Doc.fromParts([elementName], [condition]), environment);
  return (element) => match.matches(Doc.fromParts([elementName], [element]));
}

/** A filter on the fields of elements: only documents can match. */
function compileFields(condition: Doc, environment: QueryEnvironment): (element: Value) => boolean {
  refuseDocumentOperators(condition);
  const match = compileMatch(condition, environment);
  return (element) => element instanceof Doc && match.matches(element);
}
