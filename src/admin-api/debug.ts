/** `/groups/{g}/apps/{a}/debug`: an administrator runs a function, or a source that is not part of the app yet. */
import { type Static, Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { parseEjsonValue } from "../bson/parse-ejson.ts";
import { toText } from "../bson/stringify.ts";
import { isArray, Undefined, type Value } from "../bson/value.ts";
import type { App } from "../config/app.ts";
import { partIdOf } from "../config/part-id.ts";
import { systemUser, type User } from "../config/user.ts";
import type { FunctionCall, FunctionOutcome } from "../functions/function-call.ts";
import { Fault, faults } from "../kit/fault.ts";
import type { LogEntry } from "../logs/log-entry.ts";
import type { AdminServices } from "./admin-services.ts";

const named = Type.Object({
  name: Type.String(),
  arguments: Type.Optional(Type.Array(Type.Unknown())),
});
const sourced = Type.Object({
  source: Type.String(),
  eval_source: Type.Optional(Type.String()),
  arguments: Type.Optional(Type.Array(Type.Unknown())),
});

interface AppParams {
  readonly appId: string;
}
interface Query {
  readonly user_id?: string;
  readonly run_as_system?: string;
}
type Called = FastifyRequest<{ Params: AppParams; Querystring: Query }>;

/** As for functions that clients call. */
const timeoutMs = 300_000;

export function debugRoutes(services: AdminServices): (instance: FastifyInstance) => Promise<void> {
  const { apps, auth, configs, functions } = services;

  async function run(
    request: Called,
    target: FunctionCall["target"],
    args: readonly unknown[],
  ): Promise<FunctionOutcome> {
    const app = apps.must(request.params.appId);
    const live = configs.of(app);
    const config = live instanceof Promise ? await live : live;
    const user = await userOf(app.id, request.query);
    const gone = new AbortController();
    const leave = (): void => {
      gone.abort(new Error("the client has gone"));
    };
    const { socket } = request.raw;
    socket.once("close", leave);
    const entry = services.entries.of(request.raw);
    noteRun(entry, app, user, target);
    const { signal } = gone;
    try {
      const outcome = await functions.run({
        scope: { app, config, caller: user, user, request: undefined, signal, findings: entry },
        target,
        args: toArguments(args),
        from: "administrator",
        timeoutMs,
      });
      entry.addRun(outcome);
      if (outcome.end.kind === "failed") {
        entry.error = outcome.end.fault.message;
        entry.errorCode = outcome.end.fault.code;
      }
      return outcome;
    } finally {
      // The next request comes by the same socket.
      socket.off("close", leave);
    }
  }

  async function userOf(appId: string, query: Query): Promise<User> {
    const { user_id: id = "", run_as_system: system } = query;
    if ((id === "") === (system !== "true"))
      throw new Fault("InvalidParameter", "must specify either user_id or run_as_system=true");
    if (id === "") return systemUser;
    const user = await auth.users.findUser(appId, id);
    if (user === undefined) throw new Fault("UserNotFound", `user not found: '${id.slice(0, 64)}'`);
    return user;
  }

  return async (instance) => {
    instance.post<{ Params: AppParams; Querystring: Query; Body: Static<typeof named> }>(
      "/apps/:appId/debug/execute_function",
      { schema: { body: named } },
      async (request, reply) => {
        const { name, arguments: args = [] } = request.body;
        return answer(reply, await run(request, { kind: "named", name }, args));
      },
    );
    instance.post<{ Params: AppParams; Querystring: Query; Body: Static<typeof sourced> }>(
      "/apps/:appId/debug/execute_function_source",
      { schema: { body: sourced } },
      async (request, reply) => {
        const { source, eval_source: evalSource = "", arguments: args = [] } = request.body;
        const target = {
          kind: "source",
          source,
          ...(evalSource !== "" && { evalSource }),
        } as const;
        return answer(reply, await run(request, target, args));
      },
    );
  };
}

/**
 * Atlas: whether the original's log had what administrators tried out is not told. Here it has: it did what it did to the
 * app's data.
 */
function noteRun(entry: LogEntry, app: App, user: User, target: FunctionCall["target"]): void {
  entry.type = "FUNCTION";
  entry.appId = app.id;
  entry.isAuthorized = true;
  entry.functionName = target.kind === "named" ? target.name : "(source)";
  if (target.kind === "named") entry.functionId = partIdOf("function", target.name);
  if (user.type !== "system") entry.userId = user.id;
}

function toArguments(args: readonly unknown[]): readonly Value[] {
  const values = parseEjsonValue(Buffer.from(JSON.stringify(args)));
  return isArray(values) ? values : [];
}

/**
 * A function that threw is no success, also for tools that look at nothing but the status; what it wrote to the console
 * comes along.
 */
function answer(reply: FastifyReply, { end, logs, ms }: FunctionOutcome): FastifyReply {
  const told = {
    // The original's tool shows an empty list as if there were something.
    ...(logs.length > 0 && { logs }),
    stats: { execution_time: `${Math.round(ms * 1000) / 1000}ms` },
  };
  if (end.kind === "failed") {
    const { code, message } = end.fault;
    return reply.code(faults[code]).send({ error: message, error_code: code, ...told });
  }
  const result = toText(end.value === undefined ? Undefined : end.value, "canonical");
  const rest = JSON.stringify(told).slice(1);
  return reply.header("Content-Type", "application/json").send(`{"result":${result},${rest}`);
}
