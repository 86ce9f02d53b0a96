/**
 * Group commit: jobs that wait together are written in one transaction, and acknowledged when that is on disk.
 *
 * A job runs synchronously inside LMDB's write transaction. It checks everything before its first put; if it throws
 * after one, the whole transaction is undone and the others run again without it.
 */

/** How long the jobs of one transaction may hold the event loop, in milliseconds. */
const turnMs = 4;
/** Jobs and documents between two looks at the clock, which costs as much as a small part of a job. */
const workPerLook = 8;

interface Job {
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  result: unknown;
  error: { readonly cause: unknown } | undefined;
}

export interface WriteQueue {
  /** Runs `job` in a transaction and resolves when that is on disk; rejects with what it throws. */
  write<T>(job: () => T): Promise<T>;
  /** Within a job: what to do if the transaction is undone. */
  onUndo(undo: () => void): void;
  /** Within a job, before the first put of its own: marks that something was written. */
  touch(): void;
  /** Jobs that are not yet in a transaction. */
  readonly waitingCount: number;
  /** Resolves when every job so far is done. */
  settled(): Promise<void>;
}

export interface Transactions {
  /** Runs the callback in a transaction that is undone when it throws; resolves when it is on disk. */
  transact(callback: () => void): Promise<unknown>;
  /** Runs at the end of each transaction, before the commit. */
  beforeCommit(): void;
  afterCommit(): void;
  /** Turns the failure of a commit into what the callers are told. */
  toFailure(cause: unknown): unknown;
}

export function createWriteQueue(transactions: Transactions): WriteQueue {
  let waiting: Job[] = [];
  let undos: (() => void)[] = [];
  let puts = 0;
  /** A job threw after a put: its transaction must not be committed. */
  let isBroken = false;
  let pumping: Promise<void> | undefined;

  function runJobs(taken: Job[]): void {
    const startedAt = performance.now();
    const jobs = waiting;
    let count = 0;
    let lookAt = puts + workPerLook;
    try {
      for (const job of jobs) {
        count += 1;
        runJob(job);
        taken.push(job);
        if (puts + count < lookAt) continue;
        if (performance.now() - startedAt > turnMs) break;
        lookAt = puts + count + workPerLook;
      }
      transactions.beforeCommit();
    } finally {
      waiting = count === jobs.length ? [] : jobs.slice(count);
    }
  }

  function runJob(job: Job): void {
    const putsBefore = puts;
    job.error = undefined;
    try {
      job.result = job.run();
    } catch (cause) {
      job.error = { cause };
      if (puts !== putsBefore) {
        isBroken = true;
        job.reject(cause);
        throw cause;
      }
    }
  }

  function undoAll(): void {
    for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) undo();
  }

  async function pump(): Promise<void> {
    while (waiting.length > 0) {
      const taken: Job[] = [];
      undos = [];
      isBroken = false;
      try {
        // One transaction after the other: there is one writer.
        // oxlint-disable-next-line no-await-in-loop
        await transactions.transact(() => {
          runJobs(taken);
        });
        undos = [];
        transactions.afterCommit();
        settle(taken);
        // LMDB's binding may hold on to the callback for a while, and with it to all that the jobs have seen.
        taken.length = 0;
      } catch (cause) {
        undoAll();
        if (isBroken) {
          // The broken job has been rejected: the ones before it run again, in their order.
          waiting = [...taken, ...waiting];
          continue;
        }
        const failed = taken.length > 0 ? taken : waiting.splice(0);
        for (const job of failed) job.reject(transactions.toFailure(cause));
      }
    }
    pumping = undefined;
  }

  return {
    write<T>(run: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        waiting.push({
          run,
          resolve: resolve as (value: unknown) => void,
          reject,
          result: undefined,
          error: undefined,
        });
        pumping ??= pump();
      });
    },
    onUndo(undo) {
      undos.push(undo);
    },
    touch() {
      puts += 1;
    },
    get waitingCount() {
      return waiting.length;
    },
    async settled() {
      await pumping;
    },
  };
}

function settle(jobs: readonly Job[]): void {
  for (const job of jobs) {
    if (job.error === undefined) job.resolve(job.result);
    else job.reject(job.error.cause);
  }
}
