import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createObjectIdFactory } from "../bson/object-id.ts";
import { Doc } from "../bson/doc.ts";
import type { StateStore } from "../config/state-store.ts";
import { type EmbeddedSource, openEmbedded } from "../sources/embedded.ts";
import { type LogStore, openLogStore, prepareLogs } from "./log-store.ts";
import { queryLogs } from "./query-logs.ts";
import { createSegment, type Segment } from "./segment.ts";
import { openUsage, prepareUsage } from "./usage.ts";

let folder = "";
let source: EmbeddedSource;
let state: StateStore;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petiole-logs-"));
  source = await openEmbedded(folder);
  state = {
    source,
    database: "d",
    collection: (name) => source.collection("d", name),
    changes: {
      subscribe: () => {},
      start: async () => {},
      touch: async () => {},
      close: async () => {},
    },
  };
  await prepareLogs(state);
  await prepareUsage(state);
});
afterAll(async () => {
  await source.close();
  await rm(folder, { recursive: true, force: true });
});

const newId = createObjectIdFactory({
  now: () => 1_764_000_000_000,
  random: (count) => new Uint8Array(count),
});
const appId = "a".repeat(24);
const begin = 1_764_000_000_000;

function open(bytesMax: number): LogStore {
  return openLogStore({ state, now: () => begin, newId, keptMs: 1000, bytesMax });
}

/** @param ids the last digits, each with the millisecond in which it began */
async function segmentOf(ids: readonly (readonly [id: number, at: number])[]): Promise<Segment> {
  const segment = createSegment(appId);
  for (const [id, at] of ids) {
    const kind = segment.kindOf({
      type: "ENDPOINT",
      status: 200,
      method: "POST",
      url: "/",
      headers: "{}",
      userId: id % 2 === 0 ? "even" : "odd",
      keyId: "",
      address: "",
      route: "",
      functionName: "",
    });
    const coId = `${Math.floor(begin / 1000).toString(16)}${String(id).padStart(16, "0")}`;
    segment.add({ coId, startedAt: begin + at, requestBytes: 0, responseBytes: 0 }, 0, kind);
  }
  return segment.finish();
}

async function clear(): Promise<void> {
  await state.collection("logs").deleteMany(Doc.empty);
}

test("log store: segments of several nodes that lie over each other give one order", async () => {
  await clear();
  const store = open(1e9);
  await store.put(
    await segmentOf([
      [1, 10],
      [2, 30],
      [3, 50],
    ]),
  );
  await store.put(
    await segmentOf([
      [4, 20],
      [5, 40],
      [6, 60],
    ]),
  );
  await store.put(await segmentOf([[7, 5]]));
  const idsOf = async (skip: number, limit: number, more = {}): Promise<readonly number[]> =>
    (await queryLogs(store, { appId, ...more }, { skip, limit })).entries.map(({ coId }) =>
      Number(coId.slice(-2)),
    );
  expect(await idsOf(0, 100)).toEqual([6, 3, 5, 2, 4, 1, 7]);
  expect(await idsOf(2, 3)).toEqual([5, 2, 4]);
  expect(await idsOf(0, 100, { userId: "odd" })).toEqual([3, 5, 1, 7]);
  expect(await idsOf(0, 100, { startDate: begin + 20, endDate: begin + 50 })).toEqual([3, 5, 2]);
  expect(await idsOf(0, 100, { errorsOnly: true })).toEqual([]);
  const { next } = await queryLogs(store, { appId }, { skip: 0, limit: 2 });
  expect(next).toEqual({ endDate: begin + 50, skip: 1 });
});

test("log store: of too many bytes the oldest go", async () => {
  await clear();
  const store = open(5000);
  for (let at = 0; at < 10; at += 1) await store.put(await segmentOf([[at, at * 100]]));
  expect(store.bytes).toBeGreaterThan(5000);
  const gone = await store.prune();
  expect(gone).toBeGreaterThan(1);
  expect(store.bytes).toBeLessThanOrEqual(5000);
  expect(store.prunedCount).toBe(gone);
  const { entries } = await queryLogs(store, { appId }, { skip: 0, limit: 100 });
  expect(entries.map(({ startedAt }) => startedAt - begin)).toEqual(
    Array.from({ length: 10 - gone }, (_, at) => 900 - at * 100),
  );
  // Another node counts what is there.
  const other = open(5000);
  await other.prune();
  expect(other.bytes).toBe(store.bytes);
});

test("log store: a segment expires when its last entry does", async () => {
  await clear();
  await open(1e9).put(
    await segmentOf([
      [1, 0],
      [2, 70],
    ]),
  );
  const kept = await state.collection("logs").findOne(Doc.empty);
  expect(kept?.get("expires_at")).toMatchObject({ ms: begin + 70 + 1000 });
});

test("usage: minutes, hours and days add up, from several nodes", async () => {
  const of = {
    appId,
    type: "ENDPOINT",
    hasFailed: false,
    computeByteMs: 2 ** 40,
    egressBytes: 100,
    ms: 3,
    isLogin: false,
    keyId: "k",
    route: "/r",
    endedAt: begin,
  } as const;
  for (const node of [openUsage(state), openUsage(state)]) {
    node.count(of);
    node.count({ ...of, endedAt: begin + 60_000, hasFailed: true, route: "/s" });
    await node.flush();
    await node.flush();
  }
  const read = async (stretch: "minute" | "hour" | "day"): Promise<readonly object[]> =>
    openUsage(state).read({ appId, stretch, from: begin - 86_400_000, until: begin + 86_400_000 });
  expect(await read("minute")).toMatchObject([
    { succeeded: 2, failed: 0 },
    { succeeded: 0, failed: 2 },
  ]);
  expect(await read("hour")).toMatchObject([
    { succeeded: 2, failed: 2, egressBytes: 400, computeByteMs: 4 * 2 ** 40, responseMs: 12 },
  ]);
  expect(await read("day")).toMatchObject([
    { keyId: "k", route: "/r", succeeded: 2 },
    { keyId: "k", route: "/s", failed: 2 },
  ]);
});
