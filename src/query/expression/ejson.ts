/** `$serializeEJSON` and `$deserializeEJSON` (MongoDB 8.3): values to and from documents that say their types. */
import { Doc } from "../../bson/doc.ts";
import { parseEjsonValue } from "../../bson/parse-ejson.ts";
import { toText } from "../../bson/stringify.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { typeMismatch } from "../../kit/mongo-error.ts";
import { isNullish } from "../truth.ts";
import { mustFit } from "../weight.ts";
import { conversionFailure } from "./convert-number.ts";
import { readPlainJson } from "./plain-json.ts";
import { mustHave, readNamedArguments } from "./named-arguments.ts";
import { type CompileOperator, type Compiler, type Evaluate, fold } from "./operator.ts";

interface Arguments {
  readonly input: Evaluate;
  readonly onError: Evaluate | undefined;
  readonly others: Doc;
}

function readOperand(
  operand: Value,
  compiler: Compiler,
  name: string,
  names: readonly string[],
): Arguments {
  const named = readNamedArguments(operand, {
    names,
    notAnObject: [
      9,
      `${name} expects an object of named arguments but found: ${typeName(operand)}`,
    ],
    unknown: [40_415, (key) => `BSON field '${name}.${key}' is an unknown field.`],
  });
  const text = `BSON field '${name}.input' is missing but a required field`;
  const onError = named.get("onError");
  return {
    input: compiler.compile(mustHave(named, "input", 40_414, text)),
    onError: onError === undefined ? undefined : compiler.compile(onError),
    others: named,
  };
}

function convertWith({ input, onError }: Arguments, convert: (value: Value) => Value): Evaluate {
  const args = onError === undefined ? [input] : [input, onError];
  return fold((frame) => {
    const value = input(frame);
    if (isNullish(value)) return null;
    try {
      return mustFit(convert(value));
    } catch (cause) {
      if (onError === undefined) throw conversionFailure((cause as Error).message);
      return onError(frame);
    }
  }, args);
}

const compileSerialize: CompileOperator = (operand, compiler, name) => {
  const given = readOperand(operand, compiler, name, ["input", "relaxed", "onError"]);
  const relaxed = given.others.get("relaxed") ?? false;
  if (typeof relaxed !== "boolean") throw typeMismatch(`${name}: 'relaxed' must be a boolean`);
  const format = relaxed ? "relaxed" : "canonical";
  return convertWith(given, (value) => readPlainJson(toText(value, format)));
};

const compileDeserialize: CompileOperator = (operand, compiler, name) => {
  const given = readOperand(operand, compiler, name, ["input", "onError"]);
  // What is no wrapper keeps its type: that is what canonical text says.
  return convertWith(given, (value) => parseEjsonValue(Buffer.from(toWrapped(value))));
};

/** As text in which plain numbers have their types, and wrappers stand as they are. */
function toWrapped(value: Value): string {
  if (isArray(value)) return `[${value.map((each) => toWrapped(each)).join(",")}]`;
  if (!(value instanceof Doc)) return toText(value, "canonical");
  const fields = [...value.entries()].map(
    ([key, each]) => `${JSON.stringify(key)}:${toWrapped(each)}`,
  );
  return `{${fields.join(",")}}`;
}

export const ejsonOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$serializeEJSON", compileSerialize],
  ["$deserializeEJSON", compileDeserialize],
]);
