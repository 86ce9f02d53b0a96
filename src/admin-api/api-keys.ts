import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { ApiKey } from "../auth/api-key.ts";
import type { AdminServices } from "./admin-services.ts";

const newKey = Type.Object({
  name: Type.String(),
  /** Ours, as the two below. */
  role: Type.Optional(
    Type.Union([Type.Literal("readWrite"), Type.Literal("readOnly"), Type.Literal("noAccess")]),
  ),
  /** A key that clients have already. */
  key: Type.Optional(Type.String()),
  user_id: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
});

interface AppParams {
  readonly appId: string;
}
interface KeyParams extends AppParams {
  readonly keyId: string;
}

/** `/groups/{g}/apps/{a}/api_keys`: the server API keys of an app. */
export function apiKeyRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps, keys } = services;
  return async (instance) => {
    instance.get<{ Params: AppParams }>("/apps/:appId/api_keys", async (request) =>
      keys.list(apps.must(request.params.appId).id).map(describe),
    );
    instance.post<{ Params: AppParams; Body: Static<typeof newKey> }>(
      "/apps/:appId/api_keys",
      { schema: { body: newKey } },
      async (request, reply) => {
        const { name, role, key, user_id: userId } = request.body;
        const made = await keys.create(apps.must(request.params.appId).id, {
          name,
          ...(role === undefined ? {} : { role }),
          ...(key === undefined ? {} : { key }),
          ...(userId === undefined ? {} : { userId }),
        });
        const { _id, ...others } = describe(made);
        return reply.code(201).send({ _id, key: made.key, ...others });
      },
    );
    instance.get<{ Params: KeyParams }>("/apps/:appId/api_keys/:keyId", async (request) => {
      const { appId, keyId } = request.params;
      return describe(keys.must(apps.must(appId).id, keyId));
    });
    instance.delete<{ Params: KeyParams }>(
      "/apps/:appId/api_keys/:keyId",
      async (request, reply) => {
        const { appId, keyId } = request.params;
        await keys.delete(apps.must(appId).id, keyId);
        return reply.code(204).send();
      },
    );
    for (const [word, disabled] of [
      ["enable", false],
      ["disable", true],
    ] as const)
      instance.put<{ Params: KeyParams }>(
        `/apps/:appId/api_keys/:keyId/${word}`,
        async (request, reply) => {
          const { appId, keyId } = request.params;
          await keys.setDisabled(apps.must(appId).id, keyId, disabled);
          return reply.code(204).send();
        },
      );
  };
}

function describe(key: ApiKey): {
  readonly _id: string;
  readonly name: string;
  readonly disabled: boolean;
  readonly role: string;
  readonly user_id: string;
} {
  const { id, name, disabled, role, userId } = key;
  return { _id: id, name, disabled, role, user_id: userId };
}
