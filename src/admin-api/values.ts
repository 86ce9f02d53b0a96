/** `/groups/{g}/apps/{a}/values`: each change is a deployment, or goes into the draft. */
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { parseEjsonValue } from "../bson/parse-ejson.ts";
import type { AppConfig, ValueConfig } from "../config/app-config.ts";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import { editApp, readApp } from "./edit-app.ts";
import { toJson, withoutKey } from "./functions.ts";
import { partIdOf } from "../config/part-id.ts";

const body = Type.Object({
  name: Type.String(),
  /** The name of a secret, where it comes from one. */
  value: Type.Unknown(),
  from_secret: Type.Optional(Type.Boolean()),
  private: Type.Optional(Type.Boolean()),
});
type Body = Static<typeof body>;

interface AppParams {
  readonly appId: string;
}
interface ValueParams extends AppParams {
  readonly valueId: string;
}

export function valueRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const base = "/apps/:appId/values";
  return async (instance) => {
    instance.get<{ Params: AppParams }>(base, async (request) =>
      [...(await readApp(request, services)).values.values()].map(describe),
    );
    instance.get<{ Params: ValueParams }>(`${base}/:valueId`, async (request) =>
      describe(mustFind(await readApp(request, services), request.params.valueId)),
    );
    instance.post<{ Params: AppParams; Body: Body }>(
      base,
      { schema: { body } },
      async (request, reply) => {
        const made = toValue(request.body);
        await editApp(request, services, {
          appId: request.params.appId,
          message: `value ${made.name} made`,
          change(app) {
            if (app.values.has(made.name))
              throw new Fault("ValueDuplicateName", `value exists: '${made.name}'`);
            return { ...app, values: new Map(app.values).set(made.name, made) };
          },
        });
        return reply.code(201).send(describe(made));
      },
    );
    instance.put<{ Params: ValueParams; Body: Body }>(
      `${base}/:valueId`,
      { schema: { body } },
      async (request) => {
        const made = toValue(request.body);
        await editApp(request, services, {
          appId: request.params.appId,
          message: `value ${made.name} changed`,
          change(app) {
            const former = mustFind(app, request.params.valueId);
            const values = withoutKey(app.values, former.name);
            if (values.has(made.name))
              throw new Fault("ValueDuplicateName", `value exists: '${made.name}'`);
            const { origin } = former;
            return {
              ...app,
              values: new Map(values).set(made.name, {
                ...made,
                ...(origin !== undefined && { origin }),
              }),
            };
          },
        });
        return describe(made);
      },
    );
    instance.delete<{ Params: ValueParams }>(`${base}/:valueId`, async (request, reply) => {
      await editApp(request, services, {
        appId: request.params.appId,
        message: "value deleted",
        change(app) {
          const { name } = mustFind(app, request.params.valueId);
          return { ...app, values: withoutKey(app.values, name) };
        },
      });
      return reply.code(204).send();
    });
  };
}

function valueIdOf(name: string): string {
  return partIdOf("value", name);
}

function mustFind({ values }: AppConfig, id: string): ValueConfig {
  const found = [...values.values()].find(({ name }) => valueIdOf(name) === id);
  if (found === undefined)
    throw new Fault("ValueNotFound", `value not found: '${id.slice(0, 64)}'`);
  return found;
}

function toValue(wire: Body): ValueConfig {
  const common = { name: wire.name, private: wire.private ?? false };
  if (wire.from_secret !== true)
    return {
      ...common,
      kind: "plain",
      value: parseEjsonValue(Buffer.from(JSON.stringify(wire.value ?? null))),
    };
  if (typeof wire.value !== "string")
    throw new Fault("InvalidParameter", "the value must be the name of a secret");
  return { ...common, kind: "secret", secretName: wire.value };
}

/** A secret's name, never the secret. */
function describe(value: ValueConfig): Readonly<Record<string, unknown>> {
  return {
    _id: valueIdOf(value.name),
    name: value.name,
    private: value.private,
    from_secret: value.kind === "secret",
    value: value.kind === "secret" ? value.secretName : toJson(value.value),
  };
}
