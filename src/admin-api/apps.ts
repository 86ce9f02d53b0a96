import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { App } from "../config/app.ts";
import type { AdminServices } from "./admin-services.ts";

const newApp = Type.Object({
  name: Type.String(),
  location: Type.Optional(Type.String()),
  deployment_model: Type.Optional(Type.String()),
  environment: Type.Optional(Type.String()),
  provider_region: Type.Optional(Type.String()),
  /** Ours: a fixed App ID, so that clients keep the URL they have. */
  client_app_id: Type.Optional(Type.String()),
});

interface AppParams {
  readonly appId: string;
}

/** `/groups/{g}/apps`: the apps of this server. */
export function appRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const { apps, keys, groupId } = services;
  return async (instance) => {
    instance.get<{ Querystring: { readonly product?: string } }>("/apps", async (request) => {
      // The original's tool asks once for each product; an app must show up under exactly one.
      const { product } = request.query;
      if (product !== undefined && product !== "standard") return [];
      return apps.list().map((app) => describe(app, groupId));
    });
    instance.post<{ Body: Static<typeof newApp> }>(
      "/apps",
      { schema: { body: newApp } },
      async (request, reply) => {
        const { name, client_app_id: clientAppId } = request.body;
        const app = await apps.create({
          name,
          ...(clientAppId === undefined ? {} : { clientAppId }),
        });
        return reply.code(201).send(describe(app, groupId));
      },
    );
    instance.get<{ Params: AppParams }>("/apps/:appId", async (request) =>
      describe(apps.must(request.params.appId), groupId),
    );
    instance.delete<{ Params: AppParams }>("/apps/:appId", async (request, reply) => {
      const { appId } = request.params;
      await apps.delete(appId);
      await keys.deleteAll(appId);
      await services.accounts.deleteAll(appId);
      await services.secrets.deleteAll(appId);
      await services.logs.deleteApp(appId);
      await (await services.deployments()).deleteAll(appId);
      return reply.code(204).send();
    });
  };
}

function describe(app: App, groupId: string): Readonly<Record<string, string | number>> {
  return {
    _id: app.id,
    client_app_id: app.clientAppId,
    name: app.name,
    domain_id: app.id,
    group_id: groupId,
    location: app.location ?? "US-VA",
    deployment_model: app.deploymentModel ?? "GLOBAL",
    environment: app.environment ?? "",
    product: "standard",
    last_modified: Math.floor(app.createdAt / 1000),
  };
}
