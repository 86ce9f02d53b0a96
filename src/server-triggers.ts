/** Opens the scheduled triggers of a server: where their claims lie, and where it is told what they did. */
import type { App } from "./config/app.ts";
import type { TriggerConfig } from "./config/app-config.ts";
import type { LiveConfigs } from "./config/live-configs.ts";
import { partIdOf } from "./config/part-id.ts";
import type { Functions } from "./functions/function-call.ts";
import { Fault } from "./kit/fault.ts";
import { LogEntry, type LogType } from "./logs/log-entry.ts";
import type { Log } from "./logs/log.ts";
import type { Recorder } from "./logs/recorder.ts";
import type { State } from "./state.ts";
import { openClaims } from "./triggers/claims.ts";
import {
  openScheduledTriggers,
  type ScheduledTriggers,
  type TriggerRun,
} from "./triggers/scheduled.ts";

/** As for functions that clients call. */
const runMsMax = 300_000;
/** Beyond its time a run counts as dead. */
const graceMs = 30_000;

export function openServerTriggers(
  state: State,
  parts: {
    readonly configs: LiveConfigs;
    readonly functions: Functions;
    readonly recorder: Recorder;
    readonly log: Log;
  },
): ScheduledTriggers {
  const { configs, functions, recorder, log } = parts;
  return openScheduledTriggers({
    apps: state.apps,
    configs,
    functions,
    claims: openClaims({ state: state.store, now: Date.now, runMsMax: runMsMax + graceMs }),
    now: Date.now,
    runMsMax,
    onRun(run) {
      recorder.work(entryOf(run, state.newId().toHex()));
      if (run.outcome.end.kind === "failed")
        log.write("warning", "trigger failed", {
          message: run.outcome.end.fault.message,
          app: run.app.clientAppId,
          trigger: run.trigger.name,
        });
    },
    onFailure(cause, app, trigger) {
      if (trigger !== undefined)
        recorder.work(failureOf(cause, app, trigger, state.newId().toHex()));
      log.write("error", "trigger not run", {
        message: cause instanceof Error ? cause.message : String(cause),
        app: app.clientAppId,
        trigger: trigger?.name,
      });
    },
  });
}

function newEntry(
  type: LogType,
  { id }: App,
  { name, functionName }: TriggerConfig,
  of: { readonly coId: string; readonly startedAt: number },
): LogEntry {
  const entry = new LogEntry(of.coId, of.startedAt);
  entry.type = type;
  entry.appId = id;
  entry.isAuthorized = true;
  entry.trigger = { id: partIdOf("trigger", name), name };
  if (functionName !== undefined) {
    entry.functionName = functionName;
    entry.functionId = partIdOf("function", functionName);
  }
  return entry;
}

/** Of a run that could not be begun. */
function failureOf(cause: unknown, app: App, trigger: TriggerConfig, coId: string): LogEntry {
  const entry = newEntry("TRIGGER_FAILURE", app, trigger, { coId, startedAt: Date.now() });
  entry.error = cause instanceof Fault ? cause.message : "internal server error";
  entry.errorCode = cause instanceof Fault ? cause.code : "InternalServerError";
  return entry;
}

function entryOf({ app, trigger, startedAt, outcome }: TriggerRun, coId: string): LogEntry {
  const entry = newEntry("SCHEDULED_TRIGGER", app, trigger, { coId, startedAt });
  entry.addRun(outcome);
  if (outcome.end.kind === "failed") {
    entry.error = outcome.end.fault.message;
    entry.errorCode = outcome.end.fault.code;
  }
  return entry;
}
