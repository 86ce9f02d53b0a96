/** Several sorted lists of entries as one. */
import type { Pacer } from "../../kit/pacer.ts";
import { createHeap } from "../heap.ts";
import {
  compareRest,
  createEntryList,
  type EntryCursor,
  type EntryList,
  pushEntry,
} from "./entry-list.ts";

const batchBytes = 256 * 1024;

export interface EntryBatch extends EntryList {
  readonly isLast: boolean;
}

/** @returns gives the next entries in order; a batch is written over by the one after the next */
export function createMerge(
  cursors: readonly EntryCursor[],
  pacer: Pacer,
): () => Promise<EntryBatch> {
  const heap = createHeap<EntryCursor>((left, right) => compareCursors(left, right) < 0);
  for (const each of cursors) heap.push(each);
  let [now, other] = [createEntryList(batchBytes), createEntryList(batchBytes)];

  return async () => {
    [now, other] = [other, now];
    now.length = 0;
    for (let least = heap.peek(); least !== undefined; least = heap.peek()) {
      if (!pushEntry(now, least.bytes, least.start, least.end)) break;
      // oxlint-disable-next-line no-await-in-loop
      if (least.next() || (await least.load())) heap.settle();
      else heap.pop();
      // oxlint-disable-next-line no-await-in-loop
      if (pacer.due()) await pacer.rest();
    }
    return { bytes: now.bytes, length: now.length, isLast: heap.size === 0 };
  };
}

function compareCursors(left: EntryCursor, right: EntryCursor): number {
  return (
    left.prefix - right.prefix ||
    compareRest(left.bytes, left.start, left.end, right.bytes, right.start, right.end)
  );
}
