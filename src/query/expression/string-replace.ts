/** `$replaceOne` and `$replaceAll`. */
import { typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { printValue } from "../../bson/print-value.ts";
import { isNullish } from "../truth.ts";
import { mustHave, readNamedArguments } from "./named-arguments.ts";
import type { CompileOperator } from "./operator.ts";
import { checkTextLength, spendText } from "./string-argument.ts";

type Replace = (input: string, find: string, replacement: string) => string;

function compileWith(replace: Replace): CompileOperator {
  return (operand, compiler, name) => {
    const args = readNamedArguments(operand, {
      names: ["input", "find", "replacement"],
      notAnObject: [
        51_751,
        `${name} requires an object as an argument, found: ${typeName(operand)}`,
      ],
      unknown: [51_750, (key) => `${name} found an unknown argument: ${key}`],
    });
    const compiled = (["input", "find", "replacement"] as const).map((key, index) => ({
      key,
      code: 51_746 - index,
      evaluate: compiler.compile(
        mustHave(args, key, 51_749 - index, `${name} requires '${key}' to be specified`),
      ),
    }));
    // Not folded: the server does not either, so that failures come with the first document.
    return (frame) => {
      const values = compiled.map(({ evaluate }) => evaluate(frame));
      for (const [index, { key, code }] of compiled.entries())
        mustBeText(name, key, values[index], code);
      const [input, find, replacement] = values;
      if (typeof input !== "string" || typeof find !== "string" || typeof replacement !== "string")
        return null;
      spendText(frame, input);
      const result = replace(input, find, replacement);
      spendText(frame, result);
      return result;
    };
  };
}

function mustBeText(name: string, key: string, value: Value | undefined, code: number): void {
  if (typeof value !== "string" && !isNullish(value))
    throw new MongoError(
      code,
      `${name} requires that '${key}' be a string, found: ${printValue(value)}`,
    );
}

const replaceOne: Replace = (input, find, replacement) => {
  const at = input.indexOf(find);
  return at < 0 ? input : input.slice(0, at) + replacement + input.slice(at + find.length);
};

/** Nothing is found before each character, and at the end. */
const replaceAll: Replace = (input, find, replacement) => {
  const pieces = find === "" ? ["", ...Array.from(input), ""] : input.split(find);
  checkTextLength(input.length + (pieces.length - 1) * (replacement.length - find.length));
  return pieces.join(replacement);
};

export const stringReplaceOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$replaceOne", compileWith(replaceOne)],
  ["$replaceAll", compileWith(replaceAll)],
]);
