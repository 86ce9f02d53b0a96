/**
 * Rule expressions as they stand in files → nodes, with everything that is wrong told by its place.
 *
 * To add an operator that holds other expressions: a case in `parseOperator`; one that gives a value: in `operand.ts`.
 */
import { Doc } from "../../bson/doc.ts";
import { isArray, Regex, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { compileMatch } from "../../query/match.ts";
import { comparisons, normalize } from "./comparison.ts";
import { bareEnvironment } from "./filter-test.ts";
import {
  allOf,
  always,
  anyOf,
  type ExpressionNode,
  isDocumentSource,
  never,
  notOf,
  type Operand,
  type Reference,
} from "./node.ts";
import { type OperandParsing, parseCall, parseOperand } from "./operand.ts";
import { parseReference, printReference } from "./reference.ts";

/** Field names and positions, from the expression on. */
export type Steps = readonly (string | number)[];

export interface Parsing {
  /** What a bare name is a field of; undefined where there is neither a document nor arguments. */
  readonly bare: "root" | "args" | undefined;
  /** Whether `%%root` and its like stand for something. */
  readonly hasDocument: boolean;
  readonly wrong: (steps: Steps, message: string) => void;
}

/** What can not be read becomes false: a mistake must not open anything. */
export function parseExpression(value: Value, parsing: Parsing, steps: Steps = []): ExpressionNode {
  if (typeof value === "boolean") return value ? always : never;
  if (value === "%%true") return always;
  if (value === "%%false") return never;
  if (!(value instanceof Doc)) return fail(parsing, steps, "expected true, false or an object");
  return allOf(
    [...value.entries()].map(([key, inner]) => parseEntry(key, inner, parsing, [...steps, key])),
  );
}

function fail(parsing: Parsing, steps: Steps, message: string): ExpressionNode {
  parsing.wrong(steps, message);
  return never;
}

function parseEntry(key: string, value: Value, parsing: Parsing, steps: Steps): ExpressionNode {
  if (key === "%%true") return parseTruth(value, true, parsing, steps);
  if (key === "%%false") return parseTruth(value, false, parsing, steps);
  if (key.startsWith("%%")) {
    const left = mustReference(key, parsing, steps);
    return left === undefined ? never : parseField(left, value, parsing, steps);
  }
  if (key.startsWith("%") || key.startsWith("$")) return parseOperator(key, value, parsing, steps);
  if (parsing.bare === undefined)
    return fail(parsing, steps, `there is no document here whose field ${key} could be`);
  return parseField({ source: parsing.bare, path: key }, value, parsing, steps);
}

function mustReference(key: string, parsing: Parsing, steps: Steps): Reference | undefined {
  const reference = parseReference(key);
  if (reference === undefined) {
    parsing.wrong(steps, `there is no expansion ${key}`);
    return undefined;
  }
  if (!isDocumentSource(reference.source) || parsing.hasDocument) return reference;
  parsing.wrong(steps, `there is no document here that ${printReference(reference)} could be`);
  return undefined;
}

const listOperators: ReadonlyMap<string, (clauses: readonly ExpressionNode[]) => ExpressionNode> =
  new Map([
    ["$and", allOf],
    ["$or", anyOf],
    ["$nor", (clauses): ExpressionNode => notOf(anyOf(clauses))],
  ]);

function parseOperator(key: string, value: Value, parsing: Parsing, steps: Steps): ExpressionNode {
  const name = normalize(key);
  const join = listOperators.get(name);
  if (join !== undefined) {
    if (!isArray(value) || value.length === 0)
      return fail(parsing, steps, `${key} takes a list of expressions`);
    return join(value.map((each, index) => parseExpression(each, parsing, [...steps, index])));
  }
  if (name === "$not") return notOf(parseExpression(value, parsing, steps));
  if (name === "$function") {
    const call = parseCall(value, operandParsing(parsing), steps);
    return call === undefined ? never : { kind: "call", call, wanted: true };
  }
  return fail(
    parsing,
    steps,
    comparisons.has(name)
      ? `${key} has nothing to compare: it stands within a field or an expansion`
      : `there is no operator ${key}`,
  );
}

/** `{ "%%true": … }`: whether an expression, or what a function gives, is that. */
function parseTruth(value: Value, wanted: boolean, parsing: Parsing, steps: Steps): ExpressionNode {
  const directed = (node: ExpressionNode): ExpressionNode => (wanted ? node : notOf(node));
  if (typeof value === "boolean") return value === wanted ? always : never;
  if (typeof value === "string" && value.startsWith("%%") && !/^%%(?:true|false)$/.test(value)) {
    const left = mustReference(value, parsing, steps);
    if (left === undefined) return never;
    return { kind: "test", left, operator: "$eq", operand: { kind: "literal", value: wanted } };
  }
  if (!(value instanceof Doc)) return directed(parseExpression(value, parsing, steps));
  const only = value.size === 1 ? normalize(value.keys()[0] as string) : undefined;
  const inner = only === undefined ? undefined : value.valueAt(0);
  const innerSteps = [...steps, value.keys()[0] ?? ""];
  if (only === "$function") {
    const call = parseCall(inner, operandParsing(parsing), innerSteps);
    return call === undefined ? never : { kind: "call", call, wanted };
  }
  if (only === "$eq" || only === "$ne")
    return parseTruth(inner as Value, (only === "$eq") === wanted, parsing, innerSteps);
  return directed(parseExpression(value, parsing, steps));
}

/** A field, or an expansion, and what is asked of it. */
function parseField(left: Reference, value: Value, parsing: Parsing, steps: Steps): ExpressionNode {
  if (value instanceof Doc && isPattern(value))
    return {
      kind: "test",
      left,
      operator: "$regex",
      operand: { kind: "literal", value: toPattern(value) },
    };
  if (value instanceof Doc && isOperatorDoc(value))
    return allOf(
      [...value.entries()].map(([key, inner]) =>
        parseComparison(left, key, inner, parsing, [...steps, key]),
      ),
    );
  if (value instanceof Doc && value.keys()[0]?.startsWith("%%") === true)
    return equalsOutcome(left, parseExpression(value, parsing, steps));
  const operand = parseOperand(value, operandParsing(parsing), steps);
  return operand === undefined ? never : { kind: "test", left, operator: "$eq", operand };
}

/** An embedded expression: whether the field says whether it holds. */
function equalsOutcome(left: Reference, node: ExpressionNode): ExpressionNode {
  const isEqual = (value: boolean): ExpressionNode => ({
    kind: "test",
    left,
    operator: "$eq",
    operand: { kind: "literal", value },
  });
  return anyOf([allOf([isEqual(true), node]), allOf([isEqual(false), notOf(node)])]);
}

function isPattern(doc: Doc): boolean {
  return (
    doc.size === 2 &&
    typeof doc.get("$regex") === "string" &&
    typeof doc.get("$options") === "string"
  );
}

function toPattern(doc: Doc): Regex {
  return new Regex(
    doc.get("$regex") as string,
    (doc.get("$options") as string).split("").toSorted().join(""),
  );
}

/** `$eq`, `%in` …; operators that give a value are no such thing. */
function isOperatorDoc(doc: Doc): boolean {
  return doc.keys().some((key) => {
    const name = normalize(key);
    return comparisons.has(name) || name === "$not" || listOperators.has(name);
  });
}

function parseComparison(
  left: Reference,
  key: string,
  value: Value,
  parsing: Parsing,
  steps: Steps,
): ExpressionNode {
  const name = normalize(key);
  const join = listOperators.get(name);
  if (join !== undefined) return parseEmbedded(left, join, value, parsing, steps);
  if (name === "$not") {
    if (value instanceof Doc && isOperatorDoc(value))
      return notOf(parseField(left, value, parsing, steps));
    return fail(parsing, steps, `${key} takes an object of operators`);
  }
  const read = comparisons.get(name);
  if (read === undefined) return fail(parsing, steps, `there is no operator ${key}`);
  const operand =
    read === "operand"
      ? parseOperand(value, operandParsing(parsing), steps)
      : parseOperand(value, { ...operandParsing(parsing), keepsOperators: true }, steps);
  return operand === undefined ? never : { kind: "test", left, operator: name, operand };
}

/** `{ "%%args.n": { "%and": [{ "$gt": 0 }, …] } }`: of the field; of expressions, whether the field equals their outcome. */
function parseEmbedded(
  left: Reference,
  join: (clauses: readonly ExpressionNode[]) => ExpressionNode,
  value: Value,
  parsing: Parsing,
  steps: Steps,
): ExpressionNode {
  if (!isArray(value) || value.length === 0)
    return fail(parsing, steps, "expected a list of expressions");
  const ofField = value.some((each) => each instanceof Doc && isOperatorDoc(each));
  if (ofField)
    return join(value.map((each, index) => parseField(left, each, parsing, [...steps, index])));
  const node = join(value.map((each, index) => parseExpression(each, parsing, [...steps, index])));
  return equalsOutcome(left, node);
}

/** @returns undefined for what is no filter */
export function parseQuery(query: Doc): ExpressionNode | undefined {
  let isSound = true;
  const parsing: OperandParsing = {
    keepsOperators: true,
    wrong() {
      isSound = false;
    },
    mustReference(text) {
      const reference = parseReference(text);
      isSound &&= reference !== undefined && !isDocumentSource(reference.source);
      return reference;
    },
  };
  const operand = parseOperand(query, parsing, []);
  const isFilter = operand !== undefined && isSound && isReadable(operand);
  return isFilter ? { kind: "query", operand } : undefined;
}

/** One with values that only a request gives is read when it is there. */
function isReadable(operand: Operand): boolean {
  if (operand.kind !== "literal") return operand.kind === "document";
  try {
    compileMatch(operand.value as Doc, bareEnvironment);
    return true;
  } catch (cause) {
    if (cause instanceof MongoError) return false;
    throw cause;
  }
}

function operandParsing(parsing: Parsing): OperandParsing {
  return {
    wrong: parsing.wrong,
    mustReference: (text, steps) => mustReference(text, parsing, steps),
    keepsOperators: false,
  };
}
