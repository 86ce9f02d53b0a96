/**
 * Accumulators of `$group`, `$bucket` and `$bucketAuto`.
 *
 * To add one: a line in a table of `accumulator/` and a row in `accumulator.test.ts`.
 */
import type { Value } from "../bson/value.ts";
import { isArray } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import type { Accumulation, Accumulator, CompileAccumulator } from "./accumulator/accumulation.ts";
import { compileCodeAccumulator } from "./accumulator/code.ts";
import { collectors } from "./accumulator/collect.ts";
import { firstAndLastN, minAndMaxN } from "./accumulator/several.ts";
import { percentiles } from "./accumulator/percentile.ts";
import { statistics } from "./accumulator/statistics.ts";
import { topAndBottom } from "./accumulator/top.ts";
import type { QueryEnvironment } from "./environment.ts";

export type { Accumulation, Accumulator };

/** Take one expression as their operand. */
const unary: ReadonlyMap<string, CompileAccumulator> = new Map([
  ...statistics,
  ...collectors,
  ["$accumulator", compileCodeAccumulator],
]);

/** Take an object of options, or nothing. */
const others: ReadonlyMap<string, CompileAccumulator> = new Map([
  ...firstAndLastN,
  ...minAndMaxN,
  ...topAndBottom,
  ...percentiles,
]);

/**
 * Compiles `{ $name: operand }` of an output field.
 *
 * @throws {MongoError} 15952 for an unknown name, and what the operand's own check gives
 */
export function compileAccumulation(
  name: string,
  operand: Value,
  environment: QueryEnvironment,
): Accumulation {
  if (isArray(operand)) throw new MongoError(40237, `The ${name} accumulator is a unary operator`);
  const compileUnary = unary.get(name);
  if (compileUnary !== undefined) return compileUnary(operand, environment, name);
  const compile = others.get(name);
  if (compile !== undefined) return compile(operand, environment, name);
  throw new MongoError(15952, `unknown group operator '${name}'`);
}

/**
 * Names of all accumulators: for the documentation's table.
 *
 * @public used by `tools/`
 */
export function listAccumulators(): readonly string[] {
  return [...unary.keys(), ...others.keys()];
}
