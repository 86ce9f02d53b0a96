/** `context.services.get("mongodb-atlas")`: what a function sees of a data source. The work is done by the server. */
import type { Ask, Target } from "./ask.ts";
import { createBulk } from "./bulk.ts";
import { createCursor } from "./cursor.ts";
import { createSession, sessionIdOf, withoutSession } from "./session.ts";

export function createMongodbClient(service: string, ask: Ask): object {
  return {
    admin: () => ({
      getDBNames: async () => ask("databases", { service }),
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
    getCollectionNames: async () => ask("collections", { service, database }),
    collection(collection: unknown) {
      mustName(collection, "collection");
      return createCollection({ service, database, collection }, ask);
    },
  };
}

/** Methods that are one question with one answer, and how many of their arguments come before the options. */
const methods: ReadonlyMap<string, number> = new Map(
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

function createCollection(target: Target, ask: Ask): object {
  const { collection: name } = target;
  const made: Record<string, unknown> = {
    name,
    collectionName: name,
    namespace: `${target.database}.${name}`,
    find: (query: unknown, projection: unknown, options: unknown) =>
      createCursor({ ...target, method: "find", input: query, projection, options }, ask),
    aggregate: (pipeline: unknown, options: unknown) =>
      createCursor({ ...target, method: "aggregate", input: pipeline, options }, ask),
    initializeOrderedBulkOp: () => createBulk(target, { ordered: true }, ask),
    initializeUnorderedBulkOp: () => createBulk(target, { ordered: false }, ask),
  };
  for (const [method, before] of methods)
    made[method] = async (...given: readonly unknown[]) =>
      ask("mongodb", {
        ...target,
        method,
        arguments: given.slice(0, before),
        options: withoutSession(given[before]),
        session: sessionIdOf(given[before]),
      });
  return made;
}

function mustName(value: unknown, method: string): asserts value is string {
  if (typeof value !== "string") throw new TypeError(`mongodb ${method}: name must be a string`);
}
