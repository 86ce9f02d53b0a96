/**
 * One document with its index entries: put in, replaced, taken out. Within a write job only.
 *
 * Everything is checked before the first put, so that what throws has changed nothing.
 */
import type { Doc } from "../bson/doc.ts";
import type { MongoError } from "../kit/mongo-error.ts";
import type { Catalog, StoredCollection, StoredIndex } from "./catalog.ts";
import type { ChangeFeed } from "./change-feed.ts";
import type { Environment } from "./environment.ts";
import { findConflict } from "./collated-unique.ts";
import {
  doubtfulMax,
  noteWritten,
  putMeanwhile,
  removeMeanwhile,
} from "./index-build/build-state.ts";
import { keysOf, toStoredKey, valuesOfKey } from "./index-keys.ts";
import { copyKey, type KeyBuffer } from "./key-buffer.ts";
import { duplicateKey } from "./storable.ts";
import { isUntouched } from "./untouched-index.ts";

interface KeyChange {
  readonly index: StoredIndex;
  readonly added: readonly KeyBuffer[];
  readonly removed: readonly KeyBuffer[];
}

export interface DocumentWriter {
  /**
   * @param doc over bytes, with `_id` first
   * @returns the record id
   * @throws {MongoError} 11000 `DuplicateKey`, 171 `CannotIndexParallelArrays` …
   */
  insert(collection: StoredCollection, doc: Doc): number;
  /** @throws {MongoError} as `insert` */
  replace(
    collection: StoredCollection,
    record: number,
    change: { readonly kind: "update" | "replace"; readonly before: Doc; readonly after: Doc },
  ): void;
  remove(collection: StoredCollection, record: number, before: Doc): void;
}

export function createDocumentWriter(
  environment: Environment,
  catalog: Catalog,
  feed: ChangeFeed,
): DocumentWriter {
  const { records, entries } = environment;

  function nextRecord(collection: StoredCollection): number {
    if (collection.lastRecord === 0) collection.lastRecord = records.last(collection.id);
    collection.lastRecord += 1;
    return collection.lastRecord;
  }

  /** Those that this transaction has made bigger or smaller. */
  const grown = new Set<StoredCollection>();
  environment.onCommit(
    () => {},
    () => {
      grown.clear();
    },
  );

  function grow(collection: StoredCollection, count: number, bytes: number): void {
    if (!grown.has(collection)) noteGrowth(collection);
    collection.count += count;
    collection.bytes += bytes;
  }

  /** Once per transaction, and not per document. */
  function noteGrowth(collection: StoredCollection): void {
    const { count, bytes } = collection;
    grown.add(collection);
    catalog.countChanged(collection);
    environment.onUndo(() => {
      Object.assign(collection, { count, bytes });
      grown.delete(collection);
    });
  }

  /** Throws where a key of a unique index leads to another record. */
  function mustBeFree(
    collection: StoredCollection,
    index: StoredIndex,
    keys: readonly KeyBuffer[],
    doc: Doc,
    record: number,
  ): void {
    if (!index.definition.isUnique) return;
    // As on the server, doubles may come and go while the index is being built.
    if ((index.build?.doubtful.size ?? doubtfulMax) < doubtfulMax) return;
    if (!index.definition.isDirect) {
      const values =
        keys.length === 0 ? undefined : findConflict(environment, collection, index, doc, record);
      if (values !== undefined) throw duplicateKey(collection, index, values);
      return;
    }
    for (const key of keys) {
      const holder = entries.get(key);
      if (holder !== undefined && holder !== record)
        throw duplicate(collection, index, doc, record, key);
    }
  }

  /** @param keys of the document, all of them where the index is being built */
  function putKeys(
    collection: StoredCollection,
    index: StoredIndex,
    keys: readonly KeyBuffer[],
    doc: Doc,
    record: number,
  ): void {
    if (index.build !== undefined)
      putMeanwhile(environment, collection, index, { keys, doc, record });
    else for (const key of keys) entries.put(key, record);
  }

  function removeKeys(index: StoredIndex, keys: readonly KeyBuffer[], record: number): void {
    if (index.build !== undefined) removeMeanwhile(environment, index, keys, record);
    else for (const key of keys) entries.remove(key);
  }

  return {
    insert(collection, doc) {
      const record = nextRecord(collection);
      const bytes = doc.toBytes();
      const [idIndex] = collection.indexes;
      if (collection.indexes.length === 1 && idIndex?.definition.isDirect === true) {
        // Most collections: the put of the only key is the check as well.
        const key = toStoredKey(idIndex, [doc.get("_id")], record);
        if (!entries.add(key, record)) throw duplicate(collection, idIndex, doc, record, key);
        environment.touch();
      } else {
        // Index by index: of several things wrong, the server reports that of the first index.
        const keys = collection.indexes.map((index) => {
          const own = keysOf(index, doc, record);
          mustBeFree(collection, index, own, doc, record);
          return { index, own };
        });
        environment.touch();
        for (const { index, own } of keys) putKeys(collection, index, own, doc, record);
      }
      records.put(collection.id, record, bytes);
      grow(collection, 1, bytes.length);
      feed.note(collection, { kind: "insert", after: doc });
      return record;
    },
    replace(collection, record, change) {
      const { before, after } = change;
      const [former, bytes] = [before.toBytes(), after.toBytes()];
      const changes: KeyChange[] = [];
      for (const index of collection.indexes) {
        if (isUntouched(index.definition, former, bytes)) continue;
        const old = keysOf(index, before, record);
        const fresh = keysOf(index, after, record);
        const added = without(fresh, old);
        const removed = without(old, fresh);
        if (added.length + removed.length === 0) continue;
        if (index.build === undefined) changes.push({ index, added, removed });
        else {
          noteWritten(environment, index.build, record);
          changes.push({ index, added: fresh, removed: old });
        }
      }
      // Unlike for an insert, the server works out all keys before it looks for doubles.
      for (const { index, added } of changes) mustBeFree(collection, index, added, after, record);
      environment.touch();
      for (const { index, added, removed } of changes) {
        removeKeys(index, removed, record);
        putKeys(collection, index, added, after, record);
      }
      records.put(collection.id, record, bytes);
      grow(collection, 0, bytes.length - former.length);
      feed.note(collection, change);
    },
    remove(collection, record, before) {
      const { indexes } = collection;
      const keys = indexes.map((index) => ({ index, own: keysOf(index, before, record) }));
      environment.touch();
      for (const { index, own } of keys) {
        if (index.build !== undefined) noteWritten(environment, index.build, record);
        removeKeys(index, own, record);
      }
      records.remove(collection.id, record);
      grow(collection, -1, -before.toBytes().length);
      feed.note(collection, { kind: "delete", before });
    },
  };
}

function without(keys: readonly KeyBuffer[], others: readonly KeyBuffer[]): readonly KeyBuffer[] {
  if (keys.length === 1 && others.length === 1)
    return keys[0]?.bytes.equals(others[0]?.bytes as Buffer) === true ? [] : keys;
  const known = new Set(others.map(({ bytes }) => bytes.toString("latin1")));
  return keys.filter(({ bytes }) => !known.has(bytes.toString("latin1")));
}

function duplicate(
  collection: StoredCollection,
  index: StoredIndex,
  doc: Doc,
  record: number,
  key: KeyBuffer,
): MongoError {
  // The key lies in a buffer that working out its values writes over.
  const own = copyKey(key);
  return duplicateKey(collection, index, valuesOfKey(index, doc, record, own));
}
