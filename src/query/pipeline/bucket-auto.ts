import { compare, type TextOrder } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { printValue } from "../../bson/print-value.ts";
import { Decimal128, readDecimal } from "../../bson/decimal128.ts";
import { Double, isNumber, toInteger, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { Accumulator } from "../accumulator.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileStageExpression } from "../expression.ts";
import { toDouble } from "../number.ts";
import { compileSort, sortDocs } from "../sort.ts";
import { compileBucketOutputs } from "./bucket.ts";
import { readGranularity, type Granularity } from "./granularity.ts";
import { addAll, finish, startAll, type OutputField } from "./group.ts";
import { createMemoryBound } from "./memory.ts";
import { batchesOf, type Batches, type CompileStage, type Run } from "./stage.ts";

interface BucketAuto {
  readonly groupBy: (doc: Doc) => Value;
  readonly buckets: number;
  readonly fields: readonly OutputField[];
  readonly granularity: Granularity | undefined;
}

/** A document with the value it is grouped by. */
interface Entry {
  readonly value: Value;
  readonly doc: Doc;
}

export const compileBucketAuto: CompileStage = (spec, { environment }, name) => {
  const auto = readBucketAuto(spec, environment);
  if (auto.fields.some(({ accumulation }) => accumulation.usesGroupId === true))
    throw new MongoError(4544714, "Can't refer to the group key in $bucketAuto");
  return {
    name,
    async *run(input, run) {
      const entries = await sortedEntries(input, auto, run, environment.collation);
      const memory = createMemoryBound(name);
      yield* batchesOf(
        fillBuckets(entries, auto, (bytes) => memory.add(bytes), environment.collation),
      );
    },
  };
};

/** Sorted by the grouping value; the sort sees each document wrapped with it. */
async function sortedEntries(
  input: Batches,
  auto: BucketAuto,
  run: Run,
  collation: TextOrder | undefined,
): Promise<Entry[]> {
  async function* wrapped(): Batches {
    for await (const batch of input)
      yield batch.map((doc) => Doc.fromParts(["value", "doc"], [auto.groupBy(doc), doc]));
  }
  const sort = compileSort(Doc.of({ value: 1 }), collation);
  // Arrays are compared whole here, unlike in `$sort`: the sort key of the wrapper is the value itself.
  const whole = { ...sort, keyOf: (doc: Doc) => doc.valueAt(0) };
  const sorted = await sortDocs(wrapped(), whole, { pacer: run.pacer });
  return sorted.map((each) => ({ value: each.valueAt(0), doc: each.valueAt(1) as Doc }));
}

function fillBuckets(
  entries: readonly Entry[],
  { buckets, fields, granularity }: BucketAuto,
  grow: (bytes: number) => void,
  collation: TextOrder | undefined,
): Doc[] {
  const size = Math.max(1, Math.round(entries.length / buckets));
  const filled: { min: Value; max: Value; accumulators: readonly Accumulator[] }[] = [];
  let at = 0;
  while (at < entries.length) {
    const first = (entries[at] as Entry).value;
    const isLast = filled.length === buckets - 1;
    let end = isLast ? entries.length : Math.min(at + size, entries.length);
    let max = (entries[end - 1] as Entry).value;
    if (granularity !== undefined) max = roundUp(max, granularity);
    const isInside = (value: Value): boolean =>
      granularity === undefined ? compare(value, max, collation) === 0 : compare(value, max) < 0;
    while (end < entries.length && isInside((entries[end] as Entry).value)) end += 1;
    const accumulators = startAll(fields, null);
    for (; at < end; at += 1) addAll(fields, accumulators, (entries[at] as Entry).doc, grow);
    const previous = filled.at(-1);
    const min =
      granularity === undefined ? first : (previous?.max ?? roundDown(first, granularity));
    // Without rounding, a bucket reaches up to where the next one begins.
    if (granularity === undefined && previous !== undefined) previous.max = first;
    filled.push({ min, max, accumulators });
  }
  const names = ["_id", ...fields.map((each) => each.name)];
  return filled.map(({ min, max, accumulators }) =>
    finish(names, Doc.fromParts(["min", "max"], [min, max]), accumulators),
  );
}

function roundUp(value: Value, granularity: Granularity): Value {
  return rounded(value, granularity, granularity.above(mustBeNumber(value)));
}

function roundDown(value: Value, granularity: Granularity): Value {
  return rounded(value, granularity, granularity.below(mustBeNumber(value)));
}

/** Zero stays as it is; decimals stay decimals; powers of two are as whole as they can be. */
function rounded(value: Value, { digits, isWhole }: Granularity, number: number): Value {
  if (number === 0) return value;
  if (value instanceof Decimal128) return readDecimal(number.toPrecision(digits))?.value ?? value;
  if (!isWhole || !Number.isInteger(number) || number >= 2 ** 63) return new Double(number);
  return toInteger(BigInt(number));
}

function mustBeNumber(value: Value | undefined): number {
  if (!isNumber(value))
    throw new MongoError(
      40258,
      `$bucketAuto can specify a 'granularity' with numeric boundaries only, but found a value with type: ${typeName(value)}`,
    );
  const number = toDouble(value);
  if (Number.isNaN(number))
    throw new MongoError(
      40259,
      "$bucketAuto can specify a 'granularity' with numeric boundaries only, but found a NaN",
    );
  if (number < 0)
    throw new MongoError(
      40260,
      "$bucketAuto can specify a 'granularity' with non-negative numbers only, but found a negative number",
    );
  return number;
}

function readBucketAuto(spec: Value, environment: QueryEnvironment): BucketAuto {
  if (!(spec instanceof Doc))
    throw new MongoError(
      40240,
      `The argument to $bucketAuto must be an object, but found type: ${typeName(spec)}`,
    );
  for (const key of spec.keys())
    if (!["groupBy", "buckets", "output", "granularity"].includes(key))
      throw new MongoError(40245, `Unrecognized option to $bucketAuto: ${key}`);
  const groupBy = spec.get("groupBy");
  if (groupBy !== undefined && !isExpression(groupBy))
    throw new MongoError(
      40239,
      `The $bucketAuto 'groupBy' field must be defined as a $-prefixed path or an expression object, but found: ${printValue(groupBy)}`,
    );
  const buckets = readBuckets(spec.get("buckets"));
  const output = spec.get("output");
  if (output !== undefined && !(output instanceof Doc))
    throw new MongoError(
      40244,
      `The $bucketAuto 'output' field must be an object, but found type: ${typeName(output)}`,
    );
  const granularity = spec.get("granularity");
  if (granularity !== undefined && typeof granularity !== "string")
    throw new MongoError(
      40261,
      `The $bucketAuto 'granularity' field must be a string, but found type: ${typeName(granularity)}`,
    );
  if (groupBy === undefined || buckets === undefined)
    throw new MongoError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified");
  const expression = compileStageExpression(groupBy, environment);
  return {
    groupBy(doc): Value {
      const value = expression.evaluate(doc);
      if (granularity !== undefined) mustBeNumber(value);
      return value ?? null;
    },
    buckets,
    // Unlike in a `$bucket`, one that is empty counts, too.
    fields: compileBucketOutputs(output?.size === 0 ? undefined : output, environment),
    granularity: granularity === undefined ? undefined : readGranularity(granularity),
  };
}

function isExpression(value: Value): boolean {
  return value instanceof Doc || (typeof value === "string" && value.startsWith("$"));
}

const int32Max = 2 ** 31 - 1;

function readBuckets(value: Value | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!isNumber(value))
    throw new MongoError(
      40241,
      `The $bucketAuto 'buckets' field must be a numeric value, but found type: ${typeName(value)}`,
    );
  const number = toDouble(value);
  if (!Number.isInteger(number) || Math.abs(number) > int32Max)
    throw new MongoError(
      40242,
      `The $bucketAuto 'buckets' field must be representable as a 32-bit integer, but found ${printValue(value)}`,
    );
  if (number <= 0)
    throw new MongoError(
      40243,
      `The $bucketAuto 'buckets' field must be greater than 0, but found: ${number}`,
    );
  return number;
}
