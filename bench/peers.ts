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
  /** Makes of a request's text what this peer takes; as it is when absent. */
  readonly toBody?: (text: string) => string;
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
export async function startPetioleAsPeer(
  work: string,
  profileFolder?: string,
  args: readonly string[] = [],
): Promise<Peer> {
  const begun = performance.now();
  const petiole = await startPetiole({
    args: ["--data", path.join(work, "petiole"), "--app-id", appId, ...args],
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
  const data = path.join(work, "bare");
  mkdirSync(data, { recursive: true });
  return startProgram("bare", "bare-lmdb.mjs", data);
}

/** Starts the bare node:http and driver handler on a MongoDB. */
export async function startBareMongodb(uri: string): Promise<Peer> {
  return startProgram("bare", "bare-mongodb.mjs", uri);
}

/** Starts the Express and Mongoose handler on a MongoDB; it takes plain JSON. */
export async function startExpress(uri: string): Promise<Peer> {
  return startProgram("express", "express-mongoose.mjs", uri, (text) =>
    text.replace(/\{"\$(?:oid|date)":("[^"]*")\}/g, "$1"),
  );
}

async function startProgram(
  name: string,
  file: string,
  argument: string,
  toBody?: (text: string) => string,
): Promise<Peer> {
  const begun = performance.now();
  const program = path.join(import.meta.dirname, file);
  const child = spawn(process.execPath, [program, argument], {
    env: { ...process.env, PETIOLE_API_KEY: apiKey },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    ended.then((): never => {
      throw new Error("the peer ended before it listened");
    }),
  ]);
  const { url } = JSON.parse(String(line)) as { readonly url: string };
  const contentType = "application/json";
  const peer = {
    name,
    url,
    path: actionPath,
    headers:
      toBody === undefined ? headers : { ...headers, "Content-Type": contentType, Accept: "*/*" },
    pid: child.pid ?? 0,
    ...(toBody === undefined ? {} : { toBody }),
  };
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
  const text = JSON.stringify({ ...target, filter });
  const request = { action: "findOne", body: peer.toBody?.(text) ?? text };
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
