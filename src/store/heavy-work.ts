/**
 * Threads that work on documents too big for the event loop.
 *
 * A thread has the query language and no store: documents come and go as bytes, and what a pipeline reads is read here.
 * The first one starts with the first big document; one that nobody needs for a while ends.
 */
import { availableParallelism } from "node:os";
import { Fault } from "../kit/fault.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { startThread } from "../kit/thread.ts";
import {
  type FromThread,
  fromWire,
  type HeavyTask,
  type Question,
  type ToThread,
  toWire,
} from "./heavy-task.ts";

/** What one thread may hold beside the documents, in MB. */
const threadHeapMb = 640;
const threadsMax = Math.max(1, Math.min(2, availableParallelism() - 1));
/** Tasks that may wait at once; each holds a document or two. */
const waitingMax = 64;
const idleMs = 20_000;

export type Answer = Extract<FromThread, { kind: "done" }>;

/** Who the thread talks to while it works. */
export interface Listener {
  /**
   * Answers what a pipeline asks of its source: with buffers that are then handed over.
   *
   * @param there does in the same thread, which waits meanwhile, what the answer needs: another may not be free
   */
  answer(
    question: Question,
    there: Pick<HeavyWork, "run">,
  ): Promise<readonly Uint8Array[] | undefined>;
  /**
   * Takes a batch of results; the next is not made before it has resolved.
   *
   * @param there as in `answer`
   */
  take(documents: readonly Uint8Array[], there: Pick<HeavyWork, "run">): Promise<void>;
}

export interface HeavyWork {
  /**
   * Has a task done.
   *
   * @throws {MongoError} what it gives, 50 when the signal's time is over, 146 when it takes too much memory
   * @throws {Fault} `TooManyRequests` when too many wait
   */
  run(task: HeavyTask, signal?: AbortSignal, listener?: Listener): Promise<Answer>;
  close(): Promise<void>;
}

/** One that works: a thread, or a process. */
export interface Worker {
  postMessage(message: ToThread, transfer: ArrayBuffer[]): void;
  /** @param onEnd it is no more: why; may be called again */
  listen(onMessage: (message: FromThread) => void, onEnd: (cause: unknown) => void): void;
  /** While it works, nobody may end because nothing else is to be done. */
  ref(): void;
  unref(): void;
  terminate(): Promise<unknown>;
}

export interface HeavyWorkOptions {
  readonly open: () => Worker;
  /** That work at once. */
  readonly workersMax: number;
}

export function createHeavyWork(
  { open, workersMax }: HeavyWorkOptions = { open: openThread, workersMax: threadsMax },
): HeavyWork {
  const idle: Thread[] = [];
  const all = new Set<Thread>();
  const waiting: ((thread: Thread) => void)[] = [];

  function release(thread: Thread): void {
    const next = waiting.shift();
    if (!thread.isAlive) {
      all.delete(thread);
      if (next !== undefined) next(start());
    } else if (next === undefined) {
      idle.push(thread);
      thread.rest(() => {
        idle.splice(idle.indexOf(thread), 1);
        all.delete(thread);
      });
    } else next(thread);
  }

  function start(): Thread {
    const thread = createThread(open());
    all.add(thread);
    return thread;
  }

  async function take(): Promise<Thread> {
    const found = idle.pop();
    if (found !== undefined) return found;
    if (all.size < workersMax) return start();
    if (waiting.length >= waitingMax)
      throw new Fault("TooManyRequests", "too many requests work on large documents at once");
    return new Promise((resolve) => {
      waiting.push(resolve);
    });
  }

  return {
    async run(task, signal, listener) {
      const thread = await take();
      try {
        return await thread.run(task, signal, listener);
      } finally {
        release(thread);
      }
    },
    async close() {
      await Promise.all([...all].map((each) => each.end()));
    },
  };
}

interface Thread {
  readonly isAlive: boolean;
  run(task: HeavyTask, signal?: AbortSignal, listener?: Listener): Promise<Answer>;
  /** Nobody needs it: it ends after a while, and says so. */
  rest(onEnd: () => void): void;
  end(): Promise<void>;
}

function openThread(): Worker {
  const thread = startThread(import.meta.url, "./heavy-worker", {
    resourceLimits: { maxOldGenerationSizeMb: threadHeapMb },
  });
  return {
    postMessage: (message, transfer) => {
      thread.postMessage(message, transfer);
    },
    listen(onMessage, onEnd) {
      thread.on("message", onMessage);
      thread.on("error", (cause) => {
        const isTooBig = "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY";
        onEnd(isTooBig ? new MongoError(146, "the request needs too much memory") : cause);
      });
      thread.on("exit", () => {
        onEnd(new Error("the thread for large documents ended"));
      });
    },
    ref: () => {
      thread.ref();
    },
    unref: () => {
      thread.unref();
    },
    terminate: async () => thread.terminate(),
  };
}

function createThread(worker: Worker): Thread {
  let isAlive = true;
  let resting: NodeJS.Timeout | undefined;
  const running = new Map<
    number,
    { resolve(answer: Answer): void; reject(cause: unknown): void }
  >();
  let count = 0;
  let listener: Listener | undefined;

  const post = (message: ToThread, owned: readonly Uint8Array[] = []): void => {
    worker.postMessage(
      message,
      owned.map(({ buffer }) => buffer as ArrayBuffer),
    );
  };
  const fail = (cause: unknown): void => {
    isAlive = false;
    for (const each of running.values()) each.reject(cause);
    running.clear();
  };
  const end = async (cause: unknown): Promise<void> => {
    fail(cause);
    await worker.terminate();
  };

  const takeMessage = (message: FromThread): void => {
    switch (message.kind) {
      case "done":
        running.get(message.id)?.resolve(message);
        return;
      case "failed":
        running.get(message.id)?.reject(fromWire(message.failure));
        return;
      case "batch":
        listener?.take(message.documents, { run: start }).then(
          () => {
            post({ kind: "more" });
          },
          (cause: unknown) => void end(cause),
        );
        return;
      case "question":
        listener?.answer(message.question, { run: start }).then(
          (documents) => {
            post({ kind: "reply", id: message.id, documents }, documents);
          },
          (cause: unknown) => {
            post({ kind: "reply", id: message.id, failure: toWire(cause) });
          },
        );
    }
  };

  worker.listen(takeMessage, fail);

  async function start(task: HeavyTask): Promise<Answer> {
    if (!isAlive) throw new Error("the thread for large documents ended");
    count += 1;
    const id = count;
    try {
      return await new Promise<Answer>((resolve, reject) => {
        running.set(id, { resolve, reject });
        post({ kind: "task", id, task });
      });
    } finally {
      running.delete(id);
    }
  }

  return {
    get isAlive() {
      return isAlive;
    },
    async run(task, signal, given) {
      clearTimeout(resting);
      if (signal?.aborted === true) throw reasonOf(signal);
      const onAbort = (): void => {
        // What runs there looks at no clock of ours: the thread goes with it.
        void end(reasonOf(signal));
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      worker.ref();
      listener = given;
      try {
        return await start(task);
      } finally {
        signal?.removeEventListener("abort", onAbort);
        listener = undefined;
        worker.unref();
      }
    },
    rest(onEnd) {
      resting = setTimeout(() => {
        onEnd();
        void end(new Error("not needed any more"));
      }, idleMs).unref();
    },
    async end() {
      clearTimeout(resting);
      await end(new Fault("ServiceUnavailable", "the data store is closed"));
    },
  };
}

function reasonOf(signal: AbortSignal | undefined): unknown {
  const reason: unknown = signal?.reason;
  const isTimeout = reason instanceof DOMException && reason.name === "TimeoutError";
  return isTimeout ? new MongoError(50, "operation exceeded time limit") : reason;
}
