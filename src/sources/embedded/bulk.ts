/** `bulkWrite`: operations one after the other, neighbouring inserts together. */
import type { Doc } from "../../bson/doc.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import {
  type BulkTally,
  createBulkTally,
  resultOfTally,
  tallyInsert,
  tallyUpdate,
} from "../bulk-tally.ts";
import type { BulkOperation, BulkResult, CallOptions, WriteFailure } from "../source.ts";
import { BulkWriteError } from "../write-error.ts";
import type { CollectionContext } from "./context.ts";
import { insertAll } from "./insert.ts";
import { deleteMany, deleteOne } from "./remove.ts";
import { replaceOne, updateMany, updateOne } from "./update.ts";

interface Tally extends BulkTally {
  readonly failures: WriteFailure[];
}

export async function bulkWrite(
  context: CollectionContext,
  operations: readonly BulkOperation[],
  options?: CallOptions & { readonly ordered?: boolean },
): Promise<BulkResult> {
  if (operations.length === 0) throw badValue("Invalid BulkOperation, Batch cannot be empty");
  const ordered = options?.ordered !== false;
  const tally: Tally = { ...createBulkTally(), failures: [] };
  for (let index = 0; index < operations.length;) {
    if (ordered && tally.failures.length > 0) break;
    const inserts = insertsFrom(operations, index);
    if (inserts.length > 0) {
      // The operations may build on each other: each waits for the one before it.
      // oxlint-disable-next-line no-await-in-loop
      await runInserts(context, inserts, { index, ordered, signal: options?.signal, tally });
      index += inserts.length;
      continue;
    }
    // oxlint-disable-next-line no-await-in-loop
    await runOperation(context, operations[index] as BulkOperation, { index, options, tally });
    index += 1;
  }
  if (tally.failures.length > 0) throw new BulkWriteError(tally.failures, toResult(tally));
  return toResult(tally);
}

function toResult(tally: Tally): BulkResult {
  const { failures: _, ...rest } = tally;
  return resultOfTally(rest);
}

function insertsFrom(operations: readonly BulkOperation[], start: number): readonly Doc[] {
  const documents: Doc[] = [];
  for (let index = start; index < operations.length; index += 1) {
    const operation = operations[index] as BulkOperation;
    if (!("insertOne" in operation)) break;
    documents.push(operation.insertOne.document);
  }
  return documents;
}

async function runInserts(
  context: CollectionContext,
  documents: readonly Doc[],
  run: {
    readonly index: number;
    readonly ordered: boolean;
    readonly signal: AbortSignal | undefined;
    readonly tally: Tally;
  },
): Promise<void> {
  const { index, tally } = run;
  const { ids, failures } = await insertAll(context, documents, run);
  for (const [at, id] of ids) tallyInsert(tally, index + at, id);
  for (const each of failures) tally.failures.push({ ...each, index: index + each.index });
}

async function runOperation(
  context: CollectionContext,
  operation: BulkOperation,
  run: {
    readonly index: number;
    readonly options: CallOptions | undefined;
    readonly tally: Tally;
  },
): Promise<void> {
  const { index, options, tally } = run;
  try {
    await dispatch(context, operation, { index, options: options ?? {}, tally });
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    tally.failures.push({ index, code: cause.code, message: cause.message });
  }
}

async function dispatch(
  context: CollectionContext,
  operation: BulkOperation,
  run: { readonly index: number; readonly options: CallOptions; readonly tally: Tally },
): Promise<void> {
  const { index, options, tally } = run;
  if ("updateOne" in operation) {
    const { filter, update, ...own } = operation.updateOne;
    tallyUpdate(tally, index, await updateOne(context, filter, update, { ...options, ...own }));
  } else if ("updateMany" in operation) {
    const { filter, update, ...own } = operation.updateMany;
    tallyUpdate(tally, index, await updateMany(context, filter, update, { ...options, ...own }));
  } else if ("replaceOne" in operation) {
    const { filter, replacement, ...own } = operation.replaceOne;
    tallyUpdate(
      tally,
      index,
      await replaceOne(context, filter, replacement, { ...options, ...own }),
    );
  } else if ("deleteOne" in operation) {
    const { filter, ...own } = operation.deleteOne;
    tally.deletedCount += await deleteOne(context, filter, { ...options, ...own });
  } else if ("deleteMany" in operation) {
    const { filter, ...own } = operation.deleteMany;
    tally.deletedCount += await deleteMany(context, filter, { ...options, ...own });
  }
}
