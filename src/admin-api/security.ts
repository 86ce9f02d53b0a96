import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { AdminServices } from "./admin-services.ts";
import { editApp, isPlain, readApp } from "./edit-app.ts";

const origins = Type.Array(Type.String({ pattern: "^https?://[^/\\s]+$" }), { maxItems: 100 });

interface AppParams {
  readonly appId: string;
}

/** `/groups/{g}/apps/{a}/security`: from where an app may be called. */
export function securityRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  const path = "/apps/:appId/security/allowed_request_origins";
  return async (instance) => {
    instance.get<{ Params: AppParams }>(path, async (request) => {
      const { allowedOrigins } = (await isPlain(request, services))
        ? apps.must(request.params.appId)
        : await readApp(request, services);
      return allowedOrigins;
    });
    instance.post<{ Params: AppParams; Body: Static<typeof origins> }>(
      path,
      { schema: { body: origins } },
      async (request, reply) => {
        const { appId } = request.params;
        const allowedOrigins = request.body;
        if (await isPlain(request, services)) await apps.setAllowedOrigins(appId, allowedOrigins);
        else
          await editApp(request, services, {
            appId,
            message: "allowed origins",
            change: (app) => ({ ...app, allowedOrigins }),
          });
        return reply.code(204).send();
      },
    );
  };
}
