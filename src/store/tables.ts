/**
 * The tables of one environment, and their bytes.
 *
 * | table | key | value |
 * |---|---|---|
 * | records | collection id (4) ‖ record id (6) | the document's BSON |
 * | entries | index id (4) ‖ key string ‖ record id (6; not in a unique index) | record id (6) |
 * | catalog | text | BSON |
 *
 * Bytes that a visitor is given belong to the store and change with the next read: `keepDoc` copies.
 */
import type { RootDatabase } from "lmdb";
import { readInt32 } from "../bson/decode.ts";
import type { Doc } from "../bson/doc.ts";
import { copyBytes, slab } from "../bson/slab.ts";
import { createKeyBuffer, ensureKey, type KeyBuffer } from "./key-buffer.ts";

/** Where a record lies. Record ids grow with insertion and fit 48 bits. */
interface Place {
  collection: number;
  record: number;
}

/** `false` ends the scan. */
export type VisitRecord = (record: number, bytes: Buffer) => boolean;
export type VisitEntry = (record: number, key: KeyBuffer) => boolean;

export const recordIdMax = 2 ** 48 - 1;
export const recordIdBytes = 6;

export interface RecordTable {
  /** The document, in memory of its own. */
  get(collection: number, record: number): Doc | undefined;
  /** The document's bytes as they lie in the store: valid until the next read. */
  view(collection: number, record: number): Buffer | undefined;
  put(collection: number, record: number, bytes: Uint8Array): void;
  remove(collection: number, record: number): boolean;
  /**
   * Visits the records from `start` on, upwards or (`isReverse`) downwards, `start` included.
   *
   * @returns whether the end was reached
   */
  scan(collection: number, start: number, isReverse: boolean, visit: VisitRecord): boolean;
  /** The highest record id in use, or 0. */
  last(collection: number): number;
}

export interface EntryRange {
  readonly start: KeyBuffer;
  /** Not included. */
  readonly end: KeyBuffer;
  readonly isReverse: boolean;
  /** Where an earlier scan stopped: goes on behind this key. */
  readonly after?: KeyBuffer;
}

export interface EntryTable {
  /** The record id that a key leads to. */
  get(key: KeyBuffer): number | undefined;
  put(key: KeyBuffer, record: number): void;
  /** Puts it unless the key is there already. @returns whether it did */
  add(key: KeyBuffer, record: number): boolean;
  /** Puts it behind all others, which is the quickest way. @returns false where it does not belong there */
  append(key: KeyBuffer, record: number): boolean;
  remove(key: KeyBuffer): boolean;
  /** @returns whether the end was reached */
  scan(range: EntryRange, visit: VisitEntry): boolean;
}

/** A document in memory of its own. */
export function keepDoc(bytes: Uint8Array): Doc {
  const length = readInt32(bytes, 0);
  slab.reserve(length);
  copyBytes(bytes, 0, length, slab.bytes, slab.start);
  return slab.take(length);
}

/** Small documents come in a buffer of LMDB's, big ones as a view of its memory. */
function toBuffer(bytes: Uint8Array): Buffer {
  if (bytes instanceof Buffer) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function writePlace(key: Place, target: Uint8Array, start: number): number {
  const { collection, record } = key;
  target[start] = collection >>> 24;
  target[start + 1] = collection >>> 16;
  target[start + 2] = collection >>> 8;
  target[start + 3] = collection;
  writeRecordId(record, target, start + 4);
  return start + 4 + recordIdBytes;
}

function writeRecordId(record: number, target: Uint8Array, start: number): void {
  const high = Math.floor(record / 0x1_0000_0000);
  target[start] = high >>> 8;
  target[start + 1] = high;
  target[start + 2] = record >>> 24;
  target[start + 3] = record >>> 16;
  target[start + 4] = record >>> 8;
  target[start + 5] = record;
}

export function readRecordId(bytes: Uint8Array, start: number): number {
  const high = ((bytes[start] as number) << 8) | (bytes[start + 1] as number);
  const low =
    ((bytes[start + 2] as number) << 24) |
    ((bytes[start + 3] as number) << 16) |
    ((bytes[start + 4] as number) << 8) |
    (bytes[start + 5] as number);
  return high * 0x1_0000_0000 + (low >>> 0);
}

/** Appends a record id to a key. */
export function writeRecordIdTo(key: KeyBuffer, record: number): void {
  ensureKey(key, recordIdBytes);
  writeRecordId(record, key.bytes, key.length);
  key.length += recordIdBytes;
}

export function openRecordTable(root: RootDatabase): RecordTable {
  // LMDB's iterator calls `decode` for each record, just before it hands out the key. No scan runs within another's.
  let bytesNow = Buffer.alloc(0) as Buffer;
  const db = openTable(root, "records", {
    writeKey: writePlace,
    readKey: (bytes, start) => readRecordId(bytes, start + 4),
    decode: (bytes) => {
      // Mostly it is the same buffer with something else in it.
      if (bytes !== bytesNow) bytesNow = toBuffer(bytes);
    },
  });
  const place: Place = { collection: 0, record: 0 };
  const at = (collection: number, record: number): Place => {
    place.collection = collection;
    place.record = record;
    return place;
  };
  const table: RecordTable = {
    get(collection, record) {
      const bytes = db.getBinaryFast(at(collection, record));
      return bytes === undefined ? undefined : keepDoc(bytes);
    },
    view(collection, record) {
      const bytes = db.getBinaryFast(at(collection, record));
      return bytes === undefined ? undefined : toBuffer(bytes);
    },
    put(collection, record, bytes) {
      db.putSync(at(collection, record), bytes);
    },
    remove: (collection, record) => db.removeSync(at(collection, record)),
    scan(collection, start, isReverse, visit) {
      const range = db.getRange({
        start: { collection, record: start },
        end: { collection, record: isReverse ? 0 : recordIdMax },
        reverse: isReverse,
      }) as Iterable<{ key: number }>;
      for (const { key } of range) if (!visit(key, bytesNow)) return false;
      return true;
    },
    last(collection) {
      let last = 0;
      table.scan(collection, recordIdMax, true, (record) => {
        last = record;
        return false;
      });
      return last;
    },
  };
  return table;
}

export function openEntryTable(root: RootDatabase): EntryTable {
  let recordNow = 0;
  const keyNow = createKeyBuffer(keyBytesRead);
  const db = openTable(root, "entries", {
    writeKey: (key: KeyBuffer, target, start) => {
      copyBytes(key.bytes, 0, key.length, target, start);
      return start + key.length;
    },
    readKey: (bytes, start, end) => {
      copyBytes(bytes, start, end, keyNow.bytes, 0);
      keyNow.length = end - start;
      return keyNow;
    },
    decode: (bytes) => {
      recordNow = readRecordId(bytes, 0);
    },
  });
  const value = Buffer.allocUnsafeSlow(recordIdBytes);
  const encode = (record: number): Uint8Array => {
    writeRecordId(record, value, 0);
    return value;
  };
  return {
    get(key) {
      const bytes = db.getBinaryFast(key);
      return bytes === undefined ? undefined : readRecordId(bytes, 0);
    },
    put(key, record) {
      db.putSync(key, encode(record));
    },
    add: (key, record) => db.putSync(key, encode(record), onlyNew),
    append: (key, record) => db.putSync(key, encode(record), onlyLast),
    remove: (key) => db.removeSync(key),
    scan({ start, end, isReverse, after }, visit) {
      const range = db.getRange({
        start: after ?? (isReverse ? end : start),
        end: isReverse ? start : end,
        reverse: isReverse,
        exclusiveStart: isReverse || after !== undefined,
        inclusiveEnd: isReverse,
      }) as Iterable<{ key: KeyBuffer }>;
      for (const { key } of range) if (!visit(recordNow, key)) return false;
      return true;
    },
  };
}

const onlyNew = { noOverwrite: true };
const onlyLast = { append: true };

/** LMDB's keys have at most 1,978 bytes. */
const keyBytesRead = 4096;

interface Codec<K> {
  readonly writeKey: (key: K, target: Uint8Array, start: number) => number;
  readonly readKey: (bytes: Uint8Array, start: number, end: number) => unknown;
  readonly decode: (bytes: Uint8Array) => void;
}

/** What this file uses of LMDB's database, with a key that is written by a codec. */
interface Table<K> {
  getBinaryFast(key: K): Uint8Array | undefined;
  putSync(
    key: K,
    value: Uint8Array,
    options?: { noOverwrite: boolean } | { append: boolean },
  ): boolean;
  removeSync(key: K): boolean;
  getRange(options: {
    start: K;
    end: K;
    reverse: boolean;
    exclusiveStart?: boolean;
    inclusiveEnd?: boolean;
  }): unknown;
}

function openTable<K>(root: RootDatabase, name: string, codec: Codec<K>): Table<K> {
  const options = {
    keyEncoder: codec,
    encoder: { encode: (value: Uint8Array) => value, decode: codec.decode },
  };
  return root.openDB(name, options as object) as unknown as Table<K>;
}
