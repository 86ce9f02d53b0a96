/**
 * The trigonometric operators.
 *
 * To add one: a line in `functions`, its decimal version in `trigonometry-decimal.ts`, a row in the test.
 */
import { compareNumbers, type NumberValue } from "../../bson/compare.ts";
import type { Decimal128 } from "../../bson/decimal128.ts";
import { Double, isNumber, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { toDecimal, toDouble } from "../number.ts";
import { printDouble } from "../../bson/print-value.ts";
import { isNullish } from "../truth.ts";
import { compileArguments, fold, spend, type CompileOperator } from "./operator.ts";
import {
  decimalArcTangentOf,
  decimalFunctions,
  type DecimalFunctionName,
} from "./trigonometry-decimal.ts";

/** What an operator takes; NaN is always let pass. */
interface Bounds {
  readonly text: string;
  readonly holds: (value: NumberValue) => boolean;
}

const finite: Bounds = {
  text: "(-inf,inf)",
  holds: (value) => {
    if (typeof value !== "object") return true;
    return value.bsonType === 1 ? Number.isFinite(value.value) : value.class === "finite";
  },
};
const unit: Bounds = {
  text: "[-1,1]",
  holds: (value) => compareNumbers(value, -1) >= 0 && compareNumbers(value, 1) <= 0,
};
const fromOne: Bounds = { text: "[1,inf]", holds: (value) => compareNumbers(value, 1) >= 0 };

type Function = readonly [
  name: DecimalFunctionName,
  compute: (value: number) => number,
  bounds?: Bounds,
];

const functions: readonly Function[] = [
  ["sin", (value) => Math.sin(value), finite],
  ["cos", (value) => Math.cos(value), finite],
  ["tan", (value) => Math.tan(value), finite],
  ["asin", (value) => Math.asin(value), unit],
  ["acos", (value) => Math.acos(value), unit],
  ["atan", (value) => Math.atan(value)],
  ["sinh", (value) => Math.sinh(value)],
  ["cosh", (value) => Math.cosh(value)],
  ["tanh", (value) => Math.tanh(value)],
  ["asinh", (value) => Math.asinh(value)],
  ["acosh", (value) => Math.acosh(value), fromOne],
  ["atanh", (value) => Math.atanh(value), unit],
  ["degreesToRadians", (value) => value * (Math.PI / 180)],
  ["radiansToDegrees", (value) => value * (180 / Math.PI)],
];

/** Decimals take a hundred microseconds, those out of all proportion some milliseconds. */
const decimalSteps = 4000;

function compileFunction([decimalName, compute, bounds]: Function): CompileOperator {
  const computeDecimal = decimalFunctions[decimalName];
  return (operand, compiler, name) => {
    const args = compileArguments(operand, compiler, name, 1);
    return fold((frame) => {
      const value = args[0]?.(frame);
      if (isNullish(value)) return null;
      if (!isNumber(value))
        throw new MongoError(28_765, `${name} only supports numeric types, not ${typeName(value)}`);
      if (bounds !== undefined && !isNaN(value) && !bounds.holds(value))
        throw new MongoError(
          50_989,
          `cannot apply ${name} to ${isDecimal(value) ? String(value) : printDouble(toDouble(value))}, value must be in ${bounds.text}`,
        );
      if (!isDecimal(value)) return new Double(compute(toDouble(value)));
      spend(frame, decimalSteps);
      return computeDecimal(value);
    }, args);
  };
}

function isDecimal(value: NumberValue): value is Decimal128 {
  return typeof value === "object" && value.bsonType === 19;
}

function isNaN(value: NumberValue): boolean {
  if (typeof value !== "object") return false;
  return value.bsonType === 1 ? Number.isNaN(value.value) : value.class === "nan";
}

const compileArcTangent: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2);
  return fold((frame): Value => {
    const y = args[0]?.(frame);
    if (isNullish(y)) return null;
    const height = mustBeNumber(name, y, 51_044);
    const x = args[1]?.(frame);
    if (isNullish(x)) return null;
    const width = mustBeNumber(name, x, 51_045);
    if (isDecimal(height) || isDecimal(width)) {
      spend(frame, decimalSteps);
      return decimalArcTangentOf(toDecimal(height), toDecimal(width));
    }
    return new Double(Math.atan2(toDouble(height), toDouble(width)));
  }, args);
};

function mustBeNumber(name: string, value: Value, code: number): NumberValue {
  if (isNumber(value)) return value;
  throw new MongoError(code, `${name} only supports numeric types, not ${typeName(value)}`);
}

export const trigonometryOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ...functions.map((each) => [`$${each[0]}`, compileFunction(each)] as const),
  ["$atan2", compileArcTangent],
]);
