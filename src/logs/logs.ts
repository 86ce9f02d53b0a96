/** The request log, usage and metrics of a server, put together. */
import type { ObjectId } from "../bson/value.ts";
import type { StateStore } from "../config/state-store.ts";
import type { Log } from "./log.ts";
import { type LogStore, openLogStore } from "./log-store.ts";
import { createRecorder, type Recorder } from "./recorder.ts";
import type { Segment } from "./segment.ts";
import { createTraffic, type Traffic } from "./traffic.ts";
import { openUsage, type Usage } from "./usage.ts";

export interface Logs {
  readonly recorder: Recorder;
  readonly store: LogStore;
  readonly usage: Usage;
  readonly traffic: Traffic;
  /** Hands on every segment that this node keeps. */
  onSegment(listener: (segment: Segment) => void): void;
  /** All of an app that is being deleted. */
  deleteApp(appId: string): Promise<void>;
  /** Everything that was taken is in the store when it resolves. */
  close(): Promise<void>;
}

export interface LogsOptions {
  readonly state: StateStore;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
  /** 0: no entry is kept. */
  readonly keptDays: number;
  readonly bytesMax: number;
  /** The values of an app's secrets. */
  readonly secretsOf: (appId: string) => Promise<readonly string[]>;
  /** Secrets of the server itself. */
  readonly ownSecrets: readonly string[];
}

const dayMs = 86_400_000;
const usageFlushMs = 5000;
const pruneMs = 60_000;

export function openLogs(options: LogsOptions): Logs {
  const { state, log, now, newId, keptDays, bytesMax, secretsOf, ownSecrets } = options;
  const store = openLogStore({ state, now, newId, keptMs: keptDays * dayMs, bytesMax });
  const usage = openUsage(state);
  const traffic = createTraffic();
  const listeners: ((segment: Segment) => void)[] = [];
  const recorder = createRecorder({
    now,
    log,
    traffic,
    usage,
    isKept: keptDays > 0,
    secretsOf,
    ownSecrets,
    async put(segment) {
      await store.put(segment);
      for (const listener of listeners) listener(segment);
    },
  });
  const timers = [
    setInterval(() => void flushUsage(), usageFlushMs).unref(),
    setInterval(() => void prune(), pruneMs).unref(),
  ];

  async function flushUsage(): Promise<void> {
    try {
      await usage.flush();
    } catch (cause) {
      log.write("warning", "usage not counted", { message: String(cause) });
    }
  }

  async function prune(): Promise<void> {
    try {
      const count = await store.prune();
      if (count === 0) return;
      const message = "the request log is full: its oldest entries went before their time";
      log.write("warning", "request log pruned", { segments: count, message });
    } catch (cause) {
      log.write("warning", "request log not pruned", { message: String(cause) });
    }
  }

  return {
    recorder,
    store,
    usage,
    traffic,
    onSegment(listener) {
      listeners.push(listener);
    },
    async deleteApp(appId) {
      await recorder.flush();
      await usage.flush();
      await store.deleteAll(appId);
      await usage.deleteAll(appId);
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      await recorder.close();
      await flushUsage();
    },
  };
}
