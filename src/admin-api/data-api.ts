import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AppConfig, DataApiConfig } from "../config/app-config.ts";
import { findOlderVersion, olderVersionMessage } from "../config/data-api-versions.ts";
import type { DataApi } from "../config/app.ts";
import { toDataApi } from "../config/live-parts.ts";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import { editApp, isPlain, readApp } from "./edit-app.ts";
import { changedCondition, toJson } from "./functions.ts";
import { describeRunAs, runAsFields, toRunAs } from "./run-as.ts";

/** Who may call, as whom, and what is checked before: only an app with a deployment can say so. */
const access = {
  ...runAsFields,
  can_evaluate: Type.Optional(Type.Unknown()),
  validation_method: Type.Optional(
    Type.Union([
      Type.Literal("NO_VALIDATION"),
      Type.Literal("SECRET_AS_QUERY_PARAM"),
      Type.Literal("VERIFY_PAYLOAD"),
    ]),
  ),
  secret_name: Type.Optional(Type.String()),
  fetch_custom_user_data: Type.Optional(Type.Boolean()),
  create_user_on_auth: Type.Optional(Type.Boolean()),
  log_function_arguments: Type.Optional(Type.Boolean()),
} as const;

const changes = Type.Object({
  disabled: Type.Optional(Type.Boolean()),
  versions: Type.Optional(
    Type.Array(Type.Union([Type.Literal("beta"), Type.Literal("v1")]), { minItems: 1 }),
  ),
  return_type: Type.Optional(Type.Union([Type.Literal("JSON"), Type.Literal("EJSON")])),
  ...access,
});
type Changes = Static<typeof changes>;

interface AppParams {
  readonly appId: string;
}

/** `/groups/{g}/apps/{a}/data_api`: which versions are served, to whom, and how they answer. */
export function dataApiRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  async function change(
    request: FastifyRequest<{ Params: AppParams; Body: Changes }>,
  ): Promise<Described> {
    const { appId } = request.params;
    const { versions, disabled, return_type: returnType } = request.body;
    const older = findOlderVersion(apps.must(appId).dataApi.versions, versions ?? []);
    if (older !== undefined) throw new Fault("BadRequest", olderVersionMessage(older));
    const next = (former: DataApi): DataApi => ({
      disabled: disabled ?? former.disabled,
      versions: new Set(versions ?? former.versions),
      returnType: returnType ?? former.returnType,
    });
    const namesAccess = Object.keys(access).some((each) => each in request.body);
    if (!namesAccess && (await isPlain(request, services))) {
      const { dataApi } = await apps.setDataApi(appId, next(apps.must(appId).dataApi));
      return describe(dataApi, undefined);
    }
    // What its directory says would come back with the next push: the directory changes too.
    const { withDataApi } = await import("../config/deployments.ts");
    await editApp(request, services, {
      appId,
      message: "Data API settings",
      change: (app) => withAccess(withDataApi(app, next(toDataApi(app))), request.body),
    });
    return describeConfig(await readApp(request, services));
  }
  return async (instance) => {
    instance.get<{ Params: AppParams }>("/apps/:appId/data_api/config", async (request) => {
      const { appId } = request.params;
      if (await isPlain(request, services)) return describe(apps.must(appId).dataApi, undefined);
      return describeConfig(await readApp(request, services));
    });
    instance.get<{ Params: AppParams }>("/apps/:appId/data_api/versions", async (request) => {
      apps.must(request.params.appId);
      return ["beta", "v1"];
    });
    instance.post<{ Params: AppParams; Body: Changes }>(
      "/apps/:appId/data_api/config",
      { schema: { body: changes } },
      async (request, reply) => {
        return reply.code(201).send(await change(request));
      },
    );
    instance.patch<{ Params: AppParams; Body: Changes }>(
      "/apps/:appId/data_api/config",
      { schema: { body: changes } },
      async (request, reply) => {
        await change(request);
        return reply.code(204).send();
      },
    );
  };
}

type Described = Readonly<Record<string, unknown>>;

/** What a change does not name stays as it was. */
function withAccess(app: AppConfig, wire: Changes): AppConfig {
  const { dataApi } = app;
  if (dataApi === undefined) return app;
  const { canEvaluate, secretName, ...former } = dataApi;
  const condition = changedCondition(wire.can_evaluate, canEvaluate);
  const secret = wire.secret_name ?? secretName;
  return {
    ...app,
    dataApi: {
      ...former,
      runAs: toRunAs(wire, former.runAs),
      ...(condition !== undefined && { canEvaluate: condition }),
      validationMethod: wire.validation_method ?? former.validationMethod,
      ...(secret !== undefined && secret !== "" && { secretName: secret }),
      fetchCustomUserData: wire.fetch_custom_user_data ?? former.fetchCustomUserData,
      createUserOnAuth: wire.create_user_on_auth ?? former.createUserOnAuth,
      logFunctionArguments: wire.log_function_arguments ?? former.logFunctionArguments,
    },
  };
}

function describeConfig(app: AppConfig): Described {
  return describe(toDataApi(app), app.dataApi);
}

/** @param config undefined where nothing but the basics was ever set */
function describe(dataApi: DataApi, config: DataApiConfig | undefined): Described {
  return {
    disabled: dataApi.disabled,
    versions: [...dataApi.versions],
    return_type: dataApi.returnType,
    ...describeRunAs(config?.runAs ?? { kind: "caller" }),
    can_evaluate: config?.canEvaluate === undefined ? {} : toJson(config.canEvaluate),
    validation_method: config?.validationMethod ?? "NO_VALIDATION",
    ...(config?.secretName !== undefined && { secret_name: config.secretName }),
    fetch_custom_user_data: config?.fetchCustomUserData ?? false,
    create_user_on_auth: config?.createUserOnAuth ?? false,
    log_function_arguments: config?.logFunctionArguments ?? false,
  };
}
