/** What random requests meet: documents, an app with rules for them, and a user who asks. */
import { expect } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import type { Value } from "../../src/bson/value.ts";
import { readAppDirectory } from "../../src/config/app-directory.ts";
import type { AppConfig } from "../../src/config/app-config.ts";
import type { App } from "../../src/config/app.ts";
import type { Scope } from "../../src/config/scope.ts";
import { type DataAccess, openNamespace, type Use } from "../../src/rules/open-namespace.ts";
import type { Collection, DataSource } from "../../src/sources/source.ts";
import type { Random } from "../differential/random.ts";
import { toFiles } from "../support/app-samples.ts";
import { type Asker, owners, randomValue } from "./expression.ts";
import { type Rules, writeRules } from "./role.ts";

export function randomDocument(random: Random, id: number): Doc {
  const maybe = (name: string, make: () => Value): [string, Value][] =>
    random.chance(0.75) ? [[name, make()]] : [];
  const part = (): Doc =>
    Doc.fromEntries([
      ...maybe("p", () => random.pick<Value>([0, 1, 2])),
      ...maybe("q", () => random.pick<Value>(["x", "y"])),
    ]);
  return Doc.fromEntries([
    ["_id", id],
    ...maybe("owner", () => random.pick<Value>(owners)),
    ...maybe("a", () => randomValue(random)),
    ...maybe("b", () =>
      random.chance(0.8)
        ? Doc.fromEntries([
            ...maybe("c", () => random.pick<Value>([0, 1, 2, 3])),
            ...maybe("d", () => randomValue(random)),
          ])
        : randomValue(random),
    ),
    ...maybe("l", () => [randomValue(random), randomValue(random)].slice(random.pick([0, 1, 2]))),
    ...maybe("s", () =>
      [part(), part(), ...(random.chance(0.2) ? [1] : [])].slice(random.pick([0, 1, 2])),
    ),
  ]);
}

export type HiddenFields = "missing" | "stored";

const root = "data_sources/s";

export function readConfig(
  rules: ReadonlyMap<string, Rules>,
  database: string,
  hiddenFields: HiddenFields,
): AppConfig {
  const sample: Record<string, object> = {
    "realm_config.json": {
      name: "rules",
      config_version: 20210101,
      app_id: "rules-abcde",
      hidden_fields: hiddenFields,
    },
    [`${root}/config.json`]: { name: "s", type: "mongodb-atlas", config: { clusterName: "c" } },
  };
  for (const [collection, own] of rules)
    sample[`${root}/${database}/${collection}/rules.json`] = {
      database,
      collection,
      ...writeRules(own),
    };
  const { app, problems } = readAppDirectory(toFiles(sample));
  expect(problems.map(({ message, file }) => `${file}: ${message}`)).toEqual([]);
  return app;
}

/** @returns the collection `main` as the user sees it */
export function openAs(
  asker: Asker,
  {
    config,
    source,
    database,
  }: { readonly config: AppConfig; readonly source: DataSource; readonly database: string },
): (use: Use) => Collection {
  const user = {
    id: asker.id,
    type: "normal",
    permission: "readWrite",
    data: Doc.of({ team: asker.team }),
    customData: Doc.empty,
    identities: [],
  } as const;
  const link = { id: "1", name: "s", store: "store", permission: "readWrite" } as const;
  const scope: Scope = {
    app: { id: "5f4863e4d49bd2191ff1e623", dataSources: new Map([["s", link]]) } as unknown as App,
    config,
    caller: user,
    user,
    request: undefined,
    signal: new AbortController().signal,
  };
  const access: DataAccess = {
    stores: new Map([["store", source]]),
    isRefused: () => false,
    callFunction: () => Promise.reject(new Error("rules call nothing here")),
  };
  const namespace = { dataSource: "s", database, collection: "main" };
  return (use) => openNamespace(scope, namespace, use, access);
}
