/** `$exp $ln $log $log10 $pow $sqrt`. */
import { Double, int64Max, int64Min, isNumber, toInteger, typeName } from "../../bson/value.ts";
import type { Decimal128 } from "../../bson/decimal128.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import {
  divideDecimals,
  exponentialOfDecimal,
  logarithmOfDecimal,
  logarithmToBase,
  powerOfDecimals,
  squareRootOfDecimal,
} from "../decimal.ts";
import { toDecimal, toDouble, widthOf, type NumberValue } from "../number.ts";
import { printDouble } from "../../bson/print-value.ts";
import { isNullish } from "../truth.ts";
import {
  compileArguments,
  fold,
  spend,
  stepsPerIteration,
  type CompileOperator,
  type Evaluate,
} from "./operator.ts";

/** An operator on one number whose result is a double, or a decimal of a decimal. */
function onNumber(
  double: (value: number) => number,
  decimal: (value: Decimal128) => Decimal128,
  check?: (value: NumberValue) => void,
): CompileOperator {
  return (operand, compiler, name) => {
    const args = compileArguments(operand, compiler, name, 1);
    const [argument] = args as [Evaluate];
    return fold((frame) => {
      const value = argument(frame);
      if (isNullish(value)) return null;
      if (!isNumber(value))
        throw new MongoError(28765, `${name} only supports numeric types, not ${typeName(value)}`);
      check?.(value);
      const isDecimal = typeof value === "object" && value.bsonType === 19;
      if (isDecimal) spend(frame, stepsPerIteration);
      // A logarithm of a decimal NaN is a double NaN, as on the server.
      return isDecimal && (check === undefined || value.class !== "nan" || name === "$sqrt")
        ? decimal(value)
        : new Double(double(toDouble(value)));
    }, args);
  };
}

function isPositive(value: NumberValue): boolean {
  // NaN passes.
  if (typeof value === "object" && value.bsonType === 19)
    return value.class === "nan" || (!value.isZero && !value.negative);
  return !(toDouble(value) <= 0);
}

function mustBePositive(code: number, what: string): (value: NumberValue) => void {
  return (value) => {
    if (!isPositive(value))
      throw new MongoError(
        code,
        `${what} must be a positive number, but is ${printDouble(toDouble(value))}`,
      );
  };
}

function mustNotBeNegative(value: NumberValue): void {
  const isNegative =
    typeof value === "object" && value.bsonType === 19
      ? value.class !== "nan" && value.negative && !value.isZero
      : toDouble(value) < 0;
  if (isNegative)
    throw new MongoError(28714, "$sqrt's argument must be greater than or equal to 0");
}

const compileLog: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2);
  const [argument, base] = args as [Evaluate, Evaluate];
  return fold((frame) => {
    const value = argument(frame);
    const radix = base(frame);
    if (isNullish(value) || isNullish(radix)) return null;
    if (!isNumber(value))
      throw new MongoError(28756, `$log's argument must be numeric, not ${typeName(value)}`);
    if (!isNumber(radix))
      throw new MongoError(28757, `$log's base must be numeric, not ${typeName(radix)}`);
    return logarithm(value, radix);
  }, args);
};

function logarithm(value: NumberValue, base: NumberValue): NumberValue {
  if (widthOf(value) === 3 || widthOf(base) === 3) {
    const decimal = decimalLogarithm(toDecimal(value), toDecimal(base));
    if (decimal !== undefined) return decimal;
  }
  if (toDouble(value) <= 0)
    throw new MongoError(
      28758,
      `$log's argument must be a positive number, but is ${printDouble(toDouble(value))}`,
    );
  if (toDouble(base) <= 0 || toDouble(base) === 1)
    throw new MongoError(
      28759,
      `$log's base must be a positive number not equal to 1, but is ${printDouble(toDouble(base))}`,
    );
  if (Number.isNaN(toDouble(value)) || Number.isNaN(toDouble(base))) return new Double(Number.NaN);
  return new Double(Math.log(toDouble(value)) / Math.log(toDouble(base)));
}

/** Undefined where there is none: what is wrong is told by the doubles. */
function decimalLogarithm(value: Decimal128, base: Decimal128): Decimal128 | undefined {
  if (value.class === "nan" || base.class === "nan") return undefined;
  if (!isPositive(value) || !isPositive(base) || toDouble(base) === 1) return undefined;
  if (toDouble(base) === 2) return logarithmToBase(value, 2);
  if (toDouble(base) === 10) return logarithmToBase(value, 10);
  // So mongod 6.0.5: for every other base it divides by the base, not by the base's logarithm.
  return divideDecimals(logarithmOfDecimal(value), base);
}

const compilePow: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2);
  const [left, right] = args as [Evaluate, Evaluate];
  return fold((frame) => {
    const base = left(frame);
    const exponent = right(frame);
    if (isNullish(base) || isNullish(exponent)) return null;
    if (!isNumber(base))
      throw new MongoError(28762, `$pow's base must be numeric, not ${typeName(base)}`);
    if (!isNumber(exponent))
      throw new MongoError(28763, `$pow's exponent must be numeric, not ${typeName(exponent)}`);
    spend(frame, widthOf(base) === 3 || widthOf(exponent) === 3 ? stepsPerIteration : 1);
    return power(base, exponent);
  }, args);
};

function power(base: NumberValue, exponent: NumberValue): NumberValue {
  const isDecimal = widthOf(base) === 3 || widthOf(exponent) === 3;
  if (toDecimal(base).isZero && isBelowZero(exponent, isDecimal))
    throw new MongoError(28764, "$pow cannot take a base of 0 and a negative exponent");
  if (isDecimal) return powerOfDecimals(toDecimal(base), toDecimal(exponent));
  if (typeof base !== "object" && typeof exponent !== "object") {
    const exact = exactPower(BigInt(base), BigInt(exponent));
    if (exact !== undefined)
      return typeof base === "bigint" || typeof exponent === "bigint" ? exact : toInteger(exact);
  }
  return new Double(doublePower(toDouble(base), toDouble(exponent)));
}

/** As C has it: 1 to any power is 1, and so is -1 to an infinite one. */
function doublePower(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  return Math.pow(base, exponent);
}

/** For decimals the server goes by the sign alone, so that -0 is below zero. */
function isBelowZero(value: NumberValue, isDecimal: boolean): boolean {
  if (!isDecimal) return toDouble(value) < 0;
  const { class: kind, negative } = toDecimal(value);
  return kind !== "nan" && negative;
}

/** The power as an Int64; undefined where it is none. */
function exactPower(base: bigint, exponent: bigint): bigint | undefined {
  if (base === 1n || base === 0n) return exponent === 0n ? 1n : base;
  if (base === -1n) return exponent % 2n === 0n ? 1n : -1n;
  if (exponent < 0n || exponent > 63n) return undefined;
  const result = base ** exponent;
  return result < int64Min || result > int64Max ? undefined : result;
}

export const powerOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$exp", onNumber((value) => Math.exp(value), exponentialOfDecimal)],
  [
    "$ln",
    onNumber(
      (value) => Math.log(value),
      logarithmOfDecimal,
      mustBePositive(28766, "$ln's argument"),
    ),
  ],
  ["$log", compileLog],
  [
    "$log10",
    onNumber(
      (value) => Math.log10(value),
      (value) => logarithmToBase(value, 10),
      mustBePositive(28761, "$log10's argument"),
    ),
  ],
  ["$pow", compilePow],
  ["$sqrt", onNumber(Math.sqrt, squareRootOfDecimal, mustNotBeNegative)],
]);
