/**
 * Checks every index against every document, and the counts.
 *
 * It may run while others write: what looks wrong is looked at again within a write job, where nothing moves.
 */
import type { Doc } from "../bson/doc.ts";
import { createPacer, type Pacer } from "../kit/pacer.ts";
import { namespaceOf, type StoredCollection, type StoredIndex } from "./catalog.ts";
import { keysOf } from "./index-keys.ts";
import { copyKey, createKeyBuffer, type KeyBuffer, writeWord } from "./key-buffer.ts";
import { startScan } from "./scan.ts";
import type { Store } from "./store.ts";
import { keepDoc } from "./tables.ts";

export interface Diagnosis {
  readonly collections: number;
  readonly documents: number;
  readonly entries: number;
  /** One line each; empty when all is well. */
  readonly problems: readonly string[];
}

/** Enough to see what is wrong. */
const problemsMax = 100;

export async function examine(store: Store, signal?: AbortSignal): Promise<Diagnosis> {
  const pacer = createPacer(signal);
  const problems: string[] = [];
  let [collections, documents, entries] = [0, 0, 0];
  for (const collection of store.catalog
    .databases()
    .flatMap((each) => store.catalog.collections(each))) {
    collections += 1;
    // oxlint-disable-next-line no-await-in-loop
    documents += await examineDocuments(store, collection, pacer, problems);
    for (const index of collection.indexes)
      // oxlint-disable-next-line no-await-in-loop
      entries += await examineEntries(store, collection, index, { pacer, problems });
    if (problems.length >= problemsMax) break;
  }
  return { collections, documents, entries, problems };
}

async function examineDocuments(
  store: Store,
  collection: StoredCollection,
  pacer: Pacer,
  problems: string[],
): Promise<number> {
  const { environment } = store;
  const before = { count: collection.count, last: collection.lastRecord };
  const plan = { kind: "collection", isReverse: false, isSorted: true } as const;
  const scan = startScan(environment, collection, plan);
  const suspects: number[] = [];
  let count = 0;
  for (let isDone = false; !isDone && !collection.isDropped;) {
    isDone = scan.run((record, bytes) => {
      count += 1;
      if (lacksEntry(store, collection, record, keepDoc(bytes)) !== undefined)
        suspects.push(record);
      return !pacer.due();
    });
    // oxlint-disable-next-line no-await-in-loop
    if (!isDone) await pacer.rest();
  }
  for (const record of suspects.slice(0, problemsMax)) {
    // oxlint-disable-next-line no-await-in-loop
    const problem = await environment.write(() => {
      const doc = environment.records.get(collection.id, record);
      return doc === undefined ? undefined : lacksEntry(store, collection, record, doc);
    });
    if (problem !== undefined) problems.push(`${namespaceOf(collection)}: ${problem}`);
  }
  const isQuiet = before.count === collection.count && before.last === collection.lastRecord;
  if (isQuiet && count !== collection.count)
    problems.push(
      `${namespaceOf(collection)}: ${count} documents, but ${collection.count} are counted`,
    );
  return count;
}

/** What is wrong with a document's entries, if anything is. */
function lacksEntry(
  store: Store,
  collection: StoredCollection,
  record: number,
  doc: Doc,
): string | undefined {
  if (doc.keys()[0] !== "_id") return `record ${record} does not begin with _id`;
  for (const index of collection.indexes) {
    if (!index.isReady) continue;
    for (const key of keysOf(index, doc, record))
      if (store.environment.entries.get(key) !== record)
        return `record ${record} is missing from index ${index.definition.name}`;
  }
  return undefined;
}

async function examineEntries(
  store: Store,
  collection: StoredCollection,
  index: StoredIndex,
  { pacer, problems }: { readonly pacer: Pacer; readonly problems: string[] },
): Promise<number> {
  const { environment } = store;
  const [start, end] = [prefixOf(index.id), prefixOf(index.id + 1)];
  const suspects: KeyBuffer[] = [];
  let count = 0;
  let after: KeyBuffer | undefined;
  for (let isDone = false; !isDone && !collection.isDropped;) {
    const range = { start, end, isReverse: false, ...(after !== undefined && { after }) };
    isDone = environment.entries.scan(range, (record, key) => {
      count += 1;
      const own = copyKey(key);
      after = own;
      if (!leadsBack(store, collection, index, { record, key: own })) suspects.push(own);
      return !pacer.due();
    });
    // oxlint-disable-next-line no-await-in-loop
    if (!isDone) await pacer.rest();
  }
  for (const key of suspects.slice(0, problemsMax)) {
    // oxlint-disable-next-line no-await-in-loop
    const isWrong = await environment.write(() => {
      const record = environment.entries.get(key);
      return record !== undefined && !leadsBack(store, collection, index, { record, key });
    });
    if (isWrong)
      problems.push(
        `${namespaceOf(collection)}: index ${index.definition.name} has an entry without its document`,
      );
  }
  return count;
}

function leadsBack(
  store: Store,
  collection: StoredCollection,
  index: StoredIndex,
  { record, key }: { readonly record: number; readonly key: KeyBuffer },
): boolean {
  const doc = store.environment.records.get(collection.id, record);
  if (doc === undefined) return false;
  return keysOf(index, doc, record).some((each) => each.bytes.equals(key.bytes));
}

function prefixOf(id: number): KeyBuffer {
  const key = createKeyBuffer(4);
  writeWord(key, id);
  return key;
}
