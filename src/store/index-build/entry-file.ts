/** Sorted lists of entries that memory does not hold, in one file. */
import { randomUUID } from "node:crypto";
import { mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import { type EntryCursor, type EntryList, lengthAt, lengthBytes, prefixOf } from "./entry-list.ts";

export interface EntryFile {
  /** Appends to the list that is being written. */
  write(list: EntryList): Promise<void>;
  /** The list is complete. */
  endList(): void;
  readonly listCount: number;
  /** Along each of the lists. @param bufferBytes memory for each */
  openAll(bufferBytes: number): Promise<readonly EntryCursor[]>;
  close(): Promise<void>;
}

/** Makes a file that nobody finds: it is gone with whoever has it open, whatever becomes of the process. */
export async function createEntryFile(directory: string): Promise<EntryFile> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const name = path.join(directory, randomUUID());
  const file = await open(name, "wx+", 0o600);
  await rm(name);
  const lists: { readonly start: number; readonly end: number }[] = [];
  let start = 0;
  let position = 0;

  /** @param at where the next bytes are, up to `end` */
  function openList(at: number, end: number, buffer: Buffer): EntryCursor {
    let from = at;
    let length = 0;
    const cursor = {
      bytes: buffer,
      start: 0,
      end: 0,
      prefix: 0,
      next() {
        const begin = cursor.end + lengthBytes;
        if (begin > length) return false;
        const finish = begin + lengthAt(buffer, begin - lengthBytes);
        if (finish > length) return false;
        cursor.start = begin;
        cursor.end = finish;
        cursor.prefix = prefixOf(buffer, begin, finish);
        return true;
      },
      async load(): Promise<boolean> {
        const rest = length - cursor.end;
        buffer.copy(buffer, 0, cursor.end, length);
        const wanted = Math.min(buffer.length - rest, end - from);
        if (wanted === 0) return false;
        const { bytesRead } = await file.read(buffer, rest, wanted, from);
        from += bytesRead;
        length = rest + bytesRead;
        cursor.end = 0;
        if (bytesRead === 0) throw new Error("the file of an index build has been cut short");
        return cursor.next() || cursor.load();
      },
    };
    return cursor;
  }

  return {
    async write(list) {
      for (let done = 0; done < list.length;) {
        // oxlint-disable-next-line no-await-in-loop
        const { bytesWritten } = await file.write(list.bytes, done, list.length - done, position);
        done += bytesWritten;
        position += bytesWritten;
      }
    },
    endList() {
      if (position > start) lists.push({ start, end: position });
      start = position;
    },
    get listCount() {
      return lists.length;
    },
    async openAll(bufferBytes) {
      const cursors = lists.map((each) =>
        openList(each.start, each.end, Buffer.allocUnsafeSlow(bufferBytes)),
      );
      for (const each of cursors)
        // oxlint-disable-next-line no-await-in-loop
        await each.load();
      return cursors;
    },
    close: () => file.close(),
  };
}
