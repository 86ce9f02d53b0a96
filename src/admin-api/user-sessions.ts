/** How long sessions of an app's users last, what their tokens are signed with, and whether one is good. */
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";

const expiration = Type.Object({ expiration_time_seconds: Type.Integer() });
const token = Type.Object({ token: Type.String() });
const rotation = Type.Object({ forget_old: Type.Optional(Type.Boolean()) });

interface AppParams {
  readonly appId: string;
}

export function userSessionRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps, accounts } = services;
  const { signing, sessions } = accounts;
  const path = "/apps/:appId/security/refresh_token_expiration";
  return async (instance) => {
    instance.get<{ Params: AppParams }>(path, async ({ params }) => ({
      expiration_time_seconds: signing.refreshSeconds(apps.must(params.appId).id),
    }));
    instance.put<{ Params: AppParams; Body: Static<typeof expiration> }>(
      path,
      { schema: { body: expiration } },
      async ({ params, body }, reply) => {
        await signing.setRefreshSeconds(apps.must(params.appId).id, body.expiration_time_seconds);
        return reply.code(204).send();
      },
    );
    // Ours.
    instance.post<{ Params: AppParams; Body: Static<typeof rotation> | undefined }>(
      "/apps/:appId/security/rotate_signing_secret",
      async ({ params, body }, reply) => {
        const forgetsOld = body?.forget_old === true;
        await signing.rotate(apps.must(params.appId).id, { forgetsOld });
        return reply.code(204).send();
      },
    );
    instance.post<{ Params: AppParams; Body: Static<typeof token> }>(
      "/apps/:appId/users/verify_token",
      { schema: { body: token } },
      async ({ params, body }, reply) => {
        const { id } = apps.must(params.appId);
        const found = await sessions.inspect(body.token, id);
        if (found === "expired")
          return reply.header("Content-Type", "application/json").send('"token expired"');
        if (found === undefined) throw new Fault("InvalidSession", "signature is invalid");
        return {
          sub: found.userId,
          exp: found.expiresAt,
          iat: found.issuedAt,
          iss: found.sessionId,
          domain_id: found.appId,
          device_id: found.deviceId,
        };
      },
    );
  };
}
