/** Opens the scheduled triggers of a server: where their claims lie, and where it is told what they did. */
import type { LiveConfigs } from "./config/live-configs.ts";
import type { Functions } from "./functions/function-call.ts";
import { LogEntry } from "./logs/log-entry.ts";
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
      log.write("error", "trigger not run", {
        message: cause instanceof Error ? cause.message : String(cause),
        app: app.clientAppId,
        trigger: trigger?.name,
      });
    },
  });
}

function entryOf({ app, trigger, startedAt, outcome }: TriggerRun, coId: string): LogEntry {
  const entry = new LogEntry(coId, startedAt);
  entry.type = "SCHEDULED_TRIGGER";
  entry.appId = app.id;
  entry.isAuthorized = true;
  entry.functionName = trigger.functionName;
  entry.trigger = { id: trigger.name, name: trigger.name };
  entry.messages = outcome.logs;
  entry.functionMs = outcome.ms;
  if (outcome.end.kind === "failed") {
    entry.error = outcome.end.fault.message;
    entry.errorCode = outcome.end.fault.code;
  }
  return entry;
}
