/**
 * A bulk write with guards: all of its operations in one job of the store, or none.
 *
 * Nobody can wait within a job, and no search may take its time there. So what each operation means is looked for
 * before, and in the job the documents found are tested again, together with those that the operations before it wrote.
 */
import type { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import { createPacer, type Pacer } from "../../kit/pacer.ts";
import type { StoredCollection } from "../../store/catalog.ts";
import { settling } from "../../store/postponed.ts";
import { type CompiledQuery, recordOfId } from "../../store/query.ts";
import { isLookup, readRecords } from "../../store/read.ts";
import { toStorable } from "../../store/storable.ts";
import { applyChange } from "../../store/write-many.ts";
import { type BulkTally, createBulkTally, resultOfTally, tallyInsert } from "../bulk-tally.ts";
import type { BulkGuards } from "../guard.ts";
import type { BulkOperation, BulkResult, CallOptions } from "../source.ts";
import { BulkWriteError } from "../write-error.ts";
import { type CollectionContext, mustFitJob } from "./context.ts";
import { createJobGuard } from "./guarded.ts";
import { compileRemoval } from "./remove.ts";
import { compileUpdating } from "./update.ts";

/** What an operation does to the documents that it finds. */
interface Change {
  readonly query: CompiledQuery;
  readonly change: (before: Doc) => Doc | undefined;
  readonly compose?: (() => Doc) | undefined;
  readonly isReplacement?: boolean | undefined;
  readonly isMany: boolean;
  /** Those that matched before the job. */
  readonly found: readonly number[];
}

type Step = { readonly insert: Doc } | Change;

/** Documents that are looked for where one is wanted: others may be faster, and operations before it. */
const candidatesMax = 16;
/** Tests of documents that operations of the same call have written: they hold up everybody else. */
const testsMax = 100_000;

/** Thrown in the job where all that was found has changed meanwhile. */
class Outdated extends Error {}

/** @throws {BulkWriteError} with the operation that failed, and nothing done */
export async function bulkWriteGuarded(
  context: CollectionContext,
  operations: readonly BulkOperation[],
  guards: BulkGuards,
  options: CallOptions = {},
): Promise<BulkResult> {
  if (operations.length === 0) throw badValue("Invalid BulkOperation, Batch cannot be empty");
  const pacer = createPacer(options.signal);
  // What a guard took its time for is remembered from try to try.
  const owners = operations.map((_, index) => {
    const guard = guards[index];
    return guard === undefined ? context : { ...context, guard: createJobGuard(guard) };
  });
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      return await settling(async () => {
        const steps: Step[] = [];
        for (const [index, operation] of operations.entries())
          steps.push(
            // oxlint-disable-next-line no-await-in-loop
            await prepare(owners[index] ?? context, operation, index, { options, pacer }),
          );
        return context.store.environment.write(() => runAll(context, steps));
      });
    } catch (cause) {
      if (!(cause instanceof Outdated)) throw cause;
      // oxlint-disable-next-line no-await-in-loop
      await pacer.rest();
    }
  }
}

async function prepare(
  context: CollectionContext,
  operation: BulkOperation,
  index: number,
  given: { readonly options: CallOptions; readonly pacer: Pacer },
): Promise<Step> {
  try {
    if ("insertOne" in operation)
      return { insert: toStorable(operation.insertOne.document, context.store.stamps) };
    const change = compile(context, operation, given.options);
    return { ...change, found: await search(context, change, given.pacer) };
  } catch (cause) {
    throw asBulkError(cause, index);
  }
}

function compile(
  context: CollectionContext,
  operation: Exclude<BulkOperation, { readonly insertOne: unknown }>,
  common: CallOptions,
): Omit<Change, "found"> {
  if ("deleteOne" in operation || "deleteMany" in operation) {
    const isMany = "deleteMany" in operation;
    const { filter, ...own } = isMany ? operation.deleteMany : operation.deleteOne;
    return { ...compileRemoval(context, filter, { ...common, ...own }), isMany };
  }
  if ("replaceOne" in operation) {
    const { filter, replacement, ...own } = operation.replaceOne;
    const writing = compileUpdating(context, filter, { replacement }, { ...common, ...own });
    return { ...writing, isMany: false };
  }
  const isMany = "updateMany" in operation;
  const { filter, update, ...own } = isMany ? operation.updateMany : operation.updateOne;
  return { ...compileUpdating(context, filter, { update }, { ...common, ...own }), isMany };
}

async function search(
  context: CollectionContext,
  { query, isMany }: Omit<Change, "found">,
  pacer: Pacer,
): Promise<readonly number[]> {
  const { environment, catalog } = context.store;
  const collection = catalog.find(context.database, context.name);
  // One that is named by its `_id` is looked up in the job.
  if (collection === undefined || isLookup(collection, query)) return [];
  const most = isMany ? undefined : candidatesMax;
  const wanted = { ...query, limit: most };
  return readRecords(environment, collection, wanted, {
    pacer,
    ...(most !== undefined && { most }),
  });
}

/** Within a job; what it throws undoes all of it. */
function runAll(context: CollectionContext, steps: readonly Step[]): BulkResult {
  const run: Run = { context, tally: createBulkTally(), written: new Set(), changes: 0, tests: 0 };
  for (const [index, step] of steps.entries())
    try {
      if ("insert" in step) {
        tallyInsert(run.tally, index, insert(run, step.insert));
      } else runChange(run, step, index);
    } catch (cause) {
      throw asBulkError(cause, index);
    }
  return resultOfTally(run.tally);
}

interface Run {
  readonly context: CollectionContext;
  readonly tally: BulkTally;
  /** Records that operations have put in or changed. */
  readonly written: Set<number>;
  changes: number;
  tests: number;
}

function countChange(run: Run): void {
  run.changes += 1;
  mustFitJob(run.context, run.changes);
}

/** @returns the `_id` */
function insert(run: Run, document: Doc): Value {
  const { store, database, name } = run.context;
  run.written.add(store.writer.insert(store.catalog.ensure(database, name), document));
  countChange(run);
  return document.get("_id") as Value;
}

function runChange(run: Run, step: Change, index: number): void {
  const { context, tally } = run;
  const collection = context.store.catalog.find(context.database, context.name);
  const matched = collection === undefined ? 0 : changeMatching(run, step, collection);
  if (matched > 0) return;
  const mayBeBehind = !step.isMany && step.found.length >= candidatesMax;
  if (mayBeBehind) throw new Outdated();
  if (step.compose === undefined) return;
  const composed = step.compose();
  tally.upsertedIds.set(index, insert(run, toStorable(composed, context.store.stamps)));
}

/** @returns how many documents were meant */
function changeMatching(run: Run, step: Change, collection: StoredCollection): number {
  const { context, tally } = run;
  const { store } = context;
  let matched = 0;
  for (const record of recordsOf(run, step, collection)) {
    const before = store.environment.records.get(collection.id, record);
    if (before === undefined || step.query.match?.matches(before) === false) continue;
    const after = step.change(before);
    matched += 1;
    if (after === undefined) tally.deletedCount += 1;
    else {
      tally.matchedCount += 1;
      if (after !== before) tally.modifiedCount += 1;
    }
    if (after !== before) {
      countChange(run);
      run.written.add(record);
      const { isReplacement } = step;
      applyChange(store, collection, { record, before, after, isReplacement });
    }
    if (!step.isMany) break;
  }
  return matched;
}

function recordsOf(
  run: Run,
  { query, found }: Change,
  collection: StoredCollection,
): readonly number[] {
  if (isLookup(collection, query)) {
    const record = recordOfId(run.context.store.environment, collection, query.id);
    return record === undefined ? [] : [record];
  }
  run.tests += run.written.size;
  if (run.tests > testsMax)
    throw new Fault(
      "InvalidParameter",
      "too many operations, not by _id, for one bulk write under rules with conditions",
    );
  const known = new Set(found);
  return [...found, ...[...run.written].filter((each) => !known.has(each))];
}

function asBulkError(cause: unknown, index: number): unknown {
  if (!(cause instanceof MongoError)) return cause;
  const failure = { index, code: cause.code, message: cause.message };
  return new BulkWriteError([failure], resultOfTally(createBulkTally()));
}
