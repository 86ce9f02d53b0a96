/** The filter of a partial index: what the server takes there, and when a query is sure to ask for no other document. */
import type { FilterNode } from "../../query/filter-node.ts";
import { parseFilter } from "../../query/filter.ts";
import { Doc } from "../../bson/doc.ts";
import { typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { constantEnvironment } from "../constant-environment.ts";
import type { Fail } from "./key-pattern.ts";

const depthMax = 4;

/** @throws {MongoError} 14 when it is no document, 67 for operators that it can not have, and what a filter gives */
export function mustBePartialFilter(filter: Value, options: Doc, fail: Fail): void {
  if (!(filter instanceof Doc))
    throw fail(
      14,
      `The field 'partialFilterExpression' must be an object, but got ${typeName(filter)}`,
    );
  let node: FilterNode;
  try {
    node = parseFilter(filter, constantEnvironment);
  } catch (cause) {
    if (cause instanceof MongoError) throw fail(cause.code, cause.message);
    throw cause;
  }
  if (options.get("sparse") === true)
    throw fail(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  mustBeSupported(node, 0, fail);
}

const unsupportedNames: ReadonlyMap<FilterNode["kind"], string> = new Map([
  ["not", "$not"],
  ["nor", "$nor"],
  ["regex", "regex"],
  ["size", "$size"],
  ["mod", "$mod"],
  ["bits", "$bits"],
  ["elemMatchObject", "$elemMatch"],
  ["elemMatchValue", "$elemMatch"],
  ["document", "$expr"],
]);

function mustBeSupported(node: FilterNode, depth: number, fail: Fail): void {
  if (depth > depthMax) throw fail(67, "partialFilterExpression depth is too large");
  if (node.kind === "and" || node.kind === "or") {
    for (const clause of node.clauses) mustBeSupported(clause, depth + 1, fail);
    return;
  }
  const name = node.kind === "exists" && !node.exists ? "$not" : unsupportedNames.get(node.kind);
  if (name !== undefined || (node.kind === "in" && node.regexes.length > 0))
    throw fail(67, `Expression not supported in partial index: ${name ?? "regex"}`);
}
