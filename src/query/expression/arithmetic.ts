/** `$add $subtract $multiply $divide $mod $abs`; rounding and powers are in files of their own. */
import { Double, isNumber, toDateTime, type DateTime, type Value } from "../../bson/value.ts";
import { int64Max, int64Min, isInt32, toInteger, typeName, typeOf } from "../../bson/value.ts";
import { MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import {
  absoluteDecimal,
  divideDecimals,
  multiplyDecimals,
  remainderOfDecimals,
} from "../decimal.ts";
import {
  subtract as subtractNumbers,
  toDecimal,
  toDouble,
  widthOf,
  type NumberValue,
} from "../number.ts";
import { Sum } from "../sum.ts";
import { isNullish } from "../truth.ts";
import { toLong } from "./argument.ts";
import {
  compileArguments,
  compileList,
  fold,
  foldParts,
  spend,
  type CompileOperator,
  type Evaluate,
  type Frame,
} from "./operator.ts";
import { powerOperators } from "./power.ts";
import { roundingOperators } from "./rounding.ts";

function isDate(value: Value | undefined): value is DateTime {
  return typeof value === "object" && value !== null && typeOf(value) === 9;
}

const compileAdd: CompileOperator = (operand, compiler, name) =>
  foldParts(name, compileList(operand, compiler), addAll, "free", compiler);

function addAll(args: readonly Evaluate[]): Evaluate {
  return (frame) => {
    // Most sums are of Int32: those need no more than a number.
    let total = 0;
    for (let index = 0; index < args.length; index += 1) {
      const value = (args[index] as Evaluate)(frame);
      if (typeof value !== "number") return addAny(args, index, value, total, frame);
      total += value;
    }
    return toInteger(total);
  };
}

/** From the first argument on that is no Int32, which has been evaluated to `first`. */
function addAny(
  args: readonly Evaluate[],
  from: number,
  first: Value | undefined,
  total: number,
  frame: Frame,
): Value {
  const sum = new Sum();
  sum.addLong(total);
  let hasDate = false;
  for (let index = from; index < args.length; index += 1) {
    const value = index === from ? first : (args[index] as Evaluate)(frame);
    if (isNumber(value)) sum.add(value);
    else if (isDate(value)) {
      if (hasDate) throw new MongoError(16612, "only one date allowed in an $add expression");
      hasDate = true;
      sum.addLong(value.ms);
    } else if (isNullish(value)) return null;
    else
      throw new MongoError(
        16554,
        `$add only supports numeric or date types, not ${typeName(value)}`,
      );
  }
  return hasDate ? sumToDate(sum) : sum.value();
}

function sumToDate(sum: Sum): DateTime {
  if (sum.isDecimal) return toDateTime(toLong(sum.toDecimal()));
  const ms = sum.toLong();
  if (ms === undefined) throw new MongoError(15, "date overflow in $add");
  return toDateTime(ms);
}

const compileSubtract: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2);
  const [left, right] = args as [Evaluate, Evaluate];
  return fold(rightFirst(left, right, subtract), args);
};

/** So the server: what is wrong with the right operand is told before what is wrong with the left one. */
function rightFirst(
  left: Evaluate,
  right: Evaluate,
  compute: (left: Value | undefined, right: Value | undefined) => Value,
): Evaluate {
  return (frame) => {
    const second = right(frame);
    return compute(left(frame), second);
  };
}

function subtract(left: Value | undefined, right: Value | undefined): Value {
  if (isNumber(left) && isNumber(right))
    return subtractNumbers(left, right) ?? new Double(toDouble(left) - toDouble(right));
  if (isNullish(left) || isNullish(right)) return null;
  if (!isDate(left))
    throw typeMismatch(`can't $subtract ${typeName(right)} from ${typeName(left)}`);
  if (isDate(right)) return BigInt.asIntN(64, BigInt(left.ms) - BigInt(right.ms));
  if (!isNumber(right)) throw typeMismatch(`can't $subtract ${typeName(right)} from Date`);
  const ms = toLong(right);
  if (ms === int64Min) throw new MongoError(159, "Cannot negate the minimum duration");
  const difference = BigInt(left.ms) - ms;
  if (BigInt.asIntN(64, difference) !== difference)
    throw new MongoError(
      159,
      `Overflow while adding ${-ms}ms to ${BigInt.asIntN(64, difference)}ms`,
    );
  return toDateTime(difference);
}

const compileMultiply: CompileOperator = (operand, compiler, name) =>
  foldParts(name, compileList(operand, compiler), multiplyAll, "free", compiler);

function multiplyAll(args: readonly Evaluate[]): Evaluate {
  return (frame) => {
    spend(frame, args.length);
    let product: NumberValue = 1;
    // What the product is as a double, from the start: an overflow falls back on it.
    let double = 1;
    for (const arg of args) {
      const value = arg(frame);
      if (isNullish(value)) return null;
      if (!isNumber(value))
        throw typeMismatch(`$multiply only supports numeric types, not ${typeName(value)}`);
      if (widthOf(product) === 3 || widthOf(value) === 3) {
        product = multiplyDecimals(toDecimal(product), toDecimal(value));
        continue;
      }
      double *= toDouble(value);
      product = multiplyIntegers(product, value) ?? new Double(double);
    }
    return product;
  };
}

/** Undefined when one is a double, or the product no Int64. */
function multiplyIntegers(left: NumberValue, right: NumberValue): number | bigint | undefined {
  if (typeof left === "object" || typeof right === "object") return undefined;
  if (typeof left === "number" && typeof right === "number") {
    const product = left * right;
    return isInt32(product) ? product : toInteger(BigInt(left) * BigInt(right));
  }
  const product = BigInt(left) * BigInt(right);
  return product < int64Min || product > int64Max ? undefined : product;
}

const compileDivide: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2);
  const [left, right] = args as [Evaluate, Evaluate];
  return fold(rightFirst(left, right, divide), args);
};

function divide(left: Value | undefined, right: Value | undefined): Value {
  if (isNumber(left) && isNumber(right)) {
    if (toDouble(right) === 0 && isZero(right)) throw new MongoError(2, "can't $divide by zero");
    if (widthOf(left) === 3 || widthOf(right) === 3)
      return divideDecimals(toDecimal(left), toDecimal(right));
    return new Double(toDouble(left) / toDouble(right));
  }
  if (isNullish(left) || isNullish(right)) return null;
  throw typeMismatch(
    `$divide only supports numeric types, not ${typeName(left)} and ${typeName(right)}`,
  );
}

/** A decimal may be too small for a double and yet not zero. */
function isZero(value: NumberValue): boolean {
  return toDecimal(value).isZero;
}

const compileMod: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2);
  const [left, right] = args as [Evaluate, Evaluate];
  return fold((frame) => {
    const dividend = left(frame);
    const divisor = right(frame);
    if (isNumber(dividend) && isNumber(divisor)) return remainder(dividend, divisor);
    if (isNullish(dividend) || isNullish(divisor)) return null;
    throw new MongoError(
      16611,
      `$mod only supports numeric types, not ${typeName(dividend)} and ${typeName(divisor)}`,
    );
  }, args);
};

function remainder(left: NumberValue, right: NumberValue): NumberValue {
  if (widthOf(left) === 3 || widthOf(right) === 3) {
    const divisor = toDecimal(right);
    if (divisor.isZero) throw new MongoError(5_733_415, "can't $mod by zero");
    return remainderOfDecimals(toDecimal(left), divisor);
  }
  const divisor = toDouble(right);
  if (divisor === 0) throw new MongoError(16610, "can't $mod by zero");
  if (widthOf(left) === 2 || (widthOf(right) === 2 && !isInt32(divisor + 0)))
    return new Double(toDouble(left) % divisor);
  if (typeof left === "bigint" || typeof right === "bigint")
    return BigInt(left as number) % (typeof right === "bigint" ? right : BigInt(divisor));
  return toInteger(BigInt(left as number) % BigInt(divisor));
}

const compileAbs: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 1);
  const [argument] = args as [Evaluate];
  return fold((frame) => {
    const value = argument(frame);
    if (isNullish(value)) return null;
    if (!isNumber(value))
      throw new MongoError(28765, `$abs only supports numeric types, not ${typeName(value)}`);
    return absolute(value);
  }, args);
};

function absolute(value: NumberValue): NumberValue {
  if (typeof value === "number") return toInteger(Math.abs(value));
  if (typeof value === "bigint") {
    if (value === int64Min) throw new MongoError(28680, "can't take $abs of long long min");
    return value < 0n ? -value : value;
  }
  return value.bsonType === 1 ? new Double(Math.abs(value.value)) : absoluteDecimal(value);
}

export const arithmeticOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$abs", compileAbs],
  ["$add", compileAdd],
  ["$divide", compileDivide],
  ["$mod", compileMod],
  ["$multiply", compileMultiply],
  ["$subtract", compileSubtract],
  ...roundingOperators,
  ...powerOperators,
]);
