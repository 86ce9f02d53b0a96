/** One process that runs the code in queries: started, watched, and ended from here. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { MongoError } from "../kit/mongo-error.ts";
import type { Worker } from "../store/heavy-work.ts";
import { hostArguments } from "./host-arguments.ts";
import { endWithServer } from "./orphan-guard.ts";

export interface CodeProcessOptions {
  /** Of JavaScript's heap. */
  readonly heapMb: number;
  /** All memory, buffers included. */
  readonly rssBytesMax: number;
}

const lookMs = 100;
const pageBytes = 4096;
const toldMax = 4096;

/** Starts one. It works on one task after the other, and knows nothing but what comes with them. */
export function openCodeProcess({ heapMb, rssBytesMax }: CodeProcessOptions): Worker {
  const directory = mkdtempSync(path.join(tmpdir(), "petiole-code-"));
  const child = spawn(
    process.execPath,
    hostArguments({ heapMb, dependencies: undefined, program: "code-host" }),
    {
      // Nothing of the server's: no secrets in variables, no files open, nothing in the directory.
      env: { TZ: "UTC" },
      cwd: directory,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "advanced",
      windowsHide: true,
    },
  );
  const release = endWithServer(child.pid);
  let told = "";
  let isOutOfMemory = false;
  // What it prints keeps nobody from ending.
  (child.stderr as Socket | null)?.unref();
  child.stderr?.on("data", (chunk: Buffer) => {
    told = (told + chunk.toString("latin1")).slice(-toldMax);
  });

  /** Seen from outside: one that computes can not tell. */
  async function watchMemory(): Promise<void> {
    const { pid } = child;
    if (pid === undefined || process.platform !== "linux") return;
    try {
      const pages = Number((await readFile(`/proc/${pid}/statm`, "latin1")).split(" ", 2)[1]);
      if (pages * pageBytes <= rssBytesMax) return;
      isOutOfMemory = true;
      child.kill("SIGKILL");
    } catch {
      // It has just ended, which its own event tells.
    }
  }
  const watch = setInterval(() => void watchMemory(), lookMs).unref();
  child.once("close", () => {
    release();
    clearInterval(watch);
    rmSync(directory, { recursive: true, force: true });
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => {
      resolve();
    });
  });
  return {
    postMessage(message) {
      if (child.connected) child.send(message);
    },
    listen(onMessage, onEnd) {
      child.on("message", onMessage);
      child.on("error", onEnd);
      child.on("close", () => {
        const isFull = isOutOfMemory || /heap out of memory|Allocation failed/.test(told);
        onEnd(
          isFull
            ? new MongoError(139, "Out of memory")
            : new Error(`the process that runs code ended: ${told.slice(0, 500)}`),
        );
      });
    },
    ref() {
      child.ref();
      child.channel?.ref();
    },
    unref() {
      child.unref();
      child.channel?.unref();
    },
    async terminate() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      // Whoever waits for its end must not end before.
      child.ref();
      await ended;
    },
  };
}
