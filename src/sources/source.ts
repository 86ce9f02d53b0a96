/**
 * The interface that every store stands behind: `embedded.ts` over `src/store`, `mongodb.ts` over the driver.
 *
 * Documents are `Doc`s, lazily over BSON bytes: what nobody looks into is never decoded. Failures are `MongoError`s
 * with the server's code and wording; a source that can not be reached is a `Fault` `ServiceUnavailable`.
 */
import type { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
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

  /** @param keys e.g. `{ a: 1, b: -1 }` @returns the index's name; making one that exists is no error */
  createIndex(keys: Doc, options?: Doc): Promise<string>;
  dropIndex(name: string): Promise<void>;
  /** As `listIndexes` of the server: `{ v, key, name, … }`. */
  listIndexes(): Promise<readonly Doc[]>;
  drop(): Promise<boolean>;
  /** The plan of a find, in the server's shape: `queryPlanner`, `executionStats`. */
  explain(filter: Doc, options?: FindOptions): Promise<Doc>;
}

export interface DataSource {
  collection(database: string, name: string): Collection;
  /**
   * A collection whose next write happens once: all of it with the record of it, or neither, and not again for a call
   * of the same id. So nothing stays of an `insertMany` that fails.
   *
   * @throws {Fault} from the write: `IdempotencyKeyReused` when the id was that of another call
   */
  once(database: string, name: string, call: OnceCall): OnceCollection;
  listDatabases(): Promise<readonly string[]>;
  /** As the server's `listCollections`: `{ name, type, options, info }`. */
  listCollections(database: string): Promise<readonly Doc[]>;
  createCollection(database: string, name: string, options?: Doc): Promise<void>;
  dropDatabase(database: string): Promise<void>;
  /** Whether it can serve right now. */
  ping(): Promise<boolean>;
  /** Waits for writes in flight, then lets go of files and connections. */
  close(): Promise<void>;
}
