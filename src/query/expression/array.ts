/** Operators that take arrays apart and make them. */
import { identityOf } from "../../bson/compare.ts";
import { isArray, isNumber, typeName, Undefined, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { toDouble } from "../number.ts";
import { printDouble, printValue } from "../../bson/print-value.ts";
import { isNullish } from "../truth.ts";
import { mustFit } from "../weight.ts";
import { toInt32 } from "./argument.ts";
import { compareEvaluated } from "./comparison.ts";
import {
  compileArguments,
  compileList,
  fold,
  foldParts,
  spend,
  type CompileOperator,
  type Evaluate,
} from "./operator.ts";

const compileArrayElemAt: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2);
  const [list, position] = args as [Evaluate, Evaluate];
  return fold((frame) => {
    const array = list(frame);
    const index = position(frame);
    if (isNullish(array) || isNullish(index)) return null;
    if (!isArray(array))
      throw new MongoError(
        28689,
        `$arrayElemAt's first argument must be an array, but is ${typeName(array)}`,
      );
    if (!isNumber(index))
      throw new MongoError(
        28690,
        `$arrayElemAt's second argument must be a numeric value, but is ${typeName(index)}`,
      );
    const whole = toInt32(index);
    if (whole === undefined)
      throw new MongoError(
        28691,
        `$arrayElemAt's second argument must be representable as a 32-bit integer: ${printDouble(toDouble(index))}`,
      );
    return array.at(whole);
  }, args);
};

function elementAt(index: 0 | -1): CompileOperator {
  return (operand, compiler, name) => {
    const args = compileArguments(operand, compiler, name, 1);
    const [list] = args as [Evaluate];
    return fold((frame) => {
      const array = list(frame);
      if (isNullish(array)) return null;
      if (!isArray(array))
        throw new MongoError(
          28689,
          `${name}'s argument must be an array, but is ${typeName(array)}`,
        );
      return array.at(index);
    }, args);
  };
}

/** What the server holds of the smallest values in its 100 MB for one expression. */
const elementsMax = 6_553_600;

const compileConcatArrays: CompileOperator = (operand, compiler, name) =>
  foldParts(name, compileList(operand, compiler), concatArrays, "fixed", compiler);

function concatArrays(args: readonly Evaluate[]): Evaluate {
  return (frame) => {
    const joined: Value[] = [];
    for (const arg of args) {
      const array = arg(frame);
      if (isNullish(array)) return null;
      if (!isArray(array))
        throw new MongoError(28664, `$concatArrays only supports arrays, not ${typeName(array)}`);
      spend(frame, array.length);
      if (joined.length + array.length > elementsMax)
        throw new MongoError(146, "$concatArrays would use too much memory");
      for (const each of array) joined.push(each);
    }
    return mustFit(joined);
  };
}

const compileIn: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2);
  const [needle, haystack] = args as [Evaluate, Evaluate];
  const known = haystack.constant?.value;
  const { collation } = compiler.environment;
  if (isArray(known) && collation === undefined) {
    const identities = new Set(known.map((each) => identityOf(each)));
    return fold((frame) => identities.has(identityOf(orUndefined(needle(frame)))), args);
  }
  return fold((frame) => {
    const value = needle(frame);
    const array = haystack(frame);
    if (!isArray(array))
      throw new MongoError(
        40_081,
        `$in requires an array as a second argument, found: ${typeName(array)}`,
      );
    spend(frame, array.length);
    return array.some((each) => compareEvaluated(value, each, collation) === 0);
  }, args);
};

/** A missing value equals BSON's undefined. */
function orUndefined(value: Value | undefined): Value {
  return value === undefined ? Undefined : value;
}

const compileIndexOfArray: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2, 4);
  const [list, needle, from, to] = args as [Evaluate, Evaluate, ...(Evaluate | undefined)[]];
  const { collation } = compiler.environment;
  const { isUnoptimized = false } = compiler.environment;
  if (!isUnoptimized && args.some((each) => each.constant === undefined)) checkConstantArray(list);
  return fold((frame) => {
    const array = list(frame);
    if (isNullish(array)) return null;
    if (!isArray(array))
      throw new MongoError(
        40_090,
        `$indexOfArray requires an array as a first argument, found: ${typeName(array)}`,
      );
    const value = needle(frame);
    const start = from === undefined ? 0 : readIndex(from(frame), "starting");
    const end = to === undefined ? array.length : readIndex(to(frame), "ending");
    spend(frame, array.length);
    for (let index = start; index < Math.min(end, array.length); index += 1)
      if (compareEvaluated(array[index], value, collation) === 0) return index;
    return -1;
  }, args);
};

/** A constant array is prepared, where the server has another wording. */
function checkConstantArray(list: Evaluate): void {
  const value = list.constant?.value;
  if (list.constant !== undefined && !isNullish(value) && !isArray(value))
    throw new MongoError(
      50_809,
      `First operand of $indexOfArray must be an array. First argument is of type: ${typeName(value)}`,
    );
}

function readIndex(value: Value | undefined, which: "starting" | "ending"): number {
  const index = isNumber(value) ? toInt32(value) : undefined;
  if (index === undefined)
    throw new MongoError(
      40_096,
      `$indexOfArrayrequires an integral ${which} index, found a value of type: ${typeName(value)}, with value: ${printValue(value)}`,
    );
  if (index < 0)
    throw new MongoError(
      40_097,
      `$indexOfArray requires a nonnegative ${which} index, found: ${index}`,
    );
  return index;
}

const compileIsArray: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 1);
  const [argument] = args as [Evaluate];
  return fold((frame) => isArray(argument(frame)), args);
};

const compileReverseArray: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 1);
  const [list] = args as [Evaluate];
  return fold((frame) => {
    const array = list(frame);
    if (isNullish(array)) return null;
    if (!isArray(array))
      throw new MongoError(
        34_435,
        `The argument to $reverseArray must be an array, but was of type: ${typeName(array)}`,
      );
    spend(frame, array.length);
    return array.toReversed();
  }, args);
};

const compileSize: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 1);
  const [list] = args as [Evaluate];
  return fold((frame) => {
    const array = list(frame);
    if (!isArray(array))
      throw new MongoError(
        17124,
        `The argument to $size must be an array, but was of type: ${typeName(array)}`,
      );
    return array.length;
  }, args);
};

const compileSlice: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2, 3);
  const [list, second, third] = args as [Evaluate, Evaluate, Evaluate | undefined];
  return fold((frame) => {
    const array = list(frame);
    const first = second(frame);
    if (isNullish(array) || isNullish(first)) return null;
    if (!isArray(array))
      throw new MongoError(
        28724,
        `First argument to $slice must be an array, but is of type: ${typeName(array)}`,
      );
    const number = readSliceNumber(first);
    spend(frame, array.length);
    if (third === undefined) return number >= 0 ? array.slice(0, number) : array.slice(number);
    const given = third(frame);
    if (isNullish(given)) return null;
    const count = readSliceCount(given);
    const start = number >= 0 ? number : Math.max(array.length + number, 0);
    return array.slice(start, start + count);
  }, args);
};

function readSliceNumber(value: Value): number {
  if (!isNumber(value))
    throw new MongoError(
      28725,
      `Second argument to $slice must be a numeric value, but is of type: ${typeName(value)}`,
    );
  const whole = toInt32(value);
  if (whole === undefined)
    throw new MongoError(
      28726,
      `Second argument to $slice can't be represented as a 32-bit integer: ${printDouble(toDouble(value))}`,
    );
  return whole;
}

function readSliceCount(value: Value): number {
  if (!isNumber(value))
    throw new MongoError(
      28727,
      `Third argument to $slice must be numeric, but is of type: ${typeName(value)}`,
    );
  const whole = toInt32(value);
  if (whole === undefined)
    throw new MongoError(
      28728,
      `Third argument to $slice can't be represented as a 32-bit integer: ${printDouble(toDouble(value))}`,
    );
  if (whole <= 0)
    throw new MongoError(28729, `Third argument to $slice must be positive: ${whole}`);
  return whole;
}

export const arrayOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$arrayElemAt", compileArrayElemAt],
  ["$concatArrays", compileConcatArrays],
  ["$first", elementAt(0)],
  ["$in", compileIn],
  ["$indexOfArray", compileIndexOfArray],
  ["$isArray", compileIsArray],
  ["$last", elementAt(-1)],
  ["$reverseArray", compileReverseArray],
  ["$size", compileSize],
  ["$slice", compileSlice],
]);
