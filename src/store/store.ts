/**
 * An open store: environment, catalog, and what runs beside the requests.
 *
 * Upkeep runs in slices of the write queue: clearing away what was dropped, expiring documents, finishing what a crash
 * left behind.
 */
import { randomBytes } from "node:crypto";
import { createObjectIdFactory } from "../bson/object-id.ts";
import { Timestamp } from "../bson/value.ts";
import { type Catalog, openCatalog, type StoredIndex } from "./catalog.ts";
import { type ChangeFeed, createChangeFeed } from "./change-feed.ts";
import { closedFault, Environment } from "./environment.ts";
import { expireDocuments } from "./expiry.ts";
import { clearGarbage } from "./garbage.ts";
import { createHeavyWork, type HeavyWork } from "./heavy-work.ts";
import type { Stamps } from "./storable.ts";
import { createDocumentWriter, type DocumentWriter } from "./write-document.ts";

export interface Store {
  readonly environment: Environment;
  readonly catalog: Catalog;
  readonly writer: DocumentWriter;
  readonly feed: ChangeFeed;
  readonly stamps: Stamps;
  /** Threads for big documents. */
  readonly heavy: HeavyWork;
  /** Memory for the keys of all index builds that are under way, in bytes. */
  readonly buildBytesMax: number;
  /** Index builds that are under way. */
  readonly builds: Map<StoredIndex, Promise<void>>;
  /** Aborted when it closes; its reason is what those are told who wait for something. */
  readonly closing: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Clears away what was dropped; called after a drop, resolves when nothing is left. */
  collectGarbage(): Promise<void>;
  /** Stops the upkeep, waits for writes in flight, lets go of the files. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** How often documents are expired, in milliseconds; 0 for never. */
  readonly expiryMs?: number;
  /** Memory for the keys of index builds, in bytes; what is beyond it goes to a file. */
  readonly buildBytesMax?: number;
}

const expiryMsDefault = 60_000;
const buildBytesMaxDefault = 64 * 2 ** 20;

/**
 * Opens the store in a directory, which is made where there is none.
 *
 * @throws {DirectoryInUse} when a running process holds it
 */
export async function openStore(path: string, options: StoreOptions = {}): Promise<Store> {
  const now = options.now ?? Date.now;
  const environment = Environment.open(path);
  try {
    return await startStore(environment, now, options);
  } catch (error) {
    await environment.close();
    throw error;
  }
}

async function startStore(
  environment: Environment,
  now: () => number,
  { expiryMs = expiryMsDefault, buildBytesMax = buildBytesMaxDefault }: StoreOptions,
): Promise<Store> {
  const stamps: Stamps = {
    newId: createObjectIdFactory({ now, random: randomBytes }),
    newTimestamp: stampsOf(now),
  };
  const feed = createChangeFeed(environment, { now, newTimestamp: stamps.newTimestamp });
  const catalog = openCatalog(environment);
  let collecting: Promise<void> | undefined;
  let sweeping: Promise<void> | undefined;
  const stop = new AbortController();
  const store: Store = {
    environment,
    catalog,
    writer: createDocumentWriter(environment, catalog, feed),
    feed,
    stamps,
    heavy: createHeavyWork(),
    buildBytesMax,
    builds: new Map(),
    closing: stop.signal,
    now,
    collectGarbage() {
      collecting ??= clearGarbage(store, stop.signal).finally(() => {
        collecting = undefined;
      });
      return collecting;
    },
    async close() {
      clearInterval(timer);
      stop.abort(closedFault());
      feed.close();
      await Promise.allSettled([collecting, sweeping, ...store.builds.values()]);
      await store.heavy.close();
      await environment.close();
    },
  };
  const timer = setInterval(
    () => {
      // A sweep that takes longer than the interval is not overtaken. One that fails is tried again by the next.
      sweeping ??= expireDocuments(store, now(), stop.signal)
        .catch(() => 0)
        .then(() => {
          sweeping = undefined;
        });
    },
    expiryMs === 0 ? 2 ** 31 - 1 : expiryMs,
  ).unref();
  await dropUnfinished(store);
  void store.collectGarbage().catch(() => undefined);
  return store;
}

/** Seconds and a counter within the second, never the same twice. */
function stampsOf(now: () => number): () => Timestamp {
  let seconds = 0;
  let count = 0;
  return () => {
    const current = Math.floor(now() / 1000);
    count = current > seconds ? 1 : count + 1;
    seconds = Math.max(current, seconds);
    return new Timestamp(seconds, count);
  };
}

/** Indexes whose build a crash cut off were never promised to anyone. */
async function dropUnfinished({ environment, catalog }: Store): Promise<void> {
  const collections = catalog.databases().flatMap((each) => catalog.collections(each));
  if (!collections.some((each) => each.indexes.some(isUnfinished))) return;
  await environment.write(() => {
    for (const collection of collections)
      for (const index of collection.indexes.filter(isUnfinished))
        catalog.dropIndex(collection, index);
  });
}

function isUnfinished(index: StoredIndex): boolean {
  return !index.isReady;
}
