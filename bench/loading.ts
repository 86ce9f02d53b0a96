import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";

/** One request of a workload; the body is the text that is sent. */
export interface Request {
  readonly action: string;
  readonly body: string;
}

/** What one turn sends. */
export interface Turn {
  /** Scheme, host and port. */
  readonly url: string;
  /** What comes before the action in the URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
  /** Each connection takes one list and begins again at its end. */
  readonly lists: readonly (readonly Request[])[];
}

/** What the loader saw in one turn. */
export interface Outcome {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were no success, lost connections and timeouts. */
  readonly failures: number;
}

/** An outcome with what the server's process used meanwhile. */
export interface Measurement extends Outcome {
  /** Processor time of the server, in microseconds for each request. Null where /proc is missing. */
  readonly cpuMicros: number | null;
}

/** Loads the server `pid` for one turn. */
export async function runTurn(turn: Turn, pid: number): Promise<Measurement> {
  const loader = spawn(process.execPath, [path.join(import.meta.dirname, "load.mjs")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const cpuBefore = cpuMicrosOf(pid);
  loader.stdin.end(JSON.stringify(turn));
  const [printed, [code]] = await Promise.all([text(loader.stdout), once(loader, "exit")]);
  if (code !== 0) throw new Error(`the loader ended with ${String(code)}`);
  const cpuAfter = cpuMicrosOf(pid);
  const outcome = JSON.parse(printed) as Outcome;
  const cpuMicros =
    cpuBefore === null || cpuAfter === null
      ? null
      : (cpuAfter - cpuBefore) / Math.max(outcome.requests, 1);
  return { ...outcome, cpuMicros };
}

/** The resident memory of a process in MiB; null where /proc is missing. */
export function residentMiBOf(pid: number): number | null {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readProc(pid, "status") ?? "");
  return line === null ? null : Number(line[1]) / 1024;
}

// A clock tick is 10 ms on every Linux that Node runs on.
const tickMicros = 10_000;

/** Processor time that a process has used, in microseconds. Null where /proc is missing. */
export function cpuMicrosOf(pid: number): number | null {
  const stat = readProc(pid, "stat");
  if (stat === null) return null;
  // The program's name may hold spaces; the numbers come after its closing parenthesis.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickMicros;
}

/** The processes that a process has started, and that still run. */
export function childrenOf(pid: number): readonly number[] {
  const listed = readProc(pid, `task/${pid}/children`) ?? "";
  return listed
    .split(" ")
    .filter((each) => each !== "")
    .map(Number);
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return null; // Not Linux, or the process has ended.
  }
}
