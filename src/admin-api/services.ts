import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import { editFiles, readAppFiles, writeJson } from "./app-files.ts";
import {
  listServices,
  mustFindService,
  serviceIdOf,
  type ServicePlace,
} from "./data-source-files.ts";

const config = Type.Record(Type.String(), Type.Unknown());
const newService = Type.Object({
  name: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$" }),
  type: Type.Union([Type.Literal("mongodb-atlas"), Type.Literal("datalake")]),
  config: Type.Optional(config),
});
const changes = Type.Object({ config: Type.Optional(config) });

interface AppParams {
  readonly appId: string;
}
interface ServiceParams extends AppParams {
  readonly serviceId: string;
}

/** `/groups/{g}/apps/{a}/services`: the data sources of an app, each named by its id or its name. */
export function dataServiceRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const base = "/apps/:appId/services";
  const find = async (request: FastifyRequest<{ Params: ServiceParams }>): Promise<ServicePlace> =>
    mustFindService(await readAppFiles(request, services), request.params.serviceId);
  return async (instance) => {
    instance.get<{ Params: AppParams }>(base, async (request) =>
      listServices(await readAppFiles(request, services)).map(describe),
    );
    instance.post<{ Params: AppParams; Body: Static<typeof newService> }>(
      base,
      { schema: { body: newService } },
      async (request, reply) => {
        const { name, type, config: given } = request.body;
        await editFiles(request, services, {
          appId: request.params.appId,
          message: `data source ${name} made`,
          change(files) {
            if (listServices(files).some((each) => each.name === name))
              throw new Fault("ServiceAlreadyExists", `service exists: '${name}'`);
            const own =
              given ?? (type === "datalake" ? { dataLakeName: name } : { clusterName: name });
            writeJson(files, `data_sources/${name}/config.json`, { name, type, config: own });
          },
        });
        return reply.code(201).send({ _id: serviceIdOf(name), name, type });
      },
    );
    instance.get<{ Params: ServiceParams }>(`${base}/:serviceId`, async (request) =>
      describe(await find(request)),
    );
    instance.get<{ Params: ServiceParams }>(`${base}/:serviceId/config`, async (request) => {
      const { config: held } = await find(request);
      return held["config"] ?? {};
    });
    for (const [path, body] of [
      [`${base}/:serviceId`, changes],
      [`${base}/:serviceId/config`, config],
    ] as const)
      instance.patch<{ Params: ServiceParams; Body: Readonly<Record<string, unknown>> }>(
        path,
        { schema: { body } },
        async (request, reply) => {
          const { appId, serviceId } = request.params;
          const given = path.endsWith("/config") ? request.body : request.body["config"];
          await editFiles(request, services, {
            appId,
            message: "data source changed",
            change(files) {
              const { folder, config: held } = mustFindService(files, serviceId);
              const former = held["config"] as object;
              const next = { ...former, ...(given as object | undefined) };
              writeJson(files, `${folder}/config.json`, { ...held, config: next });
            },
          });
          return reply.code(204).send();
        },
      );
    instance.delete<{ Params: ServiceParams }>(`${base}/:serviceId`, async (request, reply) => {
      const { appId, serviceId } = request.params;
      await editFiles(request, services, {
        appId,
        message: "data source deleted",
        change(files) {
          const { folder } = mustFindService(files, serviceId);
          // With its rules and schemas: without their data source they would have no place.
          for (const path of files.keys()) if (path.startsWith(`${folder}/`)) files.delete(path);
        },
      });
      return reply.code(204).send();
    });
  };
}

function describe({ id, name, config: held }: ServicePlace): object {
  return { _id: id, name, type: held["type"], version: 1, config: held["config"] ?? {} };
}
