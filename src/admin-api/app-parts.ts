/** The parts of a live app, to be read: ids are made of what stays the same, so that they do so too. */
import { hash } from "node:crypto";
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { AppConfig, ValueConfig } from "../config/app-config.ts";
import { environmentNames } from "../config/app-config.ts";
import { toText } from "../bson/stringify.ts";
import { Fault } from "../kit/fault.ts";
import { mustBeAdministrator } from "./administrator.ts";
import type { AdminServices } from "./admin-services.ts";
import { describeApp } from "./description.ts";

const environmentBody = Type.Object({ environment: Type.String() });

interface AppParams {
  readonly appId: string;
}
interface PartParams extends AppParams {
  readonly partId: string;
}

type Part = Readonly<Record<string, unknown>> & { readonly _id: string };

/** `/groups/{g}/apps/{a}/{functions,endpoints,services,values,description,environment}`. */
export function appPartRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  return async (instance) => {
    const readers: readonly (readonly [string, (config: AppConfig) => readonly Part[]])[] = [
      ["functions", listFunctions],
      ["endpoints", listEndpoints],
      ["services", listServices],
      ["values", listValues],
    ];
    for (const [name, list] of readers) {
      const read = async (appId: string): Promise<readonly Part[]> =>
        list(await (await services.deployments()).config(apps.must(appId).id));
      instance.get<{ Params: AppParams }>(`/apps/:appId/${name}`, async (request) =>
        read(request.params.appId),
      );
      instance.get<{ Params: PartParams }>(`/apps/:appId/${name}/:partId`, async (request) => {
        const found = (await read(request.params.appId)).find(
          ({ _id }) => _id === request.params.partId,
        );
        if (found === undefined) throw new Fault("NotFound", `not found in ${name}`);
        return found;
      });
    }
    instance.get<{ Params: AppParams }>("/apps/:appId/description", async (request) => {
      const app = apps.must(request.params.appId);
      const config = await (await services.deployments()).config(app.id);
      return describeApp(app, config, services.baseUrl(request.raw));
    });
    instance.put<{ Params: AppParams; Body: Static<typeof environmentBody> }>(
      "/apps/:appId/environment",
      { schema: { body: environmentBody } },
      async (request) => {
        const { id } = apps.must(request.params.appId);
        const wanted = environmentNames.find((each) => each === request.body.environment);
        if (wanted === undefined) throw new Fault("BadRequest", "there is no such environment");
        const deployments = await services.deployments();
        const { withEnvironment } = await import("../config/deployments.ts");
        const author = mustBeAdministrator(request, services).name;
        const message = `environment '${wanted}'`;
        await deployments.edit(id, { author, message }, (app) => withEnvironment(app, wanted));
        return { environment: wanted };
      },
    );
  };
}

function idOf(...names: readonly string[]): string {
  return hash("sha256", names.join("\0"), "hex").slice(0, 24);
}

function listFunctions({ functions }: AppConfig): readonly Part[] {
  return [...functions.values()].map(({ name, private: isPrivate, source, runAs }) => ({
    _id: idOf("function", name),
    name,
    private: isPrivate,
    run_as_system: runAs.kind === "system",
    source,
  }));
}

function listEndpoints({ endpoints }: AppConfig): readonly Part[] {
  return endpoints.map((endpoint) => ({
    _id: idOf("endpoint", endpoint.httpMethod, endpoint.route),
    route: endpoint.route,
    http_method: endpoint.httpMethod,
    function_name: endpoint.functionName,
    function_id: idOf("function", endpoint.functionName),
    validation_method: endpoint.validationMethod,
    ...(endpoint.secretName === undefined ? {} : { secret_name: endpoint.secretName }),
    respond_result: endpoint.respondResult,
    fetch_custom_user_data: endpoint.fetchCustomUserData,
    create_user_on_auth: endpoint.createUserOnAuth,
    return_type: endpoint.returnType ?? "JSON",
    disabled: endpoint.disabled,
  }));
}

function listServices({ dataSources }: AppConfig): readonly Part[] {
  return [...dataSources.values()].map(({ name, type, clusterName, readPreference }) => ({
    _id: idOf("service", name),
    name,
    type,
    config: { clusterName: clusterName ?? "", readPreference },
  }));
}

function listValues({ values }: AppConfig): readonly Part[] {
  return [...values.values()].map((value) => ({
    _id: idOf("value", value.name),
    name: value.name,
    private: value.private,
    from_secret: value.kind === "secret",
    value: valueOf(value),
  }));
}

/** A secret's name, never the secret. */
function valueOf(value: ValueConfig): unknown {
  if (value.kind === "secret") return value.secretName;
  return JSON.parse(toText(value.value, "relaxed"));
}
