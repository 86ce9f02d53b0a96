/**
 * Tests as MongoDB's filters: what is evaluated here per document, and what is pushed into a query, is one and the same.
 *
 * A value of the request only ever stands behind `$eq`, `$in` and their like, where nothing in it is an operator.
 */
import { Doc } from "../../bson/doc.ts";
import { isArray, Regex, type Value } from "../../bson/value.ts";
import { isTruthy } from "../../query/truth.ts";
import type { ExpressionNode, Left } from "./node.ts";

/** Who says what a field is compared with. Only a file's author may write patterns. */
export type ValueOrigin = "file" | "request" | "document";

/** A filter, or what it would always be. */
export type Outcome = Doc | boolean;

/** What a filter says of a node: `isExact` where both match the same; else the filter matches more. */
export interface Translation {
  readonly filter: Outcome;
  readonly isExact: boolean;
}

/** @param pathOf where in a filter's document a value is; undefined: nowhere */
export function toFilter(
  node: ExpressionNode,
  pathOf: (left: Left) => string | undefined,
): Translation {
  switch (node.kind) {
    case "constant":
      return exactly(node.value);
    case "and":
    case "or": {
      const parts = node.clauses.map((each) => toFilter(each, pathOf));
      const filters = parts.map((each) => each.filter);
      return {
        filter: node.kind === "and" ? allFilters(filters) : anyFilter(filters),
        isExact: parts.every((each) => each.isExact),
      };
    }
    case "not": {
      const { filter, isExact } = toFilter(node.clause, pathOf);
      return isExact ? exactly(noFilter(filter)) : anything;
    }
    case "call":
      return anything;
    case "query": {
      const { operand } = node;
      if (operand.kind !== "literal" && operand.kind !== "found") return anything;
      return exactly(operand.value instanceof Doc ? operand.value : false);
    }
    case "test": {
      const { operand } = node;
      const path = pathOf(node.left);
      if (path === undefined || (operand.kind !== "literal" && operand.kind !== "found"))
        return anything;
      const origin = operand.kind === "literal" ? "file" : "request";
      return exactly(testFilter(path, node.operator, operand.value, origin));
    }
  }
}

const anything: Translation = { filter: true, isExact: false };

function exactly(filter: Outcome): Translation {
  return { filter, isExact: true };
}

export function allFilters(filters: readonly Outcome[]): Outcome {
  const open = distinct(filters);
  if (filters.includes(false)) return false;
  if (open.length <= 1) return open[0] ?? true;
  return Doc.of({ $and: open });
}

export function anyFilter(filters: readonly Outcome[]): Outcome {
  const open = distinct(filters);
  if (filters.includes(true)) return true;
  if (open.length <= 1) return open[0] ?? false;
  return Doc.of({ $or: open });
}

/** Who may read is mostly who may write: a query asks that once. */
function distinct(filters: readonly Outcome[]): readonly Doc[] {
  const open = filters.filter((each): each is Doc => each !== true && each !== false);
  if (open.length < 2) return open;
  return [
    ...new Map(open.map((each) => [each.toBytes().toString("latin1"), each] as const)).values(),
  ];
}

export function noFilter(filter: Outcome): Outcome {
  return typeof filter === "boolean" ? !filter : Doc.of({ $nor: [filter] });
}

/**
 * One test. A value that is missing equals nothing, is in nothing and is above nothing.
 *
 * Atlas: what the original made of a missing value is not known. Taken for equal to a missing field, a user without a
 * team would own all documents without one.
 */
export function testFilter(
  path: string,
  operator: string,
  value: Value | undefined,
  origin: ValueOrigin,
): Outcome {
  switch (operator) {
    case "$ne":
      return noFilter(testFilter(path, "$eq", value, origin));
    case "$nin":
      return noFilter(testFilter(path, "$in", value, origin));
    case "$lacks":
      return noFilter(testFilter(path, "$holds", value, origin));
    default:
  }
  if (value === undefined) return false;
  // A user whose team is null owns no documents either.
  if (value === null && origin === "request") return false;
  switch (operator) {
    case "$eq":
      return equalityFilter(path, value, origin);
    case "$in":
      return membershipFilter(path, value, origin);
    case "$holds":
      return field(path, "$elemMatch", one(isArray(value) ? "$in" : "$eq", value));
    case "$exists":
      return field(path, "$exists", isTruthy(value));
    default:
      return holdsPattern(value) && origin !== "file" ? false : field(path, operator, value);
  }
}

/** Atlas: equal, or one of them a list that holds the other: the original's examples have it both ways. */
function equalityFilter(path: string, value: Value, origin: ValueOrigin): Outcome {
  if (value instanceof Regex && origin === "file") return one(path, value);
  const equal = field(path, "$eq", value);
  if (!isArray(value) || value.length === 0) return equal;
  const within = Doc.of({
    $and: [membershipDoc(path, value, origin), field(path, "$not", one("$type", "array"))],
  });
  return Doc.of({ $or: [equal, within] });
}

function membershipFilter(path: string, value: Value, origin: ValueOrigin): Outcome {
  if (!isArray(value) || value.length === 0) return false;
  return membershipDoc(path, value, origin);
}

/** In `$in` a pattern matches texts: one that came with a request must not. */
function membershipDoc(path: string, values: readonly Value[], origin: ValueOrigin): Doc {
  if (origin === "file" || !holdsPattern(values)) return field(path, "$in", values);
  return Doc.of({ $or: values.map((each) => field(path, "$eq", each)) });
}

function holdsPattern(value: Value): boolean {
  return isArray(value) ? value.some((each) => each instanceof Regex) : value instanceof Regex;
}

function field(path: string, operator: string, value: Value): Doc {
  return one(path, one(operator, value));
}

function one(key: string, value: Value): Doc {
  return Doc.fromParts([key], [value]);
}
