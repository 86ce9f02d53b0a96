/** Makes an index, over the documents that there are, while others read and write. */
import { randomUUID } from "node:crypto";
import { Doc } from "../bson/doc.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { namespaceOf, type StoredCollection, type StoredIndex } from "./catalog.ts";
import { compileDefinition, isSameIndex } from "./index-definition.ts";
import { findConflict } from "./collated-unique.ts";
import { keysOf, valuesOfKey } from "./index-keys.ts";
import type { KeyBuffer } from "./key-buffer.ts";
import { duplicateKey } from "./storable.ts";
import type { Store } from "./store.ts";
import { keepDoc } from "./tables.ts";

const indexesMax = 64;
/** How long one job may take, in milliseconds. */
const jobMs = 3;

/**
 * Makes the index unless it is there; resolves when it can be used.
 *
 * @param spec as `readIndexSpec` gives it
 * @throws {MongoError} 85 and 86 when it is at odds with another, 67 beyond 64 indexes, 11000 and 171 for the documents
 */
export async function buildIndex(
  store: Store,
  { database, name }: { readonly database: string; readonly name: string },
  spec: Doc,
): Promise<void> {
  const { environment, catalog, builds } = store;
  const started = await environment.write(() => {
    const collection = catalog.ensure(database, name);
    const wanted = compileDefinition(spec);
    const same = collection.indexes.find((each) => isSameIndex(wanted, each.definition));
    if (same !== undefined) return { collection, index: same, isNew: false };
    if (collection.indexes.length >= indexesMax)
      throw new MongoError(
        67,
        `add index fails, too many indexes for ${namespaceOf(collection)} key:${wanted.name}`,
      );
    const isEmpty = collection.count === 0;
    return { collection, index: catalog.addIndex(collection, spec, isEmpty), isNew: !isEmpty };
  });
  if (!started.isNew) {
    await builds.get(started.index);
    return;
  }
  const build = fillIndex(store, started.collection, started.index).finally(() =>
    builds.delete(started.index),
  );
  builds.set(started.index, build);
  await build;
}

async function fillIndex(
  store: Store,
  collection: StoredCollection,
  index: StoredIndex,
): Promise<void> {
  let next = 1;
  let isDone = false;
  try {
    while (!isDone && !collection.isDropped) {
      const from = next;
      // oxlint-disable-next-line no-await-in-loop
      const slice = await store.environment.write(() => fillSlice(store, collection, index, from));
      if (slice.failure !== undefined) throw toBuildFailure(collection, slice.failure);
      ({ next, isDone } = slice);
    }
    await store.environment.write(() => {
      if (collection.isDropped || !collection.indexes.includes(index)) return;
      store.environment.touch();
      index.isReady = true;
      index.changed();
    });
  } catch (cause) {
    await store.environment.write(() => {
      if (!collection.isDropped) store.catalog.dropIndex(collection, index);
    });
    void store.collectGarbage();
    throw cause;
  }
}

interface Slice {
  readonly next: number;
  readonly isDone: boolean;
  readonly failure: MongoError | undefined;
}

/** Within a job. */
function fillSlice(
  store: Store,
  collection: StoredCollection,
  index: StoredIndex,
  start: number,
): Slice {
  const { records, entries } = store.environment;
  const startedAt = performance.now();
  let next = start;
  let failure: MongoError | undefined;
  store.environment.touch();
  const isDone = records.scan(collection.id, start, false, (record, bytes) => {
    next = record + 1;
    try {
      const doc = Doc.fromBytes(bytes);
      if (index.definition.isUnique && !index.definition.isDirect)
        mustBeFree(store, collection, index, { doc: keepDoc(bytes), record });
      for (const key of keysOf(index, doc, record)) {
        const holder = index.definition.isDirect ? entries.get(key) : undefined;
        if (holder !== undefined && holder !== record)
          throw duplicateOf(store, collection, index, record, key);
        entries.put(key, record);
      }
    } catch (cause) {
      if (!(cause instanceof MongoError)) throw cause;
      failure = cause;
      return false;
    }
    return performance.now() - startedAt < jobMs;
  });
  return { next, isDone, failure };
}

/** Within a job, for an index of a collation. */
function mustBeFree(
  store: Store,
  collection: StoredCollection,
  index: StoredIndex,
  { doc, record }: { readonly doc: Doc; readonly record: number },
): void {
  const values = findConflict(store.environment, collection, index, doc, record);
  if (values === undefined) return;
  const { name, fields, collation } = index.definition;
  const paths = fields.map((each) => each.path);
  throw duplicateKey(namespaceOf(collection), name, paths, values, collation);
}

function duplicateOf(
  store: Store,
  collection: StoredCollection,
  index: StoredIndex,
  record: number,
  key: KeyBuffer,
): MongoError {
  const doc = store.environment.records.get(collection.id, record) ?? Doc.empty;
  const { name, fields, collation } = index.definition;
  const paths = fields.map((each) => each.path);
  const values = valuesOfKey(index, doc, record, key);
  return duplicateKey(namespaceOf(collection), name, paths, values, collation);
}

/** The server names the build and the collection by their ids. */
function toBuildFailure(collection: StoredCollection, cause: MongoError): MongoError {
  const uuid = Buffer.from(collection.uuid.bytes)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  return new MongoError(
    cause.code,
    `Index build failed: ${randomUUID()}: Collection ${namespaceOf(collection)} ( ${uuid} ) :: caused by :: ${cause.message}`,
    { cause },
  );
}
