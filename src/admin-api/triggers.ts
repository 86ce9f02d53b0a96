/** `/groups/{g}/apps/{a}/triggers`; each change is a deployment, or goes into the draft. */
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { Doc } from "../bson/doc.ts";
import { parseEjsonValue } from "../bson/parse-ejson.ts";
import type { AppConfig, TriggerConfig } from "../config/app-config.ts";
import { runsByClock } from "../config/live-parts.ts";
import { parseSchedule } from "../config/schedule.ts";
import { Fault } from "../kit/fault.ts";
import type { AdminServices } from "./admin-services.ts";
import { editApp, readApp } from "./edit-app.ts";
import { functionIdOf, toJson } from "./functions.ts";
import { partIdOf } from "../config/part-id.ts";

const body = Type.Object({
  name: Type.String(),
  type: Type.Union([
    Type.Literal("DATABASE"),
    Type.Literal("AUTHENTICATION"),
    Type.Literal("SCHEDULED"),
  ]),
  disabled: Type.Optional(Type.Boolean()),
  config: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  function_name: Type.Optional(Type.String()),
  function_id: Type.Optional(Type.String()),
  event_processors: Type.Optional(
    Type.Object({
      FUNCTION: Type.Optional(
        Type.Object({
          config: Type.Object({
            function_name: Type.Optional(Type.String()),
            function_id: Type.Optional(Type.String()),
          }),
        }),
      ),
    }),
  ),
});
type Body = Static<typeof body>;
const scheduled = Type.Object({ schedule: Type.String({ maxLength: 1000 }) });
const shownRuns = 5;

interface AppParams {
  readonly appId: string;
}
interface TriggerParams extends AppParams {
  readonly triggerId: string;
}

export function triggerRoutes(
  services: AdminServices,
): (instance: FastifyInstance) => Promise<void> {
  const base = "/apps/:appId/triggers";
  return async (instance) => {
    instance.get<{ Params: AppParams }>(base, async (request) =>
      (await readApp(request, services)).triggers.map(describe),
    );
    // Ours: when a schedule, which need not be saved yet, would fire.
    instance.get<{ Params: AppParams; Querystring: Static<typeof scheduled> }>(
      `${base}/next_runs`,
      { schema: { querystring: scheduled } },
      async ({ params, query }) => {
        services.apps.must(params.appId);
        return { next_runs: nextRunsOf(query.schedule) };
      },
    );
    instance.get<{ Params: TriggerParams }>(`${base}/:triggerId`, async (request) =>
      describe(mustFind(await readApp(request, services), request.params.triggerId)),
    );
    instance.post<{ Params: AppParams; Body: Body }>(
      base,
      { schema: { body } },
      async (request, reply) => {
        let made: TriggerConfig | undefined;
        await editApp(request, services, {
          appId: request.params.appId,
          message: `trigger ${request.body.name} made`,
          change(app) {
            mustBeFree(app, request.body.name);
            made = toTrigger(request.body, app);
            return { ...app, triggers: [...app.triggers, made] };
          },
        });
        return reply.code(201).send(made === undefined ? {} : describe(made));
      },
    );
    instance.put<{ Params: TriggerParams; Body: Body }>(
      `${base}/:triggerId`,
      { schema: { body } },
      async (request, reply) => {
        await editApp(request, services, {
          appId: request.params.appId,
          message: `trigger ${request.body.name} changed`,
          change(app) {
            const former = mustFind(app, request.params.triggerId);
            const { name } = request.body;
            if (name !== former.name) mustBeFree(app, name);
            const made = toTrigger(request.body, app, former);
            const triggers = app.triggers.map((each) => (each === former ? made : each));
            return { ...app, triggers };
          },
        });
        return reply.code(204).send();
      },
    );
    instance.delete<{ Params: TriggerParams }>(`${base}/:triggerId`, async (request) => {
      await editApp(request, services, {
        appId: request.params.appId,
        message: "trigger deleted",
        change(app) {
          const former = mustFind(app, request.params.triggerId);
          return { ...app, triggers: app.triggers.filter((each) => each !== former) };
        },
      });
      return {};
    });
    instance.put<{ Params: TriggerParams }>(`${base}/:triggerId/resume`, async (request, reply) => {
      // None is ever suspended here.
      mustFind(await readApp(request, services), request.params.triggerId);
      return reply.code(204).send();
    });
  };
}

/** @throws {Fault} `InvalidParameter` where it is no schedule @returns ISO 8601; fewer where there are no more */
function nextRunsOf(text: string): readonly string[] {
  const schedule = parseSchedule(text);
  if (!("matches" in schedule)) {
    const { expected, found = "something else" } = schedule;
    throw new Fault("InvalidParameter", `expected ${expected}, found ${found}`);
  }
  const found: string[] = [];
  let after: number | undefined = Date.now();
  while (found.length < shownRuns) {
    after = schedule.nextAfter(after);
    if (after === undefined) break;
    found.push(new Date(after).toISOString());
  }
  return found;
}

function triggerIdOf(name: string): string {
  return partIdOf("trigger", name);
}

function mustFind({ triggers }: AppConfig, id: string): TriggerConfig {
  const found = triggers.find(({ name }) => triggerIdOf(name) === id);
  if (found === undefined) throw new Fault("NotFound", `trigger not found: '${id.slice(0, 64)}'`);
  return found;
}

function mustBeFree({ triggers }: AppConfig, name: string): void {
  if (triggers.some((each) => each.name === name))
    throw new Fault("BadRequest", `a trigger named '${name}' exists`);
}

function toTrigger(wire: Body, app: AppConfig, former?: TriggerConfig): TriggerConfig {
  const config =
    wire.config === undefined
      ? (former?.config ?? Doc.empty)
      : (parseEjsonValue(Buffer.from(JSON.stringify(wire.config))) as Doc);
  const schedule = config.get("schedule");
  const named = functionNameOf(wire, app) ?? former?.functionName;
  const { origin } = former ?? {};
  return {
    name: wire.name,
    type: wire.type,
    disabled: wire.disabled ?? former?.disabled ?? false,
    config,
    ...(named !== undefined && { functionName: named }),
    ...(wire.type === "SCHEDULED" && typeof schedule === "string" && { schedule }),
    ...(origin !== undefined && { origin }),
  };
}

function functionNameOf(wire: Body, { functions }: AppConfig): string | undefined {
  const inner = wire.event_processors?.FUNCTION?.config;
  const name = inner?.function_name || wire.function_name;
  if (name !== undefined && name !== "") return name;
  const id = inner?.function_id || wire.function_id;
  if (id === undefined || id === "") return undefined;
  const found = [...functions.keys()].find((each) => functionIdOf(each) === id);
  if (found === undefined)
    throw new Fault("FunctionNotFound", `function not found: '${id.slice(0, 64)}'`);
  return found;
}

function describe(trigger: TriggerConfig): Readonly<Record<string, unknown>> {
  const { name, type, disabled, config, schedule, functionName } = trigger;
  const target = {
    function_name: functionName ?? "",
    function_id: functionName === undefined ? "" : functionIdOf(functionName),
  };
  return {
    _id: triggerIdOf(name),
    name,
    type,
    disabled,
    config: toJson(schedule === undefined ? config : config.with("schedule", schedule)),
    ...target,
    event_processors: functionName === undefined ? {} : { FUNCTION: { config: target } },
    // Ours: whether this server runs it.
    runs: runsByClock(trigger),
  };
}
