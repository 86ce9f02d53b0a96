/** Puts sorted entries into the index that is being built, and looks for doubles. */
import { Doc } from "../../bson/doc.ts";
import type { MongoError } from "../../kit/mongo-error.ts";
import type { StoredCollection, StoredIndex } from "../catalog.ts";
import { findConflict } from "../collated-unique.ts";
import type { Environment } from "../environment.ts";
import { keysOf, type KeyValues, valuesOfKey } from "../index-keys.ts";
import { createKeyBuffer } from "../key-buffer.ts";
import { duplicateKey } from "../storable.ts";
import { readRecordId, recordIdBytes } from "../tables.ts";
import { type BuildState, doubtfulMax } from "./build-state.ts";
import { copyEntry, type EntryList, lengthAt, lengthBytes } from "./entry-list.ts";

/** How long one job may take, in milliseconds: each ends in a wait for the disk, so that short ones make it long. */
const jobMs = { alone: 8, withOthers: 3 };
const entriesPerLook = 32;
const keyBytesMax = 2048;

export interface EntryWriter {
  /** Within a job: puts the entries from there on, as far as time allows. @returns where it stopped */
  putSlice(list: EntryList, from: number): number;
  /** Within a job: whether two documents have the same key in a unique index. */
  findDouble(): MongoError | undefined;
  /** Whether there are so many that they should be looked at. */
  readonly isFull: boolean;
}

export function createEntryWriter(
  environment: Environment,
  collection: StoredCollection,
  index: StoredIndex,
): EntryWriter {
  const { entries, records } = environment;
  const { written, doubtful } = index.build as BuildState;
  const { isUnique, isDirect } = index.definition;
  const key = createKeyBuffer(keyBytesMax);
  let canAppend = true;

  function put(record: number): void {
    // Behind all others, unless there is a newer index, or a writer has put something behind these.
    canAppend &&= entries.append(key, record);
    if (!canAppend && !isDirect) entries.put(key, record);
    else if (!canAppend && !entries.add(key, record) && entries.get(key) !== record)
      doubtful.add(record);
    if (isUnique && !isDirect && conflictOf(record) !== undefined) doubtful.add(record);
  }

  /** Of an index of a collation. */
  function conflictOf(record: number): KeyValues | undefined {
    const doc = records.get(collection.id, record);
    return doc && findConflict(environment, collection, index, doc, record);
  }

  /** Puts what had no place before. */
  function takenOf(record: number): KeyValues | undefined {
    const doc = records.get(collection.id, record) ?? Doc.empty;
    for (const each of keysOf(index, doc, record))
      if (!entries.add(each, record) && entries.get(each) !== record)
        return valuesOfKey(index, doc, record, each);
    return undefined;
  }

  return {
    putSlice(list, from) {
      const { bytes, length } = list;
      const startedAt = performance.now();
      const ms = environment.writesWaiting > 1 ? jobMs.withOthers : jobMs.alone;
      canAppend = true;
      environment.touch();
      let at = from;
      for (let count = 1; at < length; count += 1) {
        const start = at + lengthBytes;
        at = start + lengthAt(bytes, at);
        const record = readRecordId(bytes, at - recordIdBytes);
        if (!written.has(record)) {
          key.length = at - start - (isDirect ? recordIdBytes : 0);
          copyEntry(bytes, start, start + key.length, key.bytes, 0);
          put(record);
        }
        if (count % entriesPerLook === 0 && performance.now() - startedAt > ms) break;
      }
      return at;
    },
    findDouble() {
      for (const record of doubtful) {
        const exists = records.view(collection.id, record) !== undefined;
        const values = exists ? (isDirect ? takenOf : conflictOf)(record) : undefined;
        if (values !== undefined) return duplicateKey(collection, index, values);
        doubtful.delete(record);
      }
      return undefined;
    },
    get isFull() {
      return doubtful.size >= doubtfulMax;
    },
  };
}
