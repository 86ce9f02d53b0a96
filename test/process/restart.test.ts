/** What a restart costs: no refused connection and no log entry; and a crash, at most a second of the log. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, type IncomingMessage, request as sendRequest } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MongoClient } from "mongodb";
import { type Petiole, startPetiole } from "../support/petiole.ts";
import { openSharedSocket } from "../support/shared-socket.ts";
import { describeOnMongod } from "../support/shared-mongod.ts";

const apiKey = "restart-0123456789-0123456789-0123456789";
const appArgs = ["--app-id", "data-restart"];
const adminToken = "f".repeat(64);
const environment = {
  PETIOLE_API_KEY: apiKey,
  PETIOLE_MASTER_KEY: "0".repeat(64),
  PETIOLE_ADMIN_TOKEN: adminToken,
};

const slow = { timeout: 90_000 };

let data = "";
beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), "petiole-restart-"));
});
afterEach(async () => rm(data, { recursive: true, force: true }));

interface Answered {
  readonly coId: string;
  readonly status: number;
  /** On the clock of `performance.now()`. */
  readonly at: number;
}

/** One call of the Data API. @param finish resolves when the last byte of its body may leave */
async function call(
  url: string,
  agent: Agent | false,
  finish?: Promise<unknown>,
): Promise<Answered> {
  const document = {
    dataSource: "mongodb-atlas",
    database: "t_restart",
    collection: "c",
    document: {},
  };
  const body = JSON.stringify(document);
  const request = sendRequest(`${url}/app/data-restart/endpoint/data/v1/action/insertOne`, {
    method: "POST",
    agent,
    headers: { apiKey, "Content-Type": "application/json", "Content-Length": body.length },
  });
  const answered = once(request, "response") as Promise<[IncomingMessage]>;
  // Where it fails before anybody waits for it.
  answered.catch(() => {});
  request.write(body.slice(0, -1));
  await finish;
  request.end(body.slice(-1));
  const [response] = await answered;
  await text(response);
  const coId = String(response.headers["x-request-id"]);
  return { coId, status: response.statusCode ?? 0, at: performance.now() };
}

interface Load {
  readonly answered: readonly Answered[];
  readonly failures: readonly string[];
  /** Resolves when some more have been answered. */
  more(): Promise<void>;
  stop(): Promise<void>;
}

/** @param agent false: a connection for each call */
function startLoad(url: string, agent: Agent | false): Load {
  const answered: Answered[] = [];
  const failures: string[] = [];
  const over = new AbortController();
  const lanes = Array.from({ length: 4 }, async () => {
    while (!over.signal.aborted) {
      try {
        // oxlint-disable-next-line no-await-in-loop
        answered.push(await call(url, agent));
      } catch (cause) {
        failures.push(String(cause));
      }
      // oxlint-disable-next-line no-await-in-loop
      await pause(2);
    }
  });
  return {
    answered,
    failures,
    async more() {
      const known = answered.length;
      const wait = { timeout: 20_000, interval: 10 };
      await expect.poll(() => answered.length, wait).toBeGreaterThan(known + 40);
    },
    async stop() {
      over.abort();
      await Promise.all(lanes);
    },
  };
}

/** The ids of all entries of the log. */
async function readLog(url: string, token: string): Promise<ReadonlySet<string>> {
  const get = async (to: string): Promise<unknown> => {
    const answer = await fetch(`${url}/api/admin/v3.0${to}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    return answer.json();
  };
  const { roles } = (await get("/auth/profile")) as { roles: readonly { group_id: string }[] };
  const group = `/groups/${roles[0]?.group_id}`;
  const [app] = (await get(`${group}/apps`)) as readonly { readonly _id: string }[];
  const found = new Set<string>();
  let next = "";
  do {
    // oxlint-disable-next-line no-await-in-loop
    const page = (await get(`${group}/apps/${app?._id}/logs?limit=100${next}`)) as {
      readonly logs: readonly { readonly co_id: string }[];
      readonly nextEndDate?: string;
      readonly nextSkip?: number;
    };
    for (const { co_id: coId } of page.logs) found.add(coId);
    const { nextEndDate, nextSkip } = page;
    next = nextEndDate === undefined ? "" : `&end_date=${nextEndDate}&skip=${nextSkip}`;
  } while (next !== "");
  return found;
}

async function start(): Promise<Petiole> {
  return startPetiole({ args: ["--data", data, ...appArgs], environment });
}

function readToken(): string {
  return readFileSync(path.join(data, "admin-token"), "utf8").trim();
}

describe("the request log", () => {
  test("SIGTERM loses no entry", async () => {
    const before = await start();
    const agent = new Agent({ keepAlive: true });
    const load = startLoad(before.url, agent);
    await load.more();
    const stopped = before.stop();
    expect(await stopped).toBe(0);
    await load.stop();
    agent.destroy();
    const after = await start();
    const log = await readLog(after.url, readToken());
    await after.stop();
    expect(load.answered.filter(({ coId }) => !log.has(coId))).toEqual([]);
  });

  test("kill -9 loses the last second at most", async () => {
    const losses: number[] = [];
    const answered: Answered[] = [];
    for (const loadMs of [1300, 1700]) {
      const petiole = await start();
      const agent = new Agent({ keepAlive: true });
      const load = startLoad(petiole.url, agent);
      await pause(loadMs);
      const killedAt = performance.now();
      await petiole.kill();
      await load.stop();
      agent.destroy();
      const after = await start();
      const log = await readLog(after.url, readToken());
      await after.kill();
      answered.push(...load.answered);
      const lost = load.answered.filter(({ coId }) => !log.has(coId));
      losses.push(Math.max(0, ...lost.map(({ at }) => killedAt - at)));
    }
    expect(answered.length).toBeGreaterThan(100);
    // A machine that is busy with other tests may come late once.
    expect(Math.min(...losses)).toBeLessThan(1000);
    expect(Math.max(...losses)).toBeLessThan(2000);
  });
});

interface Restart {
  /** Calls that were not answered. */
  readonly failures: readonly string[];
  /** Calls that did not succeed. */
  readonly others: readonly Answered[];
  /** Of the call that was in flight when the first server was told to end. */
  readonly heldStatus: number;
}

const nothingLost: Restart = { failures: [], others: [], heldStatus: 201 };

/** Two servers one after the other on one socket, under load. */
async function restart(
  args: readonly string[],
  whileBothRun: "both serve" | "one waits",
): Promise<Restart> {
  const socket = await openSharedSocket();
  const running: number[] = [];
  try {
    const first = await socket.start(args, environment);
    running.push(first.pid);
    await first.until("listening");
    const load = startLoad(socket.url, false);
    const finish = new AbortController();
    const held = call(socket.url, false, once(finish.signal, "abort"));
    await load.more();
    const second = await socket.start(args, environment);
    running.push(second.pid);
    await second.until(whileBothRun === "both serve" ? "listening" : "waiting");
    process.kill(first.pid, "SIGTERM");
    await first.until("stopping");
    if (whileBothRun === "both serve") {
      // The new one answers while the old one still waits for the end of a request.
      await load.more();
    }
    finish.abort();
    const heldStatus = (await held).status;
    await first.until("stopped");
    await second.until("listening");
    await load.more();
    await load.stop();
    const others = load.answered.filter(({ status }) => status !== 201);
    return { failures: load.failures, others, heldStatus };
  } finally {
    for (const pid of running) stop(pid);
    await socket.close();
  }
}

function stop(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has ended already.
  }
}

test(
  "a restart on the embedded store: the new process waits for the old one, and nobody is refused",
  slow,
  async () => {
    const args = ["--data", data, ...appArgs, "--wait-seconds", "30"];
    expect(await restart(args, "one waits")).toEqual(nothingLost);
  },
);

describeOnMongod("a restart with the state on MongoDB", ({ uri, database }) => {
  test(
    "both processes serve on one socket while one drains, and nobody is refused",
    slow,
    async () => {
      const place = ["--state", uri, "--state-database", `${database}_state`];
      const args = [...place, "--source", `mongodb-atlas=${uri}`, ...appArgs];
      expect(await restart(args, "both serve")).toEqual(nothingLost);
      const client = await MongoClient.connect(uri);
      await client.db("t_restart").dropDatabase();
      await client.db(`${database}_state`).dropDatabase();
      await client.close();
    },
  );
});
