/** Holds the documents of a sort: all of them, sorted by merging runs, or the first few, in a heap. */
import type { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { Pacer } from "../../kit/pacer.ts";
import { weightOf } from "../weight.ts";
import { sortPositions } from "./merge-sort.ts";

// Atlas: the server spills a sort to disk above 100 MB (its default since 6.0); here one may hold this much, and fails
// above it with the server's error for a sort that may not spill.
const sortBytesMax = 256 * 2 ** 20;

/** What the entry of one document costs beside its bytes. */
const entryBytes = 120;

interface Order {
  readonly paths: readonly { readonly direction: 1 | -1 }[];
  leading(key: Value): Value;
  compare(left: Value, right: Value): number;
}

interface Entry {
  readonly key: Value;
  readonly doc: Doc;
  /** Counts the documents as they come: decides between equal keys. */
  readonly number: number;
}

export interface Keeper {
  add(doc: Doc, key: Value): void;
  /** The documents in order. Ends the keeper's life. */
  finish(pacer: Pacer): Promise<Doc[]>;
}

export function createKeeper(order: Order, limit: number | undefined): Keeper {
  let count = 0;
  let held = 0;
  const isBefore = (left: Entry, right: Entry): number =>
    order.compare(left.key, right.key) || left.number - right.number;
  const entries: Entry[] = [];
  const hold = (bytes: number): void => {
    held += bytes;
    if (held > sortBytesMax)
      throw new MongoError(
        292,
        `Sort exceeded memory limit of ${sortBytesMax} bytes, but did not opt in to external sorting.`,
      );
  };
  return {
    add(doc, key): void {
      const entry = { key, doc, number: count };
      count += 1;
      if (limit === undefined || entries.length < limit) {
        hold(entryBytes + weightOf(doc));
        entries.push(entry);
        if (limit !== undefined) siftUp(entries, isBefore);
        return;
      }
      const last = entries[0] as Entry;
      if (isBefore(entry, last) > 0) return;
      hold(weightOf(doc) - weightOf(last.doc));
      entries[0] = entry;
      siftDown(entries, isBefore);
    },
    async finish(pacer): Promise<Doc[]> {
      const at = (position: number): Entry => entries[position] as Entry;
      const sorted = await sortPositions(
        entries.length,
        {
          leading: (position) => order.leading(at(position).key),
          direction: order.paths[0]?.direction ?? 1,
          compare: (left, right) => isBefore(at(left), at(right)),
        },
        pacer,
      );
      return Array.from(sorted, (position) => at(position).doc);
    },
  };
}

type Compare = (left: Entry, right: Entry) => number;

/** A binary heap with the greatest on top; the last one has just been put at the end. */
function siftUp(heap: Entry[], order: Compare): void {
  let at = heap.length - 1;
  const entry = heap[at] as Entry;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (order(heap[parent] as Entry, entry) >= 0) break;
    heap[at] = heap[parent] as Entry;
    at = parent;
  }
  heap[at] = entry;
}

/** The top has been replaced. */
function siftDown(heap: Entry[], order: Compare): void {
  const entry = heap[0] as Entry;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    const right = child + 1;
    if (right < heap.length && order(heap[right] as Entry, heap[child] as Entry) > 0) child = right;
    if (order(entry, heap[child] as Entry) >= 0) break;
    heap[at] = heap[child] as Entry;
    at = child;
  }
  heap[at] = entry;
}
