/**
 * What a function asks the server for, and how it is done: in the scope of its call, and never on anybody else's behalf.
 *
 * To add one: a line in `table`.
 */
import type { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import type { Scope } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import { callMongodb, openCursor } from "./data-service.ts";
import { type Cursors, createCursors } from "./data-service/cursors.ts";
import { createSessions, type Sessions } from "./data-service/sessions.ts";
import { listCollections, listDatabases } from "./data-service/names.ts";
import type { FunctionsCore } from "./functions-core.ts";

export interface Operations {
  /** Lines of the functions that the function called. */
  readonly logs: readonly string[];
  /** @throws whatever keeps it from being done */
  run(body: Doc): Promise<Value | undefined>;
  /** Closes cursors, ends transactions. */
  close(): void;
}

export interface OperationsOptions {
  readonly core: FunctionsCore;
  readonly scope: Scope;
  readonly depth: number;
  readonly timeoutMs: number;
  /** On the clock of `performance.now()`. */
  readonly startedAt: number;
}

interface Environment extends OperationsOptions {
  readonly logs: string[];
  readonly cursors: Cursors;
  readonly sessions: Sessions;
}

/** Of calls within one call, at once; what the host counts itself is not to be relied on. */
const atOnceMax = 1000;

const linesMax = 25;

export function openOperations(options: OperationsOptions): Operations {
  const logs: string[] = [];
  const environment: Environment = {
    ...options,
    logs,
    cursors: createCursors(),
    sessions: createSessions(),
  };
  let running = 0;
  return {
    logs,
    async run(body) {
      const name = body.get("operation");
      const operation = typeof name === "string" ? table.get(name) : undefined;
      if (operation === undefined) throw new Fault("BadRequest", "unknown operation");
      if (running >= atOnceMax)
        throw new Fault(
          "FunctionExecutionError",
          `exceeded max async work queue size of ${atOnceMax}`,
        );
      running += 1;
      try {
        return await operation(body, environment);
      } finally {
        running -= 1;
      }
    },
    close() {
      environment.cursors.close();
      environment.sessions.close();
    },
  };
}

type Operation = (body: Doc, environment: Environment) => Promise<Value | undefined>;

const table: ReadonlyMap<string, Operation> = new Map(
  Object.entries<Operation>({
    mongodb: async (body, { core, scope, sessions }) =>
      callMongodb(body, { scope, access: core.options.access, sessions }),
    open: async (body, { core, scope, sessions, cursors }) =>
      cursors.add(openCursor(body, { scope, access: core.options.access, sessions })),
    all: async (body, { core, scope, sessions, cursors }) =>
      cursors.all(
        openCursor(body, { scope, access: core.options.access, sessions }),
        core.options.limits.operationBytesMax,
      ),
    more: async (body, { cursors }) => cursors.more(Number(body.get("cursor"))),
    close: async (body, { cursors }) => {
      await cursors.end(Number(body.get("cursor")));
      return undefined;
    },
    databases: async (body, { core, scope }) => listDatabases(body, scope, core.options.access),
    collections: async (body, { core, scope }) => listCollections(body, scope, core.options.access),
    session: async (body, { core, scope, sessions }) =>
      sessions.step(body, scope, core.options.access),
    function: callFunction,
    http: async (body, { core, scope }) => core.http.call(body, scope.signal),
  }),
);

/** `context.functions.execute`: as the user as whom the caller runs, unless the callee says otherwise. */
async function callFunction(body: Doc, environment: Environment): Promise<Value | undefined> {
  const { core, scope, depth, timeoutMs, startedAt, logs } = environment;
  const name = body.get("name");
  const args = body.get("arguments");
  const leftMs = timeoutMs - (performance.now() - startedAt);
  const outcome = await core.run(
    {
      scope,
      target: { kind: "named", name: typeof name === "string" ? name : "" },
      args: isArray(args) ? args : [],
      from: "app",
      timeoutMs: Math.max(1, leftMs),
    },
    depth + 1,
  );
  for (const line of outcome.logs) if (logs.length < linesMax) logs.push(line);
  if (outcome.end.kind === "failed") throw outcome.end.fault;
  return outcome.end.value;
}
