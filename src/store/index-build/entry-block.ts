/** A block of entries, small enough to be sorted within one turn of the event loop. */
import type { KeyBuffer } from "../key-buffer.ts";
import {
  compareRest,
  createEntryList,
  type EntryCursor,
  lengthAt,
  lengthBytes,
  prefixOf,
  pushEntry,
} from "./entry-list.ts";

/** Sorting so many takes about 4 ms. */
const entriesMax = 16_384;
const bytesMax = 512 * 1024;

/** Memory that a block takes. */
export const blockBytes: number = bytesMax + entriesMax * 16;

export interface EntryBlock {
  /** Appends a copy. @returns false when it is full */
  push(entry: KeyBuffer): boolean;
  sort(): void;
  /** Along the entries in order; undefined when there are none. */
  open(): EntryCursor | undefined;
  /** Takes all of them out. */
  clear(): void;
}

export function createEntryBlock(): EntryBlock {
  const list = createEntryList(bytesMax);
  const { bytes } = list;
  const starts = new Uint32Array(entriesMax);
  const order = new Uint32Array(entriesMax);
  const prefixes = new Float64Array(entriesMax);
  let count = 0;

  const startOf = (entry: number): number => starts[entry] as number;
  const endOf = (entry: number): number => {
    const start = startOf(entry);
    return start + lengthAt(bytes, start - lengthBytes);
  };
  const compare = (left: number, right: number): number =>
    (prefixes[left] as number) - (prefixes[right] as number) ||
    compareRest(bytes, startOf(left), endOf(left), bytes, startOf(right), endOf(right));

  return {
    push(entry) {
      if (count === entriesMax) return false;
      const start = list.length + lengthBytes;
      if (!pushEntry(list, entry.bytes, 0, entry.length)) return false;
      starts[count] = start;
      prefixes[count] = prefixOf(bytes, start, list.length);
      order[count] = count;
      count += 1;
      return true;
    },
    sort() {
      order.subarray(0, count).sort(compare);
    },
    open() {
      if (count === 0) return undefined;
      let at = -1;
      const cursor = {
        bytes,
        start: 0,
        end: 0,
        prefix: 0,
        next() {
          at += 1;
          if (at >= count) return false;
          const entry = order[at] as number;
          cursor.start = startOf(entry);
          cursor.end = endOf(entry);
          cursor.prefix = prefixes[entry] as number;
          return true;
        },
        load: () => Promise.resolve(false),
      };
      cursor.next();
      return cursor;
    },
    clear() {
      list.length = 0;
      count = 0;
    },
  };
}
