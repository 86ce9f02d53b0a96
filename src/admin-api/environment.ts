import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { environmentNames } from "../config/app-config.ts";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import { editFiles, type EditedFiles, readAppFiles, readJson, writeJson } from "./app-files.ts";
import { editApp, readApp } from "./edit-app.ts";
import { partIdOf } from "../config/part-id.ts";

const environmentBody = Type.Object({ environment: Type.String() });
const valueBody = Type.Object({
  _id: Type.Optional(Type.String()),
  name: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$" }),
  /** By environment; `none`, or nothing, is the one without a name. */
  values: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
type ValueBody = Static<typeof valueBody>;

interface AppParams {
  readonly appId: string;
}
interface ValueParams extends AppParams {
  readonly valueId: string;
}

/** `/groups/{g}/apps/{a}/{environment,environment_values}`. */
export function environmentRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  return async (instance) => {
    // Ours: with a draft, it may be another than the live app's.
    instance.get<{ Params: AppParams }>("/apps/:appId/environment", async (request) => ({
      environment: (await readApp(request, services)).environment,
    }));
    instance.put<{ Params: AppParams; Body: Static<typeof environmentBody> }>(
      "/apps/:appId/environment",
      { schema: { body: environmentBody } },
      async (request) => {
        const wanted = environmentNames.find((each) => each === request.body.environment);
        if (wanted === undefined) throw new Fault("BadRequest", "there is no such environment");
        const { withEnvironment } = await import("../config/deployments.ts");
        await editApp(request, services, {
          appId: request.params.appId,
          message: `environment '${wanted}'`,
          change: (app) => withEnvironment(app, wanted),
        });
        return { environment: wanted };
      },
    );
    await instance.register(valueRoutes(services));
  };
}

function valueRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const base = "/apps/:appId/environment_values";
  return async (instance) => {
    instance.get<{ Params: AppParams }>(base, async (request) =>
      listNames(await readAppFiles(request, services)).map(describe),
    );
    instance.post<{ Params: AppParams; Body: ValueBody }>(
      base,
      { schema: { body: valueBody } },
      async (request, reply) => {
        const { name, values = {} } = request.body;
        await editFiles(request, services, {
          appId: request.params.appId,
          message: `environment value ${name} made`,
          change(files) {
            if (listNames(files).includes(name))
              throw new Fault("ValueDuplicateName", `environment value exists: '${name}'`);
            write(files, name, values);
          },
        });
        return reply.code(201).send(describe(name));
      },
    );
    instance.get<{ Params: ValueParams }>(`${base}/:valueId`, async (request) => {
      const files = await readAppFiles(request, services);
      const name = mustFind(files, request.params.valueId);
      return { ...describe(name), values: valuesOf(files, name) };
    });
    instance.put<{ Params: ValueParams; Body: ValueBody }>(
      `${base}/:valueId`,
      { schema: { body: valueBody } },
      async (request) => {
        const { name, values = {} } = request.body;
        await editFiles(request, services, {
          appId: request.params.appId,
          message: `environment value ${name} changed`,
          change(files) {
            const former = mustFind(files, request.params.valueId);
            if (former !== name && listNames(files).includes(name))
              throw new Fault("ValueDuplicateName", `environment value exists: '${name}'`);
            write(files, former, {});
            write(files, name, values);
          },
        });
        return describe(name);
      },
    );
    instance.delete<{ Params: ValueParams }>(`${base}/:valueId`, async (request, reply) => {
      await editFiles(request, services, {
        appId: request.params.appId,
        message: "environment value deleted",
        change(files) {
          write(files, mustFind(files, request.params.valueId), {});
        },
      });
      return reply.code(204).send();
    });
  };
}

function describe(name: string): object {
  return { _id: partIdOf("environment_value", name), name };
}

function fileOf(environment: string): string {
  return `environments/${environment === "" ? "no-environment" : environment}.json`;
}

function heldBy(files: EditedFiles, environment: string): Readonly<Record<string, unknown>> {
  const values = readJson(files, fileOf(environment))?.["values"];
  return typeof values === "object" && values !== null
    ? (values as Readonly<Record<string, unknown>>)
    : {};
}

function listNames(files: EditedFiles): readonly string[] {
  const names = environmentNames.flatMap((each) => Object.keys(heldBy(files, each)));
  return [...new Set(names)].toSorted();
}

function mustFind(files: EditedFiles, id: string): string {
  const found = listNames(files).find((name) => partIdOf("environment_value", name) === id);
  if (found === undefined)
    throw new Fault("ValueNotFound", `environment value not found: '${id.slice(0, 64)}'`);
  return found;
}

function valuesOf(files: EditedFiles, name: string): object {
  const found = environmentNames.flatMap((environment) => {
    const held = heldBy(files, environment);
    return Object.hasOwn(held, name) ? [[wireNameOf(environment), held[name]] as const] : [];
  });
  return Object.fromEntries(found);
}

function wireNameOf(environment: string): string {
  return environment === "" ? "none" : environment;
}

/** What is not given is taken away. */
function write(files: EditedFiles, name: string, values: Readonly<Record<string, unknown>>): void {
  const known = new Set(environmentNames.map(wireNameOf));
  const unknown = Object.keys(values).find((each) => !known.has(each) && each !== "no-environment");
  if (unknown !== undefined)
    throw new Fault("InvalidParameter", `there is no environment '${unknown.slice(0, 64)}'`);
  for (const environment of environmentNames) {
    const others = Object.entries(heldBy(files, environment)).filter(([each]) => each !== name);
    const given = givenFor(values, environment);
    if (given === undefined && !files.has(fileOf(environment))) continue;
    const next = given === undefined ? others : [...others, [name, given] as const];
    writeJson(files, fileOf(environment), { values: Object.fromEntries(next) });
  }
}

/** Null is a value too. */
function givenFor(values: Readonly<Record<string, unknown>>, environment: string): unknown {
  if (environment === "" && Object.hasOwn(values, "no-environment"))
    return values["no-environment"];
  return values[wireNameOf(environment)];
}
