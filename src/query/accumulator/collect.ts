/** Accumulators that pick or gather values. */
import { identityBy, type TextOrder } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { printValue } from "../../bson/print-value.ts";
import { isArray, typeName, Undefined, type Value } from "../../bson/value.ts";
import { MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import { compileStageExpression } from "../expression.ts";
import type { Accumulator, CompileAccumulator } from "./accumulation.ts";

function over(
  start: (collation: TextOrder | undefined) => Accumulator,
  keepsValues: boolean,
): CompileAccumulator {
  return (operand, environment) => {
    const expression = compileStageExpression(operand, environment);
    return {
      evaluate: (doc) => expression.evaluate(doc),
      start: () => start(environment.collation),
      keepsValues,
    };
  };
}

function first(): Accumulator {
  let isSet = false;
  let kept: Value | undefined;
  return {
    add(value) {
      if (isSet) return;
      isSet = true;
      kept = value;
    },
    isFull: () => isSet,
    result: () => kept ?? null,
  };
}

function last(): Accumulator {
  let kept: Value | undefined;
  return {
    add(value) {
      kept = value;
    },
    result: () => kept ?? null,
  };
}

function push(): Accumulator {
  const values: Value[] = [];
  return {
    add(value) {
      if (value !== undefined) values.push(value);
    },
    result: () => values,
  };
}

function addToSet(collation: TextOrder | undefined): Accumulator {
  const identityOf = identityBy(collation);
  const values = new Map<string | number, Value>();
  return {
    add(value) {
      if (value === undefined) return;
      const key = identityOf(value);
      if (!values.has(key)) values.set(key, value);
    },
    result: () => [...values.values()],
  };
}

function mergeObjects(): Accumulator {
  const merged = new Map<string, Value>();
  return {
    add(value) {
      if (value === undefined || value === null || value === Undefined) return;
      if (!(value instanceof Doc))
        throw new MongoError(
          40400,
          `$mergeObjects requires object inputs, but input ${printValue(value)} is of type ${typeName(value)}`,
        );
      for (const [key, each] of value.entries()) merged.set(key, each);
    },
    result: () => Doc.fromEntries(merged),
  };
}

/** @throws {MongoError} 14 for what is no array */
export function mustBeArray(value: Value, name: string): readonly Value[] {
  if (isArray(value)) return value;
  throw typeMismatch(
    `${name} requires array inputs, but input ${printValue(value)} is of type ${typeName(value)}`,
  );
}

function concatArrays(): Accumulator {
  const values: Value[] = [];
  return {
    add(value) {
      if (value === undefined) return;
      for (const each of mustBeArray(value, "$concatArrays")) values.push(each);
    },
    result: () => values,
  };
}

function setUnion(collation: TextOrder | undefined): Accumulator {
  const set = addToSet(collation);
  return {
    add(value) {
      if (value !== undefined) for (const each of mustBeArray(value, "$setUnion")) set.add(each);
    },
    result: () => set.result(),
  };
}

export const collectors: ReadonlyMap<string, CompileAccumulator> = new Map([
  ["$first", over(first, false)],
  ["$last", over(last, false)],
  ["$push", over(push, true)],
  ["$addToSet", over(addToSet, true)],
  ["$mergeObjects", over(mergeObjects, true)],
  // From MongoDB 8.1 on.
  ["$concatArrays", over(concatArrays, true)],
  ["$setUnion", over(setUnion, true)],
]);
