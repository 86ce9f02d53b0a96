/**
 * Takes what became known of a request, counts it, and writes it to the log, off the request's way: all that was taken is
 * in the store within a second.
 */
import type { IncomingMessage } from "node:http";
import { type AppLog, createAppLog, type EntryFacts } from "./app-log.ts";
import type { Log } from "./log.ts";
import type { LogEntry } from "./log-entry.ts";
import { memTimeOf, type Work } from "./mem-time.ts";
import { createOutbox } from "./outbox.ts";
import type { Segment } from "./segment.ts";
import type { Traffic } from "./traffic.ts";
import type { Usage } from "./usage.ts";

export interface Recorder {
  /**
   * Takes the entry of a request that has been answered. Cheap; never throws.
   *
   * @param status 0 where nobody was left to answer
   */
  request(entry: LogEntry, of: RequestFacts): void;
  /** The same for work that no request asked for: a trigger. */
  work(entry: LogEntry): void;
  /** What was taken so far is in the store when it resolves; never throws. */
  flush(): Promise<void>;
  /** Segments that could not be kept, since the store did not take them for too long. */
  readonly lostCount: number;
  close(): Promise<void>;
}

export interface RequestFacts {
  readonly request: IncomingMessage;
  readonly status: number;
  /** The client's. */
  readonly address: string;
  /** The App ID of the URL. */
  readonly app: string;
  readonly ms: number;
}

export interface RecorderEnvironment {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
  readonly traffic: Traffic;
  readonly usage: Usage;
  /** Keeps a segment. */
  readonly put: (segment: Segment) => Promise<void>;
  /** Whether entries are kept at all; counted they are in any case. */
  readonly isKept: boolean;
  /** The values of an app's secrets. */
  readonly secretsOf: (appId: string) => Promise<readonly string[]>;
  /** Secrets of the server itself. */
  readonly ownSecrets: readonly string[];
}

/** The longest that an entry waits to be written; packing it and the store's own time come on top. */
const flushMs = 700;
const noHeaders: readonly string[] = [];

export function createRecorder(environment: RecorderEnvironment): Recorder {
  const { now, log, traffic, usage, put, isKept, secretsOf, ownSecrets } = environment;
  const logs = new Map<string, AppLog>();
  const outbox = createOutbox(put, log);
  const held = { bytes: 0 };
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();

  async function knownSecrets(appId: string): Promise<readonly string[]> {
    return [...ownSecrets, ...(await secretsOf(appId))];
  }

  function count(entry: LogEntry, appId: string, ms: number, memTime: number): void {
    const hasFailed = entry.error !== undefined;
    usage.count({
      appId,
      type: entry.type,
      hasFailed,
      computeByteMs: memTime,
      egressBytes: entry.responseBytes,
      ms,
      isLogin: !hasFailed && entry.authEvent?.type === "login",
      keyId: entry.keyId ?? "",
      route: entry.endpointRoute ?? entry.functionName ?? "",
      endedAt: entry.startedAt + ms,
    });
  }

  function take(entry: LogEntry, appId: string, facts: EntryFacts): void {
    let appLog = logs.get(appId);
    if (appLog === undefined) logs.set(appId, (appLog = createAppLog(appId, held)));
    appLog.take(entry, facts);
    if (appLog.isFull) {
      void flush();
      return;
    }
    void appLog.digest(async () => knownSecrets(appId));
    if (timer !== undefined) return;
    timer = setTimeout(() => void flush(), flushMs);
    timer.unref();
  }

  /** One after another: what is flushed first is in the store first. */
  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const taken = [...logs]
      .filter(([, { isEmpty }]) => !isEmpty)
      .map(([appId, appLog]) => ({ appId, pack: appLog.cut() }));
    flushing = flushing.then(async () => {
      for (const { appId, pack } of taken)
        try {
          // oxlint-disable-next-line no-await-in-loop
          outbox.add(await pack(async () => knownSecrets(appId)));
        } catch (cause) {
          outbox.noteLoss(1, cause);
        }
      await outbox.send();
    });
    await flushing;
  }

  return {
    request(entry, { request, status, address, app, ms }) {
      const memTime = memTimeOf(workOf(entry, ms));
      const name = entry.functionName ?? entry.endpointRoute ?? (app === "" ? "server" : "");
      traffic.count(app, name, status, ms);
      const { appId } = entry;
      if (appId === undefined) return;
      if (entry.isAuthorized) count(entry, appId, ms, memTime);
      if (!isKept) return;
      const { method = "", url = "", rawHeaders } = request;
      take(entry, appId, { status, method, url, address, ms: rounded(ms), rawHeaders });
    },
    work(entry) {
      const { appId } = entry;
      if (appId === undefined) return;
      const ms = Math.max(0, now() - entry.startedAt);
      const memTime = memTimeOf(workOf(entry, ms));
      const status = entry.error === undefined ? 200 : 400;
      traffic.count(appId, entry.trigger?.name ?? entry.functionName ?? "", status, ms);
      count(entry, appId, ms, memTime);
      if (!isKept) return;
      take(entry, appId, { status, method: "", url: "", address: "", ms, rawHeaders: noHeaders });
    },
    flush,
    get lostCount() {
      return outbox.lostCount;
    },
    async close() {
      await flush();
    },
  };
}

function workOf({ functionMs, requestBytes, responseBytes }: LogEntry, ms: number): Work {
  return { ms, functionMs, requestBytes, responseBytes };
}

/** Microseconds are enough. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
