/**
 * Filters, parsed: document → `FilterNode`, with the server's errors.
 *
 * To add an operator on a field: a line in `fieldOperators` of `filter/field.ts`; to add one without a field: a line
 * in `documentOperators` here. Then its node in `filter-node.ts`, its test in `match/`, and rows.
 *
 * @module
 */
import { mustHaveFewParts } from "./parts.ts";
import { Doc } from "../bson/doc.ts";
import { isArray, isNumber, typeOf, type Value } from "../bson/value.ts";
import { badValue, failedToParse, MongoError, typeMismatch } from "../kit/mongo-error.ts";
import { sourceOf } from "./code.ts";
import type { QueryEnvironment } from "./environment.ts";
import type { FilterNode } from "./filter-node.ts";
import { listFieldOperators, parseField, type ParseContext } from "./filter/field.ts";
import { isDbRefKey } from "./filter/db-ref.ts";
import { findNear, nearNotAllowed, withLoneNear } from "./filter/geo.ts";
import { findText, parseText } from "./filter/text.ts";
import { readInteger } from "./integer-operand.ts";
import { toDouble } from "./number.ts";

/**
 * Parses a filter.
 *
 * @param options.allowsNear whether it may have a `$near`, for a caller that knows how to answer one
 * @param options.allowsWhere whether it may have a `$where`, if anybody runs code
 * @param options.text whether it may have a `$text`; `notFirst` of a stage behind the first
 * @throws {MongoError} mostly 2 `BadValue` or 9 `FailedToParse`, 51091 for a pattern, 238 for what is not built yet
 */
export function parseFilter(
  filter: Doc,
  environment: QueryEnvironment,
  options: {
    readonly allowsNear?: boolean;
    readonly allowsWhere?: boolean;
    readonly text?: "allowed" | "notFirst";
  } = {},
): FilterNode {
  mustHaveFewParts(filter, "filter");
  const allowsNear = options.allowsNear === true;
  const node = parseDocument(filter, {
    environment,
    isTop: true,
    allowsNear,
    allowsWhere: options.allowsWhere === true,
    text: options.text ?? "nowhere",
    parse: parseDocument,
    isDocumentOperator,
  });
  return allowsNear ? withLoneNear(node) : node;
}

export { findNear, findText, nearNotAllowed };

function isDocumentOperator(name: string): boolean {
  return documentOperators.has(name);
}

function parseDocument(filter: Doc, context: ParseContext): FilterNode {
  const clauses: FilterNode[] = [];
  for (const [key, value] of filter.entries()) {
    const clause = parseEntry(key, value, context);
    if (clause.kind !== "always") clauses.push(clause);
  }
  return allOf(clauses);
}

function parseEntry(key: string, value: Value, context: ParseContext): FilterNode {
  if (!key.startsWith("$") || isDbRefKey(key)) return parseField(key, value, context);
  const parse = documentOperators.get(key);
  if (parse === undefined)
    throw badValue(
      `unknown top level operator: ${key}. ${
        key === "$not"
          ? "If you are trying to negate an entire expression, use $nor."
          : "If you have a field name that starts with a '$' symbol, consider using $getField or $setField."
      }`,
    );
  return parse(value, context, key);
}

function allOf(clauses: readonly FilterNode[]): FilterNode {
  if (clauses.length === 0) return { kind: "always" };
  return clauses.length === 1 ? (clauses[0] as FilterNode) : { kind: "and", clauses };
}

type ParseOperator = (value: Value, context: ParseContext, name: string) => FilterNode;

function parseLogical(kind: "and" | "or" | "nor"): ParseOperator {
  return (value, context, name) => {
    if (!isArray(value)) throw badValue(`${name} must be an array`);
    if (value.length === 0) throw badValue("$and/$or/$nor must be a nonempty array");
    const inner: ParseContext =
      kind === "nor" && context.text === "allowed" ? { ...context, text: "inNor" } : context;
    const clauses = value.map((each) => {
      if (!(each instanceof Doc)) throw badValue("$or/$and/$nor entries need to be full objects");
      return parseDocument(each, inner);
    });
    return { kind, clauses };
  };
}

function parseConstant(kind: "always" | "never"): ParseOperator {
  return (value, _context, name) => {
    if (readInteger(value, name) !== 1n)
      throw failedToParse(`${name} must be an integer value of 1`);
    return { kind };
  };
}

/** Operators that test the whole document, and so may not stand within `$elemMatch`. */
function topOnly(parse: ParseOperator): ParseOperator {
  return (value, context, name) => {
    if (!context.isTop) throw badValue(`${name} can only be applied to the top-level document`);
    return parse(value, context, name);
  };
}

const parseSampleRate: ParseOperator = (value, _context, name) => {
  if (!isNumber(value)) throw badValue("argument to $sampleRate must be a numeric type");
  const rate = toDouble(value);
  if (!(rate >= 0 && rate <= 1))
    throw badValue("numeric argument to $sampleRate must be in [0, 1]");
  if (rate === 0) return { kind: "never" };
  return rate === 1 ? { kind: "always" } : { kind: "document", name, operand: value };
};

const parseJsonSchema: ParseOperator = (value, _context, name) => {
  if (!(value instanceof Doc)) throw typeMismatch("$jsonSchema must be an object");
  return { kind: "document", name, operand: value };
};

const parseWhere: ParseOperator = (value, { environment, allowsWhere }, name) => {
  const isScoped = typeof value === "object" && value !== null && typeOf(value) === 15;
  if (sourceOf(value) === undefined && !isScoped) throw badValue("$where got bad type");
  if (!allowsWhere || environment.code === undefined)
    throw badValue("$where is not allowed in this context");
  if (isScoped)
    throw new MongoError(4_649_201, "$where no longer supports deprecated BSON type CodeWScope");
  if (sourceOf(value) === "") throw badValue("code for $where cannot be empty");
  return { kind: "document", name, operand: value };
};

const documentOperators: ReadonlyMap<string, ParseOperator> = new Map<string, ParseOperator>([
  ["$and", parseLogical("and")],
  ["$or", parseLogical("or")],
  ["$nor", parseLogical("nor")],
  ["$comment", () => ({ kind: "always" })],
  ["$alwaysTrue", parseConstant("always")],
  ["$alwaysFalse", parseConstant("never")],
  ["$expr", topOnly((operand, _context, name) => ({ kind: "document", name, operand }))],
  ["$jsonSchema", parseJsonSchema],
  ["$sampleRate", topOnly(parseSampleRate)],
  ["$where", topOnly(parseWhere)],
  ["$text", topOnly(parseText)],
]);

/**
 * Names of all operators of filters: for the documentation's table.
 *
 * @public used by `tools/`
 */
export function listFilterOperators(): readonly string[] {
  return [...documentOperators.keys(), ...listFieldOperators()];
}
