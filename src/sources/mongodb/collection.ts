/** A collection of a MongoDB. */
import { Doc } from "../../bson/doc.ts";
import { isArray, type ObjectId, type Value } from "../../bson/value.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import type { CallOptions, Collection, FindOneAndOptions, FindOptions } from "../source.ts";
import { BulkWriteError } from "../write-error.ts";
import { openChangeStream } from "./change-stream.ts";
import { readCursor, readSingleBatch } from "./cursor.ts";
import { createIndexes } from "./indexes.ts";
import type { Call, Fields, Link } from "./link.ts";
import {
  insertedOnly,
  mustModify,
  mustReplace,
  toBulkResult,
  toDelete,
  toInsert,
  toNumber,
  toStatement,
  toUpdate,
  type Statement,
  writeAll,
  type Written,
} from "./write.ts";
import { withoutUndefined } from "./literal-undefined.ts";

/** The server's code for a collection that is not there. */
const namespaceNotFound = 26;

/** Documents of the first batch where no limit tells; the rest comes in portions of 16 MB. */
const firstBatch = 1000;

export interface Environment {
  readonly newId: () => ObjectId;
}

export function openCollection(
  link: Link,
  environment: Environment,
  database: string,
  name: string,
): Collection {
  const call = (
    kind: Call["kind"],
    verb: string,
    options: CallOptions | undefined,
    fields: Fields,
  ): Call => ({ kind, database, name: verb, target: name, fields, signal: options?.signal });

  const withId = (document: Doc): { readonly id: Value; readonly document: Doc } => {
    const present = document.get("_id");
    if (present !== undefined) return { id: present, document };
    const id = environment.newId();
    return { id, document: Doc.fromEntries([["_id", id], ...document.entries()]) };
  };

  const writeMany = async (
    statements: readonly Statement[],
    options: (CallOptions & { readonly ordered?: boolean }) | undefined,
  ): Promise<Written> =>
    writeAll(link, { database, collection: name }, statements, {
      ordered: options?.ordered ?? true,
      signal: options?.signal,
      let: options?.let,
      comment: options?.comment,
    });

  const write = async (
    statement: Statement,
    options: CallOptions | undefined,
  ): Promise<Written> => {
    const written = await writeMany([statement], options);
    const [failure] = written.failures;
    if (failure !== undefined) throw new MongoError(failure.code, failure.message);
    return written;
  };

  const findAndModify = async (fields: Fields, options: FindOneAndOptions): Promise<Doc | null> => {
    const common = findAndModifyFields(options);
    const { reply } = await link.call(
      call("retryableWrite", "findAndModify", options, [...fields, ...common]),
    );
    const value = reply.get("value");
    return value instanceof Doc ? value : null;
  };

  const collection: Collection = {
    database,
    name,

    find: (filter, options = {}) =>
      readCursor(link, call("retryableRead", "find", options, findFields(filter, options))),

    async findOne(filter, options = {}) {
      const fields: Fields = [
        ...findFields(filter, { ...options, limit: 1 }),
        ["singleBatch", true],
      ];
      const found = await readSingleBatch(link, call("retryableRead", "find", options, fields));
      return found[0] ?? null;
    },

    aggregate(pipeline, options = {}) {
      // What writes is not repeated, and runs where writes run.
      const kind = writes(pipeline) ? "write" : "retryableRead";
      const fields: Fields = [
        ["pipeline", withoutUndefined(pipeline)],
        ["cursor", kind === "write" ? Doc.empty : Doc.of({ batchSize: firstBatch })],
        ...commonFields(options),
      ];
      return readCursor(link, call(kind, "aggregate", options, fields));
    },

    async countDocuments(filter, options = {}) {
      const { skip, limit } = options;
      const pipeline: Doc[] = [Doc.of({ $match: filter })];
      if (skip !== undefined && skip > 0) pipeline.push(Doc.of({ $skip: BigInt(skip) }));
      if (limit !== undefined && limit > 0) pipeline.push(Doc.of({ $limit: BigInt(limit) }));
      pipeline.push(Doc.of({ $group: Doc.of({ _id: 1, n: Doc.of({ $sum: 1 }) }) }));
      const fields: Fields = [
        ["pipeline", pipeline],
        ["cursor", Doc.empty],
        ...commonFields(options),
      ];
      const found = await readSingleBatch(
        link,
        call("retryableRead", "aggregate", options, fields),
      );
      return toNumber(found[0]?.get("n"));
    },

    async distinct(field, filter, options = {}) {
      const fields: Fields = [
        ["key", field],
        ["query", filter],
        ["collation", options.collation],
        ["comment", options.comment],
      ];
      const { reply } = await link.call(call("retryableRead", "distinct", options, fields));
      const values = reply.get("values");
      return isArray(values) ? values : [];
    },

    async insertOne(given, options) {
      const { id, document } = withId(given);
      await write(toInsert(document, 0), options);
      return id;
    },

    async insertMany(documents, options) {
      if (documents.length === 0)
        throw badValue("Write batch sizes must be between 1 and 100000. Got 0 operations.");
      const made = documents.map(withId);
      const statements = made.map(({ document }, index) => toInsert(document, index));
      const written = await writeMany(statements, options);
      const ids = made.map(({ id }) => id);
      if (written.failures.length === 0) return ids;
      const insertedIds = insertedOnly(new Map(ids.entries()), written, {
        ordered: options?.ordered ?? true,
      });
      throw new BulkWriteError(written.failures, { insertedIds });
    },

    updateOne: async (filter, update, options = {}) =>
      toUpdateResult(
        await write(
          toUpdate(filter, mustModify(update), options, { index: 0, isMany: false }),
          options,
        ),
      ),

    updateMany: async (filter, update, options = {}) =>
      toUpdateResult(
        await write(
          toUpdate(filter, mustModify(update), options, { index: 0, isMany: true }),
          options,
        ),
      ),

    replaceOne: async (filter, replacement, options = {}) =>
      toUpdateResult(
        await write(
          toUpdate(filter, mustReplace(replacement), options, { index: 0, isMany: false }),
          options,
        ),
      ),

    async deleteOne(filter, options = {}) {
      const written = await write(toDelete(filter, options, { index: 0, isMany: false }), options);
      return written.deletedCount;
    },

    async deleteMany(filter, options = {}) {
      const written = await write(toDelete(filter, options, { index: 0, isMany: true }), options);
      return written.deletedCount;
    },

    findOneAndUpdate: async (filter, update, options = {}) =>
      findAndModify(
        [["query", filter], ["update", mustModify(update)], ...imageFields(options)],
        options,
      ),

    findOneAndReplace: async (filter, replacement, options = {}) =>
      findAndModify(
        [["query", filter], ["update", mustReplace(replacement)], ...imageFields(options)],
        options,
      ),

    findOneAndDelete: async (filter, options = {}) =>
      findAndModify(
        [
          ["query", filter],
          ["remove", true],
        ],
        options,
      ),

    async bulkWrite(operations, options) {
      if (operations.length === 0) throw badValue("Invalid BulkOperation, Batch cannot be empty");
      const ids = new Map<number, Value>();
      const statements = operations.map((operation, index) =>
        toStatement(operation, index, (given) => {
          const { id, document } = withId(given);
          ids.set(index, id);
          return document;
        }),
      );
      const written = await writeMany(statements, options);
      const ordered = options?.ordered ?? true;
      const result = toBulkResult(written, insertedOnly(ids, written, { ordered }));
      if (written.failures.length > 0) throw new BulkWriteError(written.failures, result);
      return result;
    },

    watch: async (pipeline, options) =>
      openChangeStream(link, { database, collection: name }, pipeline, options),

    ...createIndexes(link, database, name),

    async drop() {
      try {
        const { reply } = await link.call(call("write", "drop", undefined, []));
        // Newer servers answer a collection that is not there with success, but without its name.
        return reply.get("ns") !== undefined;
      } catch (error) {
        if (error instanceof MongoError && error.code === namespaceNotFound) return false;
        throw error;
      }
    },

    async explain(filter, options = {}) {
      const find = Doc.fromEntries([
        ["find", name],
        ...findFields(filter, options).filter(
          (field): field is readonly [string, Value] => field[1] !== undefined,
        ),
      ]);
      const { reply } = await link.call({
        kind: "plain",
        database,
        name: "explain",
        target: find,
        fields: [["verbosity", "executionStats"]],
        signal: options.signal,
      });
      return reply;
    },
  };
  return collection;
}

function findFields(filter: Doc, options: FindOptions): Fields {
  const { limit = 0, skip = 0 } = options;
  return [
    ["filter", filter],
    ["projection", options.projection],
    ["sort", options.sort],
    ["skip", skip > 0 ? BigInt(skip) : undefined],
    ["limit", limit > 0 ? BigInt(limit) : undefined],
    // One more than the limit, so that the server sees the end and closes the cursor at once.
    ["batchSize", limit > 0 ? BigInt(limit) + 1n : BigInt(firstBatch)],
    ...commonFields(options),
  ];
}

function commonFields(options: CallOptions): Fields {
  return [
    ["let", options.let],
    ["collation", options.collation],
    ["hint", options.hint],
    ["comment", options.comment],
  ];
}

function findAndModifyFields(options: FindOneAndOptions): Fields {
  return [
    ["sort", options.sort],
    ["fields", options.projection],
    ["arrayFilters", options.arrayFilters],
    ...commonFields(options),
  ];
}

function imageFields(options: FindOneAndOptions): Fields {
  return [
    ["new", options.returnDocument === "after"],
    ["upsert", options.upsert],
  ];
}

/** Only a last stage can write. */
function writes(pipeline: readonly Value[]): boolean {
  const last = pipeline.at(-1);
  return last instanceof Doc && (last.keys()[0] === "$out" || last.keys()[0] === "$merge");
}

function toUpdateResult(written: Written): {
  readonly matchedCount: number;
  readonly modifiedCount: number;
  readonly upsertedId?: Value;
} {
  const { matchedCount, modifiedCount } = written;
  const upsertedId = written.upsertedIds.get(0);
  return { matchedCount, modifiedCount, ...(upsertedId !== undefined && { upsertedId }) };
}
