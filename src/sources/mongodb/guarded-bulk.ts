/** A bulk write with guards: operation by operation, within one transaction. */
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import {
  type BulkTally,
  createBulkTally,
  resultOfTally,
  tallyInsert,
  tallyUpdate,
} from "../bulk-tally.ts";
import type { BulkGuards, Guard } from "../guard.ts";
import type { BulkOperation, BulkResult, CallOptions, Collection } from "../source.ts";
import { BulkWriteError } from "../write-error.ts";
import { isTransient } from "./failure.ts";

/**
 * Does all operations, or throws; whoever began the transaction then ends it.
 *
 * @param open gives the collection within the transaction
 */
export async function runGuardedBulk(
  open: (guard: Guard | undefined) => Collection,
  operations: readonly BulkOperation[],
  guards: BulkGuards,
  options: CallOptions = {},
): Promise<BulkResult> {
  if (operations.length === 0) throw badValue("Invalid BulkOperation, Batch cannot be empty");
  const tally = createBulkTally();
  for (const [index, operation] of operations.entries())
    try {
      // They may build on each other.
      // oxlint-disable-next-line no-await-in-loop
      await runOperation(open(guards[index]), operation, { index, options, tally });
    } catch (cause) {
      throw isPassing(cause) ? cause : toBulkError(cause, index);
    }
  return resultOfTally(tally);
}

/** What the transaction as a whole is tried again for. */
function isPassing(cause: unknown): boolean {
  return !(cause instanceof MongoError) || isTransient(cause);
}

function toBulkError(cause: unknown, index: number): BulkWriteError {
  const { code, message } = cause as MongoError;
  return new BulkWriteError([{ index, code, message }], resultOfTally(createBulkTally()));
}

async function runOperation(
  to: Collection,
  operation: BulkOperation,
  run: { readonly index: number; readonly options: CallOptions; readonly tally: BulkTally },
): Promise<void> {
  const { index, options, tally } = run;
  if ("insertOne" in operation)
    tallyInsert(tally, index, await to.insertOne(operation.insertOne.document, options));
  else if ("updateOne" in operation) {
    const { filter, update, ...own } = operation.updateOne;
    tallyUpdate(tally, index, await to.updateOne(filter, update, { ...options, ...own }));
  } else if ("updateMany" in operation) {
    const { filter, update, ...own } = operation.updateMany;
    tallyUpdate(tally, index, await to.updateMany(filter, update, { ...options, ...own }));
  } else if ("replaceOne" in operation) {
    const { filter, replacement, ...own } = operation.replaceOne;
    tallyUpdate(tally, index, await to.replaceOne(filter, replacement, { ...options, ...own }));
  } else if ("deleteOne" in operation) {
    const { filter, ...own } = operation.deleteOne;
    tally.deletedCount += await to.deleteOne(filter, { ...options, ...own });
  } else {
    const { filter, ...own } = operation.deleteMany;
    tally.deletedCount += await to.deleteMany(filter, { ...options, ...own });
  }
}
