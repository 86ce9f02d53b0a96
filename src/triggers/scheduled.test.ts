import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { toFiles } from "../../test/support/app-samples.ts";
import { readAppDirectory } from "../config/app-directory.ts";
import type { App } from "../config/app.ts";
import type { StateStore } from "../config/state-store.ts";
import type { FunctionCall, FunctionOutcome } from "../functions/function-call.ts";
import { Fault } from "../kit/fault.ts";
import { type EmbeddedSource, openEmbedded } from "../sources/embedded.ts";
import { openClaims } from "./claims.ts";
import { openScheduledTriggers, type ScheduledTriggers } from "./scheduled.ts";

const app = { id: "1".repeat(24), clientAppId: "a-aaaaa", deployment: "2".repeat(24) } as App;
const at = (minute: number): number => Date.parse("2024-01-01T07:00:00Z") + minute * 60_000;

let data = "";
let source: EmbeddedSource;
beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), "petiole-test-"));
  source = await openEmbedded(path.join(data, "store"));
});
afterEach(async () => {
  await source.close();
  await rm(data, { recursive: true, force: true });
});

interface Node extends ScheduledTriggers {
  /** Names of functions, in the order of their calls. */
  readonly ran: readonly string[];
  readonly calls: readonly FunctionCall[];
  readonly told: readonly string[];
}

type Trigger = Readonly<Record<string, unknown>>;

/** A node with one app. */
function nodeWith(
  triggers: readonly Trigger[],
  options: {
    readonly now?: () => number;
    readonly run?: (call: FunctionCall) => Promise<FunctionOutcome>;
    readonly app?: Partial<App>;
  } = {},
): Node {
  const files = triggers.map((trigger, index) => [
    `triggers/t${index}.json`,
    { name: `t${index}`, type: "SCHEDULED", function_name: `f${index}`, ...trigger },
  ]);
  const sources = triggers.map((_, index) => [`functions/f${index}.js`, "exports = () => 1;"]);
  const { app: config, problems } = readAppDirectory(
    toFiles({
      "realm_config.json": { config_version: 20210101, name: "a" },
      ...(Object.fromEntries([...files, ...sources]) as Readonly<Record<string, string>>),
    }),
  );
  expect(problems).toEqual([]);
  const state = { collection: (name: string) => source.collection("state", name) } as StateStore;
  const { now = () => at(0), run = async () => returned } = options;
  const calls: FunctionCall[] = [];
  const told: string[] = [];
  const triggered = openScheduledTriggers({
    apps: { list: () => [{ ...app, ...options.app }] },
    configs: { of: () => config },
    functions: {
      run: async (call) => {
        calls.push(call);
        return run(call);
      },
      close: async () => {},
    },
    claims: openClaims({ state, now, runMsMax: 300_000 }),
    now,
    runMsMax: 300_000,
    onRun: ({ trigger, outcome }) => told.push(`${trigger.name} ${outcome.end.kind}`),
    onFailure: (cause, _app, trigger) => told.push(`${trigger?.name} ${String(cause)}`),
  });
  return {
    ...triggered,
    calls,
    told,
    get ran() {
      return calls.map(({ target }) => (target.kind === "named" ? target.name : ""));
    },
  };
}

const returned: FunctionOutcome = { end: { kind: "returned", value: null }, logs: [], ms: 1 };
const failed: FunctionOutcome = {
  end: { kind: "failed", fault: new Fault("FunctionExecutionError", "no") },
  logs: [],
  ms: 1,
};
const daily = { config: { schedule: "0 7 * * *" } };
const always = { config: { schedule: "* * * * *" } };

test("triggers: what is due runs, as the system and without a request", async () => {
  const node = nodeWith([daily, { config: { schedule: "1 7 * * *" } }]);
  await node.runDue(at(-1), at(0));
  expect(node.ran).toEqual(["f0"]);
  expect(node.told).toEqual(["t0 returned"]);
  expect(node.calls[0]).toMatchObject({
    args: [],
    from: "app",
    timeoutMs: 300_000,
    scope: { user: { type: "system" }, caller: { type: "system" }, request: undefined },
  });
});

test.for<[title: string, trigger: Trigger, app?: Partial<App>]>([
  ["a disabled trigger", { ...daily, disabled: true }],
  [
    "a database trigger",
    {
      type: "DATABASE",
      config: { service_name: "s", operation_types: ["INSERT"] },
      disabled: true,
    },
  ],
  ["an authentication trigger", { type: "AUTHENTICATION", config: { operation_type: "LOGIN" } }],
  [
    "a trigger whose events go elsewhere",
    { ...daily, function_name: undefined, event_processors: { AWS_EVENTBRIDGE: {} } },
  ],
  ["a trigger of an app that has none", daily, { hasSchedules: false }],
])("triggers: %s does not run", async ([, trigger, of = {}]) => {
  const node = nodeWith([trigger], { app: of });
  await node.runDue(at(-1), at(0));
  expect(node.ran).toEqual([]);
});

test("triggers: of many nodes one runs a tick, and none runs it again", async () => {
  const nodes = Array.from({ length: 5 }, () => nodeWith([always, always]));
  for (let minute = 0; minute < 4; minute += 1)
    for (let again = 0; again < 2; again += 1)
      await Promise.all(nodes.map(async (node) => node.runDue(at(minute - 1), at(minute))));
  const ran = nodes.flatMap((node) => node.ran).toSorted();
  expect(ran).toEqual([...Array(4).fill("f0"), ...Array(4).fill("f1")]);
  expect(nodes.flatMap(({ told }) => told).every((each) => each.endsWith("returned"))).toBe(true);
});

test("triggers: missed ticks are made up for once, and only those of the last minutes", async () => {
  const node = nodeWith([always, { config: { schedule: "58 6 * * *" } }, daily]);
  await node.runDue(at(-60), at(0.5));
  expect(node.ran.toSorted()).toEqual(["f0", "f1", "f2"]);
  await node.runDue(at(0.5), at(0.9));
  expect(node.ran).toHaveLength(3);
  const late = nodeWith([daily]);
  await late.runDue(at(-60), at(10));
  expect(late.ran).toEqual([]);
});

test("triggers: a clock that goes back runs nothing again", async () => {
  const node = nodeWith([always]);
  await node.runDue(at(4), at(5));
  await node.runDue(at(2), at(3));
  expect(node.ran).toHaveLength(1);
});

test("triggers: a run that goes on keeps the next from beginning, until it must have died", async () => {
  let now = at(0);
  let finish: ((outcome: FunctionOutcome) => void) | undefined;
  const slow = async (): Promise<FunctionOutcome> =>
    new Promise((resolve) => {
      finish = resolve;
    });
  const first = nodeWith([always], { run: slow, now: () => now });
  const second = nodeWith([always], { now: () => now });
  const running = first.runDue(at(-1), at(0));
  await second.runDue(at(0), at(1));
  expect(second.ran).toEqual([]);
  now = at(6);
  await second.runDue(at(5), at(6));
  expect(second.ran).toHaveLength(1);
  finish?.(returned);
  await running;
  await second.runDue(at(6), at(7));
  expect(second.ran).toHaveLength(2);
});

test("triggers: a function that fails is told of, and runs at the next tick", async () => {
  const node = nodeWith([always], { run: async () => failed });
  await node.runDue(at(-1), at(0));
  await node.runDue(at(0), at(1));
  expect(node.told).toEqual(["t0 failed", "t0 failed"]);
  const broken = nodeWith([always], {
    run: async () => {
      throw new Error("no host");
    },
  });
  await broken.runDue(at(1), at(2));
  await broken.runDue(at(2), at(3));
  expect(broken.told).toEqual(["t0 Error: no host", "t0 Error: no host"]);
});

test("triggers: closing cuts off what goes on", async () => {
  const node = nodeWith([always], {
    run: async ({ scope: { signal } }) =>
      new Promise((resolve) => {
        if (signal.aborted) resolve(failed);
        signal.addEventListener("abort", () => {
          resolve(failed);
        });
      }),
  });
  const running = node.runDue(at(-1), at(0));
  await node.close(0);
  await running;
  expect(node.told).toEqual(["t0 failed"]);
});
