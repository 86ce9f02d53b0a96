/**
 * The operators on strings. To add one: a line in the table of the file that it belongs to, and a row in the test.
 */
import { compareText } from "../../bson/compare.ts";
import { typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { isNullish } from "../truth.ts";
import {
  compileArguments,
  compileList,
  fold,
  foldParts,
  type CompileOperator,
  type Evaluate,
} from "./operator.ts";
import { checkTextLength, spendText, toText } from "./string-argument.ts";
import { countCodePoints } from "./string-position.ts";
import { stringReplaceOperators } from "./string-replace.ts";
import { stringSearchOperators } from "./string-search.ts";
import { substringOperators } from "./string-substring.ts";
import { stringTrimOperators } from "./string-trim.ts";

const compileConcat: CompileOperator = (operand, compiler, name) =>
  foldParts(
    name,
    compileList(operand, compiler),
    (args) => concatenate(name, args),
    "fixed",
    compiler,
  );

function concatenate(name: string, args: readonly Evaluate[]): Evaluate {
  return (frame) => {
    let text = "";
    for (const each of args) {
      const value = each(frame);
      if (isNullish(value)) return null;
      if (typeof value !== "string")
        throw new MongoError(16_702, `${name} only supports strings, not ${typeName(value)}`);
      text += value;
      checkTextLength(text.length);
      spendText(frame, value);
    }
    return text;
  };
}

/** Operators on the text of one value of nearly any type. */
function compileCase(convert: (text: string) => string): CompileOperator {
  return (operand, compiler, name) => {
    const args = compileArguments(operand, compiler, name, 1);
    return fold((frame) => {
      const text = toText(args[0]?.(frame));
      spendText(frame, text);
      return convert(text);
    }, args);
  };
}

/** Only the letters of ASCII have upper and lower case here, as on the server. */
function toUpper(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

function toLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const compileCompare: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2);
  return fold((frame) => {
    const values = args.map((each) => each(frame));
    const [left = "", right = ""] = values.map((each) => toUpper(toText(each)));
    spendText(frame, left);
    spendText(frame, right);
    return Math.sign(compareText(left, right));
  }, args);
};

function compileLength(measure: (text: string) => number, code: number): CompileOperator {
  return (operand, compiler, name) => {
    const args = compileArguments(operand, compiler, name, 1);
    return fold((frame): Value => {
      const value = args[0]?.(frame);
      if (typeof value !== "string")
        throw new MongoError(code, `${name} requires a string argument, found: ${typeName(value)}`);
      spendText(frame, value);
      return measure(value);
    }, args);
  };
}

export const stringOperators: ReadonlyMap<string, CompileOperator> = new Map<
  string,
  CompileOperator
>([
  ["$concat", compileConcat],
  ["$strcasecmp", compileCompare],
  ["$strLenBytes", compileLength((text) => Buffer.byteLength(text), 34_473)],
  ["$strLenCP", compileLength(countCodePoints, 34_471)],
  ["$toLower", compileCase(toLower)],
  ["$toUpper", compileCase(toUpper)],
  ...stringReplaceOperators,
  ...stringSearchOperators,
  ...stringTrimOperators,
  ...substringOperators,
]);
