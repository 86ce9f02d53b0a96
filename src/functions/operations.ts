/**
 * What a function asks the server for, and how it is done: in the scope of its call, and never on anybody else's behalf.
 *
 * To add one: a line in `table`.
 */
import type { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import type { Scope } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import { callMongodb, type DataEnvironment, openCursor } from "./data-service.ts";
import { type Cursors, createCursors } from "./data-service/cursors.ts";
import { createSessions, type Sessions } from "./data-service/sessions.ts";
import { listCollections, listDatabases } from "./data-service/names.ts";
import type { DataAccess } from "../rules/open-namespace.ts";
import type { FunctionsCore } from "./functions-core.ts";

export interface OperationsOptions {
  readonly core: FunctionsCore;
  readonly scope: Scope;
  readonly depth: number;
  readonly timeoutMs: number;
  /** On the clock of `performance.now()`. */
  readonly startedAt: number;
}

/** Of calls within one call, at once; what the host counts itself is not to be relied on. */
const atOnceMax = 1000;

const linesMax = 25;

/** Those of one call. Cursors and sessions are made for those that use them. */
export class Operations {
  readonly options: OperationsOptions;
  /** Lines of the functions that the function called. */
  readonly logs: string[] = [];
  #cursors: Cursors | undefined;
  #sessions: Sessions | undefined;
  #running = 0;
  #isClosed = false;

  constructor(options: OperationsOptions) {
    this.options = options;
  }

  get cursors(): Cursors {
    return (this.#cursors ??= createCursors());
  }

  get sessions(): Sessions {
    return (this.#sessions ??= createSessions());
  }

  /** The access of an operation: that of the transaction which it is part of, if it is of one. */
  accessOf(body: Doc): DataAccess {
    const { access } = this.options.core.options;
    return this.#sessions === undefined ? access : this.#sessions.accessOf(body, access);
  }

  /** @throws whatever keeps it from being done */
  async run(body: Doc): Promise<Value | undefined> {
    const name = body.get("operation");
    const operation = typeof name === "string" ? table.get(name) : undefined;
    if (operation === undefined) throw new Fault("BadRequest", "unknown operation");
    if (this.#isClosed) throw new Fault("FunctionExecutionError", "the function has ended");
    if (this.#running >= atOnceMax)
      throw new Fault(
        "FunctionExecutionError",
        `exceeded max async work queue size of ${atOnceMax}`,
      );
    this.#running += 1;
    try {
      return await operation(body, this);
    } finally {
      this.#running -= 1;
    }
  }

  /** Closes cursors, ends transactions. */
  close(): void {
    this.#isClosed = true;
    this.#cursors?.close();
    this.#sessions?.close();
  }
}

type Operation = (body: Doc, call: Operations) => Promise<Value | undefined>;

const table: ReadonlyMap<string, Operation> = new Map(
  Object.entries<Operation>({
    mongodb: async (body, call) => callMongodb(body, dataOf(body, call)),
    open: async (body, call) => call.cursors.add(openCursor(body, dataOf(body, call))),
    all: async (body, call) =>
      call.cursors.all(
        openCursor(body, dataOf(body, call)),
        call.options.core.options.limits.operationBytesMax,
      ),
    more: async (body, { cursors }) => cursors.more(Number(body.get("cursor"))),
    close: async (body, { cursors }) => {
      await cursors.end(Number(body.get("cursor")));
      return undefined;
    },
    databases: async (body, { options: { core, scope } }) =>
      listDatabases(body, scope, core.options.access),
    collections: async (body, { options: { core, scope } }) =>
      listCollections(body, scope, core.options.access),
    session: async (body, { options: { core, scope }, sessions }) =>
      sessions.step(body, scope, core.options.access),
    function: callFunction,
    http: async (body, { options: { core, scope } }) => core.http.call(body, scope.signal),
  }),
);

function dataOf(body: Doc, call: Operations): DataEnvironment {
  return { scope: call.options.scope, access: call.accessOf(body) };
}

/** `context.functions.execute`: as the user as whom the caller runs, unless the callee says otherwise. */
async function callFunction(body: Doc, { options, logs }: Operations): Promise<Value | undefined> {
  const { core, scope, depth, timeoutMs, startedAt } = options;
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
