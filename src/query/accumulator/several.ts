/** `$firstN`, `$lastN`, `$minN`, `$maxN`. */
import { compare, type TextOrder } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { printValue } from "../../bson/print-value.ts";
import { printBson } from "../../bson/print.ts";
import { isNumber, Undefined, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileStageExpression } from "../expression.ts";
import { toDouble } from "../number.ts";
import type { Accumulator, CompileAccumulator } from "./accumulation.ts";

/** `n` is evaluated once a group, on the group's `_id` if that is a document. */
export interface ReadCount {
  (groupId: Value): number;
  readonly isConstant: boolean;
}

/** Compiles `n`. */
export function compileCountOf(spec: Value, environment: QueryEnvironment): ReadCount {
  const expression = compileStageExpression(spec, environment);
  const read = (groupId: Value): number => {
    const value = expression.evaluate(groupId instanceof Doc ? groupId : Doc.empty);
    if (!isNumber(value))
      throw new MongoError(
        5787902,
        `Value for 'n' must be of integral type, but found ${printValue(value)}`,
      );
    const count = toDouble(value);
    if (!Number.isInteger(count))
      throw new MongoError(
        5787903,
        `Value for 'n' must be of integral type, but found ${printValue(value)}`,
      );
    if (count <= 0)
      throw new MongoError(5787908, `'n' must be greater than 0, found ${printValue(value)}`);
    return count;
  };
  return Object.assign(read, { isConstant: expression.constant !== undefined });
}

function overInput(
  start: (count: number, collation: TextOrder | undefined) => Accumulator,
): CompileAccumulator {
  return (operand, environment, name) => {
    const { input, n } = readOperand(operand, name);
    const expression = compileStageExpression(input, environment);
    const countOf = compileCountOf(n, environment);
    return {
      evaluate: (doc) => expression.evaluate(doc),
      start: (groupId) => start(countOf(groupId), environment.collation),
      keepsValues: true,
      usesGroupId: !countOf.isConstant,
    };
  };
}

function readOperand(operand: Value, name: string): { input: Value; n: Value } {
  if (!(operand instanceof Doc))
    throw new MongoError(
      name === "$minN" || name === "$maxN" ? 5787900 : 5787801,
      `specification must be an object; found ${name}: ${printBson(operand)}`,
    );
  for (const key of operand.keys())
    if (key !== "n" && key !== "input")
      throw new MongoError(5787901, `Unknown argument for 'n' operator: ${key}`);
  const n = operand.get("n");
  const input = operand.get("input");
  if (n === undefined) throw new MongoError(5787906, "Missing value for 'n'");
  if (input === undefined) throw new MongoError(5787907, "Missing value for 'input'");
  return { input, n };
}

function firstN(count: number): Accumulator {
  const values: Value[] = [];
  let isRefusing = false;
  return {
    add(value) {
      if (values.length < count) values.push(value ?? null);
      else isRefusing = true;
    },
    // The server notices with the first value that has no place any more.
    isFull: () => isRefusing,
    result: () => values,
  };
}

function lastN(count: number): Accumulator {
  let values: Value[] = [];
  return {
    add(value) {
      values.push(value ?? null);
      // Cut now and then, so that a small `n` costs little.
      if (values.length >= 2 * count + 64) values = values.slice(-count);
    },
    result: () => values.slice(-count),
  };
}

/** @param sign 1 keeps the greatest, -1 the least; both give the most extreme first */
function extremeN(sign: 1 | -1): (count: number, collation: TextOrder | undefined) => Accumulator {
  return (count, collation) => {
    const values: Value[] = [];
    return {
      add(value) {
        if (value === undefined || value === null || value === Undefined) return;
        const last = values.at(-1);
        if (values.length === count && last !== undefined)
          if (compare(value, last, collation) * sign <= 0) return;
        // Of equal values, the server gives the last one first among the greatest, and last among the least.
        const place = placeOf(values, (each) => {
          const order = compare(value, each, collation) * sign;
          return order > 0 || (order === 0 && sign === 1);
        });
        values.splice(place, 0, value);
        if (values.length > count) values.pop();
      },
      result: () => values,
    };
  };
}

/** The first index at which `goesBefore` holds; it is false before that and true from there on. */
export function placeOf<T>(values: readonly T[], goesBefore: (value: T) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (goesBefore(values[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}

export const firstAndLastN: ReadonlyMap<string, CompileAccumulator> = new Map([
  ["$firstN", overInput(firstN)],
  ["$lastN", overInput(lastN)],
]);

export const minAndMaxN: ReadonlyMap<string, CompileAccumulator> = new Map([
  ["$minN", overInput(extremeN(-1))],
  ["$maxN", overInput(extremeN(1))],
]);
