/** `/groups/{g}/apps/{a}/custom_user_data`: where an app keeps its own data of users. */
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { AppConfig, CustomUserDataConfig } from "../config/app-config.ts";
import { mustBeAdministrator } from "./administrator.ts";
import type { AdminServices } from "./admin-services.ts";
import { partIdOf } from "./part-id.ts";

const body = Type.Object({
  enabled: Type.Optional(Type.Boolean()),
  mongo_service_name: Type.Optional(Type.String()),
  mongo_service_id: Type.Optional(Type.String()),
  database_name: Type.Optional(Type.String()),
  collection_name: Type.Optional(Type.String()),
  user_id_field: Type.Optional(Type.String()),
  on_user_creation_function_name: Type.Optional(Type.String()),
  on_user_creation_function_id: Type.Optional(Type.String()),
});

interface AppParams {
  readonly appId: string;
}

const none: CustomUserDataConfig = {
  enabled: false,
  dataSource: "",
  database: "",
  collection: "",
  userIdField: "",
};

export function customUserDataRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const { apps } = services;
  const path = "/apps/:appId/custom_user_data";
  return async (instance) => {
    instance.get<{ Params: AppParams }>(path, async ({ params }) => {
      const { id } = apps.must(params.appId);
      return describe((await (await services.deployments()).config(id)).customUserData ?? none);
    });
    instance.patch<{ Params: AppParams; Body: Static<typeof body> }>(
      path,
      { schema: { body } },
      async (request, reply) => {
        const { id } = apps.must(request.params.appId);
        const author = mustBeAdministrator(request, services).name;
        const deployments = await services.deployments();
        await deployments.edit(id, { author, message: "custom user data" }, (config) => ({
          ...config,
          customUserData: change(config, request.body),
        }));
        return reply.code(204).send();
      },
    );
  };
}

function describe(config: CustomUserDataConfig): Readonly<Record<string, unknown>> {
  const { enabled, dataSource, database, collection, userIdField, creationFunction } = config;
  return {
    enabled,
    ...(dataSource === ""
      ? {}
      : { mongo_service_name: dataSource, mongo_service_id: partIdOf("service", dataSource) }),
    database_name: database,
    collection_name: collection,
    user_id_field: userIdField,
    ...(creationFunction === undefined
      ? {}
      : {
          on_user_creation_function_name: creationFunction,
          on_user_creation_function_id: partIdOf("function", creationFunction),
        }),
  };
}

/** What is not named stays as it was; an empty function is none. */
function change(app: AppConfig, given: Static<typeof body>): CustomUserDataConfig {
  const former = app.customUserData ?? none;
  const { creationFunction: _former, ...others } = former;
  const wanted =
    given.on_user_creation_function_name ??
    byId("function", app.functions.keys(), given.on_user_creation_function_id) ??
    former.creationFunction;
  return {
    ...others,
    enabled: given.enabled ?? former.enabled,
    dataSource:
      given.mongo_service_name ??
      byId("service", app.dataSources.keys(), given.mongo_service_id) ??
      former.dataSource,
    database: given.database_name ?? former.database,
    collection: given.collection_name ?? former.collection,
    userIdField: given.user_id_field ?? former.userIdField,
    ...(wanted === undefined || wanted === "" ? {} : { creationFunction: wanted }),
  };
}

function byId(
  kind: "function" | "service",
  names: Iterable<string>,
  id: string | undefined,
): string | undefined {
  return id === undefined ? undefined : [...names].find((name) => partIdOf(kind, name) === id);
}
