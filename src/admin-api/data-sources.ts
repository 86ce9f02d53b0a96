import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { DataSourceLink } from "../config/app.ts";
import type { AdminServices } from "./admin-services.ts";

const changes = Type.Object({
  permission: Type.Union([
    Type.Literal("readWrite"),
    Type.Literal("readOnly"),
    Type.Literal("noAccess"),
  ]),
});

interface AppParams {
  readonly appId: string;
}
interface SourceParams extends AppParams {
  readonly name: string;
}

/**
 * `/groups/{g}/apps/{a}/data_sources`: what the Data API may do on each of an app's data sources.
 *
 * Atlas: this was a screen of the console without a documented route.
 */
export function dataSourceRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  return async (instance) => {
    instance.get<{ Params: AppParams }>("/apps/:appId/data_sources", async (request) =>
      [...apps.must(request.params.appId).dataSources.values()].map(describe),
    );
    instance.patch<{ Params: SourceParams; Body: Static<typeof changes> }>(
      "/apps/:appId/data_sources/:name",
      { schema: { body: changes } },
      async (request, reply) => {
        const { appId, name } = request.params;
        await apps.setPermission(appId, name, request.body.permission);
        return reply.code(204).send();
      },
    );
  };
}

function describe(link: DataSourceLink): Readonly<Record<string, string>> {
  return { _id: link.id, name: link.name, type: link.store, permission: link.permission };
}
