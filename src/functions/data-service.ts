/**
 * The methods of a collection as functions call them (SPEC §8.5), each one a line in `methods`.
 *
 * Everything goes through `openNamespace`, which carries the rules of the user as whom the function runs.
 */
import { Doc } from "../bson/doc.ts";
import { isArray, toInteger, type Value } from "../bson/value.ts";
import type { Scope } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import { type DataAccess, openNamespace, type Use } from "../rules/open-namespace.ts";
import type { Batches, Collection, UpdateResult } from "../sources/source.ts";
import {
  argumentError,
  mustDoc,
  mustList,
  mustUpdate,
  optionalDoc,
  readOptions,
  type ServiceOptions,
} from "./data-service/arguments.ts";
import { readBulk, verbsOf } from "./data-service/bulk.ts";

export interface DataEnvironment {
  readonly scope: Scope;
  /** Within the transaction that the operation is part of. */
  readonly access: DataAccess;
}

interface Method {
  /** What the original's messages call it. */
  readonly name: string;
  readonly verb: "find" | "insert" | "update" | "delete";
  run(
    collection: Collection,
    given: readonly Value[],
    options: ServiceOptions,
  ): Promise<Value | undefined>;
}

const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries<Method>({
    findOne: {
      name: "find",
      verb: "find",
      run: async (collection, [query, projection], options) =>
        collection.findOne(optionalDoc(query, "find", "query"), {
          ...options.find,
          ...projected(projection, "find"),
        }),
    },
    findOneAndUpdate: {
      name: "findOneAndUpdate",
      verb: "update",
      run: async (collection, [query, update], options) =>
        collection.findOneAndUpdate(
          mustDoc(query, "findOneAndUpdate", "query"),
          mustUpdate(update, "findOneAndUpdate"),
          options.findOneAnd,
        ),
    },
    findOneAndReplace: {
      name: "findOneAndReplace",
      verb: "update",
      run: async (collection, [query, replacement], options) =>
        collection.findOneAndReplace(
          mustDoc(query, "findOneAndReplace", "query"),
          mustDoc(replacement, "findOneAndReplace", "replacement"),
          options.findOneAnd,
        ),
    },
    findOneAndDelete: {
      name: "findOneAndDelete",
      verb: "delete",
      run: async (collection, [query], options) =>
        collection.findOneAndDelete(
          mustDoc(query, "findOneAndDelete", "query"),
          options.findOneAnd,
        ),
    },
    insertOne: {
      name: "insert",
      verb: "insert",
      run: async (collection, [document], options) =>
        Doc.of({
          insertedId: await collection.insertOne(mustDoc(document, "insert"), options.call),
        }),
    },
    insertMany: {
      name: "insert",
      verb: "insert",
      run: async (collection, [documents], options) => {
        const list = mustList(documents, "insert", "documents").map((each) =>
          mustDoc(each, "insert"),
        );
        if (list.length === 0) throw argumentError("insert", "documents", "a non-empty array");
        return Doc.of({ insertedIds: await collection.insertMany(list, options.ordered) });
      },
    },
    updateOne: {
      name: "update",
      verb: "update",
      run: async (collection, [query, update], options) =>
        updated(
          await collection.updateOne(
            mustDoc(query, "update", "query"),
            mustUpdate(update, "update"),
            options.update,
          ),
        ),
    },
    updateMany: {
      name: "update",
      verb: "update",
      run: async (collection, [query, update], options) =>
        updated(
          await collection.updateMany(
            mustDoc(query, "update", "query"),
            mustUpdate(update, "update"),
            options.update,
          ),
        ),
    },
    replaceOne: {
      name: "replace",
      verb: "update",
      run: async (collection, [query, replacement], options) =>
        updated(
          await collection.replaceOne(
            mustDoc(query, "replace", "query"),
            mustDoc(replacement, "replace", "replacement"),
            options.update,
          ),
        ),
    },
    deleteOne: {
      name: "delete",
      verb: "delete",
      run: async (collection, [query], options) =>
        deleted(await collection.deleteOne(mustDoc(query, "delete", "query"), options.call)),
    },
    deleteMany: {
      name: "delete",
      verb: "delete",
      run: async (collection, [query], options) =>
        deleted(await collection.deleteMany(mustDoc(query, "delete", "query"), options.call)),
    },
    count: { name: "count", verb: "find", run: countDocuments },
    countDocuments: { name: "count", verb: "find", run: countDocuments },
    estimatedDocumentCount: {
      name: "count",
      verb: "find",
      run: async (collection, _given, options) => countDocuments(collection, [], options),
    },
    distinct: {
      name: "distinct",
      verb: "find",
      async run(collection, [field, query], options) {
        if (typeof field !== "string") throw argumentError("distinct", "field", "a string");
        return collection.distinct(field, optionalDoc(query, "distinct", "query"), options.call);
      },
    },
    bulkWrite: {
      name: "bulkWrite",
      verb: "update",
      async run(collection, [operations], options) {
        await collection.bulkWrite(readBulk(operations), options.ordered);
        // Atlas: documented as null.
        return null;
      },
    },
  }),
);

/** @throws {Fault} for a wrong argument, an unknown service, or what the user may not do @throws {MongoError} */
export async function callMongodb(
  body: Doc,
  environment: DataEnvironment,
): Promise<Value | undefined> {
  const wanted = body.get("method");
  const method = typeof wanted === "string" ? methods.get(wanted) : undefined;
  if (method === undefined)
    throw new Fault(
      "ServiceCommandNotFound",
      `command not found: '${typeof wanted === "string" ? wanted : ""}'`,
    );
  const { scope } = environment;
  const given = argumentsOf(body);
  const options = readOptions(body, method.name, scope.signal);
  if (wanted !== "bulkWrite")
    return method.run(open(body, { verb: method.verb }, environment), given, options);
  let collection: Collection | undefined;
  // Everything that a bulk write does must be allowed before anything of it is done.
  for (const verb of verbsOf(readBulk(given[0]))) collection = open(body, { verb }, environment);
  return collection === undefined ? null : method.run(collection, given, options);
}

/** A query whose documents are taken batch by batch. */
export function openCursor(body: Doc, environment: DataEnvironment): Batches {
  const { scope } = environment;
  const [input, projection] = argumentsOf(body);
  if (body.get("method") === "aggregate") {
    const pipeline = mustList(input, "aggregate", "pipeline");
    const options = readOptions(body, "aggregate", scope.signal);
    const collection = open(body, { verb: "aggregate", pipeline }, environment);
    return collection.aggregate([...pipeline, ...stagesOf(options)], options.call);
  }
  const options = readOptions(body, "find", scope.signal);
  const collection = open(body, { verb: "find" }, environment);
  return collection.find(optionalDoc(input, "find", "query"), {
    ...projected(projection, "find"),
    ...options.find,
  });
}

function open(body: Doc, use: Use, { scope, access }: DataEnvironment): Collection {
  const namespace = {
    dataSource: textAt(body, "service"),
    database: textAt(body, "database"),
    collection: textAt(body, "collection"),
  };
  return openNamespace(scope, namespace, use, access);
}

export function textAt(body: Doc, name: string): string {
  const value = body.get(name);
  if (typeof value === "string") return value;
  throw new Fault("BadRequest", `${name} must be a string`);
}

function argumentsOf(body: Doc): readonly Value[] {
  const given = body.get("arguments");
  return isArray(given) ? given : [];
}

/** Sort, skip and limit of an aggregation's cursor come after its pipeline. */
function stagesOf({ find }: ServiceOptions): readonly Doc[] {
  const { sort, skip, limit } = find;
  return [
    ...(sort === undefined ? [] : [Doc.of({ $sort: sort })]),
    ...(skip === undefined ? [] : [Doc.of({ $skip: toInteger(skip) })]),
    ...(limit === undefined || limit === 0 ? [] : [Doc.of({ $limit: toInteger(limit) })]),
  ];
}

function projected(value: Value | undefined, method: string): { readonly projection?: Doc } {
  const projection = optionalDoc(value, method, "projection");
  return projection.size === 0 ? {} : { projection };
}

async function countDocuments(
  collection: Collection,
  [query]: readonly Value[],
  options: ServiceOptions,
): Promise<Value> {
  const { find } = options;
  return toInteger(await collection.countDocuments(optionalDoc(query, "count", "query"), find));
}

function updated({ matchedCount, modifiedCount, upsertedId }: UpdateResult): Doc {
  return Doc.of({
    matchedCount: toInteger(matchedCount),
    modifiedCount: toInteger(modifiedCount),
    ...(upsertedId === undefined ? {} : { upsertedId }),
  });
}

function deleted(count: number): Doc {
  return Doc.of({ deletedCount: toInteger(count) });
}
