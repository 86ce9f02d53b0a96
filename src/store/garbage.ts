/** Clears away the records and entries of what was dropped, a slice at a time. */
import type { Garbage } from "./catalog.ts";
import { createKeyBuffer, copyKey, type KeyBuffer, writeWord } from "./key-buffer.ts";
import type { Store } from "./store.ts";

/** How long one write job may take, in milliseconds, and how many rows it looks up before it takes them out. */
const jobMs = 3;
const sliceRows = 2000;

export async function clearGarbage(store: Store, signal: AbortSignal): Promise<void> {
  for (const garbage of store.catalog.garbage()) {
    // One slice after the other: others write in between.
    // oxlint-disable-next-line no-await-in-loop
    while (!signal.aborted && !(await store.environment.write(() => clearSlice(store, garbage))));
  }
}

/** @returns whether nothing is left */
function clearSlice(store: Store, garbage: Garbage): boolean {
  const { environment, catalog } = store;
  environment.touch();
  const isEmpty =
    garbage.kind === "records" ? clearRecords(store, garbage.id) : clearEntries(store, garbage.id);
  if (isEmpty) catalog.collected(garbage);
  return isEmpty;
}

function clearRecords({ environment }: Store, id: number): boolean {
  const { records } = environment;
  const found: number[] = [];
  records.scan(id, 1, false, (record) => found.push(record) < sliceRows);
  return removeAll(found, (record) => records.remove(id, record)) && found.length < sliceRows;
}

function clearEntries({ environment }: Store, id: number): boolean {
  const { entries } = environment;
  const found: KeyBuffer[] = [];
  const [start, end] = [prefixOf(id), prefixOf(id + 1)];
  entries.scan({ start, end, isReverse: false }, (_, key) => found.push(copyKey(key)) < sliceRows);
  return removeAll(found, (key) => entries.remove(key)) && found.length < sliceRows;
}

/** @returns whether there was time for all of them */
function removeAll<T>(found: readonly T[], remove: (each: T) => void): boolean {
  const startedAt = performance.now();
  for (const [at, each] of found.entries()) {
    remove(each);
    if (at % 16 === 15 && performance.now() - startedAt > jobMs) return false;
  }
  return true;
}

function prefixOf(id: number): KeyBuffer {
  const key = createKeyBuffer(4);
  writeWord(key, id);
  return key;
}
