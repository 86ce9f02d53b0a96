/**
 * One LMDB environment: its tables, its one writer, its life.
 *
 * Opened by one thread of one process. Reads see the last commit and are consistent within one synchronous stretch of
 * code; whoever awaits in between sees a newer state afterwards, as with a MongoDB cursor.
 */
import { mkdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { type Database, open, type RootDatabase } from "lmdb";
import { Fault } from "../kit/fault.ts";
import { lockDirectory } from "./lock-file.ts";
import { type EntryTable, openEntryTable, openRecordTable, type RecordTable } from "./tables.ts";
import { createWriteQueue, type WriteQueue } from "./write-queue.ts";

interface FileStats {
  readonly root: { readonly pageSize: number };
  readonly lastPageNumber: number;
}

export class Environment {
  readonly path: string;
  readonly records: RecordTable;
  readonly entries: EntryTable;
  readonly #root: RootDatabase;
  readonly #rows: Database<Buffer, string>;
  readonly #queue: WriteQueue;
  readonly #unlock: () => void;
  readonly #beforeCommit: (() => void)[] = [];
  readonly #afterCommit: (() => void)[] = [];
  #isClosed = false;

  private constructor(path: string, unlock: () => void) {
    this.path = path;
    this.#unlock = unlock;
    // A commit is acknowledged when it is on disk: measured, waiting for the flush inside the commit is also the faster way.
    // Batching by turns of the event loop is off, since the queue hands over one transaction at a time; with it, the
    // failure of a commit is also told to a promise that nobody holds, which ends the process.
    this.#root = open({
      path: join(path, "lmdb"),
      overlappingSync: false,
      eventTurnBatching: false,
      maxDbs: 8,
    });
    this.records = openRecordTable(this.#root);
    this.entries = openEntryTable(this.#root);
    this.#rows = this.#root.openDB<Buffer, string>({ name: "catalog", encoding: "binary" });
    this.#queue = createWriteQueue({
      transact: (callback) => this.#root.childTransaction(callback),
      beforeCommit: () => {
        for (const each of this.#beforeCommit) each();
      },
      afterCommit: () => {
        for (const each of this.#afterCommit) each();
      },
      toFailure: (cause) => toFailure(path, cause),
    });
  }

  /**
   * Opens the environment in a directory, which is made where there is none.
   *
   * @throws {DirectoryInUse} when a running process holds it; the file system's error when it can not be read or written
   */
  static open(path: string): Environment {
    mkdirSync(path, { recursive: true });
    const unlock = lockDirectory(path);
    try {
      return new Environment(path, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Runs `job` in the write transaction; see `write-queue.ts` for what it may do.
   *
   * @throws {Fault} `ServiceUnavailable` when the store is closed or the disk is full
   */
  write<T>(job: () => T): Promise<T> {
    if (this.#isClosed) return Promise.reject(closedFault());
    return this.#queue.write(job);
  }

  /** Within a job: what undoes a change in memory, should the transaction not be committed. */
  onUndo(undo: () => void): void {
    this.#queue.onUndo(undo);
  }

  /** Within a job: to be called before the first put. */
  touch(): void {
    this.#queue.touch();
  }

  /** @param before runs in each transaction, after its jobs @param after runs when it is on disk */
  onCommit(before: () => void, after: () => void): void {
    this.#beforeCommit.push(before);
    this.#afterCommit.push(after);
  }

  /** Reads a row of the catalog. */
  row(key: string): Buffer | undefined {
    return this.#rows.getBinary(key);
  }

  /** Within a job. */
  putRow(key: string, bytes: Uint8Array): void {
    this.#rows.putSync(key, bytes as Buffer);
  }

  /** Within a job. */
  removeRow(key: string): void {
    this.#rows.removeSync(key);
  }

  /** The keys of all rows that begin with `prefix`. */
  rowKeys(prefix: string): readonly string[] {
    return [...this.#rows.getKeys({ start: prefix, end: `${prefix}\uffff` })];
  }

  /** Bytes of the data file. */
  get fileBytes(): number {
    const { root, lastPageNumber } = this.#root.getStats() as FileStats;
    return (lastPageNumber + 1) * root.pageSize;
  }

  /** Writes that wait for their turn. */
  get writesWaiting(): number {
    return this.#queue.waitingCount;
  }

  /** Writes a compact and consistent copy while the store serves; it opens like the original. */
  async backup(path: string): Promise<void> {
    if (this.#isClosed) throw closedFault();
    const directory = join(path, "lmdb");
    mkdirSync(directory, { recursive: true });
    await this.#root.backup(directory, true);
  }

  /** Refuses new writes, waits for the ones in flight, lets go of the files. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#queue.settled();
    await this.#root.close();
    this.#unlock();
  }
}

/** What is asked of a store that has been closed. */
export function closedFault(): Fault {
  return new Fault("ServiceUnavailable", "the data store is closed");
}

/** Below this much free space a failed commit is put down to the disk. */
const freeBytesMin = 4 * 1024 * 1024;

/** What a caller is told when the disk refuses: that it is full is the operator's to mend, and is said. */
export function toFailure(path: string, cause: unknown): Fault {
  if (!(cause instanceof Error))
    return new Fault("ServiceUnavailable", "the data store can not write");
  if ("commitError" in cause) {
    // The reason comes as a promise of its own, rejected whether or not someone looks at it.
    void (cause.commitError as Promise<unknown>).catch(() => undefined);
  }
  // LMDB calls a write cut short by a full disk an input/output error.
  const { bavail, bsize } = statfsSync(path);
  const reason = bavail * bsize < freeBytesMin ? "the disk is full" : cause.message;
  return new Fault("ServiceUnavailable", `the data store can not write: ${reason}`, { cause });
}
