/**
 * What apps use, as sums: per minute and hour for the series of the admin API, per day for each key and endpoint.
 *
 * Counted in memory and added to the state store every few seconds, by `$inc`, so that all nodes count into the same
 * documents.
 */
import { Doc } from "../bson/doc.ts";
import { DateTime, ObjectId } from "../bson/value.ts";
import type { StateStore } from "../config/state-store.ts";
import { Fault } from "../kit/fault.ts";
import type { LogType } from "./log-entry.ts";
import { durationPlaceOf } from "./durations.ts";
import { minuteMs, readRow, sumUp, toDoc } from "./usage-docs.ts";
import { addSums, emptySums, type Sums } from "./usage-sums.ts";

/** How the original groups what it measures. */
export type UsageGroup = "ENDPOINTS" | "AUTH" | "SDK_FNS" | "SDK_MQL" | "TRIGGERS" | "LF" | "API";

export interface UsageOf {
  /** 24 hex digits. */
  readonly appId: string;
  readonly type: LogType;
  readonly hasFailed: boolean;
  readonly computeByteMs: number;
  readonly egressBytes: number;
  readonly ms: number;
  readonly isLogin: boolean;
  /** 24 hex digits; `""` where no key was shown. */
  readonly keyId: string;
  /** `""` where there is none. */
  readonly route: string;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
}

export interface UsageRow extends Sums {
  /** Where its stretch begins: milliseconds since 1970. */
  readonly at: number;
  readonly group: UsageGroup;
  /** Of a day's row alone, as the two below. */
  readonly keyId: string;
  readonly route: string;
}

export type Stretch = "minute" | "hour" | "day";

export interface UsageFilter {
  readonly appId: string;
  readonly stretch: Stretch;
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Not included. */
  readonly until: number;
}

export interface Usage {
  /** Cheap; once per request. */
  count(of: UsageOf): void;
  /** Adds what was counted to the store. @throws what the store says; what it could not be reached for is kept */
  flush(): Promise<void>;
  /** In order of time. */
  read(filter: UsageFilter): Promise<readonly UsageRow[]>;
  deleteAll(appId: string): Promise<void>;
}

const collectionName = "usage";
/** Rows that wait for the next flush; beyond that, routes are no longer told apart. */
const waitingMax = 5000;

const groups: ReadonlyMap<LogType, UsageGroup> = new Map<LogType, UsageGroup>([
  ["ENDPOINT", "ENDPOINTS"],
  ["WEBHOOK", "ENDPOINTS"],
  ["AUTH", "AUTH"],
  ["API_KEY", "AUTH"],
  ["FUNCTION", "SDK_FNS"],
  ["SERVICE_FUNCTION", "SDK_MQL"],
  ["STREAM_FUNCTION", "SDK_FNS"],
  ["SERVICE_STREAM_FUNCTION", "SDK_MQL"],
  ["AUTH_TRIGGER", "TRIGGERS"],
  ["DB_TRIGGER", "TRIGGERS"],
  ["SCHEDULED_TRIGGER", "TRIGGERS"],
  ["LOG_FORWARDER", "LF"],
]);

/** Makes the collection's indexes. */
export async function prepareUsage(state: StateStore): Promise<void> {
  const collection = state.collection(collectionName);
  const keys = Doc.of({ app_id: 1, stretch: 1, at: 1 });
  await collection.createIndex(keys, Doc.of({ name: "app_stretch_at" }));
  const options = Doc.of({ name: "expires_at", expireAfterSeconds: 0 });
  await collection.createIndex(Doc.of({ expires_at: 1 }), options);
}

/** What was counted in one minute, of one key and route, and is not yet in the store. */
export interface CountedRow extends Sums {
  readonly appId: string;
  readonly minute: number;
  readonly group: UsageGroup;
  readonly keyId: string;
  readonly route: string;
}

export function openUsage(state: StateStore): Usage {
  const collection = state.collection(collectionName);
  let waiting = new Map<string, CountedRow>();
  /** What was counted last is most often counted next. */
  let last: CountedRow | undefined;

  function rowOf(of: UsageOf): CountedRow {
    const minute = Math.floor(of.endedAt / minuteMs);
    const group = groups.get(of.type) ?? "API";
    const { appId, keyId } = of;
    const route = waiting.size < waitingMax ? of.route : "";
    if (
      last?.minute === minute &&
      last.route === route &&
      last.keyId === keyId &&
      last.appId === appId &&
      last.group === group
    )
      return last;
    const name = `${appId} ${minute} ${group} ${keyId} ${route}`;
    let row = waiting.get(name);
    if (row === undefined) {
      row = { appId, minute, group, keyId, route, ...emptySums() };
      waiting.set(name, row);
    }
    last = row;
    return row;
  }

  function putBack(rows: readonly CountedRow[]): void {
    for (const row of rows) {
      if (waiting.size >= waitingMax) return;
      const { appId, minute, group, keyId, route } = row;
      const name = `${appId} ${minute} ${group} ${keyId} ${route}`;
      const newer = waiting.get(name);
      if (newer === undefined) waiting.set(name, row);
      else addSums(newer, row);
    }
  }

  return {
    count(of) {
      const row = rowOf(of);
      if (of.hasFailed) row.failed += 1;
      else row.succeeded += 1;
      row.computeByteMs += of.computeByteMs;
      row.egressBytes += of.egressBytes;
      row.responseMs += of.ms;
      if (of.isLogin) row.logins += 1;
      const place = durationPlaceOf(of.ms);
      row.durations[place] = (row.durations[place] ?? 0) + 1;
    },
    async flush() {
      const taken = [...waiting.values()];
      waiting = new Map();
      last = undefined;
      const documents = [...sumUp(taken).values()];
      const operations = documents.map(({ id, fields, sums }) => ({
        updateOne: {
          filter: Doc.of({ _id: id }),
          update: Doc.of({ $inc: toDoc(sums), $setOnInsert: fields }),
          upsert: true,
        },
      }));
      if (operations.length === 0) return;
      try {
        await collection.bulkWrite(operations, { ordered: false });
      } catch (cause) {
        // After any other failure, nobody knows what was added: counted twice would be worse than not at all.
        if (cause instanceof Fault && cause.code === "ServiceUnavailable") putBack(taken);
        throw cause;
      }
    },
    async read({ appId, stretch, from, until }) {
      const filter = Doc.of({
        app_id: ObjectId.fromHex(appId),
        stretch,
        at: Doc.of({ $gte: new DateTime(from), $lt: new DateTime(until) }),
      });
      const rows: UsageRow[] = [];
      for await (const batch of collection.find(filter, { sort: Doc.of({ at: 1 }) }))
        rows.push(...batch.map(readRow));
      return rows;
    },
    async deleteAll(appId) {
      await collection.deleteMany(Doc.of({ app_id: ObjectId.fromHex(appId) }));
    },
  };
}
