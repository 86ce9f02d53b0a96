import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { startPetiole } from "../test/support/petiole.ts";
import type { Request } from "./loading.ts";

/** A running server that the bench loads. */
export interface Peer {
  readonly name: string;
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
  /** Milliseconds from the start of the process to its first answered request. */
  readonly firstAnswerMs: number;
  readonly stop: () => Promise<void>;
}

const appId = "data-bench";
const apiKey = "bench-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW";
const actionPath = `/app/${appId}/endpoint/data/v1/action`;
// Canonical EJSON, so that both must keep every type.
const headers = { "Content-Type": "application/ejson", Accept: "application/ejson", apiKey };

/**
 * Starts Petiole with its data below `work`.
 *
 * @param profileFolder where node writes a CPU profile when the server stops; none when absent
 */
export async function startPetioleAsPeer(work: string, profileFolder?: string): Promise<Peer> {
  const begun = performance.now();
  const petiole = await startPetiole({
    args: ["--data", path.join(work, "petiole"), "--app-id", appId],
    environment: { PETIOLE_API_KEY: apiKey },
    nodeArgs: profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`],
  });
  const peer = { name: "petiole", url: petiole.url, path: actionPath, headers, pid: petiole.pid };
  return withFirstAnswer(peer, begun, async () => {
    await petiole.stop();
  });
}

/** Starts the bare node:http and lmdb handler with its data below `work`. */
export async function startBare(work: string): Promise<Peer> {
  const begun = performance.now();
  const data = path.join(work, "bare");
  mkdirSync(data, { recursive: true });
  const program = path.join(import.meta.dirname, "bare-lmdb.mjs");
  const child = spawn(process.execPath, [program, data], {
    env: { ...process.env, PETIOLE_API_KEY: apiKey },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    ended.then((): never => {
      throw new Error("the bare peer ended before it listened");
    }),
  ]);
  const { url } = JSON.parse(String(line)) as { readonly url: string };
  const peer = { name: "bare", url, path: actionPath, headers, pid: child.pid ?? 0 };
  return withFirstAnswer(peer, begun, async () => {
    child.kill("SIGTERM");
    await ended;
  });
}

async function withFirstAnswer(
  peer: Omit<Peer, "firstAnswerMs" | "stop">,
  begun: number,
  stop: () => Promise<void>,
): Promise<Peer> {
  const target = { dataSource: "mongodb-atlas", database: "bench", collection: "items" };
  const filter = { _id: { $oid: "500000000000000000000000" } };
  const request = { action: "findOne", body: JSON.stringify({ ...target, filter }) };
  try {
    await ask(peer, request);
    return { ...peer, firstAnswerMs: performance.now() - begun, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

/**
 * Sends one request and returns the text of the answer.
 *
 * @throws {Error} when the answer is no success
 */
export async function ask(
  peer: Pick<Peer, "name" | "url" | "path" | "headers">,
  request: Request,
): Promise<string> {
  const response = await fetch(`${peer.url}${peer.path}/${request.action}`, {
    method: "POST",
    headers: peer.headers,
    body: request.body,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${peer.name} ${request.action}: ${response.status} ${text}`);
  return text;
}
