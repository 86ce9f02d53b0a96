/**
 * `/groups/{g}/apps/{a}/data/{source}`: what lies in a data source, seen and changed by an administrator.
 *
 * As the system: rules, schemas and the data source's permission are for clients. Documents travel as canonical EJSON, so
 * that every type comes back as it went.
 *
 * Atlas: the original's console had routes of its own for this, which nobody documented.
 */
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyReply } from "fastify";
import { Doc } from "../bson/doc.ts";
import { parseEjson } from "../bson/parse-ejson.ts";
import { toText } from "../bson/stringify.ts";
import { isArray, type Value } from "../bson/value.ts";
import type { App } from "../config/app.ts";
import { Fault } from "../kit/fault.ts";
import { MongoError } from "../kit/mongo-error.ts";
import type { DataSource } from "../sources/source.ts";
import type { AdminServices } from "./admin-services.ts";
import { runDataCall } from "./data/run-call.ts";

const call = Type.Record(Type.String(), Type.Unknown());
const collectionName = Type.Object({ name: Type.String({ minLength: 1, maxLength: 255 }) });
const indexWanted = Type.Object({
  keys: Type.Record(Type.String(), Type.Unknown()),
  options: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

interface SourceParams {
  readonly appId: string;
  readonly source: string;
}
interface DatabaseParams extends SourceParams {
  readonly database: string;
}
interface CollectionParams extends DatabaseParams {
  readonly collection: string;
}
interface IndexParams extends CollectionParams {
  readonly index: string;
}

/** A call of an administrator's ends after this. */
const processingMsMax = 60_000;

export function dataRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const { apps, access } = services;
  const base = "/apps/:appId/data/:source";
  const inDatabase = `${base}/databases/:database/collections`;
  const inCollection = `${inDatabase}/:collection`;

  function mustFind(params: SourceParams): { readonly app: App; readonly store: DataSource } {
    const app = apps.must(params.appId);
    const link = app.dataSources.get(params.source);
    const store = link === undefined ? undefined : access.stores.get(link.store);
    if (store === undefined)
      throw new Fault("ServiceNotFound", `service not found: '${params.source}'`);
    return { app, store };
  }

  function mustOpen(params: DatabaseParams): DataSource {
    if (access.isRefused(params.database))
      throw new Fault("Forbidden", `the database '${params.database}' is not for apps`);
    return mustFind(params).store;
  }

  return async (instance) => {
    instance.get<{ Params: SourceParams }>(`${base}/databases`, async ({ params }) =>
      (await mustFind(params).store.listDatabases()).filter((name) => !access.isRefused(name)),
    );
    instance.get<{ Params: DatabaseParams }>(inDatabase, async ({ params }) => {
      const store = mustOpen(params);
      const names = (await store.listCollections(params.database)).flatMap((each) => {
        const name = each.get("name");
        return typeof name === "string" ? [name] : [];
      });
      return names.toSorted().map((name) => ({ name }));
    });
    instance.post<{ Params: DatabaseParams; Body: Static<typeof collectionName> }>(
      inDatabase,
      { schema: { body: collectionName } },
      async ({ params, body }, reply) => {
        await worded(mustOpen(params).createCollection(params.database, body.name));
        return reply.code(201).send(body);
      },
    );
    instance.delete<{ Params: CollectionParams }>(inCollection, async ({ params }, reply) => {
      await worded(mustOpen(params).collection(params.database, params.collection).drop());
      return reply.code(204).send();
    });
    instance.get<{ Params: CollectionParams }>(`${inCollection}/stats`, async ({ params }, reply) =>
      answer(reply, await worded(statsOf(mustOpen(params), params))),
    );
    instance.get<{ Params: CollectionParams }>(
      `${inCollection}/indexes`,
      async ({ params }, reply) => {
        const collection = mustOpen(params).collection(params.database, params.collection);
        return answer(reply, await worded(collection.listIndexes()));
      },
    );
    instance.post<{ Params: CollectionParams; Body: Static<typeof indexWanted> }>(
      `${inCollection}/indexes`,
      { schema: { body: indexWanted } },
      async ({ params, body }, reply) => {
        const collection = mustOpen(params).collection(params.database, params.collection);
        const { keys, options = {} } = body;
        const name = await worded(collection.createIndex(toDoc(keys), toDoc(options)));
        return reply.code(201).send({ name });
      },
    );
    instance.delete<{ Params: IndexParams }>(
      `${inCollection}/indexes/:index`,
      async ({ params }, reply) => {
        const collection = mustOpen(params).collection(params.database, params.collection);
        await worded(collection.dropIndex(params.index));
        return reply.code(204).send();
      },
    );
    instance.post<{
      Params: SourceParams & { readonly action: string };
      Body: Static<typeof call>;
    }>(`${base}/actions/:action`, { schema: { body: call } }, async (request, reply) => {
      const { params, body } = request;
      const { app } = mustFind(params);
      const { action, source } = params;
      const result = await worded(
        runDataCall({
          app,
          action,
          source,
          body: toDoc(body),
          access,
          limits: services.limits,
          signal: AbortSignal.any([AbortSignal.timeout(processingMsMax), goneSignal(reply)]),
        }),
      );
      return answer(reply, result);
    });
  };
}

function toDoc(body: object): Doc {
  return parseEjson(Buffer.from(JSON.stringify(body)));
}

function answer(reply: FastifyReply, value: Value): FastifyReply {
  return reply.header("Content-Type", "application/json").send(toText(value, "canonical"));
}

/** MongoDB's failures are the administrator's to read. */
async function worded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    throw new Fault("MongoDBError", `(${cause.codeName}) ${cause.message}`, { cause });
  }
}

/** Aborted with the answer's end: a listener on the socket would stay for all requests that share it. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => {
    controller.abort();
  });
  return controller.signal;
}

/** How many documents there are and how much they take. */
async function statsOf(
  store: DataSource,
  { database, collection: name }: CollectionParams,
): Promise<Doc> {
  const collection = store.collection(database, name);
  const stats = Doc.of({ storageStats: Doc.of({}), count: Doc.of({}) });
  for await (const [first] of collection.aggregate([Doc.of({ $collStats: stats })])) {
    const storage = first?.get("storageStats");
    if (!(storage instanceof Doc)) continue;
    const kept = ["count", "size", "avgObjSize", "storageSize", "totalIndexSize", "indexSizes"];
    return Doc.fromEntries(
      kept.flatMap((field) => {
        const value = storage.get(field);
        return value === undefined || isArray(value) ? [] : [[field, value] as const];
      }),
    );
  }
  return Doc.of({ count: 0 });
}
