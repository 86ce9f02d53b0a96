/**
 * Reads during a flood of logins: findOne by `_id` alone, and while a hundred users log in by e-mail and password over
 * and over, in turns. Run: `npm run bench:logins [TURNS]`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startPetiole } from "../test/support/petiole.ts";
import { ensureBuilt } from "../tools/setup.mjs";
import { type Measurement, runTurn } from "./loading.ts";
import { fillRequests, listsOf, workloads } from "./workloads.ts";

const turns = Number(process.argv[2] ?? 5);
const seconds = 4;
const connections = 64;
const users = 100;
const key = "k".repeat(64);
const appId = "data-bench";
const password = "a good password";
const headers = { apiKey: key, "Content-Type": "application/json" };

const files = {
  "realm_config.json": { config_version: 20210101, name: "bench", app_id: appId },
  "auth/providers.json": {
    "api-key": { name: "api-key", type: "api-key", disabled: false },
    "local-userpass": {
      name: "local-userpass",
      type: "local-userpass",
      config: { autoConfirm: true },
      disabled: false,
    },
  },
  "http_endpoints/data_api_config.json": {
    disabled: false,
    versions: ["v1"],
    return_type: "EJSON",
  },
  "data_sources/mongodb-atlas/config.json": {
    name: "mongodb-atlas",
    type: "mongodb-atlas",
    config: { clusterName: "Cluster0" },
    version: 1,
  },
  "data_sources/mongodb-atlas/default_rule.json": {
    roles: [
      {
        name: "everything",
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
};

ensureBuilt();
const work = mkdtempSync(path.join(tmpdir(), "petiole-logins-"));
for (const [name, content] of Object.entries(files)) {
  mkdirSync(path.dirname(path.join(work, "app", name)), { recursive: true });
  writeFileSync(path.join(work, "app", name), JSON.stringify(content));
}
const petiole = await startPetiole({
  args: [path.join(work, "app"), "--data", path.join(work, "data")],
  environment: { PETIOLE_API_KEY: key },
});
try {
  await main();
} finally {
  await petiole.stop();
  rmSync(work, { recursive: true, force: true });
}

async function main(): Promise<void> {
  for (const { action, body } of fillRequests()) await call(action, body);
  for (let user = 0; user < users; user += 1)
    await provider("register", { email: emailOf(user), password });
  await read();
  const shares: number[] = [];
  for (let turn = 1; turn <= turns; turn += 1) {
    const alone = await read();
    const flood = startFlood();
    const meanwhile = await read();
    const logins = await flood.stop();
    const share = meanwhile.perSecond / alone.perSecond;
    shares.push(share);
    console.log(
      `turn ${turn}: ${alone.perSecond.toFixed(0)} reads/s alone, ${meanwhile.perSecond.toFixed(0)} during logins ` +
        `(${(100 * share).toFixed(0)} %, p99 ${meanwhile.p99Ms.toFixed(1)} ms), ${(logins / seconds).toFixed(1)} logins/s`,
    );
  }
  const kept = shares.toSorted((a, b) => a - b)[Math.floor(shares.length / 2)] ?? 0;
  console.log(`median: ${(100 * kept).toFixed(0)} % of the reads are kept; the mark is 70 %`);
}

async function read(): Promise<Measurement> {
  const make = workloads.get("findOne by _id");
  if (make === undefined) throw new Error("the workload has another name now");
  const measured = await runTurn(
    {
      url: petiole.url,
      path: `/app/${appId}/endpoint/data/v1/action`,
      headers,
      connections,
      seconds,
      lists: listsOf(make, connections),
    },
    petiole.pid,
  );
  if (measured.failures > 0) throw new Error(`${measured.failures} reads failed`);
  return measured;
}

/** Every user logs in, and again as soon as that is answered. */
function startFlood(): { stop(): Promise<number> } {
  const flood = new AbortController();
  let logins = 0;
  const logIn = async (user: number): Promise<void> => {
    await provider("login", { username: emailOf(user), password });
    if (flood.signal.aborted) return;
    logins += 1;
    await logIn(user);
  };
  const done = Promise.all(Array.from({ length: users }, async (_, user) => logIn(user)));
  return {
    async stop() {
      flood.abort();
      await done;
      return logins;
    },
  };
}

function emailOf(user: number): string {
  return `user-${user}@example.com`;
}

async function provider(route: string, body: object): Promise<void> {
  const base = `${petiole.url}/api/client/v2.0/app/${appId}/auth/providers/local-userpass`;
  await post(`${base}/${route}`, { "Content-Type": "application/json" }, JSON.stringify(body));
}

async function call(action: string, body: string): Promise<void> {
  await post(`${petiole.url}/app/${appId}/endpoint/data/v1/action/${action}`, headers, body);
}

async function post(url: string, sent: Record<string, string>, body: string): Promise<void> {
  const response = await fetch(url, { method: "POST", headers: sent, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
}
