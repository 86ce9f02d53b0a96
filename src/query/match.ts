/**
 * Filters, compiled to closures: node → test of a document.
 *
 * To add an operator: see `filter.ts` for its parsing; here a line in `compileNode`.
 *
 * @module
 */
import { readInt32 } from "../bson/decode.ts";
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
import { compilePlace, decodedPlace, type PlaceTest } from "./match/place.ts";
import { all, always, any, type BytesTest, never, not, type Test } from "./match/test.ts";
import { compilePath, type Details, type DocTest, type ValueTest } from "./match/traverse.ts";
import { compileBytesPath, someElement } from "./match/traverse-bytes.ts";
import { toDouble } from "./number.ts";
import { isTruthy } from "./truth.ts";
import { toTruncatedInteger } from "./number-value.ts";

export interface Match {
  /** @throws {MongoError} what a `$expr` gives for values it does not take, and 51091-like when a pattern is too costly */
  matches(doc: Doc): boolean;
  /** For the positional `$`: the index of the array element that matched; undefined where no array was gone through. */
  position(doc: Doc): number | undefined;
  /** `matches` of the document whose bytes begin at `start`. Absent where it would only make a document of them. */
  readonly matchesBytes?: ((bytes: Buffer, start: number) => boolean) | undefined;
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
  const { ofDoc, ofBytes } = compileNode(node, environment);
  if (ofBytes === undefined || node.kind === "always") return matchOf(ofDoc);
  const bytesMax = walkedBytesMax / countClauses(node);
  const test: BytesTest = (bytes, start, doc) =>
    readInt32(bytes, start) <= bytesMax
      ? ofBytes(bytes, start, doc)
      : ofDoc(doc ?? Doc.fromBytes(bytes, start), null);
  return {
    ...matchOf(ofDoc),
    matches(doc): boolean {
      const bytes = doc.viewBytes;
      return bytes === undefined ? ofDoc(doc, null) : test(bytes, doc.viewStart, doc);
    },
    matchesBytes: (bytes, start) => test(bytes, start, undefined),
  };
}

/**
 * How many bytes of a document may be walked over, by all clauses together: each begins at the document's beginning,
 * where a document that is asked often notes the places of its fields.
 */
const walkedBytesMax = 2 ** 18;

function countClauses(node: FilterNode): number {
  if ("clauses" in node) return node.clauses.reduce((sum, each) => sum + countClauses(each), 1);
  return "clause" in node ? 1 + countClauses(node.clause) : 1;
}

function matchOf(ofDoc: DocTest): Match {
  return {
    matches: (doc) => ofDoc(doc, null),
    position(doc): number | undefined {
      const details: Details = { position: undefined };
      ofDoc(doc, details);
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

function compileNode(node: FilterNode, environment: QueryEnvironment): Test {
  switch (node.kind) {
    case "and": {
      const tests = compileClauses(orderOf(node.clauses, environment), environment);
      return decides(node.clauses, "never") ? never : all(tests);
    }
    case "or": {
      const tests = compileClauses(withJoinedEqualities(node.clauses), environment);
      return decides(node.clauses, "always") ? always : any(tests);
    }
    case "nor":
      return not(any(compileClauses(constantsLast(node.clauses), environment)));
    case "not":
      return not(compileNode(node.clause, environment));
    case "always":
    case "near":
      return always;
    case "never":
      return never;
    case "text": {
      const { search } = node;
      return { ofDoc: (doc) => search.matches(doc) };
    }
    case "document":
      return { ofDoc: compileDocumentTest(node.name, node.operand, environment) };
    case "elemMatchObject": {
      const clause = compileNode(node.clause, environment);
      const test = elementTest(objectTest(clause.ofDoc));
      return {
        ofDoc: compilePath(node.path, test, "whole"),
        ofBytes: elementInBytes(node, clause),
      };
    }
    case "elemMatchValue": {
      const test = elementTest(compileValueNode(node.clause, environment));
      return { ofDoc: compilePath(node.path, test, "whole") };
    }
    case "exists": {
      const exists = compileLeafPath(node, environment);
      return node.exists ? exists : not(exists);
    }
    default:
      return compileLeafPath(node, environment);
  }
}

function compileLeafPath(node: LeafNode, environment: QueryEnvironment): Test {
  const leaf = node.kind === "size" ? "whole" : "each";
  const test = compileLeaf(node, environment);
  const hasCollation = environment.collation !== undefined;
  return {
    ofDoc: compilePath(node.path, test, leaf),
    ofBytes: compileBytesPath(node.path, compilePlace(node, test, { hasCollation }), leaf),
  };
}

function compileClauses(
  clauses: readonly FilterNode[],
  environment: QueryEnvironment,
): readonly Test[] {
  return optimizedAround(() => clauses.map((each) => compileNode(each, environment)));
}

type LeafNode = Extract<
  FilterNode,
  { kind: "compare" | "in" | "regex" | "exists" | "size" | "type" | "mod" | "bits" | "geo" }
>;

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

/** `$elemMatch` on embedded documents, where they lie. */
function elementInBytes(
  { path }: Extract<FilterNode, { kind: "elemMatchObject" }>,
  { ofDoc, ofBytes }: Test,
): BytesTest | undefined {
  if (ofBytes === undefined) return undefined;
  const decoded = decodedPlace(objectTest(ofDoc));
  const passes: PlaceTest = (bytes, type, at) =>
    type === 3 ? ofBytes(bytes, at, undefined) : decoded(bytes, type, at);
  return compileBytesPath(
    path,
    (bytes, type, at) => type === 4 && someElement(bytes, at, passes),
    "whole",
  );
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
      return elementTest(objectTest(compileNode(node.clause, environment).ofDoc));
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
