/** A user's scope under the rules of a row. */
import { expect } from "vitest";
import type { Doc } from "../../src/bson/doc.ts";
import { parseEjsonValue } from "../../src/bson/parse-ejson.ts";
import type { Value } from "../../src/bson/value.ts";
import { readAppDirectory } from "../../src/config/app-directory.ts";
import type { App } from "../../src/config/app.ts";
import type { AppConfig } from "../../src/config/app-config.ts";
import type { RequestInfo, Scope } from "../../src/config/scope.ts";
import { systemUser, type User } from "../../src/config/user.ts";
import { toFiles } from "./app-samples.ts";
import type { RuleScenario, Stage } from "./rule-scenario.ts";

type Plain = Readonly<Record<string, unknown>>;

export function createScope(scenario: RuleScenario, stage: Stage): Scope {
  const { user: given = {} } = scenario;
  const user: User =
    given["type"] === "system"
      ? systemUser
      : {
          id: (given["id"] as string | undefined) ?? "ann",
          type: (given["type"] as User["type"] | undefined) ?? "normal",
          permission: (given["permission"] as User["permission"] | undefined) ?? "readWrite",
          data: toDoc((given["data"] as Plain | undefined) ?? {}),
          customData: toDoc((given["custom_data"] as Plain | undefined) ?? {}),
          identities: (given["identities"] as User["identities"] | undefined) ?? [],
        };
  const { permission = "readWrite", allowsNullTypes = false } = scenario;
  return {
    app: {
      id: "5f4863e4d49bd2191ff1e623",
      dataSources: new Map([
        ["mongodb-atlas", { id: "1", name: "mongodb-atlas", store: "store", permission }],
      ]),
      allowsNullTypes,
    } as unknown as App,
    config: readConfig(scenario, stage),
    caller: user,
    user,
    request: scenario.request && toRequest(scenario.request),
    signal: new AbortController().signal,
  };
}

function toRequest({ requestHeaders = {}, ...given }: Plain): RequestInfo {
  return {
    httpMethod: "POST",
    httpReferrer: "",
    httpUserAgent: "",
    rawQueryString: "",
    remoteIPAddress: "127.0.0.1",
    service: "",
    action: "",
    webhookUrl: "",
    ...given,
    requestHeaders: new Map(Object.entries(requestHeaders as Record<string, string[]>)),
  };
}

function readConfig(scenario: RuleScenario, stage: Stage): AppConfig {
  const { rules, schema, values = {}, environment, hiddenFields, userRegex } = scenario;
  const { database, collection } = stage;
  const root = "data_sources/mongodb-atlas";
  const sample: Record<string, object> = {
    "realm_config.json": {
      name: "rules",
      config_version: 20210101,
      app_id: "rules-abcde",
      hidden_fields: hiddenFields,
      user_regex: userRegex,
      environment: environment?.tag,
    },
    [`${root}/config.json`]: {
      name: "mongodb-atlas",
      type: "mongodb-atlas",
      config: { clusterName: "c" },
    },
  };
  for (const [name, value] of Object.entries(values))
    sample[`values/${name}.json`] = { name, value, from_secret: false };
  if (environment !== undefined)
    sample[`environments/${environment.tag}.json`] = { values: environment.values ?? {} };
  const named = "roles" in rules || "filters" in rules ? { main: rules } : rules;
  for (const [name, each] of Object.entries(named)) {
    const folder = name === "default" ? undefined : `${root}/${database}/${collection(name)}`;
    const place = { database, collection: collection(name) };
    if (folder === undefined) sample[`${root}/default_rule.json`] = each as object;
    else sample[`${folder}/rules.json`] = { ...place, ...(each as object) };
  }
  if (schema !== undefined) {
    const folder = `${root}/${database}/${collection("main")}`;
    sample[`${folder}/schema.json`] = schema;
    sample[`${folder}/relationships.json`] = {};
  }
  const { app, problems } = readAppDirectory(toFiles(sample));
  const real = problems.filter(({ message }) => !message.includes("the name of a function"));
  expect(real.map(({ message, file }) => `${file}: ${message}`)).toEqual([]);
  return app;
}

export function toValue(given: unknown): Value {
  return parseEjsonValue(Buffer.from(JSON.stringify(given)));
}

export function toDoc(given: Plain): Doc {
  return toValue(given) as Doc;
}
