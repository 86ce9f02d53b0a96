/**
 * Filters, compiled to closures: node → test of a document.
 *
 * To add an operator: see `filter.ts` for its parsing; here a line in `compileNode`.
 *
 * @module
 */
import { Doc } from "../bson/doc.ts";
import { isArray, isNumber, typeOf, type Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { arrayAsDoc } from "./array-doc.ts";
import { sourceOf } from "./code.ts";
import type { QueryEnvironment } from "./environment.ts";
import { compileExpressionFor } from "./expression.ts";
import type { FilterNode } from "./filter-node.ts";
import { compileGeo } from "./geo.ts";
import { parseFilter } from "./filter.ts";
import { compileJsonSchema } from "./json-schema.ts";
import { compileBits } from "./match/bits.ts";
import { compileComparison, compileIn } from "./match/comparison.ts";
import { constantsLast, decides, inServerOrder, withJoinedEqualities } from "./match/order.ts";
import { compileRegexValue } from "./match/regex.ts";
import { FilterOptimizationFailure, optimizedAround } from "./optimization-failure.ts";
import { compilePath, type Details, type DocTest, type ValueTest } from "./match/traverse.ts";
import { toDouble } from "./number.ts";
import { isTruthy } from "./truth.ts";
import { toTruncatedInteger } from "./number-value.ts";

export interface Match {
  /** @throws {MongoError} what a `$expr` gives for values it does not take, and 51091-like when a pattern is too costly */
  matches(doc: Doc): boolean;
  /** For the positional `$`: the index of the array element that matched; undefined where no array was gone through. */
  position(doc: Doc): number | undefined;
}

/** Parses and compiles a filter. */
export function compileMatch(filter: Doc, environment: QueryEnvironment): Match {
  return compileMatchNode(parseFilter(filter, environment), environment);
}

/**
 * Compiles a parsed filter.
 *
 * @throws {MongoError} for what is wrong within `$expr` and `$jsonSchema`
 */
export function compileMatchNode(node: FilterNode, environment: QueryEnvironment): Match {
  const test = compileNode(node, environment);
  return {
    matches: (doc) => test(doc, null),
    position(doc): number | undefined {
      const details: Details = { position: undefined };
      test(doc, details);
      return details.position;
    },
  };
}

/**
 * A filter's test for a projection's positional `$`: it takes the position of the clause that was written last, where
 * an update takes that of the clause which the server tests last.
 */
export function compileMatchAsWritten(node: FilterNode, environment: QueryEnvironment): Match {
  return compileMatchNode(node, { ...environment, isUnoptimized: true });
}

function orderOf(
  clauses: readonly FilterNode[],
  { isUnoptimized }: QueryEnvironment,
): readonly FilterNode[] {
  return isUnoptimized === true ? clauses : inServerOrder(clauses);
}

function compileNode(node: FilterNode, environment: QueryEnvironment): DocTest {
  switch (node.kind) {
    case "and": {
      const tests = compileClauses(orderOf(node.clauses, environment), environment);
      return decides(node.clauses, "never") ? (): boolean => false : all(tests);
    }
    case "or": {
      const tests = compileClauses(withJoinedEqualities(node.clauses), environment);
      return decides(node.clauses, "always") ? (): boolean => true : any(tests);
    }
    case "nor":
      return not(any(compileClauses(constantsLast(node.clauses), environment)));
    case "not":
      return not(compileNode(node.clause, environment));
    case "always":
    case "near":
      return () => true;
    case "never":
      return () => false;
    case "text": {
      const { search } = node;
      return (doc) => search.matches(doc);
    }
    case "document":
      return compileDocumentTest(node.name, node.operand, environment);
    case "elemMatchObject": {
      const clause = compileNode(node.clause, environment);
      return compilePath(node.path, elementTest(objectTest(clause)), "whole");
    }
    case "elemMatchValue":
      return compilePath(
        node.path,
        elementTest(compileValueNode(node.clause, environment)),
        "whole",
      );
    case "exists": {
      const exists = compilePath(node.path, compileLeaf(node, environment), "each");
      return node.exists ? exists : not(exists);
    }
    default:
      return compilePath(node.path, compileLeaf(node, environment), leafOf(node));
  }
}

function compileClauses(
  clauses: readonly FilterNode[],
  environment: QueryEnvironment,
): readonly DocTest[] {
  return optimizedAround(() => clauses.map((each) => compileNode(each, environment)));
}

function all(tests: readonly DocTest[]): DocTest {
  const [first, second] = tests;
  if (tests.length === 2 && first !== undefined && second !== undefined)
    return (doc, details) => first(doc, details) && second(doc, details);
  return (doc, details) => {
    for (const test of tests) if (!test(doc, details)) return false;
    return true;
  };
}

function any(tests: readonly DocTest[]): DocTest {
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  // Which of the alternatives matched is not told: as on the server there is no position then.
  return (doc) => {
    for (const test of tests) if (test(doc, null)) return true;
    return false;
  };
}

function not(test: DocTest): DocTest {
  // What a negation has gone through is no match, so it has no position.
  return (doc) => !test(doc, null);
}

type LeafNode = Extract<
  FilterNode,
  { kind: "compare" | "in" | "regex" | "exists" | "size" | "type" | "mod" | "bits" | "geo" }
>;

function leafOf(node: LeafNode): "each" | "whole" {
  return node.kind === "size" ? "whole" : "each";
}

function compileLeaf(node: LeafNode, { collation }: QueryEnvironment): ValueTest {
  switch (node.kind) {
    case "compare":
      return compileComparison(node.comparison, node.operand, collation);
    case "in":
      return compileIn(node.operands, node.regexes, collation);
    case "regex":
      return compileRegexValue(node.regex);
    case "exists":
      return (value) => value !== undefined;
    case "size": {
      const { size } = node;
      return (value) => isArray(value) && value.length === size;
    }
    case "type": {
      const { types } = node;
      return (value) => value !== undefined && types.has(typeOf(value));
    }
    case "mod":
      return modTest(node.divisor, node.remainder);
    case "bits":
      return compileBits(node);
    case "geo":
      return compileGeo(node.relation, node.shape);
  }
}

function modTest(divisor: bigint, remainder: bigint): ValueTest {
  const narrowDivisor = Number(divisor);
  const narrowRemainder = Number(remainder);
  const isNarrow = Number.isSafeInteger(narrowDivisor) && Number.isSafeInteger(narrowRemainder);
  return (value) => {
    // Adding 0 turns -0 into 0.
    if (typeof value === "number" && isNarrow)
      return (value % narrowDivisor) + 0 === narrowRemainder;
    if (!isNumber(value)) return false;
    const whole = toTruncatedInteger(value);
    return whole !== undefined && whole % divisor === remainder;
  };
}

/** `$elemMatch`: an array one of whose elements passes. */
function elementTest(test: ValueTest): ValueTest {
  return (value, details) => {
    if (!isArray(value)) return false;
    for (let index = 0; index < value.length; index += 1)
      if (test(value[index], details)) {
        if (details !== null) details.position = index;
        return true;
      }
    return false;
  };
}

function objectTest(test: DocTest): ValueTest {
  return (value) => {
    if (value instanceof Doc) return test(value, null);
    return isArray(value) && test(arrayAsDoc(value), null);
  };
}

/** The clause of `$elemMatch` with operators: on the element as it is, an array in it is not gone through. */
function compileValueNode(node: FilterNode, environment: QueryEnvironment): ValueTest {
  switch (node.kind) {
    case "and": {
      const tests = node.clauses.map((each) => compileValueNode(each, environment));
      return (value) => tests.every((test) => test(value, null));
    }
    case "not": {
      const test = compileValueNode(node.clause, environment);
      return (value) => !test(value, null);
    }
    case "always":
      return () => true;
    case "never":
      return () => false;
    case "elemMatchObject":
      return elementTest(objectTest(compileNode(node.clause, environment)));
    case "elemMatchValue":
      return elementTest(compileValueNode(node.clause, environment));
    case "or":
    case "nor":
    case "document":
    case "near":
    case "text":
      throw new TypeError(`${node.kind} can not stand among the operators of an element`);
    case "exists": {
      // An element is always there.
      const { exists } = node;
      return () => exists;
    }
    default:
      return compileLeaf(node, environment);
  }
}

function compileWhere(operand: Value, { code }: QueryEnvironment): DocTest {
  const test = code?.compileTest(sourceOf(operand) ?? "");
  // Where a position is asked for, the document is known to match.
  return (doc, details) => details !== null || test?.(doc) === true;
}

function compileDocumentTest(name: string, operand: Value, environment: QueryEnvironment): DocTest {
  switch (name) {
    case "$expr": {
      const expression = compileExpressionFor(operand, environment, { keepsFailure: true });
      const { failure } = expression;
      if (failure !== undefined) throw new FilterOptimizationFailure(failure);
      return (doc) => isTruthy(expression.evaluate(doc));
    }
    case "$jsonSchema":
      return compileJsonSchema(operand as Doc);
    case "$sampleRate": {
      const rate = isNumber(operand) ? toDouble(operand) : 0;
      return () => environment.random() < rate;
    }
    case "$where":
      return compileWhere(operand, environment);
    default:
      throw new MongoError(238, `${name} is not supported`);
  }
}
