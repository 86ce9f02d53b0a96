/**
 * Brings the entries of an index into order, however many there are: blocks that are sorted in memory, lists of them in
 * a file where memory has a bound, and in the end all of these as one.
 */
import type { Pacer } from "../../kit/pacer.ts";
import type { KeyBuffer } from "../key-buffer.ts";
import { blockBytes, createEntryBlock, type EntryBlock } from "./entry-block.ts";
import { createEntryFile, type EntryFile } from "./entry-file.ts";
import type { EntryCursor } from "./entry-list.ts";
import { createMerge, type EntryBatch } from "./entry-merge.ts";

export interface EntrySorter {
  /** Takes a copy of an entry: a key with its record id. */
  push(entry: KeyBuffer): void;
  /** Whether enough has come together: `settle` is to be awaited before more comes. */
  readonly isDue: boolean;
  settle(): Promise<void>;
  /** All that came, in order: gives batch by batch. */
  merge(): Promise<() => Promise<EntryBatch>>;
  close(): Promise<void>;
}

/** Memory for reading lists from the file, all together, and for one at least. */
const readBytes = 16 * 2 ** 20;
const listBytesMin = 16 * 1024;
const listBytesMax = 256 * 1024;

/**
 * @param directory where the file is made, if one is needed
 * @param bytesMax memory for entries; asked when a block is full
 */
export function createEntrySorter({
  directory,
  pacer,
  bytesMax,
}: {
  readonly directory: string;
  readonly pacer: Pacer;
  readonly bytesMax: () => number;
}): EntrySorter {
  let open = createEntryBlock();
  let full: EntryBlock[] = [];
  let sorted: EntryBlock[] = [];
  let free: EntryBlock[] = [];
  let file: EntryFile | undefined;

  async function sortFull(): Promise<void> {
    for (const block of full) {
      // oxlint-disable-next-line no-await-in-loop
      await pacer.rest();
      block.sort();
      sorted.push(block);
    }
    full = [];
  }

  async function spill(): Promise<void> {
    file ??= await createEntryFile(directory);
    const next = createMerge(cursorsOf(sorted), pacer);
    for (let isLast = false; !isLast;) {
      // oxlint-disable-next-line no-await-in-loop
      const batch = await next();
      // oxlint-disable-next-line no-await-in-loop
      await file.write(batch);
      ({ isLast } = batch);
    }
    file.endList();
    for (const each of sorted) each.clear();
    free = sorted;
    sorted = [];
  }

  return {
    push(entry) {
      if (open.push(entry)) return;
      full.push(open);
      open = free.pop() ?? createEntryBlock();
      open.push(entry);
    },
    get isDue() {
      return full.length > 0;
    },
    async settle() {
      await sortFull();
      if (sorted.length * blockBytes >= bytesMax()) await spill();
    },
    async merge() {
      full.push(open);
      await sortFull();
      free = [];
      const bufferBytes = Math.floor(readBytes / Math.max(1, file?.listCount ?? 0));
      const lists = await file?.openAll(
        Math.min(listBytesMax, Math.max(listBytesMin, bufferBytes)),
      );
      return createMerge([...cursorsOf(sorted), ...(lists ?? [])], pacer);
    },
    async close() {
      await file?.close();
    },
  };
}

function cursorsOf(blocks: readonly EntryBlock[]): readonly EntryCursor[] {
  return blocks.map((each) => each.open()).filter((each) => each !== undefined);
}
