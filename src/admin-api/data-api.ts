import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { findOlderVersion, olderVersionMessage } from "../config/data-api-versions.ts";
import type { App, DataApi } from "../config/app.ts";
import { Fault } from "../kit/fault.ts";
import { mustBeAdministrator } from "./administrator.ts";
import type { AdminServices } from "./admin-services.ts";

const changes = Type.Object({
  disabled: Type.Optional(Type.Boolean()),
  versions: Type.Optional(
    Type.Array(Type.Union([Type.Literal("beta"), Type.Literal("v1")]), { minItems: 1 }),
  ),
  return_type: Type.Optional(Type.Union([Type.Literal("JSON"), Type.Literal("EJSON")])),
});

interface AppParams {
  readonly appId: string;
}

/** `/groups/{g}/apps/{a}/data_api`: which versions are served, and how they answer. */
export function dataApiRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  const authorOf = (request: FastifyRequest): string => mustBeAdministrator(request, services).name;
  async function change(
    appId: string,
    wanted: Static<typeof changes>,
    author: string,
  ): Promise<App> {
    const { dataApi, deployment } = apps.must(appId);
    const older = findOlderVersion(dataApi.versions, wanted.versions ?? []);
    if (older !== undefined) throw new Fault("BadRequest", olderVersionMessage(older));
    const next = {
      disabled: wanted.disabled ?? dataApi.disabled,
      versions: new Set(wanted.versions ?? dataApi.versions),
      returnType: wanted.return_type ?? dataApi.returnType,
    };
    if (deployment === undefined) return apps.setDataApi(appId, next);
    // What its directory says would come back with the next push: the directory changes too.
    const options = { author, message: "Data API settings", missingSecret: "warns" } as const;
    const { withDataApi } = await import("../config/deployments.ts");
    await (
      await services.deployments()
    ).edit(appId, options, (config) => withDataApi(config, next));
    return apps.must(appId);
  }
  return async (instance) => {
    instance.get<{ Params: AppParams }>("/apps/:appId/data_api/config", async (request) =>
      describe(apps.must(request.params.appId).dataApi),
    );
    instance.get<{ Params: AppParams }>("/apps/:appId/data_api/versions", async (request) => {
      apps.must(request.params.appId);
      return ["beta", "v1"];
    });
    instance.post<{ Params: AppParams; Body: Static<typeof changes> }>(
      "/apps/:appId/data_api/config",
      { schema: { body: changes } },
      async (request, reply) => {
        const app = await change(request.params.appId, request.body, authorOf(request));
        return reply.code(201).send(describe(app.dataApi));
      },
    );
    instance.patch<{ Params: AppParams; Body: Static<typeof changes> }>(
      "/apps/:appId/data_api/config",
      { schema: { body: changes } },
      async (request, reply) => {
        await change(request.params.appId, request.body, authorOf(request));
        return reply.code(204).send();
      },
    );
  };
}

function describe(dataApi: DataApi): Readonly<Record<string, unknown>> {
  return {
    disabled: dataApi.disabled,
    versions: [...dataApi.versions],
    return_type: dataApi.returnType,
  };
}
