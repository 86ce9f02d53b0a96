/** Whether every document that a query matches is sure to be in a partial index. Says no when in doubt. */
import type { FilterNode } from "../../query/filter-node.ts";
import { compare, rankOf, type TextOrder } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { isArray, Undefined, type Value } from "../../bson/value.ts";

export function implies(query: FilterNode, partial: FilterNode, collation?: TextOrder): boolean {
  if (partial.kind === "always") return true;
  if (partial.kind === "and")
    return partial.clauses.every((each) => implies(query, each, collation));
  if (query.kind === "or") return query.clauses.every((each) => implies(each, partial, collation));
  if (query.kind === "and" && query.clauses.some((each) => implies(each, partial, collation)))
    return true;
  if (partial.kind === "or") return partial.clauses.some((each) => implies(query, each, collation));
  return leafImplies(query, partial, collation);
}

function leafImplies(
  query: FilterNode,
  partial: FilterNode,
  collation: TextOrder | undefined,
): boolean {
  if (!("path" in query) || !("path" in partial) || query.path !== partial.path) return false;
  switch (partial.kind) {
    case "exists":
      return partial.exists && needsField(query);
    case "compare":
      return valuesImply(query, (value, kind) =>
        comparisonImplies(value, kind, partial, collation),
      );
    case "in":
      return valuesImply(
        query,
        (value, kind) =>
          kind === "eq" && partial.operands.some((each) => compare(each, value, collation) === 0),
      );
    case "type":
      return query.kind === "type" && [...query.types].every((each) => partial.types.has(each));
    default:
      return false;
  }
}

function needsField(query: FilterNode): boolean {
  switch (query.kind) {
    case "compare":
      return query.operand !== null && query.operand !== Undefined;
    case "in":
      return query.operands.every((each) => each !== null && each !== Undefined);
    case "exists":
      return query.exists;
    default:
      return query.kind === "regex" || query.kind === "type" || query.kind === "mod";
  }
}

type Kind = Extract<FilterNode, { kind: "compare" }>["comparison"];

/** Tests the operand of a comparison, or each of `$in`. */
function valuesImply(query: FilterNode, test: (value: Value, kind: Kind) => boolean): boolean {
  if (query.kind === "compare") return test(query.operand, query.comparison);
  if (query.kind !== "in" || query.regexes.length > 0 || query.operands.length === 0) return false;
  return query.operands.every((each) => test(each, "eq"));
}

/** Whether `field <kind> value` can only hold where the partial filter's comparison does. */
function comparisonImplies(
  value: Value,
  kind: Kind,
  partial: Extract<FilterNode, { kind: "compare" }>,
  collation: TextOrder | undefined,
): boolean {
  const { operand, comparison } = partial;
  if (!isPlain(value) || !isPlain(operand) || rankOf(value) !== rankOf(operand)) {
    return kind === "eq" && comparison === "eq" && compare(value, operand, collation) === 0;
  }
  const difference = compare(value, operand, collation);
  switch (comparison) {
    case "eq":
      return kind === "eq" && difference === 0;
    case "gt":
      return kind === "gt" ? difference >= 0 : isUpOrEqual(kind) && difference > 0;
    case "gte":
      return isUp(kind) && difference >= 0;
    case "lt":
      return kind === "lt" ? difference <= 0 : isDownOrEqual(kind) && difference < 0;
    case "lte":
      return isDown(kind) && difference <= 0;
  }
}

/** Arrays and nulls match in more than one way: no conclusions from those. */
function isPlain(value: Value): boolean {
  return value !== null && value !== Undefined && !isArray(value) && !(value instanceof Doc);
}

function isUp(kind: Kind): boolean {
  return kind === "eq" || kind === "gt" || kind === "gte";
}
function isUpOrEqual(kind: Kind): boolean {
  return kind === "eq" || kind === "gte";
}
function isDown(kind: Kind): boolean {
  return kind === "eq" || kind === "lt" || kind === "lte";
}
function isDownOrEqual(kind: Kind): boolean {
  return kind === "eq" || kind === "lte";
}
