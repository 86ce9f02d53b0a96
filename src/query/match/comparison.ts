/** `$eq`, `$gt` and the like, and `$in`: tests of one value, specialised for their operand when compiled. */
import {
  compare,
  compareNumbers,
  identityOf,
  rankOf,
  type NumberValue,
  type TextOrder,
} from "../../bson/compare.ts";
import {
  isArray,
  isNumber,
  ObjectId,
  type Regex,
  Undefined,
  type Value,
} from "../../bson/value.ts";
import type { Comparison } from "../filter-node.ts";
import { isNullish } from "../truth.ts";
import { compileRegexValue } from "./regex.ts";
import type { ValueTest } from "./traverse.ts";

/** Compiles a comparison: values of another type than the operand's never match, MinKey and MaxKey apart. */
export function compileComparison(
  comparison: Comparison,
  operand: Value,
  collation?: TextOrder,
): ValueTest {
  if (operand === null) return comparison === "gt" || comparison === "lt" ? never : isNullish;
  if (typeof operand === "object" && !isArray(operand) && isKeyBound(operand))
    return boundTest(comparison, operand);
  if (isNumber(operand)) return numberTest(comparison, operand);
  if (comparison === "eq") return equalityTest(operand, collation);
  const wanted = acceptors[comparison];
  const rank = rankOf(operand);
  return (value) =>
    value !== undefined && rankOf(value) === rank && wanted(compare(value, operand, collation));
}

const never: ValueTest = () => false;

/** Per comparison, which outcomes of `compare` pass. */
export const acceptors: Readonly<Record<Comparison, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
};

function isKeyBound(operand: { readonly bsonType: number }): boolean {
  return operand.bsonType === -1 || operand.bsonType === 127;
}

/** MinKey and MaxKey compare with values of every type, and with a missing one as if it were undefined. */
function boundTest(comparison: Comparison, operand: Value): ValueTest {
  const wanted = acceptors[comparison];
  return (value) => wanted(compare(value ?? Undefined, operand));
}

function numberTest(comparison: Comparison, operand: NumberValue): ValueTest {
  if (isNaNValue(operand)) {
    if (comparison === "gt" || comparison === "lt") return never;
    return (value) => isNumber(value) && isNaNValue(value);
  }
  const wanted = acceptors[comparison];
  if (typeof operand === "number" && comparison === "eq")
    return (value) => {
      if (typeof value === "number") return value === operand;
      return typeof value === "string"
        ? false
        : isNumber(value) && compareNumbers(value, operand) === 0;
    };
  return (value) => isNumber(value) && wanted(compareNumbers(value, operand)) && !isNaNValue(value);
}

function isNaNValue(value: NumberValue): boolean {
  if (typeof value !== "object") return false;
  return value.bsonType === 1 ? Number.isNaN(value.value) : value.class === "nan";
}

function equalityTest(operand: Value, collation: TextOrder | undefined): ValueTest {
  if (typeof operand === "string" && collation === undefined)
    return (value) =>
      value === operand ||
      (typeof value === "object" &&
        value !== null &&
        !isArray(value) &&
        value.bsonType === 14 &&
        value.text === operand);
  if (operand instanceof ObjectId) {
    const { a, b, c } = operand;
    return (value) => value instanceof ObjectId && value.c === c && value.b === b && value.a === a;
  }
  const rank = rankOf(operand);
  return (value) =>
    value !== undefined && rankOf(value) === rank && compare(value, operand, collation) === 0;
}

/** Operands up to which they are compared one by one. */
export const inMax = 8;

/** Compiles `$in`. Its regexes match as they do alone. */
export function compileIn(
  operands: readonly Value[],
  regexes: readonly Regex[],
  collation?: TextOrder,
): ValueTest {
  const tests = [
    ...(operands.length > inMax
      ? [collation === undefined ? setTest(operands) : searchTest(operands, collation)]
      : operands.map((each) => compileComparison("eq", each, collation))),
    ...regexes.map(compileRegexValue),
  ];
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  return (value, details) => {
    for (const test of tests) if (test(value, details)) return true;
    return false;
  };
}

function setTest(operands: readonly Value[]): ValueTest {
  if (operands.every((each) => typeof each === "string")) return textSetTest(operands);
  if (operands.every((each) => each instanceof ObjectId)) return objectIdSetTest(operands);
  const identities = new Set(operands.map((each) => identityOf(each)));
  const hasNull = operands.includes(null);
  return (value) =>
    value === undefined || isNullish(value) ? hasNull : identities.has(identityOf(value));
}

function textSetTest(operands: readonly string[]): ValueTest {
  const texts = new Set(operands);
  return (value) => {
    if (typeof value === "string") return texts.has(value);
    if (typeof value !== "object" || value === null || isArray(value)) return false;
    return value.bsonType === 14 && texts.has(value.text);
  };
}

function objectIdSetTest(operands: readonly ObjectId[]): ValueTest {
  const ids = new Set(operands.map(wordsOf));
  return (value) => value instanceof ObjectId && ids.has(wordsOf(value));
}

/** Cheaper than digits where there are many. */
function wordsOf({ a, b, c }: ObjectId): string {
  return String.fromCharCode(a >>> 16, a & 0xffff, b >>> 16, b & 0xffff, c >>> 16, c & 0xffff);
}

/** Where texts have no identity to look up: a search among the operands in their order. */
function searchTest(operands: readonly Value[], collation: TextOrder): ValueTest {
  const sorted = operands.toSorted((left, right) => compare(left, right, collation));
  const hasNull = operands.includes(null);
  return (value) => {
    if (value === undefined || isNullish(value)) return hasNull;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const difference = compare(sorted[middle] as Value, value, collation);
      if (difference === 0) return true;
      if (difference < 0) low = middle + 1;
      else high = middle;
    }
    return false;
  };
}
