/**
 * `/groups/{g}/apps/{a}/data/{source}`: what lies in a data source, seen and changed by an administrator.
 *
 * As the system: rules, schemas and the data source's permission are for clients. Documents travel as canonical EJSON, so
 * that every type comes back as it went.
 *
 * Atlas: the original's console had routes of its own for this, which nobody documented.
 */
import { Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { mustDoc, optionalDoc } from "../actions/fields.ts";
import { Doc } from "../bson/doc.ts";
import { isArray } from "../bson/value.ts";
import type { App } from "../config/app.ts";
import type { Scope } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import type { Collection } from "../sources/source.ts";
import type { AdminServices } from "./admin-services.ts";
import { indexesWithUsage } from "./data/indexes.ts";
import {
  answerEjson,
  callSignal,
  type CollectionParams,
  collectionRoute,
  type DatabaseParams,
  databaseRoute,
  mustBody,
  mustFindSource,
  mustOpenCollection,
  mustOpenSource,
  type SourceParams,
  sourceRoute,
  takeEjson,
  worded,
} from "./data/place.ts";
import { runDataCall } from "./data/run-call.ts";
import { schemaCheckRoutes } from "./data/schema-check.ts";
import { transferRoutes } from "./data/transfer.ts";

const call = Type.Record(Type.String(), Type.Unknown());
const collectionName = Type.Object({ name: Type.String({ minLength: 1, maxLength: 255 }) });
const nameCharsMax = 255;
const indexWanted = Type.Object({
  keys: Type.Record(Type.String(), Type.Unknown()),
  options: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

export function dataRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const { auth, configs } = services;

  async function asUser(app: App, id: string): Promise<Pick<Scope, "user" | "config">> {
    const user = await auth.users.findUser(app.id, id);
    if (user === undefined) throw new Fault("UserNotFound", `user not found: '${id.slice(0, 64)}'`);
    return { user, config: await configs.of(app) };
  }

  return async (instance) => {
    takeEjson(instance);
    collectionRoutes(instance, services);
    indexRoutes(instance, services);
    transferRoutes(instance, services);
    schemaCheckRoutes(instance, services);
    instance.post<{
      Params: SourceParams & { readonly action: string };
      Querystring: { readonly user_id?: string };
    }>(
      `${sourceRoute}/actions/:action`,
      { schema: { body: call } },
      async ({ params, body, query }, reply) => {
        const { app } = mustFindSource(services, params);
        const { action, source } = params;
        const { access, limits } = services;
        const signal = callSignal(reply);
        const as = query.user_id === undefined ? undefined : await asUser(app, query.user_id);
        const wanted = { app, action, source, body: mustBody(body), access, limits, signal, as };
        return answerEjson(reply, await worded(runDataCall(wanted)));
      },
    );
  };
}

function collectionRoutes(instance: FastifyInstance, services: AdminServices): void {
  instance.get<{ Params: SourceParams }>(`${sourceRoute}/databases`, async ({ params }) => {
    const names = await mustFindSource(services, params).store.listDatabases();
    return names.filter((name) => !services.access.isRefused(name));
  });
  instance.get<{ Params: DatabaseParams }>(databaseRoute, async ({ params }) => {
    const store = mustOpenSource(services, params);
    const names = (await store.listCollections(params.database)).flatMap((each) => {
      const name = each.get("name");
      return typeof name === "string" ? [name] : [];
    });
    return names.toSorted().map((name) => ({ name }));
  });
  instance.post<{ Params: DatabaseParams }>(
    databaseRoute,
    { schema: { body: collectionName } },
    async ({ params, body }, reply) => {
      const name = mustBody(body).get("name");
      if (typeof name !== "string" || name === "" || name.length > nameCharsMax)
        throw new Fault("BadRequest", "name must be a text of 1 to 255 characters");
      await worded(mustOpenSource(services, params).createCollection(params.database, name));
      return reply.code(201).send({ name });
    },
  );
  instance.delete<{ Params: CollectionParams }>(collectionRoute, async ({ params }, reply) => {
    await worded(mustOpenCollection(services, params).drop());
    return reply.code(204).send();
  });
  instance.get<{ Params: CollectionParams }>(`${collectionRoute}/stats`, async (request, reply) =>
    answerEjson(reply, await worded(statsOf(mustOpenCollection(services, request.params)))),
  );
}

function indexRoutes(instance: FastifyInstance, services: AdminServices): void {
  const path = `${collectionRoute}/indexes`;
  instance.get<{ Params: CollectionParams }>(path, async ({ params }, reply) =>
    answerEjson(reply, await worded(indexesWithUsage(mustOpenCollection(services, params)))),
  );
  instance.post<{ Params: CollectionParams }>(
    path,
    { schema: { body: indexWanted } },
    async ({ params, body }, reply) => {
      const wanted = mustBody(body);
      const [keys, options] = [mustDoc(wanted, "keys"), optionalDoc(wanted, "options")];
      const collection = mustOpenCollection(services, params);
      return reply.code(201).send({ name: await worded(collection.createIndex(keys, options)) });
    },
  );
  instance.delete<{ Params: CollectionParams & { readonly index: string } }>(
    `${path}/:index`,
    async ({ params }, reply) => {
      await worded(mustOpenCollection(services, params).dropIndex(params.index));
      return reply.code(204).send();
    },
  );
}

/** How many documents there are and how much they take. */
async function statsOf(collection: Collection): Promise<Doc> {
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
