import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { toFiles } from "../support/app-samples.ts";
import { ObjectId } from "../../src/bson/value.ts";
import { readAppDirectory } from "../../src/config/app-directory.ts";
import type { App } from "../../src/config/app.ts";
import type { FunctionOutcome } from "../../src/functions/function-call.ts";
import { Fault } from "../../src/kit/fault.ts";
import type { LogEntry } from "../../src/logs/log-entry.ts";
import type { Recorder } from "../../src/logs/recorder.ts";
import { openServerTriggers } from "../../src/server-triggers.ts";
import { type EmbeddedSource, openEmbedded } from "../../src/sources/embedded.ts";
import type { State } from "../../src/state.ts";

const app = { id: "1".repeat(24), clientAppId: "a-aaaaa", deployment: "2".repeat(24) } as App;
const coId = "3".repeat(24);
const at = Date.parse("2024-01-01T07:00:00Z");

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

const fault = new Fault("FunctionExecutionError", "it is too late");
const trigger = {
  id: expect.stringMatching(/^[0-9a-f]{24}$/) as unknown,
  name: "nightly",
};

test.for<[title: string, run: () => Promise<FunctionOutcome>, entry: Partial<LogEntry>]>([
  [
    "a run",
    async () => ({ end: { kind: "returned", value: 1 }, logs: ["done"], ms: 5 }),
    { type: "SCHEDULED_TRIGGER", messages: ["done"], functionMs: 5, error: undefined },
  ],
  [
    "a run that fails",
    async () => ({ end: { kind: "failed", fault }, logs: [], ms: 5 }),
    { type: "SCHEDULED_TRIGGER", error: "it is too late", errorCode: "FunctionExecutionError" },
  ],
  [
    "a run that can not begin",
    async () => Promise.reject(new Fault("TooManyRequests", "too many functions at once")),
    {
      type: "TRIGGER_FAILURE",
      error: "too many functions at once",
      errorCode: "TooManyRequests",
    },
  ],
  [
    "a run that a bug ends, of which nothing is told",
    async () => Promise.reject(new TypeError("inner workings")),
    { type: "TRIGGER_FAILURE", error: "internal server error", errorCode: "InternalServerError" },
  ],
])("trigger entry: %s", async ([, run, wanted]) => {
  const { app: config } = readAppDirectory(
    toFiles({
      "realm_config.json": { config_version: 20210101, name: "a" },
      "functions/sweep.js": "exports = () => 1;",
      "triggers/nightly.json": {
        name: "nightly",
        type: "SCHEDULED",
        config: { schedule: "0 7 * * *" },
        function_name: "sweep",
      },
    }),
  );
  const entries: LogEntry[] = [];
  const state = {
    apps: { list: () => [app] },
    store: { collection: (name: string) => source.collection("state", name) },
    newId: () => ObjectId.fromHex(coId),
  } as unknown as State;
  const triggers = openServerTriggers(state, {
    configs: { of: () => config },
    functions: { run, close: async () => {} },
    recorder: { work: (entry) => entries.push(entry) } as Partial<Recorder> as Recorder,
    log: { write: () => {}, flush: () => {} },
  });
  await triggers.runDue(at - 60_000, at);
  await triggers.close(0);
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({
    coId,
    appId: app.id,
    isAuthorized: true,
    functionName: "sweep",
    functionId: expect.stringMatching(/^[0-9a-f]{24}$/) as unknown,
    trigger,
    ...wanted,
  });
});
