/** `/groups/{g}/apps/{a}/endpoints`: custom HTTPS endpoints; each change is a deployment, or goes into the draft. */
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AppConfig, EndpointConfig } from "../config/app-config.ts";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import { editApp, readApp } from "./edit-app.ts";
import { changedCondition, functionIdOf, toJson } from "./functions.ts";
import { partIdOf } from "../config/part-id.ts";

const literals = <T extends string>(...words: readonly T[]) =>
  Type.Union(words.map((word) => Type.Literal(word)));

const body = Type.Object({
  route: Type.String(),
  http_method: literals("GET", "POST", "PUT", "PATCH", "DELETE", "*"),
  /** One of both. */
  function_id: Type.Optional(Type.String()),
  function_name: Type.Optional(Type.String()),
  validation_method: Type.Optional(
    literals("", "NO_VALIDATION", "SECRET_AS_QUERY_PARAM", "VERIFY_PAYLOAD"),
  ),
  /** One of both, where the method needs a secret. */
  secret_id: Type.Optional(Type.String()),
  secret_name: Type.Optional(Type.String()),
  respond_result: Type.Optional(Type.Boolean()),
  fetch_custom_user_data: Type.Optional(Type.Boolean()),
  create_user_on_auth: Type.Optional(Type.Boolean()),
  disabled: Type.Optional(Type.Boolean()),
  return_type: Type.Optional(literals("JSON", "EJSON", "")),
  can_evaluate: Type.Optional(Type.Unknown()),
});
type Body = Static<typeof body>;

interface AppParams {
  readonly appId: string;
}
interface EndpointParams extends AppParams {
  readonly endpointId: string;
}

/** By name: secrets are no part of an app's configuration. */
type SecretIds = ReadonlyMap<string, string>;

export function endpointRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps, secrets } = services;
  const base = "/apps/:appId/endpoints";

  async function secretIds(appId: string): Promise<SecretIds> {
    const rows = await secrets.list(apps.must(appId).id);
    return new Map(rows.map(({ id, name }) => [name, id]));
  }

  /** @returns the endpoint as it is then; undefined where it was deleted */
  async function change(
    request: FastifyRequest<{ Params: AppParams }>,
    message: string,
    make: (
      app: AppConfig,
      ids: SecretIds,
    ) => {
      readonly app: AppConfig;
      readonly made?: EndpointConfig;
    },
  ): Promise<object | undefined> {
    const { appId } = request.params;
    const ids = await secretIds(appId);
    let made: EndpointConfig | undefined;
    await editApp(request, services, {
      appId,
      message,
      change(app) {
        const changed = make(app, ids);
        made = changed.made;
        return changed.app;
      },
    });
    return made === undefined ? undefined : describe(made, ids);
  }

  return async (instance) => {
    instance.get<{ Params: AppParams }>(base, async (request) => {
      const { endpoints } = await readApp(request, services);
      const ids = await secretIds(request.params.appId);
      return endpoints.map((endpoint) => describe(endpoint, ids));
    });
    instance.get<{ Params: EndpointParams }>(`${base}/:endpointId`, async (request) => {
      const config = await readApp(request, services);
      const { appId, endpointId } = request.params;
      return describe(mustFind(config, endpointId), await secretIds(appId));
    });
    instance.post<{ Params: AppParams; Body: Body }>(
      base,
      { schema: { body } },
      async (request, reply) => {
        const { http_method: method, route } = request.body;
        const made = await change(request, `endpoint ${method} ${route} made`, (app, ids) => {
          const endpoint = toEndpoint(request.body, app, ids);
          return { app: { ...app, endpoints: [...app.endpoints, endpoint] }, made: endpoint };
        });
        return reply.code(201).send(made);
      },
    );
    instance.put<{ Params: EndpointParams; Body: Body }>(
      `${base}/:endpointId`,
      { schema: { body } },
      async (request) => {
        const { http_method: method, route } = request.body;
        return change(request, `endpoint ${method} ${route} changed`, (app, ids) => {
          const former = mustFind(app, request.params.endpointId);
          const made = toEndpoint(request.body, app, ids, former);
          const endpoints = app.endpoints.map((each) => (each === former ? made : each));
          return { app: { ...app, endpoints }, made };
        });
      },
    );
    instance.delete<{ Params: EndpointParams }>(`${base}/:endpointId`, async (request) => {
      await change(request, "endpoint deleted", (app) => {
        const former = mustFind(app, request.params.endpointId);
        return { app: { ...app, endpoints: app.endpoints.filter((each) => each !== former) } };
      });
      return {};
    });
  };
}

function endpointIdOf({ httpMethod, route }: EndpointConfig): string {
  return partIdOf("endpoint", httpMethod, route);
}

function mustFind({ endpoints }: AppConfig, id: string): EndpointConfig {
  const found = endpoints.find((each) => endpointIdOf(each) === id);
  if (found === undefined) throw new Fault("NotFound", `endpoint not found: '${id.slice(0, 64)}'`);
  return found;
}

/** What a change does not name stays as it was. */
function toEndpoint(
  wire: Body,
  app: AppConfig,
  ids: SecretIds,
  former?: EndpointConfig,
): EndpointConfig {
  const { secretName: formerSecret, returnType, canEvaluate, ...rest } = former ?? fresh;
  const secretName = secretNameOf(wire, ids) ?? formerSecret;
  const format = wire.return_type === undefined ? returnType : wire.return_type || undefined;
  const condition = changedCondition(wire.can_evaluate, canEvaluate);
  return {
    ...rest,
    ...stated(wire),
    route: wire.route,
    httpMethod: wire.http_method,
    functionName: functionNameOf(wire, app) ?? rest.functionName,
    ...(secretName !== undefined && { secretName }),
    ...(format !== undefined && { returnType: format }),
    ...(condition !== undefined && { canEvaluate: condition }),
  };
}

function stated(wire: Body): Partial<EndpointConfig> {
  const { validation_method: method, respond_result: respondResult, disabled } = wire;
  const { fetch_custom_user_data: fetches, create_user_on_auth: creates } = wire;
  return {
    ...(method !== undefined && { validationMethod: method || "NO_VALIDATION" }),
    ...(respondResult !== undefined && { respondResult }),
    ...(fetches !== undefined && { fetchCustomUserData: fetches }),
    ...(creates !== undefined && { createUserOnAuth: creates }),
    ...(disabled !== undefined && { disabled }),
  };
}

const fresh: EndpointConfig = {
  route: "",
  httpMethod: "GET",
  functionName: "",
  validationMethod: "NO_VALIDATION",
  respondResult: true,
  fetchCustomUserData: false,
  createUserOnAuth: false,
  disabled: false,
};

function functionNameOf(wire: Body, { functions }: AppConfig): string | undefined {
  const { function_id: id, function_name: name } = wire;
  if (name !== undefined && name !== "") return name;
  if (id === undefined || id === "") return undefined;
  const found = [...functions.keys()].find((each) => functionIdOf(each) === id);
  if (found === undefined)
    throw new Fault("FunctionNotFound", `function not found: '${id.slice(0, 64)}'`);
  return found;
}

function secretNameOf(wire: Body, ids: SecretIds): string | undefined {
  const { secret_id: id, secret_name: name } = wire;
  if (name !== undefined && name !== "") return name;
  if (id === undefined || id === "") return undefined;
  const found = [...ids].find(([, each]) => each === id)?.[0];
  if (found === undefined) throw new Fault("NotFound", `secret not found: '${id.slice(0, 64)}'`);
  return found;
}

function describe(endpoint: EndpointConfig, ids: SecretIds): Readonly<Record<string, unknown>> {
  const { functionName, secretName, canEvaluate } = endpoint;
  return {
    _id: endpointIdOf(endpoint),
    route: endpoint.route,
    http_method: endpoint.httpMethod,
    function_name: functionName,
    function_id: functionIdOf(functionName),
    validation_method: endpoint.validationMethod,
    ...(secretName !== undefined && {
      secret_name: secretName,
      secret_id: ids.get(secretName) ?? "",
    }),
    respond_result: endpoint.respondResult,
    fetch_custom_user_data: endpoint.fetchCustomUserData,
    create_user_on_auth: endpoint.createUserOnAuth,
    disabled: endpoint.disabled,
    return_type: endpoint.returnType ?? "JSON",
    ...(canEvaluate !== undefined && { can_evaluate: toJson(canEvaluate) }),
  };
}
