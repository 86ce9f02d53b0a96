/** `/groups/{g}/apps/{a}/custom_user_data`: where an app keeps its own data of users. */
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { AppConfig, CustomUserDataConfig } from "../config/app-config.ts";
import type { AdminServices } from "./admin-services.ts";
import { editApp, readApp } from "./edit-app.ts";
import { partIdOf } from "../config/part-id.ts";

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
  const path = "/apps/:appId/custom_user_data";
  return async (instance) => {
    instance.get<{ Params: AppParams }>(path, async (request) =>
      describe((await readApp(request, services)).customUserData ?? none),
    );
    instance.patch<{ Params: AppParams; Body: Static<typeof body> }>(
      path,
      { schema: { body } },
      async (request, reply) => {
        await editApp(request, services, {
          appId: request.params.appId,
          message: "custom user data",
          change: (app) => ({ ...app, customUserData: change(app, request.body) }),
        });
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
