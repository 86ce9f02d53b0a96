/**
 * `npm run bench:rules [-- --seconds 3 --turns 3 --connections 32 --documents 1000000 --only NAME,NAME]`: what rules cost.
 *
 * Over HTTP, the same requests to a collection whose role has no condition and to one whose role has, in alternating
 * turns; then, in this process, an owner's query by an index against the same query as the system with the filter
 * written out, and a document by its `_id` without rules and under a role without conditions. `--only index` does the
 * latter alone.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { Doc } from "../src/bson/doc.ts";
import { readAppDirectory } from "../src/config/app-directory.ts";
import type { App } from "../src/config/app.ts";
import type { Scope } from "../src/config/scope.ts";
import { systemUser, type User } from "../src/config/user.ts";
import { openNamespace } from "../src/rules/open-namespace.ts";
import { openEmbedded } from "../src/sources/embedded.ts";
import { toFiles } from "../test/support/app-samples.ts";
import { ensureBuilt } from "../tools/setup.mjs";
import { type Measurement, runTurn } from "./loading.ts";
import { ask as send, type Peer, startPetioleAsPeer } from "./peers.ts";
import { documentCount, documentOf, listsOf, workloads } from "./workloads.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    turns: { type: "string", default: "3" },
    connections: { type: "string", default: "32" },
    documents: { type: "string", default: "1000000" },
    only: { type: "string" },
    profile: { type: "string" },
  },
});

const owner = { owner: "%%values.owner" };
const roles = {
  items: { name: "items", apply_when: {}, read: true, write: true },
  condition: {
    name: "condition",
    apply_when: {},
    document_filters: { read: owner, write: owner },
    read: true,
    write: true,
  },
  hidden: {
    name: "hidden",
    apply_when: {},
    fields: { note: { write: { "%%prevRoot": { "%exists": false } } } },
    additional_fields: { read: true, write: true },
  },
};

const workloadsOfRules = ["findOne by _id", "find 100", "find 1000", "aggregate", "updateOne $inc"];

const directory = await mkdtemp(path.join(tmpdir(), "petiole-bench-rules-"));
try {
  if (options.only !== "index") await overHttp();
  await overIndex();
} finally {
  await rm(directory, { recursive: true, force: true });
}

function appFiles(): Readonly<Record<string, object>> {
  const source = "data_sources/mongodb-atlas";
  return {
    "realm_config.json": { config_version: 20210101, name: "bench", app_id: "data-bench" },
    "http_endpoints/data_api_config.json": {
      disabled: false,
      versions: ["v1"],
      return_type: "JSON",
    },
    "values/owner.json": { name: "owner", value: "ann", from_secret: false },
    [`${source}/config.json`]: {
      name: "mongodb-atlas",
      type: "mongodb-atlas",
      config: { clusterName: "c" },
    },
    ...Object.fromEntries(
      Object.entries(roles).map(([name, role]) => [
        `${source}/bench/${name}/rules.json`,
        { database: "bench", collection: name, roles: [role] },
      ]),
    ),
  };
}

async function overHttp(): Promise<void> {
  ensureBuilt();
  const app = path.join(directory, "app");
  for (const [name, content] of Object.entries(appFiles())) {
    mkdirSync(path.dirname(path.join(app, name)), { recursive: true });
    writeFileSync(path.join(app, name), JSON.stringify(content));
  }
  const peer = await startPetioleAsPeer(directory, options.profile, [app]);
  try {
    for (const name of Object.keys(roles))
      for (let at = 0; at < documentCount; at += 500) {
        const documents = Array.from({ length: 500 }, (_, index) => ({
          ...documentOf(at + index),
          owner: "ann",
        }));
        const target = { dataSource: "mongodb-atlas", database: "bench", collection: name };
        await send(peer, { action: "insertMany", body: JSON.stringify({ ...target, documents }) });
      }
    console.log(
      "requests per second and processor time: no condition, a condition, a hidden field",
    );
    for (const workload of options.only?.split(",") ?? workloadsOfRules)
      console.log(await compare(peer, workload));
  } finally {
    await peer.stop();
  }
}

async function compare(peer: Peer, workload: string): Promise<string> {
  const make = workloads.get(workload);
  if (make === undefined) throw new Error(`there is no workload ${workload}`);
  const connections = Number(options.connections);
  const found = new Map<string, Measurement[]>();
  for (let turn = 0; turn < Number(options.turns); turn += 1)
    for (const name of Object.keys(roles)) {
      const lists = listsOf(() => {
        const { action, body } = make();
        return { action, body: body.replace('"items"', JSON.stringify(name)) };
      }, connections);
      const { url, path: actions, headers } = peer;
      const turnOptions = { url, path: actions, headers, connections, lists };
      const measured = await runTurn(
        { ...turnOptions, seconds: Number(options.seconds) },
        peer.pid,
      );
      mustSucceed(measured, workload);
      found.set(name, [...(found.get(name) ?? []), measured]);
    }
  const [open, ...others] = [...found.values()].map((each) => ({
    perSecond: median(each.map(({ perSecond }) => perSecond)),
    cpuMicros: median(each.map(({ cpuMicros }) => cpuMicros ?? Number.NaN)),
  }));
  const parts = others.map(
    ({ perSecond, cpuMicros }) =>
      `${perSecond.toFixed(0)} (${((100 * perSecond) / (open?.perSecond ?? 1)).toFixed(0)} %, cpu ${((100 * (open?.cpuMicros ?? 1)) / cpuMicros).toFixed(0)} %)`,
  );
  return `${workload.padEnd(16)} ${open?.perSecond.toFixed(0)}, ${open?.cpuMicros.toFixed(0)} µs  ${parts.join("  ")}`;
}

function mustSucceed({ failures }: Measurement, workload: string): void {
  if (failures > 0) throw new Error(`${workload}: ${failures} failures`);
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

/** An owner's documents among those of many. */
async function overIndex(): Promise<void> {
  const count = Number(options.documents);
  const owners = count / 100;
  const source = await openEmbedded(path.join(directory, "index"));
  const { app: config } = readAppDirectory(
    toFiles({
      ...appFiles(),
      "data_sources/mongodb-atlas/bench/many/rules.json": {
        database: "bench",
        collection: "many",
        roles: [
          { ...roles.condition, document_filters: { read: { owner: "%%user.id" }, write: false } },
        ],
      },
      "data_sources/mongodb-atlas/bench/free/rules.json": {
        database: "bench",
        collection: "free",
        roles: [roles.items],
      },
    }),
  );
  const raw = source.collection("bench", "many");
  await raw.createIndex(Doc.of({ owner: 1 }));
  for (let at = 0; at < count; at += 2000)
    await raw.insertMany(
      Array.from({ length: 2000 }, (_, index) =>
        Doc.of({ _id: at + index, owner: `owner-${(at + index) % owners}`, n: at + index }),
      ),
    );
  const user: User = { ...systemUser, id: "owner-7", type: "normal" };
  const open = (
    as: User,
    collection = "many",
    deployed: typeof config | undefined = config,
  ): ReturnType<typeof openNamespace> =>
    openNamespace(
      {
        app: {
          dataSources: new Map([
            ["mongodb-atlas", { id: "", name: "", store: "s", permission: "readWrite" }],
          ]),
        } as unknown as App,
        config: deployed,
        caller: as,
        user: as,
        request: undefined,
        signal: new AbortController().signal,
      } satisfies Scope,
      { dataSource: "mongodb-atlas", database: "bench", collection },
      { verb: "find" },
      { stores: new Map([["s", source]]), isRefused: () => false, callFunction: async () => null },
    );
  const ask = async (as: User, filter: Doc): Promise<number> => {
    let found = 0;
    for await (const batch of open(as).find(filter)) found += batch.length;
    return found;
  };
  const written = Doc.of({ owner: "owner-7", n: Doc.of({ $gte: 0 }) });
  const asked = Doc.of({ n: Doc.of({ $gte: 0 }) });
  const askOwned = async (as: User, filter: Doc): Promise<void> => {
    const found = await ask(as, filter);
    if (found !== 100) throw new Error(`${found} documents instead of 100`);
  };
  console.log(
    await inTurns(`an owner's 100 of ${count}`, 400, [
      ["system", async () => askOwned(systemUser, written)],
      ["owner", async () => askOwned(user, asked)],
    ]),
  );
  const one = Doc.of({ _id: 7 });
  await source.collection("bench", "free").insertOne(one);
  const key: User = { ...user, type: "server" };
  console.log(
    await inTurns("a document by its _id, a hundred times", 400, [
      ["without rules", async () => oftenOne(() => open(key, "free", undefined))],
      ["a role without conditions", async () => oftenOne(() => open(key, "free"))],
    ]),
  );
  await source.close();

  async function oftenOne(opened: () => ReturnType<typeof openNamespace>): Promise<void> {
    for (let turn = 0; turn < 100; turn += 1) await opened().findOne(one);
  }
}

/** Times of two ways to do one thing, taken in alternating turns; medians, and the ratio of both. */
async function inTurns(
  what: string,
  turns: number,
  ways: readonly (readonly [name: string, run: () => Promise<void>])[],
): Promise<string> {
  const times = new Map<string, number[]>(ways.map(([name]) => [name, []]));
  for (let turn = 0; turn < turns; turn += 1)
    for (const [name, run] of ways) {
      const startedAt = performance.now();
      await run();
      times.get(name)?.push(performance.now() - startedAt);
    }
  const medians = [...times].map(([name, all]) => [name, median(all)] as const);
  const parts = medians.map(([name, each]) => `${name} ${each.toFixed(3)} ms`);
  const ratio = (medians[1]?.[1] ?? 0) / (medians[0]?.[1] ?? 1);
  return `${what}: ${parts.join(", ")}, ${ratio.toFixed(2)} times`;
}
