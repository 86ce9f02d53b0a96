/**
 * How a node hears that another one has changed the state, so that what it keeps in memory is never old for long.
 *
 * Whoever keeps documents in memory subscribes to their collection and reads again what it is told of; the first
 * reading is no different. To keep something more in memory: `subscribe`, and `touch` after each write.
 *
 * A change stream tells at once. Where there is none, a counter per collection is looked at once a second; it is also
 * looked at, less often, beside a stream.
 */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { pause } from "../kit/pause.ts";
import type { Collection } from "../sources/source.ts";

export interface StateChanges {
  /** @param refresh reads the documents with these ids again; undefined: all of the collection */
  subscribe(collection: string, refresh: Refresh): void;
  /** Begins to listen, then has every subscriber read all it wants. @throws what that throws */
  start(): Promise<void>;
  /** Counts a write to a collection. To be called when the write is done. */
  touch(collection: string): Promise<void>;
  close(): Promise<void>;
}

export type Refresh = (ids: readonly Value[] | undefined) => Promise<void>;

export interface StateChangesOptions {
  /** Holds the counters; undefined where no other node can write. */
  readonly counters: Collection | undefined;
  /** Opens a stream of changes; gives undefined where there is none. */
  readonly watch?: (listener: {
    readonly collections: readonly string[];
    readonly onChange: (collection: string, id: Value | undefined) => void;
    readonly onGap: () => void;
  }) => Promise<{ close(): Promise<void> } | undefined>;
  /** How often the counters are looked at where there is no stream, in milliseconds. */
  readonly pollMs?: number;
  /** A refresh failed. It is tried again if the store could not be reached. */
  readonly onFailure: (cause: unknown) => void;
}

const pollMsDefault = 1000;
/** Beside a stream: so many times less often. */
const pollBesideStream = 10;
const retryMs = 500;
/** Beyond so many documents at once, all are read. */
const idsMax = 1000;
const duplicateKey = 11_000;

interface Subscription {
  readonly refresh: Refresh;
  /** What is to be read again; undefined: all. */
  waiting: Value[] | undefined;
  isRunning: boolean;
}

export function createStateChanges(options: StateChangesOptions): StateChanges {
  const { counters, watch, pollMs = pollMsDefault, onFailure } = options;
  const subscriptions = new Map<string, Subscription>();
  const stop = new AbortController();
  let versions = new Map<string, Value>();
  let stream: { close(): Promise<void> } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let polling: Promise<void> | undefined;

  function tell(collection: string, id: Value | undefined): void {
    const subscription = subscriptions.get(collection);
    if (subscription === undefined) return;
    const { waiting } = subscription;
    if (id === undefined || (waiting !== undefined && waiting.length >= idsMax))
      subscription.waiting = undefined;
    else waiting?.push(id);
    if (!subscription.isRunning) void run(subscription);
  }

  function tellAll(): void {
    for (const collection of subscriptions.keys()) tell(collection, undefined);
  }

  /** Has a subscriber read what waits, until nothing does. */
  async function run(subscription: Subscription): Promise<void> {
    subscription.isRunning = true;
    while (subscription.waiting?.length !== 0 && !stop.signal.aborted) {
      const taken = subscription.waiting;
      subscription.waiting = [];
      try {
        await subscription.refresh(taken);
      } catch (cause) {
        onFailure(cause);
        // Whatever it was, the next attempt reads everything: nothing in memory can be relied on.
        subscription.waiting = undefined;
        await pause(retryMs, stop.signal);
      }
    }
    subscription.isRunning = false;
  }

  async function readVersions(): Promise<Map<string, Value>> {
    const found = new Map<string, Value>();
    if (counters === undefined) return found;
    for await (const batch of counters.find(Doc.empty))
      for (const doc of batch) {
        const id = doc.get("_id");
        if (typeof id === "string") found.set(id, doc.get("version") ?? null);
      }
    return found;
  }

  async function poll(): Promise<void> {
    try {
      const now = await readVersions();
      for (const collection of subscriptions.keys())
        if (now.get(collection) !== versions.get(collection)) tell(collection, undefined);
      versions = now;
    } catch {
      // The store can not be reached: whoever works with it says so. The next look finds what was missed.
    }
  }

  function schedule(): void {
    if (counters === undefined || stop.signal.aborted) return;
    const wait = stream === undefined ? pollMs : pollMs * pollBesideStream;
    timer = setTimeout(() => {
      polling = poll().then(schedule);
    }, wait);
    timer.unref();
  }

  return {
    subscribe(collection, refresh) {
      subscriptions.set(collection, { refresh, waiting: [], isRunning: false });
    },
    async start() {
      const collections = [...subscriptions.keys()];
      // In this order: what changes while the first reading goes on is read again.
      stream = await watch?.({ collections, onChange: tell, onGap: tellAll });
      versions = await readVersions();
      await Promise.all([...subscriptions.values()].map(async ({ refresh }) => refresh(undefined)));
      schedule();
    },
    async touch(collection) {
      if (counters === undefined) return;
      const filter = Doc.of({ _id: collection });
      const update = Doc.of({ $inc: Doc.of({ version: 1n }) });
      try {
        await counters.updateOne(filter, update, { upsert: true });
      } catch (error) {
        // Another node made the counter at the same moment.
        if (!(error instanceof MongoError) || error.code !== duplicateKey) throw error;
        await counters.updateOne(filter, update);
      }
    },
    async close() {
      stop.abort();
      clearTimeout(timer);
      await Promise.all([stream?.close(), polling]);
    },
  };
}
