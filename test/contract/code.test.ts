/** `--allow-code`: `$where`, `$function` and `$accumulator`, which the system alone may send, on either source. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { adminApp } from "../support/deploy.ts";
import { play, type Scenario } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";

const app = (runAsSystem: boolean): Readonly<Record<string, object>> => ({
  "realm_config.json": { config_version: 20210101, name: "app", app_id: "data-tests" },
  "auth/providers.json": { "api-key": { name: "api-key", type: "api-key", disabled: false } },
  "data_sources/mongodb-atlas/config.json": { name: "mongodb-atlas", type: "mongodb-atlas" },
  "data_sources/mongodb-atlas/default_rule.json": {
    roles: [
      {
        name: "all",
        apply_when: {},
        read: true,
        write: true,
        insert: true,
        delete: true,
        search: true,
      },
    ],
    filters: [],
  },
  "http_endpoints/data_api_config.json": {
    disabled: false,
    versions: ["v1"],
    return_type: "JSON",
    run_as_system: runAsSystem,
  },
});

const documents = [
  { _id: 1, i: 1 },
  { _id: 2, i: 2 },
];
const given: Scenario["given"] = [["insertMany", { documents }]];
const twice = { $function: { body: "function(i) { return i * 2 }", args: ["$i"], lang: "js" } };
const sum = {
  $accumulator: {
    init: "function() { return 0 }",
    accumulate: "function(state, i) { return state + i }",
    accumulateArgs: ["$i"],
    merge: "function(a, b) { return a + b }",
  },
};

const rows: readonly (readonly [title: string, scenario: Scenario, refused: string])[] = [
  [
    "$where finds",
    {
      to: "find",
      given,
      body: { filter: { $where: "this.i == 2" }, projection: { _id: 1 } },
      status: 200,
      answer: '{"documents":[{"_id":2}]}',
    },
    "$where",
  ],
  [
    "$where chooses what is changed",
    {
      to: "updateMany",
      given,
      body: { filter: { $where: "function() { return obj.i > 1 }" }, update: { $set: { j: 1 } } },
      status: 200,
      answer: '{"matchedCount":1,"modifiedCount":1}',
    },
    "$where",
  ],
  [
    "$function computes",
    {
      to: "aggregate",
      given,
      body: { pipeline: [{ $sort: { _id: 1 } }, { $project: { twice } }] },
      status: 200,
      answer: '{"documents":[{"_id":1,"twice":2},{"_id":2,"twice":4}]}',
    },
    "$function",
  ],
  [
    "$accumulator collects",
    {
      to: "aggregate",
      given,
      body: { pipeline: [{ $group: { _id: null, sum } }] },
      status: 200,
      answer: '{"documents":[{"_id":null,"sum":3}]}',
    },
    "$accumulator",
  ],
  [
    "what code throws is told",
    {
      to: "find",
      given,
      body: { filter: { $where: "throw 'told'" } },
      status: 400,
      contains: ["uncaught exception: told"],
    },
    "$where",
  ],
];

const uri = inject("mongodUri");

describe.each([
  ["the embedded store", {}],
  ["MongoDB", { source: `mongodb-atlas=${uri}` }],
])("code on %s", (title, source) => {
  let server: TestServer;
  let other: TestServer;
  let count = 0;
  const isMissing = title === "MongoDB" && uri === null;
  beforeAll(async () => {
    if (isMissing) return;
    server = await startServer({ ...source, allowCode: true });
    other = await startServer(source);
    for (const [each, isSystem] of [
      [server, true],
      [other, true],
    ] as const)
      await (await adminApp(each)).push(app(isSystem));
  });
  afterAll(async () => {
    await server?.close();
    await other?.close();
  });

  test.skipIf(isMissing).for(rows)("for the system: %s", async ([, scenario]) => {
    const { actual, wanted } = await play(server, scenario, `c${(count += 1)}`);
    expect(actual).toEqual(wanted);
  });

  test.skipIf(isMissing).for(rows)("not without the switch: %s", async ([, scenario, name]) => {
    const { actual, wanted } = await playRefused(other, scenario, name);
    expect(actual).toEqual(wanted);
  });

  test.skipIf(isMissing)("not for a key that is no system user", async () => {
    await (await adminApp(server)).push(app(false));
    for (const [, scenario, name] of rows) {
      const { actual, wanted } = await playRefused(server, scenario, name);
      expect(actual).toEqual(wanted);
    }
  });

  async function playRefused(at: TestServer, scenario: Scenario, name: string) {
    const { to, given: before, body } = scenario;
    const refused = {
      to,
      ...(before !== undefined && { given: before }),
      ...(body !== undefined && { body }),
      status: 400,
      contains: [`${name} is not allowed in this context`],
    };
    const { actual, wanted } = await play(at, refused, `c${(count += 1)}`);
    return { actual: { ...actual, answer: "" }, wanted: { ...wanted, answer: "" } };
  }
});
