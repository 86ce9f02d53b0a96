/**
 * Log forwarders: entries of an app's log that go to a collection, or a function, besides.
 *
 * Each node forwards what it has logged itself, one after another per forwarder. What a forwarder does is logged, and
 * never forwarded.
 */
import { parseEjson } from "../bson/parse-ejson.ts";
import { type Doc } from "../bson/doc.ts";
import { DateTime, ObjectId } from "../bson/value.ts";
import type { AppConfig, LogForwarderConfig } from "../config/app-config.ts";
import type { AppRegistry } from "../config/app-registry.ts";
import type { App } from "../config/app.ts";
import type { LiveConfigs } from "../config/live-configs.ts";
import { partIdOf } from "../config/part-id.ts";
import { systemUser } from "../config/user.ts";
import type { Functions } from "../functions/function-call.ts";
import { Fault } from "../kit/fault.ts";
import { openNamespace, type DataAccess } from "../rules/open-namespace.ts";
import { describeEntry } from "./describe-entry.ts";
import { LogEntry, type LogType } from "./log-entry.ts";
import { endOf } from "./query-logs.ts";
import type { Segment, SegmentEntry } from "./segment.ts";
import { readSegment } from "./segment-reader.ts";

export interface Forwarders {
  /** Takes what was logged; returns at once. */
  take(segment: Segment): void;
  /** Sends what waits. */
  close(): Promise<void>;
}

export interface ForwardersEnvironment {
  readonly apps: AppRegistry;
  readonly configs: LiveConfigs;
  readonly access: DataAccess;
  readonly functions: Functions;
  readonly groupId: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => ObjectId;
  /** Takes an entry of what a forwarder did. */
  readonly record: (entry: LogEntry) => void;
  /** How long a batch may wait to be full. */
  readonly batchMs?: number;
}

const batchMax = 100;
const batchMsDefault = 60_000;
/** Entries that wait for one forwarder; beyond it, the newest are left out, and it is said so. */
const waitingMax = 10_000;
const forwardMsMax = 60_000;

const typesOf: ReadonlyMap<string, readonly LogType[]> = new Map<string, readonly LogType[]>([
  ["auth", ["AUTH", "API_KEY"]],
  ["endpoint", ["ENDPOINT", "WEBHOOK"]],
  ["function", ["FUNCTION", "STREAM_FUNCTION"]],
  ["push", ["PUSH"]],
  ["schema", ["SCHEMA_ADDITIVE_CHANGE", "SCHEMA_GENERATION", "SCHEMA_VALIDATION"]],
  ["service", ["SERVICE_FUNCTION", "SERVICE_STREAM_FUNCTION"]],
  ["trigger", ["AUTH_TRIGGER", "DB_TRIGGER", "SCHEDULED_TRIGGER", "TRIGGER_FAILURE"]],
  ["trigger_error_handler", ["TRIGGER_ERROR_HANDLER"]],
]);

interface Lane {
  waiting: SegmentEntry[];
  timer: NodeJS.Timeout | undefined;
  sending: Promise<void>;
  lost: number;
}

interface Target {
  readonly app: App;
  readonly config: AppConfig;
  readonly forwarder: LogForwarderConfig;
}

export function openForwarders(environment: ForwardersEnvironment): Forwarders {
  const { apps, configs, now, newId, record, batchMs = batchMsDefault } = environment;
  /** By app and name of the forwarder. */
  const lanes = new Map<string, Lane>();
  let taking: Promise<void> = Promise.resolve();

  async function spread(segment: Segment): Promise<void> {
    const app = apps.list().find(({ id }) => id === segment.appId);
    if (app?.deployment === undefined) return;
    const config = await configs.of(app);
    const forwarders = config?.logForwarders.filter(({ disabled }) => !disabled) ?? [];
    if (forwarders.length === 0) return;
    const entries = await readSegment(segment);
    for (const forwarder of forwarders) add(app, forwarder, entries.filter(wantedBy(forwarder)));
  }

  function add(app: App, forwarder: LogForwarderConfig, entries: readonly SegmentEntry[]): void {
    if (entries.length === 0) return;
    const key = `${app.id} ${forwarder.name}`;
    let lane = lanes.get(key);
    if (lane === undefined) {
      lane = { waiting: [], timer: undefined, sending: Promise.resolve(), lost: 0 };
      lanes.set(key, lane);
    }
    const room = waitingMax - lane.waiting.length;
    lane.waiting.push(...entries.slice(0, room));
    lane.lost += Math.max(0, entries.length - room);
    const sizeMin = forwarder.policy === "batch" ? batchMax : 1;
    if (lane.waiting.length >= sizeMin) drain(key, lane, sizeMin);
    else
      lane.timer ??= setTimeout(() => {
        drain(key, lane, 1);
      }, batchMs).unref();
  }

  /** @param sizeMin what is less than this stays for the next time */
  function drain(key: string, lane: Lane, sizeMin: number): void {
    clearTimeout(lane.timer);
    lane.timer = undefined;
    lane.sending = lane.sending.then(async () => {
      while (lane.waiting.length >= sizeMin) {
        // oxlint-disable-next-line no-await-in-loop
        await sendNext(key, lane);
      }
    });
  }

  /** Who it goes to is looked up anew: a deployment may have changed it meanwhile. */
  async function findTarget(key: string): Promise<Target | undefined> {
    const [appId = "", ...name] = key.split(" ");
    const app = apps.list().find(({ id }) => id === appId);
    const config = app === undefined ? undefined : await configs.of(app);
    const forwarder = config?.logForwarders.find((each) => each.name === name.join(" "));
    if (app === undefined || config === undefined || forwarder?.disabled !== false)
      return undefined;
    return { app, config, forwarder };
  }

  async function sendNext(key: string, lane: Lane): Promise<void> {
    const target = await findTarget(key);
    if (target === undefined) {
      lane.waiting = [];
      return;
    }
    const { action, name, policy } = target.forwarder;
    const entries = lane.waiting.splice(0, policy === "batch" ? batchMax : 1);
    const entry = new LogEntry(newId().toHex(), now());
    entry.type = "LOG_FORWARDER";
    entry.appId = target.app.id;
    const fields = fieldsOf(target.forwarder);
    entry.ownFields = fields;
    if (action.type === "function") {
      entry.functionName = action.name;
      entry.functionId = partIdOf("function", action.name);
    }
    if (lane.lost > 0) entry.notes = [`${lane.lost} entries were not forwarded: too many waited`];
    lane.lost = 0;
    try {
      const logs = await forward(environment, target, entries);
      if (logs.length > 0) entry.messages = logs;
    } catch (cause) {
      entry.ownFields = { ...fields, failed_to_forward_log_ids: entries.map(({ coId }) => coId) };
      entry.error = `log forwarder '${name}': ${wordOf(cause)}`;
      entry.errorCode = cause instanceof Fault ? cause.code : "InternalServerError";
    }
    // Of what went well nothing is written: a log of the log would never end.
    if ((entry.error ?? entry.messages ?? entry.notes) !== undefined) record(entry);
  }

  return {
    take(segment) {
      taking = taking.then(async () => spread(segment)).catch(() => {});
    },
    async close() {
      await taking;
      for (const [key, lane] of lanes) drain(key, lane, 1);
      await Promise.all([...lanes.values()].map(async ({ sending }) => sending));
    },
  };
}

/** What entries of forwarders alone have. */
function fieldsOf({ name, action }: LogForwarderConfig): Readonly<Record<string, unknown>> {
  return {
    event_subscription_id: partIdOf("log_forwarder_events", name),
    event_subscription_name: `${name}_event_subscription`,
    log_forwarder_id: partIdOf("log_forwarder", name),
    log_forwarder_name: name,
    ...(action.type === "collection" && {
      data_source_id: partIdOf("service", action.dataSource),
      data_source_name: action.dataSource,
      data_source_namespace: `${action.database}.${action.collection}`,
    }),
  };
}

function wantedBy({ logTypes, logStatuses }: LogForwarderConfig): (entry: SegmentEntry) => boolean {
  const types = new Set(logTypes.flatMap((each) => typesOf.get(each) ?? []));
  return ({ type, rare }) =>
    types.has(type) && logStatuses.includes("error" in rare ? "error" : "success");
}

/** @returns what a function wrote to the console */
async function forward(
  { access, functions, groupId }: ForwardersEnvironment,
  { app, config, forwarder: { action } }: Target,
  entries: readonly SegmentEntry[],
): Promise<readonly string[]> {
  const scope = {
    app,
    config,
    caller: systemUser,
    user: systemUser,
    request: undefined,
    signal: AbortSignal.timeout(forwardMsMax),
  };
  const docs = entries.map((each) => toDoc(each, app, groupId));
  if (action.type === "collection") {
    const use = { verb: "insert" } as const;
    await openNamespace(scope, action, use, access).insertMany(docs, { ordered: false });
    return [];
  }
  const { end, logs } = await functions.run({
    scope,
    target: { kind: "named", name: action.name },
    args: [docs],
    from: "app",
    timeoutMs: forwardMsMax,
  });
  if (end.kind === "failed") throw end.fault;
  return logs;
}

/** With dates that are dates, so that they can be queried and expire. */
function toDoc(entry: SegmentEntry, app: App, groupId: string): Doc {
  return describedDoc(entry, app, groupId)
    .with("_id", ObjectId.fromHex(entry.coId))
    .with("started", new DateTime(entry.startedAt))
    .with("completed", new DateTime(endOf(entry)));
}

function describedDoc(entry: SegmentEntry, app: App, groupId: string): Doc {
  const described = describeEntry(entry, app, groupId);
  try {
    return parseEjson(Buffer.from(JSON.stringify(described)));
  } catch {
    // Arguments that were cut are no EJSON any more.
    return parseEjson(Buffer.from(JSON.stringify({ ...described, function_call: undefined })));
  }
}

function wordOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
