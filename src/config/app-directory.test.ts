import { describe, expect, test } from "vitest";
import {
  freshlyMade,
  type Sample,
  sampleWith,
  toFiles,
  v20180301,
  v20200603,
  v20210101,
  v20230101,
} from "../../test/support/app-samples.ts";
import { Doc } from "../bson/doc.ts";
import { toText } from "../bson/stringify.ts";
import type { AppConfig, ConfigVersion } from "./app-config.ts";
import { readAppDirectory, resolveConfig, writeAppDirectory } from "./app-directory.ts";
import { formatProblem } from "./app-problem.ts";
import { listSecretReferences } from "./secret-references.ts";

const samples: readonly (readonly [ConfigVersion | "fresh", Sample])[] = [
  [20180301, v20180301],
  [20200603, v20200603],
  [20210101, v20210101],
  [20230101, v20230101],
  ["fresh", freshlyMade],
];

function mustRead(sample: Sample): AppConfig {
  const { app, problems } = readAppDirectory(toFiles(sample));
  expect(problems.map(formatProblem)).toEqual([]);
  return app;
}

function toTexts(files: ReadonlyMap<string, Uint8Array>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]),
  );
}

/** Everything that the model says, without the places that it was read from. */
function essence(app: AppConfig): unknown {
  const { layout: _, files: _files, kept: _kept, ...said } = app;
  return plain(said);
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

function plain(value: unknown): unknown {
  if (value instanceof Doc) return toText(value, "canonical");
  if (value instanceof Map)
    return [...value].map(([key, inner]) => [String(key), plain(inner)] as const).toSorted(byKey);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => !["origin", "folder"].includes(name) && inner !== undefined)
      .map(([name, inner]) => [name, plain(inner)]),
  );
}

describe("round trip", () => {
  test.for(samples)("a directory of version %s comes back byte for byte", ([, sample]) => {
    const files = toFiles(sample);
    expect(toTexts(writeAppDirectory(mustRead(sample)))).toEqual(toTexts(files));
  });

  const versions: readonly ConfigVersion[] = [20180301, 20200603, 20210101, 20230101];
  const ways = samples.flatMap(([from, sample]) =>
    versions.map((to) => [from, to, sample] as const),
  );
  test.for(ways)("an app of %s says the same when it is written as %s", ([, to, sample]) => {
    const app = mustRead(sample);
    const again = readAppDirectory(writeAppDirectory(app, { version: to }));
    expect(again.problems.map(formatProblem)).toEqual([]);
    expect(again.app.layout.version).toBe(to);
    expect(essence(again.app)).toEqual(essence(app));
  });

  test("ids, unknown fields and services go along into another version", () => {
    const files = toTexts(writeAppDirectory(mustRead(v20180301), { version: 20210101 }));
    expect(JSON.parse(files["functions/config.json"] ?? "")).toEqual([
      { id: "5f03", name: "sum", private: false },
    ]);
    expect(JSON.parse(files["realm_config.json"] ?? "")).toEqual({
      config_version: 20210101,
      app_id: "shop-abcde",
      name: "shop",
      location: "IE",
      deployment_model: "LOCAL",
      allowed_request_origins: ["http://localhost:3000"],
      hosting: { enabled: false },
      sync: { development_mode_enabled: false },
    });
    expect(Object.keys(files)).toContain("services/twilio/config.json");
    expect(Object.keys(files)).not.toContain("stitch.json");
    expect(files["data_sources/mongodb-atlas/shop/orders/rules.json"]).not.toContain("schema");
  });
});

describe("a function in TypeScript", () => {
  const source = "exports = (a: number): number => a;\n";
  const sample = sampleWith(v20210101, {
    "functions/config.json": '[{ "name": "sum" }, { "name": "onCreate" }, { "name": "typed/f" }]',
    "functions/typed/f.ts": source,
    "functions/sum.ts": "// What the JavaScript beside it was made from.",
    "functions/unlisted.ts": "exports = () => 1;",
  });

  test("is read where it has an entry, and no JavaScript stands beside it", () => {
    const { functions } = mustRead(sample);
    expect(functions.get("typed/f")).toMatchObject({ source, language: "typescript" });
    expect(functions.get("sum")?.language).toBe(undefined);
    expect(functions.has("unlisted")).toBe(false);
  });

  test("comes back as it was, and is written to its own file when it is changed", () => {
    const app = mustRead(sample);
    expect(toTexts(writeAppDirectory(app))).toEqual(toTexts(toFiles(sample)));
    const changed = { ...mustGet(app.functions, "typed/f"), source: "exports = 1 as number;" };
    const functions = new Map(app.functions).set("typed/f", changed);
    const after = toTexts(writeAppDirectory({ ...app, functions }));
    expect(after["functions/typed/f.ts"]).toBe("exports = 1 as number;");
    expect(after["functions/typed/f.js"]).toBe(undefined);
  });

  test("keeps its language in a directory of before", () => {
    const files = writeAppDirectory(mustRead(sample), { version: 20180301 });
    const again = readAppDirectory(files).app;
    expect(again.functions.get("typed/f")?.source).toBe(source);
  });
});

describe("changes", () => {
  const orders = "data_sources/mongodb-atlas/shop/orders/rules.json";

  test("only the file that was changed is another, and in it only what was changed", () => {
    const app = mustRead(v20210101);
    const endpoints = app.endpoints.map((each, index) =>
      index === 1 ? { ...each, disabled: true } : each,
    );
    const before = toTexts(app.files);
    const after = toTexts(writeAppDirectory({ ...app, endpoints }));
    const path = "http_endpoints/config.json";
    const place = (before[path] ?? "").lastIndexOf('"disabled": false');
    const expected = `${before[path]?.slice(0, place)}"disabled": true${before[path]?.slice(place + 17)}`;
    expect(after).toEqual({ ...before, [path]: expected });
  });

  test("a hand-made layout of a file stays where nothing was changed", () => {
    const text =
      '[\n  { "name": "sum", "private": false, "x": [1,2] },\n  { "name": "onCreate", "private": true }\n]';
    const sample = sampleWith(v20210101, { "functions/config.json": text });
    const { app } = readAppDirectory(toFiles(sample));
    const functions = new Map(app.functions);
    functions.set("onCreate", { ...mustGet(functions, "onCreate"), runAs: { kind: "system" } });
    const after = toTexts(writeAppDirectory({ ...app, functions }));
    expect(after["functions/config.json"]).toContain(
      '[\n  { "name": "sum", "private": false, "x": [1,2] },\n  {\n    "name": "onCreate",\n    "private": true,\n    "run_as_system": true\n  }',
    );
  });

  test("a template stays a template when something else is changed beside it", () => {
    const app = mustRead(v20210101);
    const source = mustGet(app.dataSources, "mongodb-atlas");
    expect(source.clusterName).toBe("Dev");
    const changed = { ...source, readPreference: "nearest" as const };
    const after = toTexts(
      writeAppDirectory({ ...app, dataSources: new Map([[source.name, changed]]) }),
    );
    const config = after["data_sources/mongodb-atlas/config.json"];
    expect(config).toContain('"clusterName": "%(%%environment.values.cluster)"');
    expect(config).toContain('"readPreference": "nearest"');
  });

  test("the order of fields is kept, numbers as names included, and a new one is written", () => {
    const app = mustRead(v20210101);
    const fields = mustGet(mustGet(app.dataSources, "mongodb-atlas").collections, "shop.orders")
      .rules?.roles[1]?.fields;
    // JavaScript would move the smaller one to the front; the sample was made by JavaScript, the file was not.
    const text = JSON.stringify({ roles: [{ name: "r", apply_when: {} }] }).replace(
      '"apply_when":{}',
      '"apply_when":{},"fields":{"10":{"read":true},"2":{"read":true}}',
    );
    const sample = sampleWith(v20210101, { [orders]: text });
    const again = mustRead(sample);
    const kept = mustGet(mustGet(again.dataSources, "mongodb-atlas").collections, "shop.orders");
    expect(fields?.size).toBe(2);
    expect([...(kept.rules?.roles[0]?.fields?.keys() ?? [])]).toEqual(["10", "2"]);
  });

  test("two conditions that change places are another expression", () => {
    const sample = sampleWith(v20210101, {
      [orders]: '{"roles": [{"name": "r", "apply_when": {"a": 1, "b": 2}}]}',
    });
    const app = mustRead(sample);
    const source = mustGet(app.dataSources, "mongodb-atlas");
    const collection = mustGet(source.collections, "shop.orders");
    const roles = [{ name: "r", applyWhen: Doc.of({ b: 2, a: 1 }) }];
    const rules = { ...collection.rules, filters: [], roles };
    const collections = new Map(source.collections).set("shop.orders", { ...collection, rules });
    const dataSources = new Map([[source.name, { ...source, collections }]]);
    const after = toTexts(writeAppDirectory({ ...app, dataSources }));
    expect((after[orders] ?? "").replace(/\s/g, "")).toBe(
      '{"roles":[{"name":"r","apply_when":{"b":2,"a":1}}]}',
    );
  });

  test("new parts get files of their own, and parts that went take theirs along", () => {
    const app = mustRead(v20210101);
    const values = new Map(app.values);
    values.delete("payKey");
    values.set("limit", { name: "limit", private: false, kind: "plain", value: 5 });
    const functions = new Map(app.functions).set("tools/new", {
      name: "tools/new",
      source: "exports = () => 1;\n",
      private: false,
      disableArgLogs: false,
      runAs: { kind: "caller" },
    });
    const after = toTexts(writeAppDirectory({ ...app, values, functions }));
    expect(after["values/payKey.json"]).toBeUndefined();
    expect(after["values/limit.json"]).toBe(
      '{\n    "name": "limit",\n    "value": 5,\n    "from_secret": false\n}\n',
    );
    expect(after["functions/tools/new.js"]).toBe("exports = () => 1;\n");
    expect(after["functions/config.json"]).toContain('"name": "tools/new"');
  });

  test("a field is deleted from a schema of an old directory", () => {
    const app = mustRead(v20180301);
    const source = mustGet(app.dataSources, "mongodb-atlas");
    const { schema: _, ...collection } = mustGet(source.collections, "shop.orders");
    const collections = new Map([["shop.orders", collection]]);
    const dataSources = new Map([[source.name, { ...source, collections }]]);
    const after = toTexts(writeAppDirectory({ ...app, dataSources }));
    const rules = after["services/mongodb-atlas/rules/shop.orders.json"] ?? "";
    expect(Object.keys(JSON.parse(rules) as object)).toEqual([
      "id",
      "database",
      "collection",
      "roles",
      "filters",
      "relationships",
    ]);
  });
});

describe("environments", () => {
  const clusters = [
    ["", "Cluster0", "client"],
    ["development", "Dev", "dev-client"],
    ["production", "Live", "live-client"],
  ] as const;
  test.for(clusters)("templates are filled from '%s'", ([environment, cluster, clientId]) => {
    const { app, problems } = resolveConfig(mustRead(v20210101), environment);
    expect(problems).toEqual([]);
    expect(app.environment).toBe(environment);
    expect(app.dataSources.get("mongodb-atlas")?.clusterName).toBe(cluster);
    expect(app.providers.get("oauth2-google")).toMatchObject({
      clientId,
      redirectUris: [`https://shop.example.com/${environment}/back`],
    });
  });

  test("an environment without the value is told of, by template and file", () => {
    const { problems } = resolveConfig(mustRead(v20210101), "qa");
    expect(problems.map(formatProblem)).toEqual([
      'auth/providers.json:62:25 oauth2-google.config.clientId: expected a text "clientId" in environments/qa.json for %(%%environment.values.clientId), found nothing',
      'data_sources/mongodb-atlas/config.json:5:24 config.clusterName: expected a text "cluster" in environments/qa.json for %(%%environment.values.cluster), found nothing',
    ]);
  });

  test("expressions and rules are no templates", () => {
    const sample = sampleWith(v20210101, {
      "functions/config.json": [
        { name: "sum", can_evaluate: { "%%user.id": "%(%%environment.values.none)" } },
      ],
    });
    const { app } = readAppDirectory(toFiles(sample));
    expect(plain(app.functions.get("sum")?.canEvaluate)).toBe(
      '{"%%user.id":"%(%%environment.values.none)"}',
    );
  });
});

test("secrets that are named are listed with their places", () => {
  const references = listSecretReferences(mustRead(v20210101));
  expect(references.map(({ name, file, path }) => [name, file, path])).toEqual([
    ["payKeySecret", "values/payKey.json", "value"],
    ["jwtKey", "auth/providers.json", "custom-token.secret_config.signingKeys[0]"],
    ["googleSecret", "auth/providers.json", "oauth2-google.secret_config.clientSecret"],
    ["endpointSecret", "http_endpoints/config.json", "[0].secret_name"],
    ["endpointSecret", "http_endpoints/config.json", "[1].secret_name"],
  ]);
});

function mustGet<T>(map: ReadonlyMap<string, T>, key: string): T {
  const value = map.get(key);
  if (value === undefined) throw new TypeError(`there is no ${key}`);
  return value;
}
