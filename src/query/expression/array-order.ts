/** `$sortArray $firstN $lastN $maxN $minN`. */
import { compare, type TextOrder } from "../../bson/compare.ts";
import type { Doc } from "../../bson/doc.ts";
import { isArray, isNumber, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { toDouble } from "../number.ts";
import { printValue } from "../../bson/print-value.ts";
import { isNullish } from "../truth.ts";
import { toLong } from "./argument.ts";
import { isDoc, readNamedArguments } from "./named-arguments.ts";
import {
  spend,
  type CompileOperator,
  type Compiler,
  type Evaluate,
  type Frame,
} from "./operator.ts";

type Order = (left: Value, right: Value) => number;

const compileSortArray: CompileOperator = (operand, compiler) => {
  // Its arguments are read in their order: a bad `sortBy` is told before an unknown argument behind it.
  for (const [name, spec] of isDoc(operand) ? operand.entries() : []) {
    if (name === "sortBy") readOrder(spec, compiler.environment.collation);
    else if (name !== "input") break;
  }
  const named = readNamedArguments(operand, {
    names: ["input", "sortBy"],
    notAnObject: [
      2_942_500,
      `$sortArray requires an object as an argument, found: ${typeName(operand)}`,
    ],
    unknown: [2_942_501, (name) => `$sortArray found an unknown argument: ${name}`],
  });
  let input: Evaluate | undefined;
  for (const [name, spec] of named.entries()) if (name === "input") input = compiler.compile(spec);
  const sortBy = named.get("sortBy");
  if (input === undefined)
    throw new MongoError(2_942_502, "$sortArray requires 'input' to be specified");
  if (sortBy === undefined)
    throw new MongoError(2_942_503, "$sortArray requires 'sortBy' to be specified");
  return sortArray(input, readOrder(sortBy, compiler.environment.collation));
};

function sortArray(input: Evaluate, order: Order): Evaluate {
  return (frame) => {
    const array = input(frame);
    if (isNullish(array)) return null;
    if (!isArray(array))
      throw new MongoError(
        2_942_504,
        `The input argument to $sortArray must be an array, but was of type: ${typeName(array)}`,
      );
    spend(frame, array.length * Math.ceil(Math.log2(array.length + 1)));
    return array.toSorted(order);
  };
}

function readOrder(sortBy: Value, collation: TextOrder | undefined): Order {
  if (isNumber(sortBy)) {
    const direction = toDouble(sortBy);
    if (direction !== 1 && direction !== -1)
      throw new MongoError(2_942_506, "The $sort element value must be either 1 or -1");
    return (left, right) => direction * compare(left, right, collation);
  }
  if (!isDoc(sortBy))
    throw new MongoError(
      2_942_507,
      "The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields",
    );
  return orderByFields(readSortFields(sortBy), collation);
}

interface SortField {
  readonly path: readonly string[];
  readonly direction: number;
}

function readSortFields(sortBy: Doc): SortField[] {
  if (sortBy.size === 0)
    throw new MongoError(
      2_942_505,
      "BadValue: The sort pattern is empty when it should be a set of fields.",
    );
  return [...sortBy.entries()].map(([key, value]) => {
    const direction = isNumber(value) ? toDouble(value) : 0;
    if (direction !== 1 && direction !== -1)
      throw new MongoError(2_942_505, "BadValue: The sort element value must be either 1 or -1");
    if (key === "") throw new MongoError(2_942_505, "BadValue: The sort field cannot be empty");
    const path = key.split(".");
    if (path.includes(""))
      throw new MongoError(
        2_942_505,
        `BadValue: The sort field is a dotted field but has an empty part: ${key}`,
      );
    return { path, direction };
  });
}

function orderByFields(fields: readonly SortField[], collation: TextOrder | undefined): Order {
  return (left, right) => {
    for (const { path, direction } of fields) {
      const order = compare(keyAt(left, path), keyAt(right, path), collation);
      if (order !== 0) return direction * order;
    }
    return 0;
  };
}

/** What the path leads to, or the array on its way; null where it ends before. */
function keyAt(element: Value, path: readonly string[]): Value {
  let value: Value | undefined = element;
  for (const [index, part] of path.entries()) {
    if (index > 0 && isArray(value)) return value;
    if (!isDoc(value)) return null;
    value = value.get(part);
  }
  return value ?? null;
}

type Choose = (array: readonly Value[], count: number, order: Order) => readonly Value[];

/** @param notAnObject the code, which differs among these operators */
function chosenBy(choose: Choose, notAnObject: number): CompileOperator {
  return (operand, compiler, name) => {
    const { collation } = compiler.environment;
    const { count, input } = compileCountAndInput(operand, compiler, name, notAnObject);
    return (frame) => {
      const most = readCount(count, frame);
      const array = input(frame);
      if (!isArray(array)) throw new MongoError(5_788_200, "Input must be an array");
      spend(frame, array.length * Math.ceil(Math.log2(array.length + 1)));
      return choose(array, most, (left, right) => compare(left, right, collation));
    };
  };
}

function compileCountAndInput(
  operand: Value,
  compiler: Compiler,
  name: string,
  notAnObject: number,
): { readonly count: Evaluate; readonly input: Evaluate } {
  const named = readNamedArguments(operand, {
    names: ["n", "input"],
    notAnObject: [
      notAnObject,
      `specification must be an object; found ${name}: ${printValue(operand)}`,
    ],
    unknown: [5_787_901, (unknown) => `Unknown argument for 'n' operator: ${unknown}`],
  });
  const count = named.get("n");
  const input = named.get("input");
  if (count === undefined) throw new MongoError(5_787_906, "Missing value for 'n'");
  if (input === undefined) throw new MongoError(5_787_907, "Missing value for 'input'");
  // The server does not optimize them: what can only fail does so with the first document.
  return {
    count: compiler.compileUnoptimized(count),
    input: compiler.compileUnoptimized(input),
  };
}

function readCount(count: Evaluate, frame: Frame): number {
  const value = count(frame);
  if (!isNumber(value))
    throw new MongoError(
      5_787_902,
      `Value for 'n' must be of integral type, but found ${printValue(value)}`,
    );
  const long = toLong(value);
  if (toDouble(value) !== Number(long))
    throw new MongoError(
      5_787_903,
      `Value for 'n' must be of integral type, but found ${printValue(value)}`,
    );
  if (long <= 0n) throw new MongoError(5_787_908, `'n' must be greater than 0, found ${long}`);
  return Number(long);
}

const least: Choose = (array, count, order) =>
  array
    .filter((each) => !isNullish(each))
    .toSorted(order)
    .slice(0, count);

/** Of equal values the first ones are kept, and given in reverse. */
const greatest: Choose = (array, count, order) =>
  array
    .filter((each) => !isNullish(each))
    .toSorted((left, right) => order(right, left))
    .slice(0, count)
    .toSorted(order)
    .toReversed();

export const orderOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$firstN", chosenBy((array, count) => array.slice(0, count), 5_787_801)],
  ["$lastN", chosenBy((array, count) => array.slice(-count), 5_787_801)],
  ["$maxN", chosenBy(greatest, 5_787_900)],
  ["$minN", chosenBy(least, 5_787_900)],
  ["$sortArray", compileSortArray],
]);
