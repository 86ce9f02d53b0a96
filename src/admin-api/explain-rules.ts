/** `/groups/{g}/apps/{a}/rules`: why a user may do something with a document, or may not; roles to begin with. */
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyReply } from "fastify";
import { Doc } from "../bson/doc.ts";
import { parseEjsonValue } from "../bson/parse-ejson.ts";
import { toText } from "../bson/stringify.ts";
import { type DateTime, toDateTime, type Value } from "../bson/value.ts";
import type { App } from "../config/app.ts";
import type { Scope } from "../config/scope.ts";
import { systemUser, type User } from "../config/user.ts";
import { Fault } from "../kit/fault.ts";
import { compileUpdate } from "../query/update.ts";
import { explain, type Explanation } from "../rules/explain.ts";
import { templates } from "../rules/templates.ts";
import { pathsOfUpdate } from "../rules/update-paths.ts";
import type { AdminServices } from "./admin-services.ts";

const anObject = Type.Record(Type.String(), Type.Unknown());
const body = Type.Object({
  user_id: Type.Optional(Type.String()),
  run_as_system: Type.Optional(Type.Boolean()),
  data_source: Type.String(),
  database: Type.String({ minLength: 1 }),
  collection: Type.String({ minLength: 1 }),
  operation: Type.Union(
    (["find", "insert", "update", "delete"] as const).map((each) => Type.Literal(each)),
  ),
  /** EJSON. */
  document: Type.Optional(anObject),
  /** In place of the document itself: the `_id` of one that is stored. */
  document_id: Type.Optional(Type.Unknown()),
  /** What an update makes of the document: itself, or operators. */
  after: Type.Optional(anObject),
  update: Type.Optional(anObject),
});
type Body = Static<typeof body>;

interface AppParams {
  readonly appId: string;
}

/** Atlas: it had nothing like it. */
export function explainRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps, configs, access, auth } = services;

  async function explainFor(app: App, given: Body, gone: AbortSignal): Promise<Explanation> {
    const live = configs.of(app);
    const config = live instanceof Promise ? await live : live;
    const user = await userOf(app.id, given);
    const scope: Scope = { app, config, caller: user, user, request: undefined, signal: gone };
    const { data_source: dataSource, database, collection, operation } = given;
    const namespace = { dataSource, database, collection };
    const document = await documentOf(scope, given);
    const after = document && afterOf(document, given);
    const named = given.update && pathsOfUpdate(toDoc(given.update));
    return explain({ scope, namespace, operation, document, after, named }, access);
  }

  async function userOf(
    appId: string,
    { user_id: id = "", run_as_system: system }: Body,
  ): Promise<User> {
    if ((id === "") === (system !== true))
      throw new Fault("InvalidParameter", "must specify either user_id or run_as_system");
    if (id === "") return systemUser;
    const user = await auth.users.findUser(appId, id);
    if (user === undefined) throw new Fault("UserNotFound", `user not found: '${id.slice(0, 64)}'`);
    return user;
  }

  async function documentOf(
    { app, signal }: Scope,
    { document, document_id: id, data_source: dataSource, database, collection }: Body,
  ): Promise<Doc | undefined> {
    if (document !== undefined) return toDoc(document);
    if (id === undefined) return undefined;
    const link = app.dataSources.get(dataSource);
    const store = link === undefined ? undefined : access.stores.get(link.store);
    if (store === undefined || access.isRefused(database))
      throw new Fault("ServiceNotFound", `service not found: '${dataSource.slice(0, 64)}'`);
    const filter = Doc.of({ _id: Doc.of({ $eq: toValue(id) }) });
    const found = await store.collection(database, collection).findOne(filter, { signal });
    if (found === null) throw new Fault("NotFound", "no document has this _id");
    return found;
  }

  return async (instance) => {
    instance.post<{ Params: AppParams; Body: Body }>(
      "/apps/:appId/rules/explain",
      { schema: { body } },
      async (request, reply) => {
        const gone = new AbortController();
        reply.raw.once("close", () => {
          gone.abort(new Error("the client has gone"));
        });
        const app = apps.must(request.params.appId);
        return answer(reply, await explainFor(app, request.body, gone.signal));
      },
    );
    instance.get<{ Params: AppParams }>("/apps/:appId/rules/templates", async (request, reply) => {
      apps.must(request.params.appId);
      const list = templates.map(({ name, description, field, role }) =>
        Doc.of({ name, description, field: field ?? null, role: role() }),
      );
      return reply.header("Content-Type", "application/json").send(toText(list, "relaxed"));
    });
  };
}

function toValue(json: unknown): Value {
  return parseEjsonValue(Buffer.from(JSON.stringify(json)));
}

function toDoc(json: unknown): Doc {
  return toValue(json) as Doc;
}

function afterOf(document: Doc, { after, update }: Body): Doc | undefined {
  if (after !== undefined) return toDoc(after);
  if (update === undefined) return undefined;
  const now: DateTime = toDateTime(Date.now());
  const environment = { now, random: Math.random, variables: new Map() };
  return compileUpdate(toDoc(update), {}, environment).apply(document, { isInsert: false });
}

function answer(reply: FastifyReply, explanation: Explanation): FastifyReply {
  const { isAllowed, reason, roles, role, filters, fields, violations } = explanation;
  return reply.send({
    allowed: isAllowed ?? null,
    reason,
    role: role ?? null,
    roles: roles.map(({ name, applies }) => ({ name, applies: applies ?? null })),
    filters,
    pushed_filter: explanation.pushedFilter ?? null,
    pushed_whole: explanation.isPushedWhole ?? null,
    fields: fields ?? null,
    violations,
  });
}
