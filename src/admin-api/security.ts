import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { mustBeAdministrator } from "./administrator.ts";
import type { AdminServices } from "./admin-services.ts";

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
    instance.get<{ Params: AppParams }>(
      path,
      async (request) => apps.must(request.params.appId).allowedOrigins,
    );
    instance.post<{ Params: AppParams; Body: Static<typeof origins> }>(
      path,
      { schema: { body: origins } },
      async (request, reply) => {
        const { id, deployment } = apps.must(request.params.appId);
        const allowedOrigins = request.body;
        if (deployment === undefined) await apps.setAllowedOrigins(id, allowedOrigins);
        else {
          const author = mustBeAdministrator(request, services).name;
          const options = { author, message: "allowed origins", missingSecret: "warns" } as const;
          const deployments = await services.deployments();
          await deployments.edit(id, options, (config) => ({ ...config, allowedOrigins }));
        }
        return reply.code(204).send();
      },
    );
  };
}
