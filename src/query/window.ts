/**
 * Window functions: what `$setWindowFields` reckons for a document from those around it.
 *
 * To add one: a line in a table of `window/` and a row in `pipeline/set-window-fields.test.ts`.
 *
 * @module
 */
import type { Doc } from "../bson/doc.ts";
import { failedToParse } from "../kit/mongo-error.ts";
import type { QueryEnvironment } from "./environment.ts";
import { accumulatedFunctions } from "./window/accumulated.ts";
import { compileDerivative } from "./window/derivative.ts";
import { endFunctions } from "./window/ends.ts";
import { fillFunctions } from "./window/fill.ts";
import { compileIntegral } from "./window/integral.ts";
import { compileMovingAverage } from "./window/moving-average.ts";
import { compileMinMaxScaler } from "./window/scaler.ts";
import { rankFunctions } from "./window/rank.ts";
import type {
  CompileWindowFunction,
  Evaluation,
  WindowFunction,
  WindowOrder,
} from "./window/window-function.ts";

export type { Evaluation, WindowFunction, WindowOrder };

const functions: ReadonlyMap<string, CompileWindowFunction> = new Map([
  ...accumulatedFunctions,
  ...endFunctions,
  ...fillFunctions,
  ...rankFunctions,
  ["$derivative", compileDerivative],
  ["$expMovingAvg", compileMovingAverage],
  ["$integral", compileIntegral],
  ["$minMaxScaler", compileMinMaxScaler],
]);

/**
 * Compiles `{ $name: operand, window: … }`.
 *
 * @param order what the stage sorts by, if anything
 * @throws {MongoError} 9 for what is no window function, and what the function's own check gives
 */
export function compileWindowFunction(
  spec: Doc,
  order: WindowOrder | undefined,
  environment: QueryEnvironment,
): WindowFunction {
  const keys = spec.keys();
  const name = keys.find((key) => key.startsWith("$"));
  if (name === undefined) {
    const [first] = keys;
    throw failedToParse(
      `Expected a $-prefixed window function${first === undefined || first === "" ? "" : `, ${first}`}`,
    );
  }
  const compile = functions.get(name);
  if (compile === undefined) throw failedToParse(`Unrecognized window function, ${name}`);
  return compile(spec, { environment, order, isFunction: (each) => functions.has(each) }, name);
}

/**
 * Names of all window functions: for the documentation's table.
 *
 * @public used by `tools/`
 */
export function listWindowFunctions(): readonly string[] {
  return [...functions.keys()].toSorted();
}
