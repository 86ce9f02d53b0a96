import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Deployed,
  type FunctionBench,
  openFunctionBench,
  userOf,
} from "../support/functions.ts";

const rows: readonly (readonly [title: string, body: string, shown: string])[] = [
  [
    "fields of what is given are there before anybody asks",
    "return [Object.keys(context.user), 'id' in context.user, Object.keys({ ...context.app }).length > 3];",
    '[["id","type","data","custom_data","identities"],true,true]',
  ],
  [
    "what is given is a value like any other",
    "return [context.user.type, JSON.parse(JSON.stringify(context.user)).type, EJSON.stringify(context.user).length > 9];",
    '["normal","normal",true]',
  ],
  [
    "what is given can be changed by the call itself",
    "context.user.data.x = 1; context.user.y = 2; delete context.user.type; return [context.user.data.x, context.user.y, 'type' in context.user];",
    '[{"$numberInt":"1"},{"$numberInt":"2"},false]',
  ],
  [
    "what is given can be frozen",
    "Object.freeze(context.user); try { (() => { 'use strict'; context.user.id = ''; })(); } catch (e) { return [e.name, context.user.id]; }",
    '["TypeError","5cbf68583025b12840664682"]',
  ],
  [
    "methods stand alone",
    "const { findOne } = context.services.get('mongodb-atlas').db('d').collection('none'); const { log } = console; const { execute } = context.functions; log('x'); return [await findOne({}), await execute('one')];",
    '[null,{"$numberInt":"1"}]',
  ],
  [
    "a method can be replaced for the call",
    "const c = context.services.get('mongodb-atlas').db('d').collection('none'); c.findOne = () => 5; return [c.findOne(), c.nothing === undefined, c.name, await c];",
    '[{"$numberInt":"5"},true,"none",{"name":"none","collectionName":"none","namespace":"d.none"}]',
  ],
  [
    "a value that asks the server while it is stored",
    "const c = context.services.get('mongodb-atlas').db('d').collection('nested'); let inner; await c.insertOne({ _id: 1, a: { toBSON() { inner = c.insertOne({ _id: 2, b: 'inner' }); return 'outer'; } }, z: 1 }); await inner; return [await c.findOne({ _id: 1 }), await c.findOne({ _id: 2 })];",
    '[{"_id":{"$numberInt":"1"},"a":"outer","z":{"$numberInt":"1"}},{"_id":{"$numberInt":"2"},"b":"inner"}]',
  ],
];

let bench: FunctionBench;
let deployed: Deployed;
beforeAll(async () => {
  bench = await openFunctionBench();
  const system = { runAs: { kind: "system" } } as const;
  const sources = rows.map(
    ([, body], index) =>
      [`row${index}`, [`exports = async function () { ${body} };`, system]] as const,
  );
  deployed = bench.deploy({ ...Object.fromEntries(sources), one: "exports = () => 1;" });
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

  test.for(rows)("%s", async (row) => {
    const user = userOf("5cbf68583025b12840664682");
    expect(await deployed.show(`row${rows.indexOf(row)}`, [], { user })).toBe(row[2]);
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
