/**
 * The interface that every store stands behind: `embedded.ts` over `src/store`, `mongodb.ts` over the driver.
 *
 * Documents are `Doc`s, lazily over BSON bytes: what nobody looks into is never decoded. Failures are `MongoError`s
 * with the server's code and wording; a source that can not be reached is a `Fault` `ServiceUnavailable`.
 */
import type { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import type { HeavyWork } from "../store/heavy-work.ts";
import type { BulkGuards, Guard } from "./guard.ts";
import type { OnceCall, OnceCollection } from "./once.ts";

/** What every call can be given. */
export interface CallOptions {
  /** Deadline and cancellation. Reads stop; a write that has begun finishes. */
  readonly signal?: AbortSignal;
  /** Variables for `$$name` in expressions. */
  readonly let?: Doc;
  readonly collation?: Doc;
  /** An index name or key pattern. */
  readonly hint?: Value;
  readonly comment?: Value;
}

export interface FindOptions extends CallOptions {
  readonly projection?: Doc;
  readonly sort?: Doc;
  /** 0 or absent: no limit. */
  readonly limit?: number;
  readonly skip?: number;
}

export interface UpdateOptions extends CallOptions {
  readonly upsert?: boolean;
  readonly arrayFilters?: readonly Doc[];
}

export interface FindOneAndOptions extends UpdateOptions {
  readonly projection?: Doc;
  readonly sort?: Doc;
  /** Which image is returned. */
  readonly returnDocument?: "before" | "after";
}

export interface WatchOptions extends CallOptions {
  /** `updateLookup`: the event of an update carries the document as it is when the event is read. */
  readonly fullDocument?: "default" | "updateLookup" | "whenAvailable" | "required";
  /** The `_id` of an event: goes on behind it. */
  readonly resumeAfter?: Doc;
}

export interface UpdateResult {
  readonly matchedCount: number;
  readonly modifiedCount: number;
  /** The `_id` of the document that an upsert inserted; absent when none was. */
  readonly upsertedId?: Value;
}

/** Thrown by `insertMany` and `bulkWrite` beside the error itself: how far it came. */
export interface WriteFailure {
  readonly index: number;
  readonly code: number;
  readonly message: string;
}

export type BulkOperation =
  | { readonly insertOne: { readonly document: Doc } }
  | {
      readonly updateOne: {
        readonly filter: Doc;
        readonly update: Doc | readonly Value[];
      } & UpdateOptions;
    }
  | {
      readonly updateMany: {
        readonly filter: Doc;
        readonly update: Doc | readonly Value[];
      } & UpdateOptions;
    }
  | { readonly replaceOne: { readonly filter: Doc; readonly replacement: Doc } & UpdateOptions }
  | { readonly deleteOne: { readonly filter: Doc } & CallOptions }
  | { readonly deleteMany: { readonly filter: Doc } & CallOptions };

export interface BulkResult {
  readonly insertedCount: number;
  readonly matchedCount: number;
  readonly modifiedCount: number;
  readonly deletedCount: number;
  readonly upsertedCount: number;
  readonly insertedIds: ReadonlyMap<number, Value>;
  readonly upsertedIds: ReadonlyMap<number, Value>;
}

/** A stream of batches; leaving the loop closes it. A batch is never empty. */
export type Batches = AsyncIterable<readonly Doc[]>;

export interface Collection {
  readonly database: string;
  readonly name: string;

  find(filter: Doc, options?: FindOptions): Batches;
  findOne(filter: Doc, options?: FindOptions): Promise<Doc | null>;
  aggregate(pipeline: readonly Value[], options?: CallOptions): Batches;
  countDocuments(filter: Doc, options?: FindOptions): Promise<number>;
  distinct(field: string, filter: Doc, options?: CallOptions): Promise<readonly Value[]>;

  /** Adds an ObjectId `_id` in front where there is none. @returns the `_id` */
  insertOne(document: Doc, options?: CallOptions): Promise<Value>;
  /** Ordered unless told otherwise: what stands before a failure stays. @returns the `_id`s */
  insertMany(
    documents: readonly Doc[],
    options?: CallOptions & { readonly ordered?: boolean },
  ): Promise<readonly Value[]>;
  updateOne(
    filter: Doc,
    update: Doc | readonly Value[],
    options?: UpdateOptions,
  ): Promise<UpdateResult>;
  updateMany(
    filter: Doc,
    update: Doc | readonly Value[],
    options?: UpdateOptions,
  ): Promise<UpdateResult>;
  replaceOne(filter: Doc, replacement: Doc, options?: UpdateOptions): Promise<UpdateResult>;
  deleteOne(filter: Doc, options?: CallOptions): Promise<number>;
  deleteMany(filter: Doc, options?: CallOptions): Promise<number>;
  findOneAndUpdate(
    filter: Doc,
    update: Doc | readonly Value[],
    options?: FindOneAndOptions,
  ): Promise<Doc | null>;
  findOneAndReplace(
    filter: Doc,
    replacement: Doc,
    options?: FindOneAndOptions,
  ): Promise<Doc | null>;
  findOneAndDelete(filter: Doc, options?: FindOneAndOptions): Promise<Doc | null>;
  bulkWrite(
    operations: readonly BulkOperation[],
    options?: CallOptions & { readonly ordered?: boolean },
  ): Promise<BulkResult>;

  /**
   * Tells of every change of a document, in their order, as the server's change stream has it: `operationType`,
   * `documentKey`, `fullDocument`, `updateDescription`. Without an end but that of the collection, or the signal's.
   *
   * @param pipeline over the events, of the stages that the server allows there
   * @returns resolves when it listens: what changes from then on is told. To be read to its end, or left, or aborted
   * @throws {MongoError} 40573 where there are no change streams, 286 when the place to go on from is forgotten
   */
  watch(pipeline: readonly Value[], options?: WatchOptions): Promise<Batches>;

  /** @param keys e.g. `{ a: 1, b: -1 }` @returns the index's name; making one that exists is no error */
  createIndex(keys: Doc, options?: Doc): Promise<string>;
  dropIndex(name: string): Promise<void>;
  /** As `listIndexes` of the server: `{ v, key, name, … }`. */
  listIndexes(): Promise<readonly Doc[]>;
  drop(): Promise<boolean>;
  /** The plan of a find, in the server's shape: `queryPlanner`, `executionStats`. */
  explain(filter: Doc, options?: FindOptions): Promise<Doc>;
}

/** Calls that happen together or not at all. Nobody else sees their writes before the commit. */
export interface Transaction {
  collection(database: string, name: string): Collection;
  /** As that of a data source, within the transaction, which ends when the write fails. */
  guarded(database: string, name: string, guard: Guard | BulkGuards): Collection;
  /** @throws {MongoError} when nothing of it happened; {Fault} `ServiceUnavailable` when nobody can say */
  commit(): Promise<void>;
  /** Leaves no trace; nothing happens after a commit. To be called at the end of every transaction. */
  abort(): Promise<void>;
}

/** Who runs code that a filter or a pipeline holds, where the source does not run it itself. */
export type CodeWork = Pick<HeavyWork, "run">;

export interface CollectionOptions {
  /** Absent: its filters and pipelines may hold no code. */
  readonly code?: CodeWork | undefined;
}

/** What a source is made of, in numbers. */
export type SourceFigures =
  | {
      readonly kind: "embedded";
      /** Of its data file. */
      readonly bytes: number;
      readonly writesWaiting: number;
    }
  | {
      readonly kind: "mongodb";
      /** Connections, those that are in use, and calls that wait for one. */
      readonly open: number;
      readonly inUse: number;
      readonly waitedFor: number;
    };

export interface DataSource {
  /** Whether a filter or a stage may hold code, which runs where the data is. */
  readonly runsCode?: boolean;
  collection(database: string, name: string, options?: CollectionOptions): Collection;
  /**
   * A collection whose next write is done as a whole or not at all, with a guard that is asked about each document in
   * it. Inserts are not asked about: they depend on nothing that is there.
   *
   * @param guard several: the write is a `bulkWrite` of as many operations, of which nothing stays when one fails
   * @throws {Fault} from the write: `InvalidParameter` when it meets more documents than can be written as one
   */
  guarded(database: string, name: string, guard: Guard | BulkGuards): Collection;
  /**
   * Begins a transaction, which the caller ends. A failure within it is its end, too.
   *
   * @throws {MongoError} 20 where there are none: on the embedded store, and on a MongoDB that is no replica set, there
   *   from the first call
   */
  startTransaction(): Promise<Transaction>;
  /**
   * Does work in a transaction, and again when others were in its way, for up to two minutes.
   *
   * @param work may run several times; what it throws aborts the transaction and is handed on
   * @throws {MongoError} as `startTransaction`
   */
  withTransaction<R>(
    work: (transaction: Pick<Transaction, "collection" | "guarded">) => Promise<R>,
    options?: Pick<CallOptions, "signal">,
  ): Promise<R>;
  /**
   * A collection whose next write happens once: all of it with the record of it, or neither, and not again for a call
   * of the same id. So nothing stays of an `insertMany` that fails.
   *
   * @param guard as that of `guarded`
   * @throws {Fault} from the write: `IdempotencyKeyReused` when the id was that of another call
   */
  once(database: string, name: string, call: OnceCall, guard?: Guard): OnceCollection;
  listDatabases(): Promise<readonly string[]>;
  /** As the server's `listCollections`: `{ name, type, options, info }`. */
  listCollections(database: string): Promise<readonly Doc[]>;
  createCollection(database: string, name: string, options?: Doc): Promise<void>;
  dropDatabase(database: string): Promise<void>;
  /** Whether it can serve right now. */
  ping(): Promise<boolean>;
  /** For whoever watches over it. */
  figures?(): SourceFigures;
  /** Waits for writes in flight, then lets go of files and connections. */
  close(): Promise<void>;
}
