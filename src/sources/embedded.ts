/**
 * The embedded data source: `DataSource` over `src/store`, on one directory of this machine.
 *
 * Each verb is a function in `embedded/`; this file only puts them together.
 */
import { MongoError } from "../kit/mongo-error.ts";
import { examine, type Diagnosis } from "../store/doctor.ts";
import { expireDocuments } from "../store/expiry.ts";
import { openStore, type StoreOptions } from "../store/store.ts";
import { mustBeDatabaseName } from "../store/names.ts";
import { aggregate } from "./embedded/aggregate.ts";
import { bulkWrite } from "./embedded/bulk.ts";
import type { CollectionContext } from "./embedded/context.ts";
import { explain } from "./embedded/explain.ts";
import { countDocuments, distinct, find, findOne } from "./embedded/find.ts";
import {
  createCollection,
  createIndex,
  dropCollection,
  dropDatabase,
  dropIndex,
  listCollections,
  listIndexes,
} from "./embedded/indexes.ts";
import { createJobGuard } from "./embedded/guarded.ts";
import { bulkWriteGuarded } from "./embedded/guarded-bulk.ts";
import { insertMany, insertOne } from "./embedded/insert.ts";
import { createOnceSource } from "./embedded/once.ts";
import { deleteMany, deleteOne } from "./embedded/remove.ts";
import {
  findOneAndDelete,
  findOneAndReplace,
  findOneAndUpdate,
  replaceOne,
  updateMany,
  updateOne,
} from "./embedded/update.ts";
import { watch } from "./embedded/watch.ts";
import type { BulkGuards, Guard } from "./guard.ts";
import type { Collection, DataSource } from "./source.ts";

export interface EmbeddedSource extends DataSource {
  /** Writes a compact and consistent copy while the source serves; `openEmbedded` opens it. */
  backup(path: string): Promise<void>;
  /** Checks every index against every document. */
  examine(signal?: AbortSignal): Promise<Diagnosis>;
  /** Takes out what has expired; runs by itself once a minute. @param now milliseconds since 1970 */
  expire(now: number): Promise<number>;
  /** Clears away what was dropped; runs by itself after each drop. */
  collectGarbage(): Promise<void>;
}

/**
 * Opens the data in a directory, which is made where there is none.
 *
 * @throws {DirectoryInUse} when a running process holds it; the file system's error when it can not be read or written
 */
export async function openEmbedded(
  path: string,
  options: StoreOptions = {},
): Promise<EmbeddedSource> {
  const store = await openStore(path, options);
  const handleOf = keepHandles((database, name) =>
    createCollectionHandle({ store, database, name }),
  );
  return {
    collection: (database, name, settings) =>
      settings?.code === undefined
        ? handleOf(database, name)
        : createCollectionHandle({ store, database, name, code: settings.code }),
    guarded: (database, name, guard) =>
      createCollectionHandle({ store, database, name, ...guardedBy(guard) }),
    ...createOnceSource(store, createCollectionHandle),
    startTransaction: noTransactions,
    withTransaction: noTransactions,
    listDatabases: () => Promise.resolve(store.catalog.databases()),
    async listCollections(database) {
      mustBeDatabaseName(database);
      return listCollections(store, database);
    },
    createCollection: (database, name, settings) =>
      createCollection(store, database, name, settings),
    async dropDatabase(database) {
      mustBeDatabaseName(database);
      await dropDatabase(store, database);
    },
    ping: () => Promise.resolve(!store.environment.isClosed),
    figures() {
      const { fileBytes: bytes, writesWaiting } = store.environment;
      return { kind: "embedded", bytes, writesWaiting };
    },
    close: () => store.close(),
    backup: (to) => store.environment.backup(to),
    examine: (signal) => examine(store, signal),
    expire: (now) => expireDocuments(store, now),
    collectGarbage: () => store.collectGarbage(),
  };
}

/** As a server that is not part of a replica set. */
async function noTransactions(): Promise<never> {
  throw new MongoError(
    20,
    "Transaction numbers are only allowed on a replica set member or mongos",
  );
}

function guardedBy(guard: Guard | BulkGuards): Pick<CollectionContext, "guard" | "guards"> {
  return "check" in guard ? { guard: createJobGuard(guard) } : { guards: guard };
}

/** Names come from clients: beyond this many, handles are made anew. */
const handlesMax = 1000;

/** A handle is some thirty closures, which calls without settings of their own can share. */
function keepHandles(
  make: (database: string, name: string) => Collection,
): (database: string, name: string) => Collection {
  const databases = new Map<string, Map<string, Collection>>();
  let count = 0;
  return (database, name) => {
    let handles = databases.get(database);
    const known = handles?.get(name);
    if (known !== undefined) return known;
    if (count === handlesMax) {
      databases.clear();
      handles = undefined;
      count = 0;
    }
    if (handles === undefined) databases.set(database, (handles = new Map()));
    const made = make(database, name);
    handles.set(name, made);
    count += 1;
    return made;
  };
}

function createCollectionHandle(context: CollectionContext): Collection {
  return {
    database: context.database,
    name: context.name,
    find: (filter, options) => find(context, filter, options),
    findOne: (filter, options) => findOne(context, filter, options),
    aggregate: (pipeline, options) => aggregate(context, pipeline, options),
    countDocuments: (filter, options) => countDocuments(context, filter, options),
    distinct: (field, filter, options) => distinct(context, field, filter, options),
    insertOne: (document) => insertOne(context, document),
    insertMany: (documents, options) => insertMany(context, documents, options),
    updateOne: (filter, update, options) => updateOne(context, filter, update, options),
    updateMany: (filter, update, options) => updateMany(context, filter, update, options),
    replaceOne: (filter, replacement, options) => replaceOne(context, filter, replacement, options),
    deleteOne: (filter, options) => deleteOne(context, filter, options),
    deleteMany: (filter, options) => deleteMany(context, filter, options),
    findOneAndUpdate: (filter, update, options) =>
      findOneAndUpdate(context, filter, update, options),
    findOneAndReplace: (filter, replacement, options) =>
      findOneAndReplace(context, filter, replacement, options),
    findOneAndDelete: (filter, options) => findOneAndDelete(context, filter, options),
    bulkWrite: (operations, options) =>
      context.guards === undefined
        ? bulkWrite(context, operations, options)
        : bulkWriteGuarded(context, operations, context.guards, options),
    watch: (pipeline, options) => watch(context, pipeline, options),
    createIndex: (keys, options) => createIndex(context, keys, options),
    dropIndex: (name) => dropIndex(context, name),
    async listIndexes() {
      return listIndexes(context);
    },
    drop: () => dropCollection(context),
    explain: (filter, options) => explain(context, filter, options),
  };
}
