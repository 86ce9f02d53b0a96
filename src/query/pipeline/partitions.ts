/** The partitions of `$setWindowFields`, gone through one document after the other. */
import { compare, identityBy, type TextOrder } from "../../bson/compare.ts";
import type { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { typeMismatch } from "../../kit/mongo-error.ts";
import type { Assign } from "../projection.ts";
import { type Sort, sortDocs } from "../sort.ts";
import { mustFit, weightOf } from "../weight.ts";
import type { Evaluation, WindowFunction } from "../window.ts";
import type { MemoryBound } from "./memory.ts";
import { batchSize, failAfter, type Batches, type Run } from "./stage.ts";

/** What a document belongs to; undefined when all are in one partition. */
export type PartitionOf = ((doc: Doc) => Value) | undefined;

export interface Partitioning {
  readonly partitionOf: PartitionOf;
  /** Of the documents in a partition; undefined: they stay as they came. */
  readonly sort: Sort | undefined;
  readonly collation: TextOrder | undefined;
}

/**
 * The documents of one partition after the other, in ascending order of what they are partitioned by.
 *
 * @throws {MongoError} 292 when more would have to be held than a stage may, 14 for a document partitioned by an array
 */
export async function* sortIntoPartitions(
  input: Batches,
  { partitionOf, sort, collation }: Partitioning,
  memory: MemoryBound,
  { pacer }: Run,
): AsyncIterable<readonly Doc[]> {
  if (partitionOf === undefined && sort !== undefined) {
    yield await sortDocs(input, sort, { pacer });
    return;
  }
  const partitions = new Map<string | number, Partition>();
  const identityOf = identityBy(collation);
  for await (const batch of input)
    for (const doc of batch) {
      const key = partitionOf?.(doc) ?? null;
      mustNotBeArray(key);
      memory.add(weightOf(doc));
      const identity = identityOf(key);
      const partition = partitions.get(identity);
      if (partition === undefined) partitions.set(identity, { key, docs: [doc] });
      else partition.docs.push(doc);
      if (pacer.due()) await pacer.rest();
    }
  const inOrder = [...partitions.values()].toSorted((left, right) =>
    compare(left.key, right.key, collation),
  );
  for (const { docs } of inOrder)
    yield sort === undefined ? docs : await sortDocs([docs], sort, { pacer });
}

interface Partition {
  readonly key: Value;
  readonly docs: Doc[];
}

interface Output {
  readonly functions: readonly WindowFunction[];
  readonly assign: Assign;
}

/** Documents that are given at once weigh at most so much, or are one. */
const batchWeight = 4 * 2 ** 20;

/** Gives each document what the functions reckon for it. */
export async function* fillPartitions(
  partitions: AsyncIterable<readonly Doc[]>,
  { functions, assign }: Output,
  memory: MemoryBound,
  { pacer }: Run,
): Batches {
  let batch: Doc[] = [];
  let weight = 0;
  let evaluations: Evaluation[] = [];
  try {
    for await (const docs of partitions) {
      const hold = createHold(memory);
      const partition = { docs, pacer, hold: (bytes: number): void => hold.add(bytes) };
      evaluations = functions.map((each, index) => each.start(partition, evaluations[index]));
      for (const [index, doc] of docs.entries()) {
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
    }
  } catch (cause) {
    yield* failAfter(batch, cause);
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

/** What one partition's functions hold, all in all. */
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

/** @throws {MongoError} 14 */
export function mustNotBeArray(value: Value | undefined): void {
  if (isArray(value))
    throw typeMismatch("An expression used to partition cannot evaluate to value of type array");
}
