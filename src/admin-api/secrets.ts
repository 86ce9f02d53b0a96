import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { AdminServices } from "./admin-services.ts";

const secret = Type.Object({ name: Type.String(), value: Type.String() });

interface AppParams {
  readonly appId: string;
}
interface SecretParams extends AppParams {
  readonly secretId: string;
}

/** `/groups/{g}/apps/{a}/secrets`: names go out, values only come in. */
export function secretRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps, secrets } = services;
  return async (instance) => {
    instance.get<{ Params: AppParams }>("/apps/:appId/secrets", async (request) =>
      (await secrets.list(apps.must(request.params.appId).id)).map(({ id, name }) => ({
        _id: id,
        name,
      })),
    );
    instance.post<{ Params: AppParams; Body: Static<typeof secret> }>(
      "/apps/:appId/secrets",
      { schema: { body: secret } },
      async (request, reply) => {
        const { name, value } = request.body;
        const { id } = await secrets.create(apps.must(request.params.appId).id, name, value);
        return reply.code(201).send({ _id: id, name });
      },
    );
    instance.put<{ Params: SecretParams; Body: Static<typeof secret> }>(
      "/apps/:appId/secrets/:secretId",
      { schema: { body: secret } },
      async (request, reply) => {
        const { appId, secretId } = request.params;
        const { name, value } = request.body;
        // The original's tool sends an empty value to change the name alone.
        await secrets.change(apps.must(appId).id, secretId, name, value);
        return reply.code(204).send();
      },
    );
    instance.delete<{ Params: SecretParams }>(
      "/apps/:appId/secrets/:secretId",
      async (request, reply) => {
        const { appId, secretId } = request.params;
        await secrets.delete(apps.must(appId).id, secretId);
        return reply.code(204).send();
      },
    );
  };
}
