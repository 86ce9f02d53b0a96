import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FunctionBench, openFunctionBench, userOf } from "../support/functions.ts";

let bench: FunctionBench;
beforeAll(async () => {
  bench = await openFunctionBench();
});
afterAll(async () => {
  await bench.close();
});

describe("context", () => {
  test("tells of app, user, values and environment", async () => {
    const user = userOf("5cbf68583025b12840664682", { email: "someone@example.com" });
    bench.secrets.set("hush", "s3cret");
    const { show } = bench.deploy(
      {
        main: `exports = () => [context.app.name, context.app.clientAppId, context.app.deployment.providerRegion,
          context.environment.tag, context.user.data.email, context.user.custom_data.city, context.runningAsSystem(),
          context.values.get("theme"), context.values.get("hush"), context.values.get("toString") === undefined];`,
      },
      { values: { theme: "dark" } },
    );
    bench.secrets.clear();
    bench.secrets.set("hush", "s3cret");
    expect(await show("main", [], { user })).toBe(
      '["myapp","myapp-abcde","aws-us-east-1","","someone@example.com","new york city",false,"dark","s3cret",true]',
    );
    bench.secrets.clear();
  });

  test("names who called, whoever the function runs as", async () => {
    const source = "exports = () => [context.user.id, context.runningAsSystem()];";
    const user = userOf("5cbf68583025b12840664682");
    const { show } = bench.deploy({
      asCaller: source,
      asSystem: [source, { runAs: { kind: "system" } }],
      viaSystem: "exports = () => context.functions.execute('asSystem');",
      back: [
        "exports = () => context.functions.execute('asCaller');",
        { runAs: { kind: "system" } },
      ],
      asScript: [
        source,
        { runAs: { kind: "script", source: "exports = () => ({ runAsSystem: true });" } },
      ],
      asNobody: [source, { runAs: { kind: "user", userId: "5cbf68583025b12840664683" } }],
    });
    const id = '"5cbf68583025b12840664682"';
    expect(await show("asCaller", [], { user })).toBe(`[${id},false]`);
    expect(await show("asSystem", [], { user })).toBe(`[${id},true]`);
    expect(await show("viaSystem", [], { user })).toBe(`[${id},true]`);
    // It inherits the user as whom its caller runs.
    expect(await show("back", [], { user })).toBe(`[${id},true]`);
    expect(await show("asScript", [], { user })).toBe(`[${id},true]`);
    expect(await show("asNobody", [], { user })).toContain("user not found");
  });

  test("can not be changed for others", async () => {
    const { show } = bench.deploy(
      {
        main: `exports = () => { const before = [context.app.name, context.values.get("list").length];
          context.app.name = "x"; context.values.get("list").push(1); return before; };`,
      },
      { values: { list: [1, 2] } },
    );
    const first = await show("main");
    expect(await show("main")).toBe(first);
  });
});

describe("who may call", () => {
  const user = userOf("5cbf68583025b12840664682");
  test("a private function is not there for clients", async () => {
    const { show } = bench.deploy({ secret: ["exports = () => 1;", { private: true }] });
    expect(await show("secret", [], { user, from: "client" })).toContain(
      "function not found: 'secret'",
    );
    expect(await show("secret", [], { user })).toBe('{"$numberInt":"1"}');
  });
  test("can_evaluate decides", async () => {
    const { show } = bench.deploy({ never: ["exports = () => 1;", { canEvaluate: false }] });
    expect(await show("never", [], { user })).toContain('rule not matched for function "never"');
    expect(await show("never")).toBe('{"$numberInt":"1"}');
  });
});

test("a source that is no part of the app is tried out", async () => {
  const { show } = bench.deploy({});
  const source = "exports = function (name) { return `Hi ${name}`; };";
  expect(await show("", ["a"], { evaluate: { source } })).toBe('"Hi a"');
  expect(await show("", [], { evaluate: { source, evalSource: "exports('b')" } })).toBe('"Hi b"');
});

test("console lines are kept, 25 of them, 512 bytes each", async () => {
  const { call } = bench.deploy({
    main: `exports = () => { console.log("a", 1, { b: [2] }, null); console.warn(new TypeError("w")); console.error("é".repeat(400));
      for (let i = 0; i < 100; i++) console.info(i); };`,
  });
  const { logs } = await call("main");
  expect(logs).toHaveLength(25);
  expect(logs.slice(0, 2)).toEqual(['a 1 {"b":[2]} null', "TypeError: w"]);
  expect(logs[2]).toBe("é".repeat(256));
});
