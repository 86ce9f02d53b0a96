/** A listening socket that outlives the servers on it, as systemd keeps one: for restarts without a refused connection. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect } from "vitest";

export interface SharedSocket {
  /** Without a slash at the end. */
  readonly url: string;
  /** Starts a server on the socket; resolves when its process is there, which may wait for another. */
  start(
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<SocketServer>;
  /** Lets the socket go, and waits for all servers on it. */
  close(): Promise<void>;
}

export interface SocketServer {
  readonly pid: number;
  /** What it printed, as events. */
  events(): readonly Readonly<Record<string, unknown>>[];
  /** Resolves when it has printed an event of this name. */
  until(event: string): Promise<void>;
}

const main = path.resolve(import.meta.dirname, "../../dist/cli/main.js");
const waitMs = 20_000;

/** A shell has the socket as its file 3, and starts each line that it reads in the background; the process that is told of is the server itself. */
const script = 'while read -r line; do eval "exec $line" & echo $!; done; wait';

export async function openSharedSocket(): Promise<SharedSocket> {
  const folder = await mkdtemp(path.join(tmpdir(), "petiole-socket-"));
  const { server, fd } = await bind();
  const { port } = server.address() as AddressInfo;
  const shell = spawn("sh", ["-c", script], { stdio: ["pipe", "pipe", "inherit", fd] });
  const { stdin, stdout } = shell;
  if (stdin === null || stdout === null) throw new TypeError("both are pipes");
  const ended = once(shell, "exit");
  // Nobody here accepts: the shell keeps the socket open.
  server.close();
  const pids = createInterface({ input: stdout })[Symbol.asyncIterator]();
  let count = 0;
  return {
    url: `http://127.0.0.1:${port}`,
    async start(args, environment = {}) {
      count += 1;
      const file = path.join(folder, `server-${count}`);
      const variables = Object.entries(environment).map(
        ([name, value]) => `${name}=${quote(value)}`,
      );
      const command = [process.execPath, main, "serve", "--listen-fd", "3", ...args].map(quote);
      stdin.write(`env ${variables.join(" ")} ${command.join(" ")} >${quote(file)} 2>&1\n`);
      const { value } = await pids.next();
      const pid = Number(value);
      const events = (): readonly Readonly<Record<string, unknown>>[] =>
        existsSync(file) ? readEvents(readFileSync(file, "utf8")) : [];
      return {
        pid,
        events,
        async until(event) {
          const printed = (): boolean => events().some((each) => each["event"] === event);
          await expect.poll(printed, { timeout: waitMs, interval: 20 }).toBe(true);
        },
      };
    },
    async close() {
      stdin.end();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function bind(): Promise<{ readonly server: Server; readonly fd: number }> {
  const server = createServer();
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
  await once(server, "listening");
  const { _handle: handle } = server as unknown as { readonly _handle: { readonly fd: number } };
  return { server, fd: handle.fd };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function readEvents(printed: string): readonly Readonly<Record<string, unknown>>[] {
  return printed
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}
