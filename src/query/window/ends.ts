/** `$first`, `$last` and `$shift`: the value at one document of the window. */
import { Doc } from "../../bson/doc.ts";
import { isNumber, type Value } from "../../bson/value.ts";
import { failedToParse } from "../../kit/mongo-error.ts";
import { printField } from "../../bson/print.ts";
import { compileExpression, compileStageExpression } from "../expression.ts";
import { toExactInteger } from "../number-value.ts";
import { noBounds, readBounds } from "./bounds.ts";
import { compileEndpoints } from "./endpoints.ts";
import {
  type CompileWindowFunction,
  type Evaluation,
  readOwnArguments,
  startDirect,
  type WindowContext,
} from "./window-function.ts";

const firstOrLast =
  (isFirst: boolean): CompileWindowFunction =>
  (spec, context, name) => {
    let bounds = noBounds;
    const operand = readOwnArguments(spec, name, (window) => {
      bounds = readBounds(window, context);
    });
    const expression = compileStageExpression(operand, context.environment);
    const startEndpoints = compileEndpoints(bounds, context.environment);
    return {
      start(partition): Evaluation {
        const endpoints = startEndpoints(partition);
        return {
          reach: (index) => endpoints.reach(index),
          value(): Value | undefined {
            const { lower, upper } = endpoints;
            if (lower > upper) return null;
            return expression.evaluate(partition.docs[isFirst ? lower : upper] as Doc);
          },
        };
      },
    };
  };

const compileShift: CompileWindowFunction = (spec, context, name) => {
  let shift: Shift | undefined;
  for (const [key, value] of spec.entries()) {
    if (key === "window") throw failedToParse("$shift does not accept a 'window' field");
    if (!context.isFunction(key))
      throw failedToParse(`Window function found an unknown argument: ${key}`);
    if (shift !== undefined)
      throw failedToParse("Cannot specify multiple functions in window function spec");
    if (!(value instanceof Doc)) throw failedToParse("Argument to $shift must be an object");
    shift = readShift(value, key, context);
  }
  if (context.order === undefined) throw failedToParse(`'${name}' requires a sortBy`);
  const { by, output, fallback } = shift as Shift;
  const expression = compileStageExpression(output, context.environment);
  return {
    start: ({ docs }) =>
      startDirect((index) => {
        const doc = docs[index + by];
        return doc === undefined ? fallback : expression.evaluate(doc);
      }),
  };
};

interface Shift {
  readonly by: number;
  readonly output: Value;
  /** Beyond the partition. */
  readonly fallback: Value | undefined;
}

function readShift(operand: Doc, name: string, { environment }: WindowContext): Shift {
  let by: number | undefined;
  let fallback: Value | undefined = null;
  for (const [key, value] of operand.entries()) {
    if (key === "by") by = readBy(value);
    else if (key === "default") {
      const { constant } = compileExpression(value, environment);
      if (constant === undefined)
        throw failedToParse("'$shift:default' expression must yield a constant value.");
      fallback = constant.value;
    } else if (key !== "output") throw failedToParse(`Unknown argument in ${name}`);
  }
  const output = operand.get("output");
  if (output === undefined) throw failedToParse(`${name} requires an 'output' expression.`);
  if (by === undefined) throw failedToParse(`${name} requires 'by' as an integer value.`);
  return { by, output, fallback };
}

const int32Limit = 2n ** 31n;

function readBy(value: Value): number {
  const whole = isNumber(value) ? toExactInteger(value) : undefined;
  if (whole === undefined || whole < -int32Limit || whole >= int32Limit)
    throw failedToParse(
      `'$shift:by' field must be an integer, but found  ${printField("by", value)}`,
    );
  return Number(whole);
}

export const endFunctions: ReadonlyMap<string, CompileWindowFunction> = new Map([
  ["$first", firstOrLast(true)],
  ["$last", firstOrLast(false)],
  ["$shift", compileShift],
]);
