/** `$geoWithin`, `$geoIntersects` and `$near` in filters. */
import { Doc } from "../../bson/doc.ts";
import { printBson, printField } from "../../bson/print.ts";
import type { Value } from "../../bson/value.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import type { FilterNode } from "../filter-node.ts";
import { isOnEarth, nearOperators, type QueryShape, readNear, readQueryShape } from "../geo.ts";

/** Parses `$geoWithin` (also `$within`) or `$geoIntersects`. @param conditions all that stands on the field */
export function parseGeo(path: string, name: string, operand: Value, conditions: Doc): FilterNode {
  if (conditions.size > 1)
    throw badValue(
      `can't parse extra field: ${printField(conditions.keys()[1] as string, conditions.valueAt(1))}`,
    );
  if (!(operand instanceof Doc)) throw badValue("geometry must be an object");
  let shape: QueryShape | undefined;
  for (const [operator, value] of operand.entries()) {
    // Of several the last counts, as on the server. `$uniqueDocs` is deprecated, and without effect.
    if (operator !== "$uniqueDocs") shape = readQueryShape(operator, value);
  }
  if (shape === undefined) throw badValue("geo query doesn't have any geometry");
  const relation = name === "$geoIntersects" ? "intersects" : "within";
  if (!isSupported(shape, relation)) {
    const what = relation === "within" ? "$within" : "$geoIntersect";
    throw badValue(`${what} not supported with provided geometry: ${printBson(conditions)}`);
  }
  return { kind: "geo", path, relation, shape, conditions };
}

/** Only what has an inside can hold others; on the sphere only what lies on it can be met. */
function isSupported(shape: QueryShape, relation: "within" | "intersects"): boolean {
  switch (shape.kind) {
    case "point":
      return relation === "intersects" && isOnEarth(shape.flat.x, shape.flat.y);
    case "parts":
      return relation === "intersects" || shape.parts.some((each) => each.kind === "polygon");
    case "box":
    case "circle":
    case "flatPolygon":
      return relation === "within";
    case "cap":
    case "big":
      return true;
  }
}

/** Whether conditions are those of `$near`: it stands first, and its operand is an object or array. */
export function isNear(conditions: Doc): boolean {
  const [first] = conditions.keys();
  if (first === undefined || !nearOperators.has(first)) return false;
  const operand = conditions.valueAt(0);
  return operand instanceof Doc || Array.isArray(operand);
}

/** Parses the conditions of a field that are those of `$near`. */
export function parseNear(path: string, conditions: Doc, isAllowed: boolean): FilterNode {
  if (!isAllowed) throw nearNotAllowed();
  return { kind: "near", path, near: readNear(conditions) };
}

/** For `$near` where another condition of the field stands before it, or where its operand can be no point. */
export function refuseNear(conditions: Doc): never {
  throw badValue(`near must be first in: ${printBson(conditions)}`);
}

export function nearNotAllowed(): MongoError {
  return new MongoError(
    5_626_500,
    "$geoNear, $near, and $nearSphere are not allowed in this context",
  );
}

/**
 * Finds the one `$near` of a filter.
 *
 * @throws {MongoError} 2 when there is more than one, or when it stands in the way of alternatives
 */
export function findNear(node: FilterNode): Extract<FilterNode, { kind: "near" }> | undefined {
  const all = listNears(node);
  if (all.length > 1) throw badValue("Too many geoNear expressions");
  const [only] = all;
  if (only !== undefined && !topClauses(node).includes(only))
    throw badValue("geo $near must be top-level expr");
  return only;
}

/** The same filter, but that a `$near` which is the only alternative of an `$or` is none. */
export function withLoneNear(node: FilterNode): FilterNode {
  return listNears(node).length === 0 ? node : liftLone(node);
}

function liftLone(node: FilterNode): FilterNode {
  if (node.kind === "and") return { ...node, clauses: node.clauses.map(liftLone) };
  const [first, second] = node.kind === "or" ? node.clauses : [];
  return first !== undefined && second === undefined ? liftLone(first) : node;
}

function topClauses(node: FilterNode): readonly FilterNode[] {
  return node.kind === "and" ? node.clauses.flatMap(topClauses) : [node];
}

function listNears(node: FilterNode): Extract<FilterNode, { kind: "near" }>[] {
  switch (node.kind) {
    case "near":
      return [node];
    case "and":
    case "or":
    case "nor":
      return node.clauses.flatMap(listNears);
    case "not":
    case "elemMatchObject":
    case "elemMatchValue":
      return listNears(node.clause);
    default:
      return [];
  }
}
