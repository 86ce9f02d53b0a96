/**
 * Tests of values where they lie in a document's bytes: nothing is decoded that the bytes themselves decide.
 *
 * Each decides as the test of the decoded value does (`comparison.ts`); what is not decided here is decoded for that one.
 */
import {
  compareBytes,
  readDouble,
  readInt32,
  readInt64Loose,
  skipValue,
} from "../../bson/decode.ts";
import { readValue } from "../../bson/doc.ts";
import { DateTime, Double, ObjectId, type Value } from "../../bson/value.ts";
import type { Comparison, FilterNode } from "../filter-node.ts";
import { acceptors, inMax } from "./comparison.ts";
import type { ValueTest } from "./traverse.ts";

/** Tests the value of a BSON type that begins at `at`; type 0 is a missing one. */
export type PlaceTest = (bytes: Buffer, type: number, at: number) => boolean;

/** @param test of the decoded value; `hasCollation` whether it compares texts otherwise than by their bytes */
export function compilePlace(
  node: FilterNode,
  test: ValueTest,
  { hasCollation }: { readonly hasCollation: boolean },
): PlaceTest {
  const decoded = decodedPlace(test);
  switch (node.kind) {
    case "compare":
      return comparePlace(node.comparison, node.operand, decoded, hasCollation) ?? decoded;
    case "in": {
      if (node.regexes.length > 0 || node.operands.length > inMax) return decoded;
      const tests = node.operands.map((each) => comparePlace("eq", each, decoded, hasCollation));
      return tests.every((each) => each !== undefined) ? anyPlace(tests) : decoded;
    }
    case "exists":
      return (_bytes, type) => type !== 0;
    case "type":
      return (_bytes, type) => type !== 0 && node.types.has(type === minKeyByte ? -1 : type);
    case "size":
      return (bytes, type, at) => type === 4 && countElements(bytes, at, node.size) === node.size;
    default:
      return decoded;
  }
}

const minKeyByte = 255;

export function decodedPlace(test: ValueTest): PlaceTest {
  return (bytes, type, at) => test(type === 0 ? undefined : readValue(bytes, type, at), null);
}

/** @returns undefined where the operand's kind has no test of its own here */
function comparePlace(
  comparison: Comparison,
  operand: Value,
  decoded: PlaceTest,
  hasCollation: boolean,
): PlaceTest | undefined {
  switch (typeof operand) {
    case "number":
      return numberPlace(comparison, operand, decoded);
    case "bigint": {
      const narrow = Number(operand);
      return Number.isSafeInteger(narrow) ? numberPlace(comparison, narrow, decoded) : undefined;
    }
    case "string":
      return hasCollation ? undefined : textPlace(comparison, operand);
    case "boolean": {
      const accepts = acceptors[comparison];
      const wanted = Number(operand);
      return (bytes, type, at) => type === 8 && accepts((bytes[at] as number) - wanted);
    }
    default:
      return objectPlace(comparison, operand, decoded);
  }
}

function objectPlace(
  comparison: Comparison,
  operand: Exclude<Value, boolean | number | bigint | string>,
  decoded: PlaceTest,
): PlaceTest | undefined {
  if (operand === null)
    return comparison === "gt" || comparison === "lt"
      ? (): boolean => false
      : (_bytes, type): boolean => type === 0 || type === 10 || type === 6;
  if (operand instanceof Double)
    return Number.isNaN(operand.value)
      ? undefined
      : numberPlace(comparison, operand.value, decoded);
  if (operand instanceof ObjectId) return objectIdPlace(comparison, operand);
  if (operand instanceof DateTime) return datePlace(comparison, operand, decoded);
  return undefined;
}

/** Of doubles, each of which stands for itself among int32 and safe int64; NaN passes none of them. */
const numberTests: Readonly<Record<Comparison, (value: number, operand: number) => boolean>> = {
  eq: (value, operand) => value === operand,
  gt: (value, operand) => value > operand,
  gte: (value, operand) => value >= operand,
  lt: (value, operand) => value < operand,
  lte: (value, operand) => value <= operand,
};

function numberPlace(comparison: Comparison, operand: number, decoded: PlaceTest): PlaceTest {
  const passes = numberTests[comparison];
  return (bytes, type, at) => {
    switch (type) {
      case 16:
        return passes(readInt32(bytes, at), operand);
      case 1:
        return passes(readDouble(bytes, at), operand);
      case 18: {
        const value = readInt64Loose(bytes, at);
        return typeof value === "number" ? passes(value, operand) : decoded(bytes, type, at);
      }
      default:
        // Decimals.
        return type === 19 && decoded(bytes, type, at);
    }
  };
}

/** Strings and symbols, whose UTF-8 orders as their code points do. */
function textPlace(comparison: Comparison, operand: string): PlaceTest | undefined {
  const wanted = Buffer.from(operand);
  // Half a character has no UTF-8.
  if (wanted.toString() !== operand) return undefined;
  if (comparison === "eq")
    return (bytes, type, at) => (type === 2 || type === 14) && isTextAt(bytes, at, wanted);
  const accepts = acceptors[comparison];
  return (bytes, type, at) =>
    (type === 2 || type === 14) &&
    accepts(compareBytes(bytes, at + 4, readInt32(bytes, at) - 1, wanted));
}

/** From the end, since texts often begin alike. */
function isTextAt(bytes: Buffer, at: number, wanted: Uint8Array): boolean {
  const { length } = wanted;
  if (readInt32(bytes, at) !== length + 1) return false;
  const start = at + 4;
  for (let index = length - 1; index >= 0; index -= 1)
    if (bytes[start + index] !== wanted[index]) return false;
  return true;
}

function objectIdPlace(comparison: Comparison, operand: ObjectId): PlaceTest {
  const wanted = Buffer.from(operand.toHex(), "hex");
  const accepts = acceptors[comparison];
  return (bytes, type, at) => type === 7 && accepts(compareBytes(bytes, at, wanted.length, wanted));
}

function datePlace(
  comparison: Comparison,
  { ms }: DateTime,
  decoded: PlaceTest,
): PlaceTest | undefined {
  if (typeof ms !== "number") return undefined;
  const passes = numberTests[comparison];
  return (bytes, type, at) => {
    if (type !== 9) return false;
    const value = readInt64Loose(bytes, at);
    return typeof value === "number" ? passes(value, ms) : decoded(bytes, type, at);
  };
}

function anyPlace(tests: readonly PlaceTest[]): PlaceTest {
  return (bytes, type, at) => {
    for (const test of tests) if (test(bytes, type, at)) return true;
    return false;
  };
}

/** How many elements an array has; it is not counted beyond one more than `most`. */
function countElements(bytes: Buffer, start: number, most: number): number {
  let count = 0;
  let at = start + 4;
  for (let type = bytes[at] as number; type !== 0 && count <= most; type = bytes[at] as number) {
    at += 1;
    while (bytes[at] !== 0) at += 1;
    at = skipValue(bytes, type, at + 1);
    count += 1;
  }
  return count;
}
