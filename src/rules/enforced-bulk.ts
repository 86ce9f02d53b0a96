/** `bulkWrite` of a user: each of its operations under the rules, and nothing of it where one is denied. */
import type { Doc } from "../bson/doc.ts";
import type { BulkGuards, Guard } from "../sources/guard.ts";
import type { BulkOperation } from "../sources/source.ts";
import type { WriteRequest } from "./enforced-writes.ts";

export interface GuardedOperations {
  readonly operations: readonly BulkOperation[];
  readonly guards: BulkGuards;
}

/**
 * Finds out what stands before each operation, and asks about inserts at once.
 *
 * Atlas: whether the original took back what stood before an operation that a server refused is not told. Here a bulk
 * write under conditions happens as a whole or not at all, whatever it fails of.
 *
 * @param write.insertable gives a document with its `_id`; throws where it may not be
 */
export async function guardOperations(
  operations: readonly BulkOperation[],
  write: {
    readonly insertable: (document: Doc) => Promise<Doc>;
    readonly guardOf: (request: WriteRequest) => Guard;
  },
): Promise<GuardedOperations> {
  const made: BulkOperation[] = [];
  const guards: (Guard | undefined)[] = [];
  for (const operation of operations) {
    if ("insertOne" in operation) {
      // Those before it are known to be allowed.
      // oxlint-disable-next-line no-await-in-loop
      const document = await write.insertable(operation.insertOne.document);
      made.push({ insertOne: { document } });
      guards.push(undefined);
    } else {
      made.push(operation);
      guards.push(write.guardOf(requestOf(operation)));
    }
  }
  return { operations: made, guards };
}

function requestOf(
  operation: Exclude<BulkOperation, { readonly insertOne: unknown }>,
): WriteRequest {
  if ("updateOne" in operation) return { ...operation.updateOne, options: operation.updateOne };
  if ("updateMany" in operation) return { ...operation.updateMany, options: operation.updateMany };
  if ("replaceOne" in operation) return { ...operation.replaceOne, options: operation.replaceOne };
  const { filter, ...options } =
    "deleteOne" in operation ? operation.deleteOne : operation.deleteMany;
  return { filter, options };
}
