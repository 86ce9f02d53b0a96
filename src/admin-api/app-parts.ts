import type { FastifyInstance } from "fastify";
import type { AdminServices } from "./admin-services.ts";
import { describeApp } from "./description.ts";

interface AppParams {
  readonly appId: string;
}

/** `/groups/{g}/apps/{a}/description`: an app in short. */
export function appPartRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  return async (instance) => {
    instance.get<{ Params: AppParams }>("/apps/:appId/description", async (request) => {
      const app = apps.must(request.params.appId);
      const config = await (await services.deployments()).config(app.id);
      return describeApp(app, config, services.baseUrl(request.raw));
    });
  };
}
