/** `$zip`: the rows of a table given by columns. */
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { printValue } from "../../bson/print-value.ts";
import { isNullish } from "../truth.ts";
import { mustFit } from "../weight.ts";
import { readNamedArguments } from "./named-arguments.ts";
import { spend, type CompileOperator, type Compiler, type Evaluate } from "./operator.ts";

const compileZip: CompileOperator = (operand, compiler) => {
  const named = readNamedArguments(operand, {
    names: ["inputs", "defaults", "useLongestLength"],
    notAnObject: [
      34_460,
      `$zip only supports an object as an argument, found ${typeName(operand)}`,
    ],
    unknown: [34_464, (name) => `$zip found an unknown argument: ${name}`],
  });
  let inputs: readonly Evaluate[] = [];
  let defaults: readonly Evaluate[] = [];
  let isLongest = false;
  for (const [name, spec] of named.entries())
    if (name === "inputs") inputs = readList(spec, 34_461, name, compiler);
    else if (name === "defaults") defaults = readList(spec, 34_462, name, compiler);
    else if (typeof spec === "boolean") isLongest = spec;
    else
      throw new MongoError(34_463, `useLongestLength must be a bool, found ${typeName(operand)}`);
  if (inputs.length === 0) throw new MongoError(34_465, "$zip requires at least one input array");
  if (!isLongest && defaults.length > 0)
    throw new MongoError(34_466, "cannot specify defaults unless useLongestLength is true");
  if (defaults.length > 0 && defaults.length !== inputs.length)
    throw new MongoError(34_467, "defaults and inputs must have the same length");
  return zip(inputs, defaults, isLongest);
};

function readList(spec: Value, code: number, name: string, compiler: Compiler): Evaluate[] {
  if (!isArray(spec))
    throw new MongoError(code, `${name} must be an array of expressions, found ${typeName(spec)}`);
  return spec.map((each) => compiler.compile(each));
}

function zip(
  inputs: readonly Evaluate[],
  defaults: readonly Evaluate[],
  isLongest: boolean,
): Evaluate {
  return (frame) => {
    const columns: (readonly Value[])[] = [];
    for (const input of inputs) {
      const column = input(frame);
      if (isNullish(column)) return null;
      if (!isArray(column))
        throw new MongoError(
          34_468,
          `$zip found a non-array expression in input: ${printValue(column)}`,
        );
      columns.push(column);
    }
    const fillers =
      defaults.length === 0 ? inputs.map(() => null) : defaults.map((each) => each(frame));
    const lengths = columns.map((column) => column.length);
    const length = lengths.reduce((a, b) => (isLongest ? Math.max(a, b) : Math.min(a, b)));
    spend(frame, length * columns.length);
    const rows = Array.from({ length }, (_, row) =>
      columns
        .map((column, index) => (row < column.length ? column[row] : fillers[index]))
        // A default that is missing leaves no place.
        .filter((each) => each !== undefined),
    );
    return mustFit(rows);
  };
}

export const zipOperators: ReadonlyMap<string, CompileOperator> = new Map([["$zip", compileZip]]);
