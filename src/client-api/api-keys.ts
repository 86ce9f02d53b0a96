import type { FastifyInstance } from "fastify";
import { mustText } from "../actions/fields.ts";
import type { UserApiKey } from "../auth/user-api-keys.ts";
import { Doc } from "../bson/doc.ts";
import { type Answer, type Handler, typed, type UserCall, userRoute } from "./call.ts";
import type { ClientServices } from "./client-services.ts";

const path = "/auth/api_keys";

/** The keys that a user makes for itself. They take the refresh token: a page with a stolen access token makes none. */
export function apiKeyRoutes(instance: FastifyInstance, services: ClientServices): void {
  const { userApiKeys } = services.auth;
  const route = (work: (call: UserCall) => Promise<Answer>): Handler =>
    typed(services, "API_KEY", userRoute(services, "refresh", work));

  instance.get(
    path,
    route(async ({ holder }) => {
      const keys = await userApiKeys.list(holder.appId, holder.user.id);
      return { kind: "list", list: keys.map((key) => toDoc(key)) };
    }),
  );
  instance.post(
    path,
    route(async ({ holder, body }) => {
      const name = mustText(body, "name");
      const made = await userApiKeys.create(holder.appId, holder.user.id, name);
      return { kind: "fields", status: 201, fields: toDoc(made, made.key) };
    }),
  );
  instance.get(
    `${path}/:keyId`,
    route(async ({ holder, request }) => {
      const key = await userApiKeys.must(holder.appId, holder.user.id, idOf(request));
      return { kind: "fields", status: 200, fields: toDoc(key) };
    }),
  );
  instance.delete(
    `${path}/:keyId`,
    route(async ({ holder, request }) => {
      await userApiKeys.delete(holder.appId, holder.user.id, idOf(request));
      return { kind: "empty", status: 204 };
    }),
  );
  for (const [verb, disabled] of [
    ["enable", false],
    ["disable", true],
  ] as const)
    instance.put(
      `${path}/:keyId/${verb}`,
      route(async ({ holder, request }) => {
        const { appId, user } = holder;
        await userApiKeys.setDisabled(appId, user.id, idOf(request), disabled);
        return { kind: "empty", status: 204 };
      }),
    );
}

function idOf({ params }: { readonly params: unknown }): string {
  return (params as { readonly keyId: string }).keyId;
}

function toDoc({ id, name, disabled }: UserApiKey, key?: string): Doc {
  return Doc.of({ _id: id, ...(key !== undefined && { key }), name, disabled });
}
