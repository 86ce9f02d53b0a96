/** `$inc`, `$mul` and `$bit`: numbers computed from the number that is there. */
import { compareNumbers } from "../../bson/compare.ts";
import { isArray, isNumber, toInteger, typeName, typeOf, type Value } from "../../bson/value.ts";
import { badValue, typeMismatch } from "../../kit/mongo-error.ts";
import { printBson, printField } from "../../bson/print.ts";
import { add, multiply, type NumberValue } from "../number.ts";
import { checkCreatable, describeId, elementName, type Place, type Run } from "./place.ts";
import type { Leaf } from "./tree.ts";

type Operation = (left: NumberValue, right: NumberValue) => NumberValue | undefined;

/** @throws {MongoError} 14 when the operand is no number */
export function compileIncrement(field: string, operand: Value): Leaf {
  if (!isNumber(operand))
    throw typeMismatch(
      `Cannot increment with non-numeric argument: {${printField(field, operand)}}`,
    );
  return compileArithmetic("$inc", add, operand, operand);
}

/** A missing field becomes zero of the operand's type. @throws {MongoError} 14 when the operand is no number */
export function compileMultiply(field: string, operand: Value): Leaf {
  if (!isNumber(operand))
    throw typeMismatch(
      `Cannot multiply with non-numeric argument: {${printField(field, operand)}}`,
    );
  return compileArithmetic("$mul", multiply, operand, multiply(operand, 0) ?? 0);
}

function compileArithmetic(
  name: string,
  operation: Operation,
  operand: NumberValue,
  first: NumberValue,
): Leaf {
  return {
    kind: "leaf",
    height: 0,
    create(place) {
      checkCreatable(place);
      return first;
    },
    change(value, place, run) {
      if (!isNumber(value))
        throw typeMismatch(
          `Cannot apply ${name} to a value of non-numeric type. {${describeId(run)}} has the field '${elementName(place)}' of non-numeric type ${typeName(value)}`,
        );
      const result = operation(value, operand);
      if (result === undefined)
        throw badValue(
          `Failed to apply ${name} operations to current value (${describeInteger(value)}) for document {${describeId(run)}}`,
        );
      if (isSameNumber(value, result)) return value;
      // NaN may be one and the same object before and after.
      run.changed = true;
      return result;
    },
  };
}

/** Only integers overflow. */
function describeInteger(value: NumberValue): string {
  return `(${typeof value === "number" ? "NumberInt" : "NumberLong"})${printBson(value)}`;
}

/** As the server sees it: of one type and equal, so that NaN never is and a decimal's trailing zeros do not count. */
function isSameNumber(left: NumberValue, right: NumberValue): boolean {
  if (typeOf(left) !== typeOf(right) || isNaNValue(left)) return false;
  return compareNumbers(left, right) === 0;
}

function isNaNValue(value: NumberValue): boolean {
  if (typeof value !== "object") return false;
  return value.bsonType === 1 ? Number.isNaN(value.value) : value.class === "nan";
}

type Integer = number | bigint;

interface BitStep {
  readonly combine: (left: bigint, right: bigint) => bigint;
  readonly operand: Integer;
}

const bitOperations: ReadonlyMap<string, BitStep["combine"]> = new Map([
  ["and", (left: bigint, right: bigint): bigint => left & right],
  ["or", (left: bigint, right: bigint): bigint => left | right],
  ["xor", (left: bigint, right: bigint): bigint => left ^ right],
]);

/** @throws {MongoError} 2 for anything but `{ and | or | xor: integer }` */
export function compileBit(spec: Value): Leaf {
  const steps = readBitSteps(spec);
  return {
    kind: "leaf",
    height: 0,
    create(place) {
      checkCreatable(place);
      return applyBits(0, steps);
    },
    change(value, place, run) {
      if (typeof value !== "number" && typeof value !== "bigint")
        throw notIntegral(value, place, run);
      return applyBits(value, steps);
    },
  };
}

function notIntegral(value: Value, place: Place, run: Run): Error {
  const id = run.root.has("_id") ? describeId(run) : "INVALID-MUTABLE-ELEMENT";
  return badValue(
    `Cannot apply $bit to a value of non-integral type.${id} has the field ${elementName(place)} of non-integer type ${typeName(value)}`,
  );
}

function readBitSteps(spec: Value): readonly BitStep[] {
  if (typeof spec !== "object" || spec === null || isArray(spec) || spec.bsonType !== 3)
    throw badValue(
      `The $bit modifier is not compatible with a ${typeName(spec)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    );
  const steps = [...spec.entries()].map(([name, operand]) => readBitStep(name, operand));
  if (steps.length === 0)
    throw badValue(
      "You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}",
    );
  return steps;
}

function readBitStep(name: string, operand: Value): BitStep {
  const combine = bitOperations.get(name);
  if (combine === undefined)
    throw badValue(
      `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${printField(name, operand)}}`,
    );
  if (typeof operand !== "number" && typeof operand !== "bigint")
    throw badValue(
      `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(operand)}' is not supported here: {${printField(name, operand)}}`,
    );
  return { combine, operand };
}

/** One Int64 among the operands makes the result one. */
function applyBits(value: Integer, steps: readonly BitStep[]): Integer {
  let bits = BigInt(value);
  let isWide = typeof value === "bigint";
  for (const { combine, operand } of steps) {
    bits = combine(bits, BigInt(operand));
    isWide ||= typeof operand === "bigint";
  }
  return isWide ? bits : toInteger(bits);
}
