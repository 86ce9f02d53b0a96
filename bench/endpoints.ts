/**
 * `npm run bench:endpoints [-- --seconds 3 --rounds 5 --connections 64]`: a custom endpoint that does one `findOne` against the
 * action that does the same, in turns on one server; and an endpoint that does nothing.
 *
 * @module
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { startPetiole } from "../test/support/petiole.ts";
import { childrenOf, cpuMicrosOf, type Measurement, type Request, runTurn } from "./loading.ts";

const appId = "data-bench";
const key = "b".repeat(64);
const documents = 1000;
/** Of the endpoint's throughput, what the action's must not exceed twice (DESIGN §18). */
const mark = 0.5;

const source = {
  findOne: `exports = async ({ query, body }) => {
    const { _id } = JSON.parse(body.text());
    const items = context.services.get("mongodb-atlas").db("bench").collection("items");
    return { document: await items.findOne({ _id }) };
  };`,
  nothing: "exports = () => 1;",
};

const files: Readonly<Record<string, unknown>> = {
  "realm_config.json": { config_version: 20210101, name: "bench", app_id: appId },
  "auth/providers.json": { "api-key": { name: "api-key", type: "api-key", disabled: false } },
  "data_sources/mongodb-atlas/config.json": {
    name: "mongodb-atlas",
    type: "mongodb-atlas",
    config: { clusterName: "C", readPreference: "primary", wireProtocolEnabled: false },
  },
  "data_sources/mongodb-atlas/default_rule.json": {
    roles: [
      {
        name: "all",
        apply_when: {},
        document_filters: { read: true, write: true },
        read: true,
        write: true,
        insert: true,
        delete: true,
        search: true,
      },
    ],
    filters: [],
  },
  "functions/config.json": [{ name: "nothing", run_as_system: true }, { name: "findOne" }],
  "functions/findOne.js": source.findOne,
  "functions/nothing.js": source.nothing,
  "http_endpoints/config.json": Object.keys(source).map((name) => ({
    route: `/${name}`,
    http_method: "POST",
    function_name: name,
    validation_method: "NO_VALIDATION",
    respond_result: true,
  })),
  "http_endpoints/data_api_config.json": {
    disabled: false,
    versions: ["v1"],
    return_type: "JSON",
  },
};

const { values: flags } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "5" },
    connections: { type: "string", default: "64" },
  },
});

const folder = await mkdtemp(path.join(tmpdir(), "petiole-bench-"));
try {
  const app = path.join(folder, "app");
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(app, file)), { recursive: true });
    const text = typeof content === "string" ? content : JSON.stringify(content);
    await writeFile(path.join(app, file), text);
  }
  const petiole = await startPetiole({
    args: [app, "--data", path.join(folder, "data")],
    environment: { PETIOLE_API_KEY: key },
  });
  try {
    await run(petiole.url, petiole.pid);
  } finally {
    await petiole.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** A turn, and what the hosts used meanwhile, in microseconds for each request. */
interface Turn extends Measurement {
  readonly hostMicros: number;
}

async function run(url: string, pid: number): Promise<void> {
  const base = `/app/${appId}/endpoint`;
  const headers = { apiKey: key, "Content-Type": "application/json" };
  const place = { dataSource: "mongodb-atlas", database: "bench", collection: "items" };
  const inserted = await fetch(`${url}${base}/data/v1/action/insertMany`, {
    method: "POST",
    headers,
    body: JSON.stringify({
      ...place,
      documents: Array.from({ length: documents }, (_, n) => ({ _id: n, name: `item ${n}`, n })),
    }),
  });
  if (inserted.status !== 201) throw new Error(await inserted.text());
  const lists = (make: (id: number) => object): readonly (readonly Request[])[] =>
    Array.from({ length: 8 }, (_, list) =>
      Array.from({ length: 100 }, (__, n) => ({
        action: "",
        body: JSON.stringify(make((list * 131 + n * 7) % documents)),
      })),
    );
  const workloads = {
    action: ["/data/v1/action/findOne", lists((_id) => ({ ...place, filter: { _id } }))],
    endpoint: ["/findOne", lists((_id) => ({ _id }))],
    nothing: ["/nothing", lists(() => ({}))],
  } as const;
  const turn = async (name: keyof typeof workloads, seconds: number): Promise<Turn> => {
    const [route, requests] = workloads[name];
    const connections = Number(flags.connections);
    // The loader puts a slash between path and action: a slash at the end counts for nothing.
    const before = hostMicrosOf(pid);
    const measured = await runTurn(
      { url, path: `${base}${route}`, headers, connections, seconds, lists: requests },
      pid,
    );
    const used = Math.max(0, hostMicrosOf(pid) - before);
    return { ...measured, hostMicros: used / Math.max(measured.requests, 1) };
  };
  const names = ["action", "endpoint", "nothing"] as const;
  for (const name of names) await turn(name, 1);
  const seen = new Map(names.map((name) => [name, [] as Turn[]]));
  for (let round = 0; round < Number(flags.rounds); round += 1)
    for (const name of names) seen.get(name)?.push(await turn(name, Number(flags.seconds)));
  const perSecond = (name: (typeof names)[number]): number =>
    median((seen.get(name) ?? []).map((each) => each.perSecond));
  for (const name of names) {
    const turns = seen.get(name) ?? [];
    const failures = turns.reduce((sum, each) => sum + each.failures, 0);
    const middle = (of: (each: Turn) => number): number => median(turns.map(of));
    console.log(
      [
        name.padEnd(9),
        `${perSecond(name).toFixed(0).padStart(7)} req/s`,
        `p99 ${middle(({ p99Ms }) => p99Ms).toFixed(1)} ms`,
        `server ${middle(({ cpuMicros }) => cpuMicros ?? 0).toFixed(0)} µs`,
        `hosts ${middle(({ hostMicros }) => hostMicros).toFixed(0)} µs`,
        `failures ${failures}`,
      ].join("  "),
    );
  }
  const share = perSecond("endpoint") / perSecond("action");
  console.log(`endpoint / action ${(share * 100).toFixed(0)} % (mark: ${mark * 100} %)`);
}

function hostMicrosOf(pid: number): number {
  return childrenOf(pid).reduce((sum, each) => sum + (cpuMicrosOf(each) ?? 0), 0);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
