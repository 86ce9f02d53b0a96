/** Scheduled triggers: functions that run by the clock, each tick on one node. */
import type { AppConfig, TriggerConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import type { LiveConfigs } from "../config/live-configs.ts";
import { runsByClock } from "../config/live-parts.ts";
import { parseSchedule, type Schedule } from "../config/schedule.ts";
import { systemUser } from "../config/user.ts";
import type { FunctionOutcome, Functions } from "../functions/function-call.ts";
import type { Claims } from "./claims.ts";

export interface ScheduledTriggers {
  /**
   * Runs what is due in the minutes after `from`, up to that of `to`; each trigger once, however many of its minutes
   * that are. Resolves when all have ended.
   */
  runDue(from: number, to: number): Promise<void>;
  /** Begins to follow the clock. */
  start(): void;
  /** No new runs; resolves when those that go on have ended, or are cut off after `drainMs`. */
  close(drainMs: number): Promise<void>;
}

/** What is told of a run that has ended. */
export interface TriggerRun {
  readonly app: App;
  readonly trigger: TriggerConfig;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly outcome: FunctionOutcome;
}

export interface TriggersEnvironment {
  readonly apps: { list(): readonly App[] };
  readonly configs: LiveConfigs;
  readonly functions: Functions;
  readonly claims: Claims;
  readonly now: () => number;
  /** The most that one run may take, in milliseconds. */
  readonly runMsMax: number;
  readonly onRun: (run: TriggerRun) => void;
  /** A run could not be begun, or its app not be read. */
  readonly onFailure: (cause: unknown, app: App, trigger?: TriggerConfig) => void;
}

interface Due {
  readonly trigger: TriggerConfig;
  /** Milliseconds since 1970. */
  readonly tick: number;
}

const minuteMs = 60_000;
/** So far back is looked when the clock was missed: what is older does not run any more. */
const lookBackMs = 5 * minuteMs;

export function openScheduledTriggers(environment: TriggersEnvironment): ScheduledTriggers {
  const { apps, configs, functions, claims, now, runMsMax, onRun, onFailure } = environment;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;

  async function runDue(from: number, to: number): Promise<void> {
    const runs = runAll(from, to).finally(() => running.delete(runs));
    running.add(runs);
    await runs;
  }

  async function runAll(from: number, to: number): Promise<void> {
    const since = Math.max(from, to - lookBackMs);
    await Promise.all(
      apps
        .list()
        .filter(
          ({ deployment, hasSchedules }) => deployment !== undefined && hasSchedules !== false,
        )
        .map(async (app) => runApp(app, since, to)),
    );
  }

  async function runApp(app: App, from: number, to: number): Promise<void> {
    try {
      const live = configs.of(app);
      const config = live instanceof Promise ? await live : live;
      if (config === undefined) return;
      await Promise.all(
        schedulesOf(config).map(async ([trigger, schedule]) => {
          const tick = latestTick(schedule, from, to);
          if (tick === undefined) return;
          await runOnce(app, config, { trigger, tick }).catch((cause: unknown) => {
            onFailure(cause, app, trigger);
          });
        }),
      );
    } catch (cause) {
      onFailure(cause, app);
    }
  }

  async function runOnce(app: App, config: AppConfig, due: Due): Promise<void> {
    const { trigger, tick } = due;
    // Atlas: whether a run began while the one before went on is not known. Here it does not: what is slow would pile up.
    if (!(await claims.claim(app.id, trigger.name, tick))) return;
    try {
      const startedAt = now();
      const outcome = await run(app, config, trigger);
      onRun({ app, trigger, startedAt, outcome });
    } catch (cause) {
      onFailure(cause, app, trigger);
    } finally {
      await claims.release(app.id, trigger.name, tick);
    }
  }

  async function run(
    app: App,
    config: AppConfig,
    trigger: TriggerConfig,
  ): Promise<FunctionOutcome> {
    const { signal } = stopping;
    return functions.run({
      scope: { app, config, caller: systemUser, user: systemUser, request: undefined, signal },
      target: { kind: "named", name: trigger.functionName ?? "" },
      args: [],
      from: "app",
      timeoutMs: runMsMax,
    });
  }

  function follow(last: number): void {
    const wait = minuteMs - (now() % minuteMs);
    timer = setTimeout(() => {
      const moment = now();
      void runDue(last, moment);
      follow(moment);
    }, wait);
    timer.unref();
  }

  return {
    runDue,
    start() {
      follow(now());
    },
    async close(drainMs) {
      clearTimeout(timer);
      const cut = setTimeout(() => {
        stopping.abort(new Error("the server is shutting down"));
      }, drainMs);
      await Promise.all(running);
      clearTimeout(cut);
      stopping.abort(new Error("the server is shutting down"));
    },
  };
}

const known = new WeakMap<AppConfig, readonly (readonly [TriggerConfig, Schedule])[]>();

function schedulesOf(config: AppConfig): readonly (readonly [TriggerConfig, Schedule])[] {
  const found = known.get(config);
  if (found !== undefined) return found;
  const made = config.triggers.filter(runsByClock).flatMap((trigger) => {
    const schedule = parseSchedule(trigger.schedule ?? "");
    return "matches" in schedule ? [[trigger, schedule] as const] : [];
  });
  known.set(config, made);
  return made;
}

/** The last minute after that of `from`, up to that of `to`, which a schedule names. */
function latestTick(schedule: Schedule, from: number, to: number): number | undefined {
  const first = Math.floor(from / minuteMs) * minuteMs;
  for (let tick = Math.floor(to / minuteMs) * minuteMs; tick > first; tick -= minuteMs)
    if (schedule.matches(tick)) return tick;
  return undefined;
}
