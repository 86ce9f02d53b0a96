/** `$indexOfBytes`, `$indexOfCP` and `$split`. */
import { isNumber, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { printValue } from "../../bson/print-value.ts";
import { isNullish } from "../truth.ts";
import { toInt32 } from "./argument.ts";
import { compileArguments, fold, spend, type CompileOperator } from "./operator.ts";
import { spendText } from "./string-argument.ts";
import { codePointsBetween, countCodePoints, isAscii, unitOfCodePoint } from "./string-position.ts";

/** Finds a text within the part of another from `start` on and, if it is given, before `end`; -1 if it is not there. */
type Search = (input: string, token: string, start: number, end: number | undefined) => number;

/** @param code of the failure for the first argument; that of the second is the next one */
function compileSearch(search: Search, code: number): CompileOperator {
  return (operand, compiler, name) => {
    const args = compileArguments(operand, compiler, name, 2, 4);
    const [inputAt, tokenAt, startAt, endAt] = args;
    return fold((frame): Value => {
      const input = inputAt?.(frame);
      if (isNullish(input)) return null;
      const text = mustBeText(name, input, "first", code);
      const token = mustBeText(name, tokenAt?.(frame), "second", code + 1);
      const start = startAt === undefined ? 0 : mustBeIndex(name, startAt(frame), "starting index");
      const end = endAt === undefined ? undefined : mustBeIndex(name, endAt(frame), "ending index");
      spendText(frame, text);
      return search(text, token, start, end);
    }, args);
  };
}

function mustBeText(name: string, value: Value | undefined, place: string, code: number): string {
  if (typeof value === "string") return value;
  throw new MongoError(
    code,
    `${name} requires a string as the ${place} argument, found: ${typeName(value)}`,
  );
}

function mustBeIndex(name: string, value: Value | undefined, what: string): number {
  const index = isNumber(value) ? toInt32(value) : undefined;
  // The missing space is the server's.
  if (index === undefined)
    throw new MongoError(
      40_096,
      `${name}requires an integral ${what}, found a value of type: ${typeName(value)}, with value: ${printValue(value)}`,
    );
  if (index < 0)
    throw new MongoError(40_097, `${name} requires a nonnegative ${what}, found: ${index}`);
  return index;
}

/** What is found has to end before `end`, too. */
const searchBytes: Search = (input, token, start, end) => {
  if (isAscii(input)) {
    const part = input.slice(0, end);
    return start > part.length ? -1 : part.indexOf(token, start);
  }
  const bytes = Buffer.from(input);
  const part = bytes.subarray(0, end);
  return start > part.length ? -1 : part.indexOf(token, start);
};

/** What is found only has to begin before `end`. */
const searchCodePoints: Search = (input, token, start, end) => {
  if (input === "" && token === "" && start === 0) return 0;
  const from = unitOfCodePoint(input, start);
  const found = input.indexOf(token, from);
  if (found < 0) return -1;
  const index = start + codePointsBetween(input, from, found);
  return index < Math.min(end ?? Infinity, countCodePoints(input)) ? index : -1;
};

const compileSplit: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2);
  return fold((frame): Value => {
    const [input, separator] = args.map((each) => each(frame));
    if (isNullish(input) || isNullish(separator)) return null;
    if (typeof input !== "string")
      throw new MongoError(
        40_085,
        `${name} requires an expression that evaluates to a string as a first argument, found: ${typeName(input)}`,
      );
    if (typeof separator !== "string")
      throw new MongoError(
        40_086,
        `${name} requires an expression that evaluates to a string as a second argument, found: ${typeName(separator)}`,
      );
    if (separator === "") throw new MongoError(40_087, `${name} requires a non-empty separator`);
    spendText(frame, input);
    const pieces = input.split(separator);
    spend(frame, pieces.length);
    return pieces;
  }, args);
};

export const stringSearchOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$indexOfBytes", compileSearch(searchBytes, 40_091)],
  ["$indexOfCP", compileSearch(searchCodePoints, 40_093)],
  ["$split", compileSplit],
]);
