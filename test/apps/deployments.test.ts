import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  freshlyMade,
  type Sample,
  sampleWith,
  toFiles,
  v20180301,
  v20200603,
  v20210101,
  v20230101,
} from "../support/app-samples.ts";
import { openState, type State, type StateOptions } from "../../src/state.ts";
import { type AppFiles, packFiles, unpackFiles } from "../../src/config/app-package.ts";
import { readToolImport, toToolFiles } from "../../src/config/tool-directory.ts";

let folder = "";
let state: State;
let appId = "";
const by = { author: "tester" };
const secretNames = ["payKeySecret", "jwtKey", "googleSecret", "endpointSecret"];

async function open(options: Partial<StateOptions> = {}): Promise<void> {
  const common = { keysMax: 1, follows: false, onFailure: () => {} };
  state = await openState({ data: folder }, { ...common, ...options });
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petiole-deploy-"));
  await open();
  const { id } = await state.apps.create({ name: "shop", clientAppId: "shop-abcde" });
  appId = id;
  for (const name of secretNames) await state.secrets.set(id, name, "v");
});
afterEach(async () => {
  await state.close();
  await rm(folder, { recursive: true, force: true });
});

const textOf = (files: AppFiles): Readonly<Record<string, string>> =>
  Object.fromEntries([...files].map(([file, bytes]) => [file, Buffer.from(bytes).toString()]));

test.for<[title: string, sample: Sample]>([
  ["20210101", v20210101],
  ["20230101", v20230101],
  ["20200603", v20200603],
  ["20180301", v20180301],
  ["a fresh one", freshlyMade],
])("deployments: what comes back is what was pushed: %s", async ([, sample]) => {
  const deployments = await state.deployments();
  await deployments.push(appId, toFiles(sample), by);
  expect(textOf(await deployments.files(appId))).toEqual(textOf(toFiles(sample)));
  expect((await deployments.plan(appId, toFiles(sample))).changes).toEqual([]);
  await state.close();
  await open();
  const again = await state.deployments();
  expect(textOf(await again.files(appId))).toEqual(textOf(toFiles(sample)));
});

describe("deployments", () => {
  test("what is live comes from the directory", async () => {
    await (await state.deployments()).push(appId, toFiles(v20210101), by);
    expect(state.apps.must(appId)).toMatchObject({
      name: "shop",
      environment: "development",
      allowedOrigins: ["https://shop.example.com"],
      dataApi: { disabled: false, versions: new Set(["v1"]), returnType: "EJSON" },
    });
    expect([...state.apps.must(appId).dataSources.keys()]).toEqual(["mongodb-atlas"]);
  });

  test("a data source keeps its permission as long as it stays", async () => {
    await state.apps.setPermission(appId, "mongodb-atlas", "readOnly");
    const former = state.apps.must(appId).dataSources.get("mongodb-atlas");
    await (await state.deployments()).push(appId, toFiles(v20210101), by);
    expect(state.apps.must(appId).dataSources.get("mongodb-atlas")).toEqual(former);
  });

  test("one with problems is refused whole, and all of them are told", async () => {
    const deployments = await state.deployments();
    await deployments.push(appId, toFiles(v20210101), by);
    const live = state.apps.must(appId);
    await state.secrets.delete(appId, "jwtKey");
    const broken = sampleWith(v20210101, {
      "values/greeting.json": "{",
      "functions/sum.js": undefined,
    });
    const refused = deployments.push(appId, toFiles(broken), by);
    await expect(refused).rejects.toMatchObject({ code: "BadRequest" });
    const { problems } = await deployments.plan(appId, toFiles(broken));
    const text = JSON.stringify(problems);
    for (const each of ["values/greeting.json", "sum", "jwtKey"]) expect(text).toContain(each);
    expect(state.apps.must(appId)).toBe(live);
    expect(await deployments.list(appId)).toHaveLength(1);
  });

  test("an older version of the Data API can not come back by a push", async () => {
    const deployments = await state.deployments();
    await deployments.push(appId, toFiles(v20210101), by);
    const file = "http_endpoints/data_api_config.json";
    const given = v20210101[file] as object;
    const older = sampleWith(v20210101, { [file]: { ...given, versions: ["beta", "v1"] } });
    const { problems } = await deployments.plan(appId, toFiles(older));
    expect(problems).toEqual([
      {
        file,
        path: "versions",
        message: "the version beta can not be enabled, since a newer one is",
      },
    ]);
  });

  test("a missing secret is a warning where a server starts", async () => {
    await state.secrets.delete(appId, "jwtKey");
    const deployments = await state.deployments();
    const lenient = { ...by, missingSecret: "warns" } as const;
    const { warnings, problems } = await deployments.plan(appId, toFiles(v20210101), lenient);
    expect(problems).toEqual([]);
    expect(JSON.stringify(warnings)).toContain("'jwtKey'");
    await deployments.push(appId, toFiles(v20210101), lenient);
    expect(await deployments.list(appId)).toHaveLength(1);
  });

  test("an older one is made live again, and the oldest go", async () => {
    await state.close();
    await open({ deploymentsMax: 3 });
    const deployments = await state.deployments();
    const pushed: string[] = [];
    for (const n of [1, 2, 3, 4]) {
      const files = toFiles(sampleWith(v20210101, { "functions/sum.js": `exports = () => ${n};` }));
      pushed.push((await deployments.push(appId, files, { ...by, message: `m${n}` })).id);
    }
    expect((await deployments.list(appId)).map(({ id }) => id)).toEqual(
      pushed.slice(1).toReversed(),
    );
    await deployments.rollback(appId, pushed[1] ?? "");
    expect(textOf(await deployments.files(appId))["functions/sum.js"]).toBe("exports = () => 2;");
    expect(state.apps.must(appId).deployment).toBe(pushed[1]);
    await expect(deployments.rollback(appId, pushed[0] ?? "")).rejects.toMatchObject({
      code: "NotFound",
    });
    // What is live stays, however old.
    for (const n of [5, 6])
      await deployments.push(
        appId,
        toFiles(sampleWith(v20210101, { "functions/sum.js": `exports = () => ${n};` })),
        by,
      );
    expect(await deployments.list(appId)).toHaveLength(3);
  });

  test("an app knows whether it has triggers that run by the clock", async () => {
    const deployments = await state.deployments();
    for (const disabled of [false, true]) {
      const trigger = {
        name: "nightly",
        type: "SCHEDULED",
        config: { schedule: "0 3 * * *" },
        function_name: "sum",
        disabled,
      };
      const files = toFiles(sampleWith(v20210101, { "triggers/nightly.json": trigger }));
      await deployments.push(appId, files, by);
      expect(state.apps.must(appId).hasSchedules).toBe(!disabled);
    }
  });

  test("a data source without a place is refused where nothing is made up", async () => {
    await state.close();
    await open({ stores: { sources: new Set(["other"]), hasEmbedded: true, isStrict: true } });
    const { problems } = await (await state.deployments()).plan(appId, toFiles(v20210101));
    expect(JSON.stringify(problems)).toContain("'mongodb-atlas' leads nowhere");
  });

  test("an app that was never pushed has a directory too", async () => {
    const deployments = await state.deployments();
    const files = await deployments.files(appId);
    expect([...files.keys()]).toContain("data_sources/mongodb-atlas/config.json");
    const { problems, changes } = await deployments.plan(appId, files);
    expect([problems, changes]).toEqual([[], []]);
  });
});

/** As the tool sends it: fields sorted, `1.0` as `1`. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, sorted(each)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

test("the tool's payload: an app comes back without a difference, with what the tool does not send", async () => {
  const deployments = await state.deployments();
  await deployments.push(appId, toFiles(v20210101), by);
  const app = state.apps.must(appId);
  const config = await deployments.config(appId);
  const files = textOf(toToolFiles(app, config, { version: 20210101 }));
  const json = (file: string): object => JSON.parse(files[file] ?? "null") as object;
  const source = "data_sources/mongodb-atlas";
  const payload = sorted({
    ...json("realm_config.json"),
    app_id: "elsewhere-abcde",
    environments: {
      "development.json": json("environments/development.json"),
      "no-environment.json": json("environments/no-environment.json"),
      "production.json": json("environments/production.json"),
    },
    values: [json("values/greeting.json"), json("values/payKey.json")],
    auth: {
      custom_user_data: json("auth/custom_user_data.json"),
      providers: json("auth/providers.json"),
    },
    functions: {
      config: json("functions/config.json"),
      sources: Object.fromEntries(
        Object.entries(files)
          .filter(([file]) => /^functions\/.*\.js$/.test(file))
          .map(([file, text]) => [file.slice("functions/".length), text]),
      ),
    },
    triggers: [json("triggers/nightly.json")],
    data_sources: [
      {
        config: json(`${source}/config.json`),
        default_rule: json(`${source}/default_rule.json`),
        rules: [
          {
            ...json(`${source}/shop/orders/rules.json`),
            schema: json(`${source}/shop/orders/schema.json`),
            relationships: json(`${source}/shop/orders/relationships.json`),
          },
          { database: "shop", collection: "items", schema: {}, relationships: {} },
        ],
      },
    ],
    endpoints: { config: json("http_endpoints/config.json") },
    graphql: { config: json("graphql/config.json") },
    sync: {},
    secrets: {},
    log_forwarders: [json("log_forwarders/toCollection.json")],
    data_api_config: json("http_endpoints/data_api_config.json"),
  });
  const { before, after } = readToolImport(app, config, payload);
  // `production.json` holds a number that neither the tool nor JSON.parse keeps.
  const lost = "environments/production.json";
  expect({ ...textOf(after), [lost]: "" }).toEqual({ ...textOf(before), [lost]: "" });
  expect([...after.keys()]).toContain("functions/package.json");
});

test.for<[title: string, payload: unknown, message: string]>([
  ["no object", 5, "the payload must be an object"],
  ["no version", {}, "config_version must be"],
  ["a value without a name", { config_version: 20210101, values: [{}] }, "must be a text"],
  ["values that are no list", { config_version: 20210101, values: {} }, "must be a list"],
])("the tool's payload: %s is refused", async ([, payload, message]) => {
  const config = await (await state.deployments()).config(appId);
  expect(() => readToolImport(state.apps.must(appId), config, payload)).toThrow(message);
});

test("packed files: what is damaged is refused, what is whole comes back", async () => {
  const files = new Map([
    ["a/b.js", Buffer.from("x")],
    ["é", new Uint8Array()],
  ]) as AppFiles;
  const packed = await packFiles(files);
  expect(textOf(await unpackFiles(packed))).toEqual({ "a/b.js": "x", é: "" });
  for (const bytes of [new Uint8Array(), packed.subarray(0, 20), Buffer.from("nonsense")])
    await expect(unpackFiles(bytes)).rejects.toThrow("no packed app directory");
});
