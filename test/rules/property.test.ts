/**
 * Random roles, documents and requests: what a user gets is what the same request gives over the documents as their role
 * shows them. `PETIOLE_RULE_CASES` and `PETIOLE_RULE_SEED` ask for others.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import { toText } from "../../src/bson/stringify.ts";
import type { Value } from "../../src/bson/value.ts";
import { readAppDirectory } from "../../src/config/app-directory.ts";
import type { AppConfig } from "../../src/config/app-config.ts";
import type { App } from "../../src/config/app.ts";
import type { Scope } from "../../src/config/scope.ts";
import type { User } from "../../src/config/user.ts";
import { type DataAccess, openNamespace } from "../../src/rules/open-namespace.ts";
import { openEmbedded } from "../../src/sources/embedded.ts";
import type { DataSource } from "../../src/sources/source.ts";
import { createRandom, type Random } from "../differential/random.ts";
import { toFiles } from "../support/app-samples.ts";
import { type Asker, owners, randomValue, teams } from "./expression.ts";
import { type Answer, answerOf, expectedOf, randomRequest, type Request } from "./request.ts";
import { randomRules, type Rules, show, writeRules } from "./role.ts";

const cases = Number(process.env["PETIOLE_RULE_CASES"] ?? 50_000);
const seed = Number(process.env["PETIOLE_RULE_SEED"] ?? 1);
const requestsPerBatch = 100;
const documentCount = 10;
const testMsMax = 300_000;

let directory = "";
let source: DataSource;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "petiole-property-"));
  source = await openEmbedded(directory);
});

afterAll(async () => {
  await source.close();
  await rm(directory, { recursive: true, force: true });
});

function randomDocument(random: Random, id: number): Doc {
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
      [part(), part(), ...(random.chance(0.2) ? [1] : [])].slice(random.pick([0, 1])),
    ),
  ]);
}

const root = "data_sources/s";

function readConfig(rules: ReadonlyMap<string, Rules>, database: string): AppConfig {
  const sample: Record<string, object> = {
    "realm_config.json": { name: "rules", config_version: 20210101, app_id: "rules-abcde" },
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

function scopeOf(config: AppConfig, asker: Asker): Scope {
  const user: User = {
    id: asker.id,
    type: "normal",
    permission: "readWrite",
    data: Doc.of({ team: asker.team }),
    customData: Doc.empty,
    identities: [],
  };
  return {
    app: {
      id: "5f4863e4d49bd2191ff1e623",
      dataSources: new Map([
        ["s", { id: "1", name: "s", store: "store", permission: "readWrite" }],
      ]),
    } as unknown as App,
    config,
    caller: user,
    user,
    request: undefined,
    signal: new AbortController().signal,
  };
}

const names = ["main", "other"] as const;

async function runBatch(number: number, random: Random): Promise<readonly string[]> {
  const database = `property${number}`;
  const stored = new Map<string, readonly Doc[]>();
  const rules = new Map<string, Rules>();
  for (const name of names) {
    const documents = Array.from({ length: documentCount }, (_, id) => randomDocument(random, id));
    stored.set(name, documents);
    rules.set(name, randomRules(random));
    // oxlint-disable-next-line no-await-in-loop
    await source.collection(database, name).insertMany(documents);
  }
  const config = readConfig(rules, database);
  const asker: Asker = { id: random.pick(owners), team: random.pick(teams) };
  const scope = scopeOf(config, asker);
  const visible = new Map(
    names.map((name) => [
      name as string,
      (stored.get(name) ?? []).flatMap((doc) => show(doc, rules.get(name) as Rules, asker) ?? []),
    ]),
  );
  const access: DataAccess = {
    stores: new Map([["store", source]]),
    isRefused: () => false,
    callFunction: () => Promise.reject(new Error("rules call nothing here")),
  };
  const findings: string[] = [];
  for (let index = 0; index < requestsPerBatch; index += 1) {
    const request = randomRequest(random);
    // oxlint-disable-next-line no-await-in-loop
    const answer = await answerOf((use) => {
      const namespace = { dataSource: "s", database, collection: "main" };
      const verb =
        use.verb === "aggregate"
          ? { verb: use.verb, pipeline: use.pipeline }
          : ({ verb: "find" } as const);
      return openNamespace(scope, namespace, verb, access);
    }, request);
    // oxlint-disable-next-line no-await-in-loop
    const expected = await expectedOf(visible, request);
    const isClosed = "code" in answer && answer.code === "NoMatchingRuleFound";
    // A namespace in which nobody has a role is closed, which tells nothing of what it holds.
    if (isClosed && [...visible.values()].some((docs) => docs.length === 0)) continue;
    if (comparable(answer) !== comparable(expected))
      findings.push(describeFinding({ request, answer, expected, rules, asker, stored }));
    if (findings.length > 0) break;
  }
  await source.dropDatabase(database);
  return findings;
}

/** Failures are the same when their codes are. */
function comparable(answer: Answer): string {
  return "code" in answer ? answer.code : JSON.stringify(answer.found);
}

function describeFinding(finding: {
  readonly request: Request;
  readonly answer: unknown;
  readonly expected: unknown;
  readonly rules: ReadonlyMap<string, Rules>;
  readonly asker: Asker;
  readonly stored: ReadonlyMap<string, readonly Doc[]>;
}): string {
  const { request, answer, expected, rules, asker, stored } = finding;
  const shown = Object.entries(request).map(([name, value]) =>
    typeof value === "object" ? `${name} ${toText(value as Value, "relaxed")}` : `${name} ${value}`,
  );
  return [
    `request   ${shown.join(", ")}`,
    `gives     ${JSON.stringify(answer)}`,
    `expected  ${JSON.stringify(expected)}`,
    `asker     ${JSON.stringify(asker)}`,
    ...[...rules].map(([name, own]) => `rules of ${name}: ${JSON.stringify(writeRules(own))}`),
    ...[...stored].map(([name, docs]) => `${name}: ${toText(docs, "relaxed")}`),
  ].join("\n");
}

test(
  `rules: ${cases} random requests see what the user may see, and no more (seed ${seed})`,
  { timeout: testMsMax },
  async () => {
    for (let number = 0; number * requestsPerBatch < cases; number += 1) {
      // oxlint-disable-next-line no-await-in-loop
      const findings = await runBatch(number, createRandom(seed, 0, number));
      expect(findings.length, `batch ${number} of seed ${seed}\n${findings.join("\n")}`).toBe(0);
    }
  },
);
