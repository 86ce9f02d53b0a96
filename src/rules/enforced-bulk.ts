/** `bulkWrite` of a user: one operation after the other, each under the rules. */
import type { Value } from "../bson/value.ts";
import { badValue, MongoError } from "../kit/mongo-error.ts";
import type {
  BulkOperation,
  BulkResult,
  CallOptions,
  Collection,
  UpdateResult,
  WriteFailure,
} from "../sources/source.ts";
import { BulkWriteError } from "../sources/write-error.ts";

interface Tally {
  insertedCount: number;
  matchedCount: number;
  modifiedCount: number;
  deletedCount: number;
  readonly insertedIds: Map<number, Value>;
  readonly upsertedIds: Map<number, Value>;
}

/** Atlas: what stands before an operation that is denied has happened, as before one that fails. */
export async function runBulk(
  collection: Collection,
  operations: readonly BulkOperation[],
  options: (CallOptions & { readonly ordered?: boolean }) | undefined,
): Promise<BulkResult> {
  if (operations.length === 0) throw badValue("Invalid BulkOperation, Batch cannot be empty");
  const { ordered = true, ...common } = options ?? {};
  const tally: Tally = {
    insertedCount: 0,
    matchedCount: 0,
    modifiedCount: 0,
    deletedCount: 0,
    insertedIds: new Map(),
    upsertedIds: new Map(),
  };
  const failures: WriteFailure[] = [];
  for (const [index, operation] of operations.entries()) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      await runOperation(collection, operation, { index, common, tally });
    } catch (cause) {
      if (!(cause instanceof MongoError)) throw cause;
      failures.push({ index, code: cause.code, message: cause.message });
      if (ordered) break;
    }
  }
  const result = { ...tally, upsertedCount: tally.upsertedIds.size };
  if (failures.length > 0) throw new BulkWriteError(failures, result);
  return result;
}

async function runOperation(
  to: Collection,
  operation: BulkOperation,
  run: { readonly index: number; readonly common: CallOptions; readonly tally: Tally },
): Promise<void> {
  const { index, common, tally } = run;
  if ("insertOne" in operation) {
    tally.insertedIds.set(index, await to.insertOne(operation.insertOne.document, common));
    tally.insertedCount += 1;
  } else if ("updateOne" in operation) {
    const { filter, update, ...own } = operation.updateOne;
    count(tally, index, await to.updateOne(filter, update, { ...common, ...own }));
  } else if ("updateMany" in operation) {
    const { filter, update, ...own } = operation.updateMany;
    count(tally, index, await to.updateMany(filter, update, { ...common, ...own }));
  } else if ("replaceOne" in operation) {
    const { filter, replacement, ...own } = operation.replaceOne;
    count(tally, index, await to.replaceOne(filter, replacement, { ...common, ...own }));
  } else if ("deleteOne" in operation) {
    const { filter, ...own } = operation.deleteOne;
    tally.deletedCount += await to.deleteOne(filter, { ...common, ...own });
  } else {
    const { filter, ...own } = operation.deleteMany;
    tally.deletedCount += await to.deleteMany(filter, { ...common, ...own });
  }
}

function count(tally: Tally, index: number, result: UpdateResult): void {
  tally.matchedCount += result.matchedCount;
  tally.modifiedCount += result.modifiedCount;
  if (result.upsertedId !== undefined) tally.upsertedIds.set(index, result.upsertedId);
}
