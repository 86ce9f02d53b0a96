import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

/** A Petiole in a process of its own, as a user runs it: the built program. */
export interface Petiole {
  /** Without a slash at the end, e.g. `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly pid: number;
  /** Every event line printed so far, parsed; grows while the process runs. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
  /** Resolves with the exit code when the process has ended; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Everything that it printed so far, on standard output and standard error. */
  output(): string;
  /** Asks the process to drain (SIGTERM) and waits for its end; kills it after 40 s. */
  stop(): Promise<number | null>;
  /** Kills the process at once, as a crash would, and waits for its end. */
  kill(): Promise<void>;
}

export interface PetioleOptions {
  /** Arguments of `petiole serve`. `--port 0 --host 127.0.0.1` are set already. */
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Arguments of node itself, e.g. `--cpu-prof`. */
  readonly nodeArgs?: readonly string[];
  /** Milliseconds until the server must listen; 15 s when absent. */
  readonly startMsMax?: number;
}

const main = path.resolve(import.meta.dirname, "../../dist/cli/main.js");
const drainMsMax = 40_000;

/**
 * Starts `petiole serve` on a free port of the loopback address.
 *
 * @throws {Error} with what the process printed, when it ends or stays silent before it listens
 */
export async function startPetiole(options: PetioleOptions = {}): Promise<Petiole> {
  if (!existsSync(main)) throw new Error(`${main} is missing; npm run build makes it`);
  const child = spawn(
    process.execPath,
    [
      ...(options.nodeArgs ?? []),
      main,
      "serve",
      "--port",
      "0",
      "--host",
      "127.0.0.1",
      ...(options.args ?? []),
    ],
    { env: { ...process.env, ...options.environment }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = endOf(child);
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (bytes: Buffer) => printed.push(bytes));
  const events: Readonly<Record<string, unknown>>[] = [];
  const url = await readUrl(child, events, options.startMsMax ?? 15_000);
  return {
    url,
    pid: child.pid ?? 0,
    events,
    ended,
    output: () => Buffer.concat(printed).toString("utf8"),
    stop: async () => {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), drainMsMax);
      const code = await ended;
      clearTimeout(timer);
      return code;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function endOf(child: ChildProcess): Promise<number | null> {
  await once(child, "exit");
  return child.exitCode;
}

async function readUrl(
  child: ChildProcess,
  events: Readonly<Record<string, unknown>>[],
  startMsMax: number,
): Promise<string> {
  const printed: string[] = [];
  child.stderr?.on("data", (bytes: Buffer) => printed.push(bytes.toString("utf8")));
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      child.kill("SIGKILL");
      reject(new Error(`petiole serve ${why}:\n${printed.join("").slice(-4000)}`));
    };
    const timer = setTimeout(() => {
      fail(`did not listen within ${startMsMax} ms`);
    }, startMsMax);
    child.once("error", (cause) => {
      fail(`could not be started (${cause.message})`);
    });
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      fail(`ended with ${code ?? signal} before it listened`);
    });
    if (child.stdout === null) throw new TypeError("stdout is a pipe");
    createInterface({ input: child.stdout }).on("line", (line) => {
      const event = parseEvent(line);
      if (event === null) {
        printed.push(`${line}\n`);
        return;
      }
      events.push(event);
      if (event["event"] !== "listening" || typeof event["url"] !== "string") return;
      clearTimeout(timer);
      resolve(event["url"].replace(/\/$/, ""));
    });
  });
}

function parseEvent(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null; // A line for people, not an event.
  }
}
