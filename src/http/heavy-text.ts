/**
 * Parsing and printing of texts so big that the event loop would stand still: done by a worker thread.
 *
 * The thread has nothing but the codecs. It starts with the first big text and ends with the server.
 */
import type { Worker } from "node:worker_threads";
import { Doc } from "../bson/doc.ts";
import type { OutputFormat } from "../bson/stringify.ts";
import { Fault, type FaultCode } from "../kit/fault.ts";
import { startThread } from "../kit/thread.ts";

/** From this size on a text goes to the worker: about 7 ms of parsing. */
export const heavyBytesMin = 2 ** 20;

/** What the thread may hold beside the texts, in MB. */
const workerHeapMb = 256;

/** Texts that may wait at once; each may be as big as a request. */
const waitingMax = 64;

export type HeavyWork =
  | { readonly kind: "parse"; readonly bytes: Uint8Array }
  | { readonly kind: "print"; readonly bytes: Uint8Array; readonly format: OutputFormat };

export interface HeavyAnswer {
  readonly id: number;
  readonly bytes?: Uint8Array;
  readonly fault?: { readonly code: FaultCode; readonly message: string };
}

export interface HeavyText {
  /** As `parseEjson`. @throws {Fault} as that does; `TooManyRequests` when too many big texts wait */
  parse(text: Buffer): Promise<Doc>;
  /** The text of a document. @throws {Fault} `TooManyRequests` when too many big texts wait */
  print(document: Doc, format: OutputFormat): Promise<Buffer>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(bytes: Buffer): void;
  reject(cause: Error): void;
}

export function createHeavyText(): HeavyText {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let count = 0;

  function start(): Worker {
    const started = startThread(import.meta.url, "./heavy-text-worker", {
      resourceLimits: { maxOldGenerationSizeMb: workerHeapMb },
    });
    started.unref();
    started.on("message", settle);
    started.on("error", (cause) => {
      const isTooBig = "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY";
      fail(
        started,
        isTooBig ? new Fault("RequestTooLarge", "the text needs too much memory") : cause,
      );
    });
    started.on("exit", () => {
      fail(started, new Error("the codec thread ended"));
    });
    return started;
  }

  function settle(answer: HeavyAnswer): void {
    const caller = waiting.get(answer.id);
    waiting.delete(answer.id);
    const { bytes, fault } = answer;
    if (bytes !== undefined)
      caller?.resolve(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    else caller?.reject(new Fault(fault?.code ?? "InternalServerError", fault?.message ?? ""));
    if (waiting.size === 0) worker?.unref();
  }

  function fail(ended: Worker, cause: Error): void {
    if (worker !== ended) return;
    worker = undefined;
    for (const caller of waiting.values()) caller.reject(cause);
    waiting.clear();
  }

  async function run(work: HeavyWork): Promise<Buffer> {
    if (waiting.size >= waitingMax)
      throw new Fault("TooManyRequests", "too many large requests at once");
    worker ??= start();
    // While somebody waits the process must not end.
    worker.ref();
    const id = (count += 1);
    const answer = new Promise<Buffer>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
    // A copy of its own, which is then handed over: cloning a view would clone all that lies around it.
    const bytes = new Uint8Array(work.bytes);
    worker.postMessage({ id, work: { ...work, bytes } }, [bytes.buffer]);
    return answer;
  }

  return {
    parse: async (text) => Doc.fromBytes(await run({ kind: "parse", bytes: text })),
    print: async (document, format) => run({ kind: "print", bytes: document.toBytes(), format }),
    async close() {
      await worker?.terminate();
    },
  };
}
