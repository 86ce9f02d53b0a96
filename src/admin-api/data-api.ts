import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { findOlderVersion, olderVersionMessage } from "../config/data-api-versions.ts";
import type { DataApi } from "../config/app.ts";
import { toDataApi } from "../config/live-parts.ts";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import { editApp, isPlain, readApp } from "./edit-app.ts";

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
  async function change(
    request: FastifyRequest<{ Params: AppParams; Body: Static<typeof changes> }>,
  ): Promise<DataApi> {
    const { appId } = request.params;
    const { versions, disabled, return_type: returnType } = request.body;
    const older = findOlderVersion(apps.must(appId).dataApi.versions, versions ?? []);
    if (older !== undefined) throw new Fault("BadRequest", olderVersionMessage(older));
    const next = (former: DataApi): DataApi => ({
      disabled: disabled ?? former.disabled,
      versions: new Set(versions ?? former.versions),
      returnType: returnType ?? former.returnType,
    });
    if (await isPlain(request, services)) {
      const { dataApi } = await apps.setDataApi(appId, next(apps.must(appId).dataApi));
      return dataApi;
    }
    // What its directory says would come back with the next push: the directory changes too.
    const { withDataApi } = await import("../config/deployments.ts");
    await editApp(request, services, {
      appId,
      message: "Data API settings",
      change: (app) => withDataApi(app, next(toDataApi(app))),
    });
    return toDataApi(await readApp(request, services));
  }
  return async (instance) => {
    instance.get<{ Params: AppParams }>("/apps/:appId/data_api/config", async (request) => {
      const { appId } = request.params;
      if (await isPlain(request, services)) return describe(apps.must(appId).dataApi);
      return describe(toDataApi(await readApp(request, services)));
    });
    instance.get<{ Params: AppParams }>("/apps/:appId/data_api/versions", async (request) => {
      apps.must(request.params.appId);
      return ["beta", "v1"];
    });
    instance.post<{ Params: AppParams; Body: Static<typeof changes> }>(
      "/apps/:appId/data_api/config",
      { schema: { body: changes } },
      async (request, reply) => {
        return reply.code(201).send(describe(await change(request)));
      },
    );
    instance.patch<{ Params: AppParams; Body: Static<typeof changes> }>(
      "/apps/:appId/data_api/config",
      { schema: { body: changes } },
      async (request, reply) => {
        await change(request);
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
