/** `context.services.get("mongodb-atlas")`: what a function sees of a data source. The work is done by the server. */
import type { Ask, Target } from "./ask.ts";
import { createBulk } from "./bulk.ts";
import { createCursor } from "./cursor.ts";
import { lazyObject } from "./lazy-object.ts";
import { createSession, sessionIdOf, withoutSession } from "./session.ts";

export function createMongodbClient(service: string, ask: Ask): object {
  return {
    admin: () => ({
      getDBNames: async () => ask({ operation: "databases", service }),
    }),
    db(database: unknown) {
      mustName(database, "db");
      return createDatabase(service, database, ask);
    },
    startSession: () => createSession(service, ask),
  };
}

function createDatabase(service: string, database: string, ask: Ask): object {
  return {
    name: database,
    getCollectionNames: async () => ask({ operation: "collections", service, database }),
    collection(collection: unknown) {
      mustName(collection, "collection");
      return createCollection({ service, database, collection }, ask);
    },
  };
}

/** Methods that are one question with one answer, and how many of their arguments come before the options. */
const methods: ReadonlyMap<PropertyKey, number> = new Map(
  Object.entries({
    findOne: 2,
    findOneAndUpdate: 2,
    findOneAndReplace: 2,
    findOneAndDelete: 1,
    insertOne: 1,
    insertMany: 1,
    updateOne: 2,
    updateMany: 2,
    replaceOne: 2,
    deleteOne: 1,
    deleteMany: 1,
    count: 1,
    countDocuments: 1,
    estimatedDocumentCount: 0,
    distinct: 2,
    bulkWrite: 1,
  }),
);

/** A method is made when it is asked for: few of them ever are. */
function createCollection(target: Target, ask: Ask): object {
  const { database, collection: name } = target;
  return lazyObject(
    (made) => {
      made["name"] = name;
      made["collectionName"] = name;
      made["namespace"] = `${database}.${name}`;
    },
    {
      find(made, key) {
        const method = createMethod(target, key, ask);
        if (method !== undefined) made[key] = method;
        return method;
      },
    },
  );
}

type Method = (...given: readonly unknown[]) => unknown;

function createMethod(target: Target, key: PropertyKey, ask: Ask): Method | undefined {
  const before = methods.get(key);
  if (before !== undefined)
    // Not `async`: one promise less for each operation.
    return (...given) =>
      ask(() => ({
        operation: "mongodb",
        service: target.service,
        database: target.database,
        collection: target.collection,
        method: key,
        arguments: given.slice(0, before),
        options: withoutSession(given[before]),
        session: sessionIdOf(given[before]),
      }));
  switch (key) {
    case "find":
      return (input, projection, options) =>
        createCursor({ ...target, method: "find", input, projection, options }, ask);
    case "aggregate":
      return (input, options) =>
        createCursor({ ...target, method: "aggregate", input, options }, ask);
    case "initializeOrderedBulkOp":
      return () => createBulk(target, { ordered: true }, ask);
    case "initializeUnorderedBulkOp":
      return () => createBulk(target, { ordered: false }, ask);
    default:
      return undefined;
  }
}

function mustName(value: unknown, method: string): asserts value is string {
  if (typeof value !== "string") throw new TypeError(`mongodb ${method}: name must be a string`);
}
