/** One host: a child process, its pipe, and the calls that are in it. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Duplex } from "node:stream";
import type { Doc } from "../bson/doc.ts";
import { writeDoc } from "../bson/encode.ts";
import { readBson } from "../bson/validate.ts";
import { type Frame, frameKinds, FrameReader, FrameWriter } from "./frames.ts";
import { hostArguments } from "./host-arguments.ts";
import { endWithServer } from "./orphan-guard.ts";

/** Why a host is no more. */
export type HostEnd = "crashed" | "memory" | "stalled" | "closed" | "unbelievable";

export interface HostEvents {
  onOperation(call: number, sequence: number, body: Doc): void;
  onReturned(call: number, body: Doc): void;
  onFailed(call: number, body: Doc): void;
  /** Once; nothing comes after it. */
  onEnd(reason: HostEnd, told: string): void;
}

export interface HostOptions {
  /** The first frame. */
  readonly start: Doc;
  /** A directory of packages that the host may read. */
  readonly dependencies: string | undefined;
  readonly heapMb: number;
  readonly rssBytesMax: number;
}

/** What is kept of what a host prints: V8 tells there when the heap is full. */
const toldMax = 4096;

/** More than this does not wait for the end of the turn. */
const waitingBytesMax = 2 ** 20;

export class HostProcess {
  /** When it last had a call, on the clock of `performance.now()`. */
  usedAt: number = performance.now();
  /** Names of the functions whose source it has. */
  readonly sources = new Set<string>();
  valuesVersion = -1;
  readonly #child: ChildProcess;
  readonly #pipe: Duplex;
  readonly #directory: string;
  readonly #release: () => void;
  readonly #events: HostEvents;
  readonly #rssBytesMax: number;
  readonly #frames = new FrameWriter();
  /** Of the file in which the host counts the calls that it has begun; undefined when nobody can ask any more. */
  #begunFile: number | undefined;
  #callsGiven = 0;
  #reason: HostEnd | undefined;
  #told = "";
  #isFlushing = false;
  #isReady = false;
  #pingedAt: number | undefined;
  #pings = 0;
  #silentSince: number | undefined;
  /** On the clock of `performance.now()`. */
  readonly startedAt: number = performance.now();

  constructor(options: HostOptions, events: HostEvents) {
    this.#events = events;
    this.#rssBytesMax = options.rssBytesMax;
    this.#directory = mkdtempSync(path.join(tmpdir(), "petiole-host-"));
    this.#begunFile = openSync(path.join(this.#directory, "begun"), "w+");
    this.#child = spawn(process.execPath, hostArguments(options), {
      // Nothing of the server's: no secrets in variables, no files open, nothing in the directory.
      env: {},
      cwd: this.#directory,
      stdio: ["ignore", "ignore", "pipe", "pipe", this.#begunFile],
      windowsHide: true,
    });
    this.#release = endWithServer(this.#child.pid);
    this.#pipe = this.#child.stdio[3] as Duplex;
    this.#listen();
    this.send("start", 0, 0, options.start);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isEnded(): boolean {
    return this.#reason !== undefined;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** For how long it has not answered, in milliseconds; 0 where it has, or was not asked. */
  silentMs(now: number): number {
    return this.#silentSince === undefined ? 0 : now - this.#silentSince;
  }

  #listen(): void {
    const reader = new FrameReader();
    this.#pipe.on("data", (chunk: Buffer) => {
      if (this.isEnded) return;
      try {
        reader.push(chunk, (frame) => {
          this.#take(frame);
        });
      } catch (cause) {
        this.#told = String(cause);
        this.kill("unbelievable");
      }
    });
    // It went away in the middle of a write: its end tells the rest.
    this.#pipe.on("error", () => {});
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#told = (this.#told + chunk.toString("latin1")).slice(-toldMax);
    });
    this.#child.on("error", (cause) => {
      this.#told = String(cause);
      this.#end("crashed");
    });
    this.#child.on("close", () => {
      this.#end(/heap out of memory|Allocation failed/.test(this.#told) ? "memory" : "crashed");
    });
  }

  /** How many calls it was given, in their order. */
  get callsGiven(): number {
    return this.#callsGiven;
  }

  /** How many of them it has begun, which it still tells when it is dead. */
  get callsBegun(): number {
    if (this.#begunFile === undefined) return this.#callsGiven;
    const count = Buffer.alloc(4);
    // Nothing was written: nothing was begun.
    readSync(this.#begunFile, count, 0, 4, 0);
    return count.readUInt32LE(0);
  }

  /** The process is gone. */
  #end(reason: HostEnd): void {
    this.#release();
    if (this.#reason === undefined) {
      this.#reason = reason;
      this.#events.onEnd(reason, this.#told);
    }
    if (this.#begunFile !== undefined) closeSync(this.#begunFile);
    this.#begunFile = undefined;
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #take({ kind, call, sequence, body }: Frame): void {
    switch (kind) {
      case frameKinds.operation:
        this.#events.onOperation(call, sequence, readBson(body));
        return;
      case frameKinds.returned:
        this.#events.onReturned(call, readBson(body));
        return;
      case frameKinds.failed:
        this.#events.onFailed(call, readBson(body));
        return;
      case frameKinds.ready:
        this.#isReady = true;
        return;
      case frameKinds.pong:
        if (sequence === this.#pings) {
          this.#pingedAt = undefined;
          this.#silentSince = undefined;
        }
        return;
      default:
        throw new RangeError(`a frame of the unknown kind ${kind}`);
    }
  }

  /**
   * Frames of one turn of the event loop leave in one write.
   *
   * @throws {MongoError} when the documents are too big or too deep to be written; nothing is sent then
   */
  send(
    kind: keyof typeof frameKinds,
    call: number,
    sequence: number,
    ...body: readonly Doc[]
  ): void {
    if (this.isEnded) return;
    const frames = this.#frames;
    const writer = frames.begin(kind, call, sequence);
    try {
      for (const each of body) writeDoc(writer, each);
    } catch (cause) {
      frames.undo();
      throw cause;
    }
    frames.end();
    if (kind === "call") this.#callsGiven += 1;
    if (frames.waitingBytes > waitingBytesMax) this.#flush();
    else if (!this.#isFlushing) {
      this.#isFlushing = true;
      // And not at the next tick, which comes after each request that was read and not after all of them.
      setImmediate(() => {
        this.#isFlushing = false;
        this.#flush();
      });
    }
  }

  #flush(): void {
    if (this.#frames.waitingBytes > 0 && !this.isEnded) this.#pipe.write(this.#frames.take());
  }

  /** Asks whether it still answers, unless a question is open. */
  ping(now: number): void {
    if (!this.#isReady) return;
    if (this.#pingedAt !== undefined) {
      // From now on, and not from the question on: it may be this process that did not get to read the answer.
      this.#silentSince ??= now;
      return;
    }
    this.#pingedAt = now;
    this.#pings += 1;
    this.send("ping", 0, this.#pings);
  }

  /** Ends it when it holds more than it may. Seen from outside: one that computes can not tell. */
  async watchMemory(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined || this.isEnded || process.platform !== "linux") return;
    try {
      const text = await readFile(`/proc/${pid}/statm`, "latin1");
      const pages = Number(text.split(" ", 2)[1]);
      if (pages * 4096 > this.#rssBytesMax) this.kill("memory");
    } catch {
      // It has just ended, which its own event tells.
    }
  }

  kill(reason: HostEnd): void {
    if (this.isEnded) return;
    this.#reason = reason;
    this.#child.kill("SIGKILL");
    this.#events.onEnd(reason, this.#told);
  }

  /** Lets it end: it does when its pipe closes. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => {
      child.once("close", () => {
        resolve();
      });
    });
    this.kill("closed");
    await ended;
  }
}
