/** An entry of each kind, field by field (SPEC §11.1). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { common } from "../support/log-expected.ts";
import { type Entry, type LogStage, startLogStage } from "../support/log-stage.ts";
import { callsToApps } from "./log-rows/calls-to-apps.ts";
import { clientCalls } from "./log-rows/client-calls.ts";

let stage: LogStage;
beforeAll(async () => {
  stage = await startLogStage();
});
afterAll(async () => stage.app.close());

test.for([...callsToApps, ...clientCalls])("log entry: %s", async ([, call, type, status, own]) => {
  const coId = await call(stage);
  const wanted = { ...common(type, status, stage.app.group), ...own(stage), co_id: coId };
  expect(await stage.entryOf(coId)).toEqual(wanted);
});

test("types: each is found by its own", async () => {
  for (const type of ["AUTH", "API", "API_KEY", "ENDPOINT", "FUNCTION", "SERVICE_FUNCTION"]) {
    const page = await stage.app.admin<{ readonly logs: readonly Entry[] }>(
      "GET",
      `{A}/logs?type=${type}`,
    );
    expect(page.body.logs.length).toBeGreaterThan(0);
    expect(page.body.logs.every((each) => each["type"] === type)).toBe(true);
  }
});
