import { compare, rankOf, type TextOrder } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { printValue } from "../../bson/print-value.ts";
import { printBson } from "../../bson/print.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { compileAccumulation, type Accumulator } from "../accumulator.ts";
import type { QueryEnvironment } from "../environment.ts";
import { reportFailure } from "../optimization-failure.ts";
import { type CompiledExpression, compileStageExpression } from "../expression.ts";
import { addAll, compileOutputs, finish, repeatedId, startAll, type OutputField } from "./group.ts";
import { createMemoryBound } from "./memory.ts";
import { batchesOf, type CompileStage } from "./stage.ts";

export const compileBucket: CompileStage = (spec, { environment }, name) => {
  const bucket = readBucket(spec, environment);
  const { boundaries, fallback, fields } = bucket;
  const names = ["_id", ...fields.map((each) => each.name)];
  return {
    name,
    async *run(input, { pacer }) {
      const groups = new Map<number, readonly Accumulator[]>();
      const memory = createMemoryBound(name);
      for await (const batch of input) {
        for (const doc of batch) {
          const place = findBucket(boundaries, bucket.groupBy(doc), environment.collation);
          if (place === -1 && fallback === undefined)
            throw new MongoError(
              40066,
              "$switch could not find a matching branch for an input, and no default was specified.",
            );
          let accumulators = groups.get(place);
          if (accumulators === undefined) {
            accumulators = startAll(fields, idOf(place));
            groups.set(place, accumulators);
          }
          addAll(fields, accumulators, doc, (bytes) => memory.add(bytes));
          if (pacer.due()) await pacer.rest();
        }
      }
      const ids = [...groups].map(([place, accumulators]) => ({ id: idOf(place), accumulators }));
      ids.sort((left, right) => compare(left.id, right.id, environment.collation));
      yield* batchesOf(ids.map((each) => finish(names, each.id, each.accumulators)));
    },
  };
  function idOf(place: number): Value {
    return place === -1 ? (fallback as Value) : (boundaries[place] as Value);
  }
};

interface Bucket {
  readonly groupBy: (doc: Doc) => Value;
  readonly boundaries: readonly Value[];
  readonly fallback: Value | undefined;
  readonly fields: readonly OutputField[];
}

/** The index of the lower boundary, or -1. */
function findBucket(
  boundaries: readonly Value[],
  value: Value,
  collation: TextOrder | undefined,
): number {
  let low = 0;
  let high = boundaries.length - 1;
  if (compare(value, boundaries[0] as Value, collation) < 0) return -1;
  if (compare(value, boundaries[high] as Value, collation) >= 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (compare(value, boundaries[middle] as Value, collation) < 0) high = middle;
    else low = middle;
  }
  return low;
}

function readBucket(spec: Value, environment: QueryEnvironment): Bucket {
  if (!(spec instanceof Doc))
    throw new MongoError(
      40201,
      `Argument to $bucket stage must be an object, but found type: ${typeName(spec)}.`,
    );
  const { groupBy, boundaries, fallback, output } = readOptions(spec, environment);
  if (groupBy === undefined || boundaries === undefined)
    throw new MongoError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  // What is given out is read before what is grouped by, and optimized after it.
  const later: MongoError[] = [];
  const fields = compileBucketOutputs(output, { ...environment, failures: later });
  const expression = compileStageExpression(groupBy, environment);
  if (fallback !== undefined) mustBeOutside(fallback, boundaries, environment.collation);
  else refuseOutside(expression, boundaries, environment);
  for (const each of later) environment.failures?.push(each);
  return { groupBy: (doc) => expression.evaluate(doc) ?? null, boundaries, fallback, fields };
}

interface Options {
  groupBy?: Value;
  boundaries?: readonly Value[];
  fallback?: Value;
  output?: Doc;
}

/** Of several faults the one that stands first is told. */
function readOptions(spec: Doc, environment: QueryEnvironment): Options {
  const options: Options = {};
  for (const [key, value] of spec.entries()) {
    if (key === "groupBy") {
      mustBeExpression(value, "$bucket", 40202);
      options.groupBy = value;
    } else if (key === "boundaries") options.boundaries = readBoundaries(value, environment);
    else if (key === "default") options.fallback = readDefault(value, environment);
    else if (key !== "output")
      throw new MongoError(40197, `Unrecognized option to $bucket: ${key}.`);
    else {
      if (!(value instanceof Doc))
        throw new MongoError(
          40196,
          `The $bucket 'output' field must be an object, but found type: ${typeName(value)}.`,
        );
      options.output = value;
    }
  }
  return options;
}

/** A constant that is in no bucket is a `$switch` without a branch. */
function refuseOutside(
  { constant }: CompiledExpression,
  boundaries: readonly Value[],
  environment: QueryEnvironment,
): void {
  if (constant === undefined) return;
  if (findBucket(boundaries, constant.value ?? null, environment.collation) !== -1) return;
  const failure = new MongoError(
    40069,
    "Cannot execute a switch statement where all the cases evaluate to false without a default",
  );
  reportFailure(failure, environment);
}

/** Without `output`, buckets count. */
export function compileBucketOutputs(
  output: Doc | undefined,
  environment: QueryEnvironment,
): readonly OutputField[] {
  if (output !== undefined) {
    if (output.has("_id")) throw repeatedId();
    return compileOutputs(output, environment);
  }
  return [{ name: "count", accumulation: compileAccumulation("$sum", 1, environment) }];
}

export function mustBeExpression(value: Value, stage: string, code: number): void {
  const isPath = typeof value === "string" && value.startsWith("$");
  if (isPath || value instanceof Doc) return;
  throw new MongoError(
    code,
    `The ${stage} 'groupBy' field must be defined as a $-prefixed path or an expression, but found: ${printBson(value)}.`,
  );
}

function readConstant(spec: Value, environment: QueryEnvironment): Value | undefined {
  const constant = compileStageExpression(spec, environment).constant;
  return constant === undefined ? undefined : (constant.value ?? null);
}

function readBoundaries(spec: Value, environment: QueryEnvironment): readonly Value[] {
  if (!isArray(spec))
    throw new MongoError(
      40200,
      `The $bucket 'boundaries' field must be an array, but found type: ${typeName(spec)}.`,
    );
  const boundaries = spec.map((each) => {
    const constant = readConstant(each, environment);
    if (constant === undefined)
      throw new MongoError(
        40191,
        `The $bucket 'boundaries' field must be an array of constant values, but found value: ${printBson(each)}.`,
      );
    return constant;
  });
  if (boundaries.length < 2)
    throw new MongoError(
      40192,
      `The $bucket 'boundaries' field must have at least 2 values, but found ${boundaries.length} value(s).`,
    );
  for (let index = 1; index < boundaries.length; index += 1)
    mustAscend(boundaries, index, environment.collation);
  return boundaries;
}

function mustAscend(
  boundaries: readonly Value[],
  index: number,
  collation: TextOrder | undefined,
): void {
  const [lower, upper] = boundaries.slice(index - 1) as [Value, Value];
  if (rankOf(lower) !== rankOf(upper))
    throw new MongoError(
      40193,
      `All values in the the 'boundaries' option to $bucket must have the same type. Found conflicting types ${typeName(lower)} and ${typeName(upper)}.`,
    );
  if (compare(lower, upper, collation) >= 0)
    throw new MongoError(
      40194,
      `The 'boundaries' option to $bucket must be sorted, but elements ${index - 1} and ${index} are not in ascending order (${printValue(lower)} is not less than ${printValue(upper)}).`,
    );
}

function readDefault(spec: Value, environment: QueryEnvironment): Value {
  const value = readConstant(spec, environment);
  if (value !== undefined) return value;
  throw new MongoError(
    40195,
    `The $bucket 'default' field must be a constant expression, but found: ${printBson(spec)}.`,
  );
}

function mustBeOutside(
  value: Value,
  boundaries: readonly Value[],
  collation: TextOrder | undefined,
): void {
  const lowest = boundaries[0] as Value;
  const isBelow = compare(value, lowest, collation) < 0;
  const isAbove = compare(value, boundaries.at(-1) as Value, collation) >= 0;
  if (rankOf(value) === rankOf(lowest) && !isBelow && !isAbove)
    throw new MongoError(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
    );
}
