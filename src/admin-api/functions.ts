/** `/groups/{g}/apps/{a}/functions`: sources and settings; each change is a deployment, or goes into the draft. */
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { Doc } from "../bson/doc.ts";
import { parseEjsonValue } from "../bson/parse-ejson.ts";
import { toText } from "../bson/stringify.ts";
import type { AppConfig, Expression, FunctionConfig } from "../config/app-config.ts";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import { editApp, readApp } from "./edit-app.ts";
import { partIdOf } from "../config/part-id.ts";
import { describeRunAs, runAsFields, toRunAs } from "./run-as.ts";

const body = Type.Object({
  name: Type.String(),
  source: Type.Optional(Type.String()),
  private: Type.Optional(Type.Boolean()),
  can_evaluate: Type.Optional(Type.Unknown()),
  disable_arg_logs: Type.Optional(Type.Boolean()),
  ...runAsFields,
});
type Body = Static<typeof body>;

interface AppParams {
  readonly appId: string;
}
interface FunctionParams extends AppParams {
  readonly functionId: string;
}

export function functionRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const base = "/apps/:appId/functions";
  return async (instance) => {
    instance.get<{ Params: AppParams }>(base, async (request) =>
      [...(await readApp(request, services)).functions.values()].map(describe),
    );
    instance.get<{ Params: FunctionParams }>(`${base}/:functionId`, async (request) =>
      describe(mustFind(await readApp(request, services), request.params.functionId)),
    );
    instance.post<{ Params: AppParams; Body: Body }>(
      base,
      { schema: { body } },
      async (request, reply) => {
        const made = toFunction(request.body, undefined);
        await editApp(request, services, {
          appId: request.params.appId,
          message: `function ${made.name} made`,
          change(app) {
            if (app.functions.has(made.name))
              throw new Fault("FunctionDuplicateName", `function exists: '${made.name}'`);
            return { ...app, functions: new Map(app.functions).set(made.name, made) };
          },
        });
        return reply.code(201).send(describe(made));
      },
    );
    instance.put<{ Params: FunctionParams; Body: Body }>(
      `${base}/:functionId`,
      { schema: { body } },
      async (request) => {
        const { appId, functionId } = request.params;
        let changed: FunctionConfig | undefined;
        await editApp(request, services, {
          appId,
          message: `function ${request.body.name} changed`,
          change(app) {
            const former = mustFind(app, functionId);
            changed = toFunction(request.body, former);
            return withFunction(app, former, changed);
          },
        });
        return changed === undefined ? {} : describe(changed);
      },
    );
    instance.delete<{ Params: FunctionParams }>(`${base}/:functionId`, async (request, reply) => {
      const { appId, functionId } = request.params;
      await editApp(request, services, {
        appId,
        message: "function deleted",
        change(app) {
          const { name } = mustFind(app, functionId);
          return { ...app, functions: withoutKey(app.functions, name) };
        },
      });
      return reply.code(204).send();
    });
  };
}

/** The `_id` of a function. */
export function functionIdOf(name: string): string {
  return partIdOf("function", name);
}

function mustFind({ functions }: AppConfig, id: string): FunctionConfig {
  const found = [...functions.values()].find(({ name }) => functionIdOf(name) === id);
  if (found === undefined)
    throw new Fault("FunctionNotFound", `function not found: '${id.slice(0, 64)}'`);
  return found;
}

/** In its place. What calls it calls it by its new name: with the original, by its id, which stayed. */
function withFunction(
  app: AppConfig,
  { name }: FunctionConfig,
  changed: FunctionConfig,
): AppConfig {
  if (changed.name !== name && app.functions.has(changed.name))
    throw new Fault("FunctionDuplicateName", `function exists: '${changed.name}'`);
  const functions = [...app.functions].map(([key, made]) =>
    key === name ? ([changed.name, changed] as const) : ([key, made] as const),
  );
  const renamed = <T extends { readonly functionName?: string }>(part: T): T =>
    part.functionName === name ? { ...part, functionName: changed.name } : part;
  return {
    ...app,
    functions: new Map(functions),
    endpoints: app.endpoints.map(renamed),
    triggers: app.triggers.map(renamed),
  };
}

export function withoutKey<T>(map: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  return new Map([...map].filter(([each]) => each !== key));
}

/** What a change does not name stays as it was. */
function toFunction(wire: Body, former: FunctionConfig | undefined): FunctionConfig {
  const source = wire.source ?? former?.source;
  if (source === undefined) throw new Fault("MissingParameter", "must provide a 'source' field");
  const { canEvaluate: formerCondition, ...rest } = former ?? {
    name: "",
    source,
    private: false,
    disableArgLogs: false,
    runAs: { kind: "caller" },
  };
  const condition = changedCondition(wire.can_evaluate, formerCondition);
  return {
    ...rest,
    name: wire.name,
    source,
    private: wire.private ?? rest.private,
    disableArgLogs: wire.disable_arg_logs ?? rest.disableArgLogs,
    runAs: toRunAs(wire, rest.runAs),
    ...(condition !== undefined && { canEvaluate: condition }),
  };
}

/** An empty condition is none: where neither says anything, what stands in the directory stays as it stands. */
export function changedCondition(
  wire: unknown,
  former: Expression | undefined,
): Expression | undefined {
  if (wire === undefined) return former;
  const wanted = toExpression(wire);
  return isEmpty(wanted) && isEmpty(former) ? former : wanted;
}

function isEmpty(condition: Expression | undefined): boolean {
  return condition === undefined || (condition instanceof Doc && condition.size === 0);
}

/** @throws {Fault} `InvalidParameter` for what is no expression; null and nothing: none */
function toExpression(wire: unknown): Expression | undefined {
  if (wire === undefined || wire === null) return undefined;
  if (typeof wire === "boolean") return wire;
  if (typeof wire !== "object" || Array.isArray(wire))
    throw new Fault(
      "InvalidParameter",
      "can_evaluate must be an expression: true, false or an object",
    );
  return parseEjsonValue(Buffer.from(JSON.stringify(wire))) as Expression;
}

/** An expression, or another value, as JSON has it. */
export function toJson(value: Parameters<typeof toText>[0]): unknown {
  return JSON.parse(toText(value, "relaxed"));
}

function describe(made: FunctionConfig): Readonly<Record<string, unknown>> {
  const { name, source, runAs, canEvaluate } = made;
  return {
    _id: functionIdOf(name),
    name,
    private: made.private,
    source,
    can_evaluate: canEvaluate === undefined ? {} : toJson(canEvaluate),
    disable_arg_logs: made.disableArgLogs,
    ...describeRunAs(runAs),
  };
}
