/**
 * 10,000 requests held open at once: the next one is told to come again, memory stays small, and all are answered in
 * the end. Run: `node --import tsx bench/held.ts [COUNT [BYTES]]`.
 *
 * A request is held by its body, whose last byte is sent only when all of them are there. With bodies of so many BYTES
 * that they pass the bound of all bodies, those that come too late are answered 503 instead, and memory stays small too.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const count = Number(process.argv[2] ?? 10_000);
const port = 7790;
const key = "k".repeat(64);
const data = mkdtempSync(path.join(tmpdir(), "petiole-held-"));
const fields = { dataSource: "mongodb-atlas", database: "d", collection: "c" };
const body = JSON.stringify(fields).padEnd(Number(process.argv[3] ?? 0));
const head = [
  "POST /app/data-held/endpoint/data/v1/action/find HTTP/1.1",
  "Host: localhost",
  `apiKey: ${key}`,
  "Content-Type: application/json",
  `Content-Length: ${body.length}`,
  "",
  "",
].join("\r\n");

/** One request whose last byte is still to come. */
interface Held {
  readonly socket: Socket;
  text: string;
  readonly answered: Promise<void>;
}

function startServer(): ChildProcess {
  const args = ["--import", "tsx", "src/cli/main.ts", "serve", "--port", String(port)];
  return spawn(
    process.execPath,
    [...args, "--data", data, "--app-id", "data-held", "--requests-at-once-max", String(count)],
    { env: { ...process.env, PETIOLE_API_KEY: key }, stdio: "ignore" },
  );
}

async function untilReady(): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const isReady = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the server does not start");
}

async function hold(): Promise<Held> {
  const socket = connect(port, "127.0.0.1");
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  const held = { socket, text: "" };
  const answered = new Promise<void>((resolve) => {
    socket.on("data", (chunk) => {
      held.text += chunk.toString("latin1");
      if (held.text.includes("\r\n\r\n")) resolve();
    });
    socket.on("close", resolve);
    socket.on("error", resolve);
  });
  socket.write(head + body.slice(0, -1));
  return Object.assign(held, { answered });
}

function rssOf(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) / 1024;
}

function statusOf({ text }: Held): string {
  return /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? "none";
}

const server = startServer();
const pid = server.pid ?? 0;
try {
  await untilReady();
  const held: Held[] = [];
  for (let at = 0; at < count; at += 500)
    held.push(...(await Promise.all(Array.from({ length: Math.min(500, count - at) }, hold))));
  // All of them have been read when a request that came after them is answered.
  await fetch(`http://127.0.0.1:${port}/healthz`);
  const next = await fetch(`http://127.0.0.1:${port}/app/data-held/endpoint/data/v1/action/find`, {
    method: "POST",
    headers: { apiKey: key, "Content-Type": "application/json" },
    body,
  });
  const rss = rssOf(pid);
  const begun = performance.now();
  for (const { socket } of held) socket.write(body.slice(-1));
  await Promise.all(held.map(async ({ answered }) => answered));
  const statuses = new Map<string, number>();
  for (const each of held) statuses.set(statusOf(each), (statuses.get(statusOf(each)) ?? 0) + 1);
  console.log(
    JSON.stringify({
      held: count,
      bodyBytes: body.length,
      next: next.status,
      retryAfter: next.headers.get("retry-after"),
      rssMegabytes: Math.round(rss),
      rssMegabytesAfter: Math.round(rssOf(pid)),
      answers: Object.fromEntries(statuses),
      msToAnswerAll: Math.round(performance.now() - begun),
    }),
  );
  for (const { socket } of held) socket.destroy();
} finally {
  server.kill("SIGKILL");
  rmSync(data, { recursive: true, force: true });
}
