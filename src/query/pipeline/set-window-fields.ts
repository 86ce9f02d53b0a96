import { compare } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileExpressionFor } from "../expression.ts";
import { type Assign, compileAssignments } from "../projection.ts";
import { compileSort, type Sort, sortDocs } from "../sort.ts";
import { mustFit, weightOf } from "../weight.ts";
import { compileWindowFunction, type Evaluation, type WindowFunction } from "../window.ts";
import { createMemoryBound, type MemoryBound } from "./memory.ts";
import { readFieldPath } from "./names.ts";
import { type Option, readOptions } from "./options.ts";
import { batchSize, type Batches, type CompileStage, type Run, type Stage } from "./stage.ts";

export const compileSetWindowFields: CompileStage = (spec, { environment }, name) => {
  if (!(spec instanceof Doc))
    throw failedToParse(
      `the $setWindowFields stage specification must be an object, found ${typeName(spec)}`,
    );
  return createSetWindowFields(spec, environment, name);
};

const options: ReadonlyMap<string, Option> = new Map([
  ["partitionBy", { type: "any" }],
  ["sortBy", { type: "object" }],
  ["output", { type: "object", isRequired: true }],
]);

/** @param name of the stage, for messages */
export function createSetWindowFields(
  spec: Doc,
  environment: QueryEnvironment,
  name: string,
): Stage {
  const found = readOptions(spec, "$setWindowFields", options);
  const partition = readPartitionBy(found.get("partitionBy") ?? null, environment);
  const sortBy = found.get("sortBy") as Doc | undefined;
  const sort = sortBy === undefined ? undefined : compileSort(sortBy);
  const order = sort === undefined ? undefined : { parts: sort.paths, size: (sortBy as Doc).size };
  const functions: WindowFunction[] = [];
  const paths = createPathSet();
  for (const [path, each] of (found.get("output") as Doc).entries()) {
    paths.add(path);
    if (!(each instanceof Doc)) throw failedToParse(`The field '${path}' must be an object`);
    functions.push(compileWindowFunction(each, order, environment));
  }
  const partitionOf = partition();
  const assign = compileAssignments(paths.all.map(readFieldPath));
  const sorting = compileSorting(sortBy, partitionOf);
  return {
    name,
    async *run(input, run) {
      const memory = createMemoryBound(name);
      const entries = await sortEntries(input, { partitionOf, sort: sorting }, memory, run);
      yield* fillEntries(entries, { functions, assign }, memory, run);
    },
  };
}

/** What a document belongs to; undefined when all are in one partition. */
type PartitionOf = ((doc: Doc) => Value) | undefined;

/** In two steps, since the server looks at constants after it has looked at the other options. */
function readPartitionBy(spec: Value, environment: QueryEnvironment): () => PartitionOf {
  const expression = compileExpressionFor(spec, environment, { keepsFailure: true });
  return () => {
    const { failure, constant } = expression;
    if (failure !== undefined)
      throw new MongoError(
        failure.code,
        `Failed to optimize partitionBy expression :: caused by :: ${failure.message}`,
      );
    if (constant === undefined) return (doc) => expression.evaluate(doc) ?? null;
    mustNotBeArray(constant.value);
    return undefined;
  };
}

function mustNotBeArray(value: Value | undefined): void {
  if (isArray(value))
    throw typeMismatch("An expression used to partition cannot evaluate to value of type array");
}

/** Paths of which none leads to or through another one. */
function createPathSet(): { readonly all: readonly string[]; add(path: string): void } {
  const all: string[] = [];
  const known = new Set<string>();
  const prefixes = new Set<string>();
  return {
    all,
    add(path): void {
      let isTaken = known.has(path) || prefixes.has(path);
      for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) {
        const prefix = path.slice(0, dot);
        if (known.has(prefix)) isTaken = true;
        prefixes.add(prefix);
      }
      if (isTaken)
        throw new MongoError(
          6_307_900,
          "$setWindowFields 'output' specification contains two conflicting paths",
        );
      known.add(path);
      all.push(path);
    },
  };
}

/** While they are sorted, documents of partitions travel as `{ key, doc }`. */
function compileSorting(sortBy: Doc | undefined, partitionOf: PartitionOf): Sort | undefined {
  if (partitionOf === undefined)
    return sortBy === undefined || sortBy.size === 0 ? undefined : compileSort(sortBy);
  const parts = sortBy === undefined ? [] : [...sortBy.entries()];
  const inner = parts.map(([path, direction]) => [`doc.${path}`, direction] as const);
  return compileSort(Doc.fromEntries([["key", 1], ...inner]));
}

interface Entries {
  readonly docs: readonly Doc[];
  /** Of the partitions, equally long; undefined when there is one only. */
  readonly keys: readonly Value[] | undefined;
}

interface Sorting {
  readonly partitionOf: PartitionOf;
  readonly sort: Sort | undefined;
}

async function sortEntries(
  input: Batches,
  { partitionOf, sort }: Sorting,
  memory: MemoryBound,
  { pacer }: Run,
): Promise<Entries> {
  if (partitionOf !== undefined) {
    const sorted = await sortDocs(withKeys(input, partitionOf), sort as Sort, { pacer });
    return {
      docs: sorted.map((each) => each.valueAt(1) as Doc),
      keys: sorted.map((each) => each.valueAt(0)),
    };
  }
  if (sort !== undefined) return { docs: await sortDocs(input, sort, { pacer }), keys: undefined };
  const docs: Doc[] = [];
  for await (const batch of input)
    for (const doc of batch) {
      memory.add(weightOf(doc));
      docs.push(doc);
      if (pacer.due()) await pacer.rest();
    }
  return { docs, keys: undefined };
}

async function* withKeys(input: Batches, partitionOf: (doc: Doc) => Value): Batches {
  for await (const batch of input)
    yield batch.map((doc) => Doc.fromParts(["key", "doc"], [partitionOf(doc), doc]));
}

interface Output {
  readonly functions: readonly WindowFunction[];
  readonly assign: Assign;
}

/** Documents that are given at once weigh at most so much, or are one. */
const batchWeight = 4 * 2 ** 20;

async function* fillEntries(
  { docs, keys }: Entries,
  { functions, assign }: Output,
  memory: MemoryBound,
  { pacer }: Run,
): Batches {
  let batch: Doc[] = [];
  let weight = 0;
  let evaluations: Evaluation[] = [];
  for (let start = 0; start < docs.length;) {
    const end = keys === undefined ? docs.length : endOfPartition(keys, start);
    const inside = keys === undefined ? docs : docs.slice(start, end);
    const hold = createHold(memory);
    const partition = { docs: inside, pacer, hold: hold.add };
    evaluations = functions.map((each, index) => each.start(partition, evaluations[index]));
    for (const [index, doc] of inside.entries()) {
      for (const each of evaluations) while (!each.reach(index)) await pacer.rest();
      const values = evaluations.map(valueOf);
      weight += values.reduce((sum: number, each) => sum + weigh(each), 0);
      batch.push(assign(doc, values));
      if (batch.length >= batchSize || weight > batchWeight) {
        yield batch;
        batch = [];
        weight = 0;
      }
      if (pacer.due()) await pacer.rest();
    }
    hold.release();
    start = end;
  }
  if (batch.length > 0) yield batch;
}

function valueOf(evaluation: Evaluation): Value | undefined {
  const value = evaluation.value();
  return isArray(value) ? mustFit(value) : value;
}

/** Only lists can get long without being in a document already. */
function weigh(value: Value | undefined): number {
  return isArray(value) ? weightOf(value) : 0;
}

/** What one partition's functions hold. */
function createHold(memory: MemoryBound): { add(bytes: number): void; release(): void } {
  let held = 0;
  return {
    add(bytes): void {
      held += bytes;
      memory.add(bytes);
    },
    release(): void {
      memory.add(-held);
    },
  };
}

function endOfPartition(keys: readonly Value[], start: number): number {
  const key = keys[start] as Value;
  mustNotBeArray(key);
  let end = start + 1;
  while (end < keys.length && compare(keys[end] as Value, key) === 0) end += 1;
  return end;
}
