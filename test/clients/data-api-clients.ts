/** Five clients of the Data API from npm, unmodified, behind one face: what each is given and what it gives back. */
import { mongodb } from "@saibotsivad/mongodb";
import { MongoClient } from "@taskless/mongo-data-api";
import { MongoFetchClient } from "mongo-fetch";
import { initClient } from "mongo-http";
import { MongoDBDataAPI } from "mongodb-data-api";
import type { TestServer } from "../support/server.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface FindOptions {
  readonly sort?: Fields;
  readonly limit?: number;
  readonly skip?: number;
}

/** Each call gives what the action answered, as far as the client hands it on. */
export interface DataApiClient {
  insertOne(document: Fields): Promise<unknown>;
  insertMany(documents: readonly Fields[]): Promise<unknown>;
  findOne(filter: Fields): Promise<unknown>;
  find(filter: Fields, options: FindOptions): Promise<unknown>;
  updateOne(filter: Fields, update: Fields): Promise<unknown>;
  updateMany(filter: Fields, update: Fields): Promise<unknown>;
  /** Undefined from a client that does not know the action. */
  replaceOne(filter: Fields, replacement: Fields): Promise<unknown>;
  deleteOne(filter: Fields): Promise<unknown>;
  deleteMany(filter: Fields): Promise<unknown>;
  aggregate(pipeline: readonly Fields[]): Promise<unknown>;
}

type Open = (
  server: Pick<TestServer, "url" | "appId" | "apiKey" | "database">,
  collection: string,
) => DataApiClient;

const dataSource = "mongodb-atlas";

const baseOf = ({ url, appId }: Parameters<Open>[0]): string =>
  `${url}/app/${appId}/endpoint/data/v1`;

/** Hands on the fields that an action answers, and no others. */
async function only(answer: Promise<unknown>, ...names: readonly string[]): Promise<unknown> {
  const fields = (await answer) as Fields;
  return Object.fromEntries(
    names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])),
  );
}

async function one(answer: Promise<unknown>, name: string): Promise<unknown> {
  return ((await answer) as Fields)[name];
}

/** `@taskless/mongo-data-api` gives `error` where others throw. */
async function data(
  answer: Promise<{ readonly data?: unknown; readonly error?: Error }>,
): Promise<unknown> {
  const { data: found, error } = await answer;
  if (error !== undefined) throw error;
  return found;
}

/** `mongo-http` gives `isSuccess: false` where others throw. */
async function done(answer: Promise<unknown>): Promise<unknown> {
  const { isSuccess, error, ...fields } = (await answer) as Fields;
  if (isSuccess === false) throw new Error(String(error));
  return fields;
}

const counts = ["matchedCount", "modifiedCount", "upsertedId"] as const;

/** By the package's name. */
export const dataApiClients: ReadonlyMap<string, Open> = new Map<string, Open>([
  [
    "mongodb-data-api",
    (server, collection) => {
      const api = new MongoDBDataAPI(
        { apiKey: server.apiKey, urlEndpoint: baseOf(server) },
        { dataSource, database: server.database, collection },
      );
      return {
        insertOne: async (document) => one(api.insertOne({ document }), "insertedId"),
        insertMany: async (documents) =>
          one(api.insertMany({ documents: [...documents] }), "insertedIds"),
        findOne: async (filter) => one(api.findOne({ filter }), "document"),
        find: async (filter, options) =>
          one(api.find({ filter, ...(options as { readonly limit?: number }) }), "documents"),
        updateOne: async (filter, update) => api.updateOne({ filter, update }),
        updateMany: async (filter, update) => api.updateMany({ filter, update }),
        replaceOne: async (filter, replacement) => api.replaceOne({ filter, replacement }),
        deleteOne: async (filter) => one(api.deleteOne({ filter }), "deletedCount"),
        deleteMany: async (filter) => one(api.deleteMany({ filter }), "deletedCount"),
        aggregate: async (pipeline) =>
          one(api.aggregate({ pipeline: pipeline as Fields[] }), "documents"),
      };
    },
  ],
  [
    "@taskless/mongo-data-api",
    (server, name) => {
      const client = new MongoClient({
        endpoint: baseOf(server),
        dataSource,
        auth: { apiKey: server.apiKey },
      });
      const collection = client.db(server.database).collection(name);
      return {
        insertOne: async (document) => one(data(collection.insertOne(document)), "insertedId"),
        insertMany: async (documents) =>
          one(data(collection.insertMany([...documents])), "insertedIds"),
        findOne: async (filter) => data(collection.findOne(filter)),
        find: async (filter, options) =>
          data(collection.find(filter, options as { readonly limit?: number })),
        updateOne: async (filter, update) => data(collection.updateOne(filter, update)),
        updateMany: async (filter, update) => data(collection.updateMany(filter, update)),
        replaceOne: async (filter, replacement) => data(collection.replaceOne(filter, replacement)),
        deleteOne: async (filter) => one(data(collection.deleteOne(filter)), "deletedCount"),
        deleteMany: async (filter) => one(data(collection.deleteMany(filter)), "deletedCount"),
        aggregate: async (pipeline) => data(collection.aggregate(pipeline as Fields[])),
      };
    },
  ],
  [
    "@saibotsivad/mongodb",
    (server, collection) => {
      const api = mongodb({
        apiKey: server.apiKey,
        apiUrl: baseOf(server),
        dataSource,
        database: server.database,
        collection,
      });
      return {
        insertOne: async (document) => one(api.insertOne({ document }), "insertedId"),
        insertMany: async (documents) =>
          one(api.insertMany({ documents: [...documents] }), "insertedIds"),
        findOne: async (filter) => one(api.findOne({ filter }), "document"),
        find: async (filter, options) => one(api.find({ filter, ...options }), "documents"),
        updateOne: async (filter, update) => api.updateOne({ filter, update }),
        updateMany: async (filter, update) => api.updateMany({ filter, update }),
        replaceOne: async (filter, replacement) => api.replaceOne({ filter, replacement }),
        deleteOne: async (filter) => one(api.deleteOne({ filter }), "deletedCount"),
        deleteMany: async (filter) => one(api.deleteMany({ filter }), "deletedCount"),
        aggregate: async (pipeline) => one(api.aggregate({ pipeline: [...pipeline] }), "documents"),
      };
    },
  ],
  [
    "mongo-fetch",
    (server, name) => {
      const client = new MongoFetchClient(dataSource, {
        url: baseOf(server),
        apiKey: server.apiKey,
      });
      const collection = client.db(server.database).collection(name);
      return {
        insertOne: async (document) => one(collection.insertOne(document), "insertedId"),
        insertMany: async (documents) => one(collection.insertMany(documents), "insertedIds"),
        findOne: async (filter) => collection.findOne(filter),
        async find(filter, { sort = {}, limit = 100, skip = 0 }) {
          const cursor = collection.find(filter).limit(limit).skip(skip);
          cursor.sort(sort);
          return cursor.toArray();
        },
        updateOne: async (filter, update) => only(collection.updateOne(filter, update), ...counts),
        updateMany: async (filter, update) =>
          only(collection.updateMany(filter, update), ...counts),
        replaceOne: async () => undefined,
        deleteOne: async (filter) => one(collection.deleteOne(filter), "deletedCount"),
        deleteMany: async (filter) => one(collection.deleteMany(filter), "deletedCount"),
        aggregate: async (pipeline) => collection.aggregate(pipeline).toArray(),
      };
    },
  ],
  [
    "mongo-http",
    (server, name) => {
      const collection = initClient({ appId: server.appId, apiKey: server.apiKey, appRegion: "" })
        .database({ databaseName: server.database, dataSource })
        .collection(name);
      return {
        insertOne: async (document) => one(done(collection.insertOne(document)), "insertedId"),
        insertMany: async (documents) =>
          one(done(collection.insertMany([...documents])), "insertedIds"),
        findOne: async (filter) => one(done(collection.findOne({ filter })), "document"),
        find: async (filter, options) =>
          one(done(collection.find({ filter, ...(options as object) })), "documents"),
        updateOne: async (filter, update) => done(collection.updateOne({ filter, update })),
        updateMany: async (filter, update) => done(collection.updateMany({ filter, update })),
        replaceOne: async (filter, replacement) =>
          done(collection.replaceOne({ filter, replacement })),
        deleteOne: async (filter) => one(done(collection.deleteOne({ filter })), "deletedCount"),
        deleteMany: async (filter) => one(done(collection.deleteMany({ filter })), "deletedCount"),
        aggregate: async (pipeline) =>
          one(done(collection.aggregate({ pipeline: pipeline as Fields[] })), "documents"),
      };
    },
  ],
]);
