/** What the operations of a bulk write have done so far. */
import type { Value } from "../bson/value.ts";
import type { BulkResult, UpdateResult } from "./source.ts";

export interface BulkTally {
  insertedCount: number;
  matchedCount: number;
  modifiedCount: number;
  deletedCount: number;
  readonly insertedIds: Map<number, Value>;
  readonly upsertedIds: Map<number, Value>;
}

export function createBulkTally(): BulkTally {
  return {
    insertedCount: 0,
    matchedCount: 0,
    modifiedCount: 0,
    deletedCount: 0,
    insertedIds: new Map(),
    upsertedIds: new Map(),
  };
}

/** @param index of the operation */
export function tallyInsert(tally: BulkTally, index: number, id: Value): void {
  tally.insertedIds.set(index, id);
  tally.insertedCount += 1;
}

export function tallyUpdate(tally: BulkTally, index: number, result: UpdateResult): void {
  tally.matchedCount += result.matchedCount;
  tally.modifiedCount += result.modifiedCount;
  if (result.upsertedId !== undefined) tally.upsertedIds.set(index, result.upsertedId);
}

export function resultOfTally(tally: BulkTally): BulkResult {
  return { ...tally, upsertedCount: tally.upsertedIds.size };
}
