/** The conditions on one field: `{ path: value }` and `{ path: { $operator: operand, … } }`. */
import { Doc } from "../../bson/doc.ts";
import { isArray, type Regex, Undefined, type Value } from "../../bson/value.ts";
import { badValue } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../environment.ts";
import type { Comparison, FilterNode } from "../filter-node.ts";
import { compileRegex } from "../regex.ts";
import { isTruthy } from "../truth.ts";
import { parseBits } from "./bits.ts";
import { isOperatorDocument, isPartOfDbRef } from "./db-ref.ts";
import { isNear, parseGeo, parseNear, refuseNear } from "./geo.ts";
import { parseMod, parseSize } from "./number.ts";
import { parseRegexOperators } from "./regex.ts";
import { parseType } from "./type.ts";

export interface ParseContext {
  readonly environment: QueryEnvironment;
  /** False within `$elemMatch`. */
  readonly isTop: boolean;
  /** Whether documents can be asked for by their distance here. */
  readonly allowsNear: boolean;
  /** Whether documents can be tested by code here. */
  readonly allowsWhere: boolean;
  /** Whether texts can be searched here; if not, what is said of it. */
  readonly text: "allowed" | "notFirst" | "inNor" | "nowhere";
  /** Parses a filter within this one. */
  readonly parse: (filter: Doc, context: ParseContext) => FilterNode;
  readonly isDocumentOperator: (name: string) => boolean;
}

/** Parses what a filter has under one field name. */
export function parseField(path: string, condition: Value, context: ParseContext): FilterNode {
  if (condition instanceof Doc && isOperatorDocument(condition))
    return allOf(parseConditions(path, condition, context));
  return parseEquality(path, condition);
}

function parseEquality(path: string, operand: Value): FilterNode {
  if (isRegex(operand)) return regexNode(path, operand);
  refuseUndefined(operand);
  return { kind: "compare", path, comparison: "eq", operand };
}

function regexNode(path: string, regex: Regex): FilterNode {
  compileRegex(regex.pattern, regex.options);
  return { kind: "regex", path, regex };
}

function allOf(clauses: readonly FilterNode[]): FilterNode {
  if (clauses.length === 0) return { kind: "always" };
  return clauses.length === 1 ? (clauses[0] as FilterNode) : { kind: "and", clauses };
}

/** The operators of one field, each a clause. */
function parseConditions(path: string, conditions: Doc, context: ParseContext): FilterNode[] {
  if (isNear(conditions)) return [parseNear(path, conditions, context.allowsNear)];
  const clauses: FilterNode[] = [];
  for (const [name, operand] of conditions.entries()) {
    const parse = fieldOperators.get(name);
    if (parse === undefined) throw badValue(`unknown operator: ${name}`);
    const clause = parse({ path, operand, name, conditions, context });
    if (clause !== undefined) clauses.push(clause);
  }
  return clauses;
}

interface Condition {
  readonly path: string;
  readonly name: string;
  readonly operand: Value;
  /** All that stands beside it: `$regex` and `$options` are one. */
  readonly conditions: Doc;
  readonly context: ParseContext;
}

type ParseCondition = (condition: Condition) => FilterNode | undefined;

function parseComparison(comparison: Comparison): ParseCondition {
  return ({ path, operand }) => {
    if (comparison !== "eq" && isRegex(operand))
      throw badValue(`Can't have RegEx as arg to predicate over field '${path}'.`);
    refuseUndefined(operand);
    return { kind: "compare", path, comparison, operand };
  };
}

/** BSON's undefined is deprecated, and stands only in documents. */
function refuseUndefined(operand: Value): void {
  if (operand === Undefined) throw badValue("cannot compare to undefined");
}

const parseNotEqual: ParseCondition = ({ path, operand }) => {
  if (isRegex(operand)) throw badValue("Can't have regex as arg to $ne.");
  refuseUndefined(operand);
  return not({ kind: "compare", path, comparison: "eq", operand });
};

const parseIn: ParseCondition = ({ path, operand, name }) => {
  if (!isArray(operand)) throw badValue(`${name} needs an array`);
  const operands: Value[] = [];
  const regexes: Regex[] = [];
  for (const each of operand) {
    if (each instanceof Doc && isOperatorDocument(each)) throw badValue("cannot nest $ under $in");
    if (each === Undefined) throw badValue("InMatchExpression equality cannot be undefined");
    if (isRegex(each)) {
      compileRegex(each.pattern, each.options);
      regexes.push(each);
    } else operands.push(each);
  }
  return { kind: "in", path, operands, regexes };
};

const parseNotIn: ParseCondition = (condition) => not(parseIn(condition) as FilterNode);

const parseNot: ParseCondition = ({ path, operand, context }) => {
  if (isRegex(operand)) return not(regexNode(path, operand));
  if (!(operand instanceof Doc)) throw badValue("$not needs a regex or a document");
  if (operand.size === 0) throw badValue("$not cannot be empty");
  return not(allOf(parseConditions(path, operand, context)));
};

function not(clause: FilterNode): FilterNode {
  return { kind: "not", clause };
}

const parseElemMatch: ParseCondition = ({ path, operand, context }) => {
  if (!(operand instanceof Doc)) throw badValue("$elemMatch needs an Object");
  const inner = { ...context, isTop: false };
  const [first] = operand.keys();
  const isValue =
    first?.startsWith("$") === true &&
    !isPartOfDbRef(operand) &&
    !context.isDocumentOperator(first);
  if (isValue)
    return { kind: "elemMatchValue", path, clause: allOf(parseConditions("", operand, inner)) };
  return { kind: "elemMatchObject", path, clause: context.parse(operand, inner) };
};

const parseAll: ParseCondition = ({ path, operand, context }) => {
  if (!isArray(operand)) throw badValue("$all needs an array");
  const [first] = operand;
  if (first === undefined) return { kind: "never" };
  if (first instanceof Doc && first.keys()[0] === "$elemMatch")
    return allOf(
      operand.map((each) => {
        if (!(each instanceof Doc) || each.keys()[0] !== "$elemMatch")
          throw badValue("$all/$elemMatch has to be consistent");
        return parseElemMatch({
          path,
          name: "$elemMatch",
          operand: each.valueAt(0),
          conditions: each,
          context,
        }) as FilterNode;
      }),
    );
  return allOf(
    operand.map((each) => {
      // Only what is an operator: the server takes other names with a `$` for fields here.
      if (each instanceof Doc && fieldOperators.has(each.keys()[0] ?? ""))
        throw badValue("no $ expressions in $all");
      return parseEquality(path, each);
    }),
  );
};

const parseExists: ParseCondition = ({ path, operand }) =>
  isTruthy(operand)
    ? { kind: "exists", path, exists: true }
    : { kind: "exists", path, exists: false };

const parseGeoCondition: ParseCondition = ({ path, name, operand, conditions }) =>
  parseGeo(path, name, operand, conditions);

const refuseWhere: ParseCondition = () => {
  throw badValue("$where cannot be applied to a field");
};

function isRegex(value: Value): value is Regex {
  return value !== null && typeof value === "object" && !isArray(value) && value.bsonType === 11;
}

const fieldOperators: ReadonlyMap<string, ParseCondition> = new Map<string, ParseCondition>([
  ["$eq", parseComparison("eq")],
  ["$gt", parseComparison("gt")],
  ["$gte", parseComparison("gte")],
  ["$lt", parseComparison("lt")],
  ["$lte", parseComparison("lte")],
  ["$ne", parseNotEqual],
  ["$in", parseIn],
  ["$nin", parseNotIn],
  ["$not", parseNot],
  ["$elemMatch", parseElemMatch],
  ["$all", parseAll],
  ["$exists", parseExists],
  ["$size", ({ path, operand }) => parseSize(path, operand)],
  ["$type", ({ path, operand }) => parseType(path, operand)],
  ["$mod", ({ path, operand }) => parseMod(path, operand)],
  ["$regex", ({ path, conditions }) => parseRegexOperators(path, conditions)],
  [
    "$options",
    ({ conditions }) => {
      // Read together with `$regex`, wherever that stands.
      if (!conditions.has("$regex")) throw badValue("$options needs a $regex");
      return undefined;
    },
  ],
  ["$bitsAllSet", ({ path, operand, name }) => parseBits(path, "allSet", operand, name)],
  ["$bitsAllClear", ({ path, operand, name }) => parseBits(path, "allClear", operand, name)],
  ["$bitsAnySet", ({ path, operand, name }) => parseBits(path, "anySet", operand, name)],
  ["$bitsAnyClear", ({ path, operand, name }) => parseBits(path, "anyClear", operand, name)],
  ["$near", ({ conditions }) => refuseNear(conditions)],
  ["$nearSphere", ({ conditions }) => refuseNear(conditions)],
  ["$geoNear", ({ conditions }) => refuseNear(conditions)],
  ["$geoWithin", parseGeoCondition],
  ["$within", parseGeoCondition],
  ["$geoIntersects", parseGeoCondition],
  ["$where", refuseWhere],
]);

export function listFieldOperators(): readonly string[] {
  return [...fieldOperators.keys()];
}
