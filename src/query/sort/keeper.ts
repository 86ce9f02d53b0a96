/** Holds the documents of a sort: all of them, sorted by merging runs, or the first few, in a heap. */
import type { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import type { Pacer } from "../../kit/pacer.ts";
import { weightOf } from "../weight.ts";
import { createCut } from "./cut.ts";
import { createSortKeys, type Order } from "./keys.ts";
import { sortPositions } from "./merge-sort.ts";
import { partsOfValues } from "./prefix.ts";

// Atlas: the server spills a sort to disk above 100 MB (its default since 6.0); here one may hold this much, and fails
// above it with the server's error for a sort that may not spill.
const sortBytesMax = 256 * 2 ** 20;

/** What the entry of one document costs beside its bytes. */
const entryBytes = 120;

interface Entry {
  readonly key: Value;
  readonly doc: Doc;
  /** Counts the documents as they come: decides between equal keys. */
  readonly number: number;
}

export interface Keeper {
  /** Takes a document whose key can be read in its bytes. @returns whether it could */
  addPlain(doc: Doc): boolean;
  add(doc: Doc, key: Value): void;
  /** Whether the document at `start` need not be added, since it would not be kept. Absent: all are kept. */
  isNeedless?(bytes: Buffer, start: number): boolean;
  /** To be called now and then: lets go of what turned out not to be kept. */
  tidy?(pacer: Pacer): Promise<void> | undefined;
  /** The documents in order. Ends the keeper's life. */
  finish(pacer: Pacer): Promise<Doc[]>;
}

/** @param limit at least 1: only so many of the first are wanted, and kept */
export function createKeeper(order: Order, limit: number | undefined): Keeper {
  if (limit !== undefined && limit < 1) throw badValue("the limit of a sort must be positive");
  if (limit === undefined) return keepAll(order);
  const isSome = order.field !== undefined && limit <= someMax;
  return isSome ? keepSome(order, limit) : keepFirst(order, limit);
}

function keepAll(order: Order): Keeper {
  const docs: Doc[] = [];
  const keys = createSortKeys(order);
  const hold = createBound();
  return {
    addPlain(doc): boolean {
      const keyBytes = keys.addFrom(doc);
      if (keyBytes === undefined) return false;
      hold(entryBytes + weightOf(doc));
      docs.push(doc);
      return true;
    },
    add(doc, key): void {
      hold(entryBytes + weightOf(doc));
      keys.add(key);
      docs.push(doc);
    },
    async finish(pacer): Promise<Doc[]> {
      const sorted = await keys.inOrder(pacer);
      return Array.from(sorted, (position) => docs[position] as Doc);
    },
  };
}

function createBound(): (bytes: number) => void {
  let held = 0;
  return (bytes) => {
    held += bytes;
    if (held > sortBytesMax) throw tooMuch();
  };
}

function tooMuch(): MongoError {
  return new MongoError(
    292,
    `Sort exceeded memory limit of ${sortBytesMax} bytes, but did not opt in to external sorting.`,
  );
}

function keepFirst(order: Order, limit: number): Keeper {
  let count = 0;
  const isBefore = (left: Entry, right: Entry): number =>
    order.compare(left.key, right.key) || left.number - right.number;
  const entries: Entry[] = [];
  const hold = createBound();
  return {
    addPlain: () => false,
    add(doc, key): void {
      const entry = { key, doc, number: count };
      count += 1;
      if (entries.length < limit) {
        hold(entryBytes + weightOf(doc));
        entries.push(entry);
        siftUp(entries, isBefore);
      } else {
        const last = entries[0] as Entry;
        if (isBefore(entry, last) > 0) return;
        hold(weightOf(doc) - weightOf(last.doc));
        entries[0] = entry;
        siftDown(entries, isBefore);
      }
    },
    async finish(pacer): Promise<Doc[]> {
      const at = (position: number): Entry => entries[position] as Entry;
      const sorted = await sortPositions(
        entries.length,
        {
          leading: partsOfValues((position) => order.leading(at(position).key)),
          direction: order.paths[0]?.direction ?? 1,
          compare: (left, right) => isBefore(at(left), at(right)),
        },
        pacer,
      );
      return Array.from(sorted, (position) => at(position).doc);
    },
  };
}

/** Of so many, those that are to be kept can be picked out in one go. */
const someMax = 50_000;

/** So many documents are held at least, before it is looked which of them are the first. */
const heldMin = 512;

/** As `keepFirst`, where keys lie in the documents' bytes: some more are held than are wanted, and sorted together. */
function keepSome(order: Order, limit: number): Keeper {
  let docs: Doc[] = [];
  const keys = createSortKeys(order);
  const cut = createCut(order);
  let held = 0;

  async function letGo(pacer: Pacer): Promise<void> {
    const first = (await keys.inOrder(pacer)).subarray(0, limit);
    if (first.length === limit) cut.set(keys.keyAt(first[limit - 1] as number));
    // Those that are alike go on in the order in which they came.
    const left = first.toSorted();
    keys.leave(left);
    docs = Array.from(left, (position) => docs[position] as Doc);
    held = docs.reduce((sum, each) => sum + entryBytes + weightOf(each), 0);
    if (held > sortBytesMax) throw tooMuch();
  }

  const hold = (doc: Doc): void => {
    held += entryBytes + weightOf(doc);
    docs.push(doc);
  };
  return {
    addPlain(doc): boolean {
      if (keys.addFrom(doc) === undefined) return false;
      hold(doc);
      return true;
    },
    isNeedless: (bytes, start) => cut.isBehind(bytes, start),
    add(doc, key): void {
      keys.add(key);
      hold(doc);
    },
    tidy(pacer): Promise<void> | undefined {
      const isMany = docs.length >= Math.max(2 * limit, heldMin);
      return isMany || held > sortBytesMax ? letGo(pacer) : undefined;
    },
    async finish(pacer): Promise<Doc[]> {
      const sorted = await keys.inOrder(pacer);
      return Array.from(sorted.subarray(0, limit), (position) => docs[position] as Doc);
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
