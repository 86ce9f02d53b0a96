/** One call of a user under rules, on both data sources. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import { toText } from "../../src/bson/stringify.ts";
import type { Value } from "../../src/bson/value.ts";
import type { Permission } from "../../src/config/app.ts";
import type { CallFunction, Scope } from "../../src/config/scope.ts";
import { Fault } from "../../src/kit/fault.ts";
import { MongoError } from "../../src/kit/mongo-error.ts";
import { type DataAccess, openNamespace, type Use } from "../../src/rules/open-namespace.ts";
import { openEmbedded } from "../../src/sources/embedded.ts";
import { openMongodb } from "../../src/sources/mongodb.ts";
import type { Collection, DataSource } from "../../src/sources/source.ts";
import { createScope, toDoc, toValue } from "./rule-scope.ts";

type Plain = Readonly<Record<string, unknown>>;

export interface RuleScenario {
  /** `{ roles, filters? }` of the collection `main`; by name for others; `default` for the default rule. */
  readonly rules: Plain;
  /** `schema.json` of `main`. */
  readonly schema?: Plain;
  /** Of `main`; by name for others. */
  readonly documents: readonly Plain[] | Readonly<Record<string, readonly Plain[]>>;
  /** What differs from a user with the id `ann`. */
  readonly user?: Plain;
  readonly values?: Plain;
  /** The name of the app's environment, and its values. */
  readonly environment?: { readonly tag: string; readonly values?: Plain };
  /** What differs from a request of no particular kind; absent: there is none. */
  readonly request?: Plain;
  /** Of the data source, where it is not `readWrite`. */
  readonly permission?: Permission;
  readonly hiddenFields?: string;
  readonly userRegex?: string;
  /** The setting that lets null stand for any type in a schema. */
  readonly allowsNullTypes?: boolean;
  /** Verb and arguments, as those of a `Collection`. */
  readonly call: readonly [verb: string, ...args: readonly unknown[]];
  /** What comes back: a value, or a list of documents. */
  readonly gives?: unknown;
  /** Code and message, or the beginning of the message. */
  readonly fails?: readonly [code: string | number, message: string];
  /** What `main`, or the collection named, holds afterwards, by `_id`. */
  readonly leaves?: readonly Plain[] | Readonly<Record<string, readonly Plain[]>>;
  /** What must not appear in what comes back. */
  readonly hides?: readonly string[];
}

export type RuleRows = readonly (readonly [title: string, scenario: RuleScenario])[];

/** Functions that rules of rows may call. */
const callFunction: CallFunction = async (name, args) => {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  switch (name) {
    case "isAnn":
      return args[0] === "ann";
    case "isEven":
      return Number(args[0]) % 2 === 0;
    case "isOpenDoc":
      return args[0] instanceof Doc && args[0].get("state") === "open";
    default:
      throw new Error("a function that throws");
  }
};

/** Plays every row on the embedded store, and on MongoDB where there is one. */
export function describeRules(subject: string, rows: RuleRows): void {
  onBothSources((name, open) => {
    describeOn(`${subject} on ${name}`, rows, open);
  });
}

/** Describes the same on the embedded store and, where there is one, on MongoDB. */
export function onBothSources(
  describeOne: (name: string, open: () => Promise<Opened>) => void,
): void {
  describeOne("the embedded store", async () => {
    const directory = await makeDirectory("petiole-rules-");
    const source = await openEmbedded(directory);
    return {
      source,
      close: async () => {
        await source.close();
        await rm(directory, { recursive: true, force: true });
      },
    };
  });
  const uri = inject("mongodUri");
  describe.skipIf(uri === null)("with MongoDB", () => {
    describeOne("MongoDB", async () => {
      const source = await openMongodb(uri ?? "", { name: "mongodb-atlas" });
      return { source, close: async () => source.close() };
    });
  });
}

/** Where no disk has to be waited for: what is tested is not whether data lasts. */
async function makeDirectory(prefix: string): Promise<string> {
  return mkdtemp(path.join(existsSync(sharedMemory) ? sharedMemory : tmpdir(), prefix));
}

const sharedMemory = "/dev/shm";

export interface Opened {
  readonly source: DataSource;
  readonly close: () => Promise<void>;
}

function describeOn(subject: string, rows: RuleRows, open: () => Promise<Opened>): void {
  describe(subject, () => {
    const database = `rules_${randomBytes(6).toString("hex")}`;
    let opened: Opened;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened.source.dropDatabase(database);
      await opened.close();
    });
    // Each row has collections of its own.
    test.concurrent.for(rows.map((row, index) => [...row, index] as const))(
      "%s",
      async ([, scenario, index]) => {
        const collection = (name: string): string => `${name}${index}`;
        const stage = { source: opened.source, database, collection };
        const { actual, wanted } = await play(scenario, stage);
        expect(actual).toEqual(wanted);
      },
    );
  });
}

export interface Stage {
  readonly source: DataSource;
  readonly database: string;
  /** What a collection of the row is called in the database. */
  readonly collection: (name: string) => string;
}

interface Facts {
  readonly outcome: Outcome;
  /** Parts that must not have come and did. */
  readonly leaked: readonly string[];
  readonly left: Readonly<Record<string, unknown>>;
}

async function play(
  scenario: RuleScenario,
  stage: Stage,
): Promise<{ readonly actual: Facts; readonly wanted: Facts }> {
  const { source, database, collection } = stage;
  const raw = (name: string): Collection => source.collection(database, collection(name));
  for (const [name, documents] of Object.entries(byName(scenario.documents)))
    if (documents.length > 0) await raw(name).insertMany(documents.map(toDoc));
  const outcome = await call(scenario, stage);
  const { gives, fails, hides = [] } = scenario;
  const leaves = byName(scenario.leaves ?? {});
  const left: Record<string, unknown> = {};
  for (const name of Object.keys(leaves)) left[name] = await contentsOf(raw(name));
  const text = JSON.stringify(outcome);
  const wanted = fails === undefined ? { value: gives } : { code: fails[0], message: fails[1] };
  return {
    actual: {
      outcome: cut(outcome, fails?.[1]),
      leaked: hides.filter((each) => text.includes(each)),
      left,
    },
    wanted: { outcome: wanted, leaked: [], left: leaves },
  };
}

/** Of a failure as much as the row says of it. */
function cut(outcome: Outcome, wanted = ""): Outcome {
  if ("value" in outcome) return outcome;
  const { code, message } = outcome;
  return { code, message: wanted === "" ? message : message.slice(0, wanted.length) };
}

function byName(
  given: readonly Plain[] | Readonly<Record<string, readonly Plain[]>>,
): Readonly<Record<string, readonly Plain[]>> {
  return Array.isArray(given)
    ? { main: given as readonly Plain[] }
    : (given as Record<string, readonly Plain[]>);
}

type Outcome =
  | { readonly value: unknown }
  | { readonly code: string | number; readonly message: string };

async function call(scenario: RuleScenario, stage: Stage): Promise<Outcome> {
  const { collection } = stage;
  const scope = createScope(scenario, stage);
  // Other collections of a row are named as `@name`.
  const text = JSON.stringify(scenario.call.slice(1)).replaceAll(/"@(\w+)"/g, (_, name: string) =>
    JSON.stringify(collection(name)),
  );
  const args = JSON.parse(text) as readonly unknown[];
  try {
    const [verb] = scenario.call;
    const opened = openFor(scope, stage, useOf(verb, args));
    return { value: await run(opened, verb, args) };
  } catch (cause) {
    if (cause instanceof Fault || cause instanceof MongoError)
      return { code: cause.code, message: cause.message };
    throw cause;
  }
}

/** @returns the collection `main` as the user of a scope sees it */
export function openFor(
  scope: Scope,
  { source, database, collection }: Stage,
  use: Use,
): Collection {
  const access: DataAccess = {
    stores: new Map([["store", source]]),
    isRefused: () => false,
    callFunction,
  };
  const namespace = { dataSource: "mongodb-atlas", database, collection: collection("main") };
  return openNamespace(scope, namespace, use, access);
}

function useOf(verb: string, args: readonly unknown[]): Use {
  if (verb === "aggregate") return { verb, pipeline: toValue(args[0]) };
  if (verb.startsWith("insert")) return { verb: "insert" };
  if (verb.startsWith("delete") || verb === "findOneAndDelete") return { verb: "delete" };
  return /^(?:update|replace|findOneAnd|bulk)/.test(verb) ? { verb: "update" } : { verb: "find" };
}

async function run(on: Collection, verb: string, args: readonly unknown[]): Promise<unknown> {
  const verbs = on as unknown as Record<string, (...given: unknown[]) => unknown>;
  const given = args.map((each, index) =>
    isOptions(verb, index) ? toOptions(each) : toArgument(each),
  );
  if (verb === "bulkWrite") given[0] = (args[0] as readonly unknown[]).map(toOperation);
  const result = await verbs[verb]?.(...given);
  if (verb !== "find" && verb !== "aggregate") return toPlain(result);
  const found: unknown[] = [];
  for await (const batch of result as AsyncIterable<readonly Doc[]>)
    found.push(...batch.map(toPlain));
  return found;
}

/** The last argument of a verb: options by name, whose values are documents where they can be. */
function isOptions(verb: string, index: number): boolean {
  const places: Readonly<Record<string, number>> = {
    find: 1,
    findOne: 1,
    aggregate: 1,
    countDocuments: 1,
    distinct: 2,
    updateOne: 2,
    updateMany: 2,
    replaceOne: 2,
    deleteOne: 1,
    deleteMany: 1,
    findOneAndUpdate: 2,
    findOneAndReplace: 2,
    findOneAndDelete: 1,
  };
  return places[verb] === index;
}

function toOptions(given: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given as Plain).map(([name, value]) => [name, toArgument(value)]),
  );
}

/** An operation of a bulk write: options by name, within the name of its verb. */
function toOperation(given: unknown): unknown {
  return Object.fromEntries(
    Object.entries(given as Plain).map(([name, fields]) => [name, toOptions(fields)]),
  );
}

function toArgument(given: unknown): unknown {
  if (typeof given !== "object" || given === null) return given;
  return toValue(given);
}

function toPlain(result: unknown): unknown {
  if (result === null || result === undefined) return result;
  if (result instanceof Map)
    return [...result].map(([key, value]) => [key, toPlain(value)] as const);
  if (typeof result === "object" && !Array.isArray(result) && !("bsonType" in result))
    return Object.fromEntries(
      Object.entries(result).map(([name, value]) => [name, toPlain(value)]),
    );
  return JSON.parse(toText(result as Value, "relaxed"));
}

async function contentsOf(collection: Collection): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const batch of collection.find(Doc.empty, { sort: Doc.of({ _id: 1 }) }))
    found.push(...batch.map(toPlain));
  return found;
}
