/** Clears away the records and entries of what was dropped, a slice at a time. */
import type { Garbage } from "./catalog.ts";
import { createKeyBuffer, copyKey, type KeyBuffer, writeWord } from "./key-buffer.ts";
import type { Store } from "./store.ts";

/** Rows taken out in one write job. */
const sliceRows = 500;

export async function clearGarbage(store: Store, signal: AbortSignal): Promise<void> {
  for (const garbage of store.catalog.garbage()) {
    // One slice after the other: others write in between.
    // oxlint-disable-next-line no-await-in-loop
    while (!signal.aborted && !(await store.environment.write(() => clearSlice(store, garbage))));
  }
}

/** @returns whether nothing is left */
function clearSlice({ environment, catalog }: Store, garbage: Garbage): boolean {
  environment.touch();
  const count = garbage.kind === "records" ? clearRecords() : clearEntries();
  if (count === sliceRows) return false;
  catalog.collected(garbage);
  return true;

  function clearRecords(): number {
    const found: number[] = [];
    environment.records.scan(garbage.id, 1, false, (record) => found.push(record) < sliceRows);
    for (const record of found) environment.records.remove(garbage.id, record);
    return found.length;
  }

  function clearEntries(): number {
    const found: KeyBuffer[] = [];
    const [start, end] = [prefixOf(garbage.id), prefixOf(garbage.id + 1)];
    environment.entries.scan(
      { start, end, isReverse: false },
      (_, key) => found.push(copyKey(key)) < sliceRows,
    );
    for (const key of found) environment.entries.remove(key);
    return found.length;
  }
}

function prefixOf(id: number): KeyBuffer {
  const key = createKeyBuffer(4);
  writeWord(key, id);
  return key;
}
