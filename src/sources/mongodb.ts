/**
 * MongoDB as a data source: the official driver's pool, sessions and retries, with documents as bytes all the way.
 *
 * What a server answers is handed on with its code and wording; that none can be reached is said here and nowhere else.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import type { MongoClientOptions } from "mongodb";
import { Doc } from "../bson/doc.ts";
import { createObjectIdFactory } from "../bson/object-id.ts";
import { isArray, type Value } from "../bson/value.ts";
import { openCollection } from "./mongodb/collection.ts";
import { readCursor } from "./mongodb/cursor.ts";
import { type DriverClient, openDriver } from "./mongodb/driver.ts";
import { createLink, type Link } from "./mongodb/link.ts";
import { createOnceSource } from "./mongodb/once.ts";
import { createTransactions } from "./mongodb/transaction.ts";
import { type DatabaseWatch, watchDatabase, type WatchOptions } from "./mongodb/watch.ts";
import type { DataSource } from "./source.ts";

export type { DatabaseWatch, WatchOptions };

export interface MongodbSource extends DataSource {
  /**
   * Tells of changes in a database, whoever makes them, from the resolving of the promise on.
   *
   * @returns undefined where the server has no change streams, or not for this user
   * @throws {Fault} `ServiceUnavailable`
   */
  watch(database: string, options: WatchOptions): Promise<DatabaseWatch | undefined>;
}

export interface MongodbOptions {
  /** The data source's name, for messages. */
  readonly name: string;
  /** Milliseconds that a call waits for a server to appear. */
  readonly serverSelectionTimeoutMs?: number;
  /** Of the app's data source configuration; the connection string's stand where these are absent. */
  readonly readPreference?: {
    readonly mode: "primary" | "primaryPreferred" | "secondary" | "secondaryPreferred" | "nearest";
    readonly tagSets?: readonly Readonly<Record<string, string>>[];
  };
  readonly readConcern?: string;
  readonly writeConcern?: { readonly w?: number | "majority"; readonly journal?: boolean };
}

const serverSelectionTimeoutMsDefault = 10_000;
const pingMsMax = 2000;

/**
 * Opens a MongoDB; connects on the first call, not now.
 *
 * @param uri `mongodb://` or `mongodb+srv://` with whatever options the driver knows
 * @throws {Error} when the connection string is not valid; the message holds nothing of it
 */
export async function openMongodb(uri: string, options: MongodbOptions): Promise<MongodbSource> {
  const driver = await openDriver();
  const client = ((): DriverClient => {
    try {
      return driver.connect(uri, toClientOptions(options));
    } catch {
      // The driver's message may quote the connection string, and with it the password.
      throw new Error(`the connection string of data source '${options.name}' is not valid`);
    }
  })();
  return toDataSource(createLink(driver, client, options.name));
}

function toDataSource(link: Link): MongodbSource {
  const newId = createObjectIdFactory({ now: Date.now, random: (count) => randomBytes(count) });
  return {
    runsCode: true,
    collection: (database, name) => openCollection(link, { newId }, database, name),
    ...createOnceSource(link, { newId }),
    ...createTransactions(link, { newId }),

    async listDatabases(): Promise<readonly string[]> {
      const { reply } = await link.call({
        kind: "retryableRead",
        database: "admin",
        name: "listDatabases",
        target: 1,
        fields: [["nameOnly", true]],
      });
      const found = reply.get("databases");
      return isArray(found) ? found.map((each) => (each as Doc).get("name") as string) : [];
    },

    async listCollections(database): Promise<readonly Doc[]> {
      const found: Doc[] = [];
      const call = {
        kind: "retryableRead",
        name: "listCollections",
        target: 1,
        fields: [],
      } as const;
      for await (const batch of readCursor(link, { ...call, database })) found.push(...batch);
      return found;
    },

    async createCollection(database, name, options = Doc.empty): Promise<void> {
      const fields: readonly (readonly [string, Value])[] = [...options.entries()];
      await link.call({ kind: "write", database, name: "create", target: name, fields });
    },

    async dropDatabase(database): Promise<void> {
      await link.call({ kind: "write", database, name: "dropDatabase", target: 1, fields: [] });
    },

    watch: async (database, options) => watchDatabase(link, database, options),

    figures() {
      const { open, inUse, waitedFor } = link.counts();
      return { kind: "mongodb", open, inUse, waitedFor };
    },

    async ping(): Promise<boolean> {
      try {
        const signal = AbortSignal.timeout(pingMsMax);
        await link.call({
          kind: "plain",
          database: "admin",
          name: "ping",
          target: 1,
          fields: [],
          signal,
        });
        return true;
      } catch {
        return false; // Whatever the reason is, the answer is no.
      }
    },

    close: async () => link.close(),
  };
}

function toClientOptions(options: MongodbOptions): MongoClientOptions {
  const { readPreference, readConcern, writeConcern } = options;
  return {
    serverSelectionTimeoutMS: options.serverSelectionTimeoutMs ?? serverSelectionTimeoutMsDefault,
    appName: "petiole",
    ...(readPreference !== undefined && {
      readPreference: readPreference.mode,
      ...(readPreference.tagSets !== undefined && {
        readPreferenceTags: readPreference.tagSets.map((each) => ({ ...each })),
      }),
    }),
    ...(readConcern !== undefined && { readConcern: { level: readConcern } as never }),
    ...(writeConcern !== undefined && { writeConcern }),
  };
}
