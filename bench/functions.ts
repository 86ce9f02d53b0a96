/**
 * Functions without HTTP around them: start of a host, calls through the pool, and what others notice of hostile ones.
 *
 * `node --import tsx bench/functions.ts [seconds]`; hosts run a program in one file, as in production.
 *
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Doc } from "../src/bson/doc.ts";
import type * as AppConfigs from "../src/config/app-config.ts";
import type { App } from "../src/config/app.ts";
import { systemUser } from "../src/config/user.ts";
import { defaultFunctionLimits } from "../src/functions/function-limits.ts";
import { openFunctions } from "../src/functions/functions.ts";
import { openEmbedded } from "../src/sources/embedded.ts";

const seconds = Number(process.argv[2] ?? 5);

const sources: Readonly<Record<string, string>> = {
  empty: "exports = function () { return 1; };",
  findOne:
    "exports = () => context.services.get('mongodb-atlas').db('bench').collection('c').findOne({ _id: 1 });",
  nested: "exports = () => context.functions.execute('empty');",
  loop: "exports = () => { for (;;); };",
  microtasks: "exports = async () => { for (;;) await null; };",
  heap: "exports = () => { const a = []; for (;;) a.push({ b: [1, 2, 3] }); };",
  buffers:
    "exports = async () => { const a = []; for (;;) { a.push(Buffer.alloc(1e7, 1)); await new Promise((r) => setTimeout(r, 1)); } };",
  busy: "exports = () => require('crypto').pbkdf2Sync('a', 'b', 1e9, 64, 'sha512');",
  flood:
    "exports = () => Promise.all(Array.from({ length: 900 }, () => context.functions.execute('empty')));",
  result: "exports = () => 'x'.repeat(17 * 2 ** 20);",
};
const hostile = ["loop", "microtasks", "heap", "buffers", "busy", "flood", "result"];

const directory = mkdtempSync(path.join(tmpdir(), "petiole-bench-"));
const store = await openEmbedded(directory);
await store.collection("bench", "c").insertOne(Doc.of({ _id: 1, name: "a", list: [1, 2, 3] }));
const functions = openFunctions({
  access: {
    stores: new Map([["embedded", store]]),
    isRefused: () => false,
    callFunction: async () => undefined,
  },
  limits: defaultFunctionLimits,
  allowedAddresses: [],
  projectId: "0".repeat(24),
  openSecret: async () => undefined,
  findUser: async () => undefined,
  dependenciesOf: async () => undefined,
  log: () => {},
});
const app = {
  id: "1".repeat(24),
  clientAppId: "bench-abcde",
  name: "bench",
  dataSources: new Map([
    [
      "mongodb-atlas",
      { id: "2".repeat(24), name: "mongodb-atlas", store: "embedded", permission: "readWrite" },
    ],
  ]),
  createdAt: 0,
} as unknown as App;

console.log(`cold start: ${(await coldStart()).join(", ")} ms until the first answer`);
for (const [name, atOnce] of [
  ["empty", 1],
  ["empty", 64],
  ["findOne", 64],
  ["nested", 64],
] as const)
  console.log(`${name} × ${atOnce}: ${await rate(name, atOnce)}`);
console.log(await amongHostile());
await functions.close();
await store.close();
rmSync(directory, { recursive: true, force: true });

/** A deployment of its own, and with it hosts of its own. */
function deploy(): (name: string, timeoutMs?: number) => Promise<boolean> {
  const entries = Object.entries(sources).map(([name, source]) => [
    name,
    { name, source, private: false, disableArgLogs: false, runAs: { kind: "caller" } },
  ]);
  const config = {
    functions: new Map(entries as [string, AppConfigs.FunctionConfig][]),
    values: new Map(),
    environments: new Map(),
  } as unknown as AppConfigs.AppConfig;
  return async (name, timeoutMs = 60_000) => {
    const { signal } = new AbortController();
    const scope = { app, config, caller: systemUser, user: systemUser, request: undefined, signal };
    const target = { kind: "named", name } as const;
    const { end } = await functions.run({ scope, target, args: [], from: "app", timeoutMs });
    return end.kind === "returned";
  };
}

async function coldStart(): Promise<readonly string[]> {
  const found: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const call = deploy();
    const begun = performance.now();
    await call("empty");
    found.push(performance.now() - begun);
  }
  return found.map((ms) => ms.toFixed(0));
}

async function rate(name: string, atOnce: number): Promise<string> {
  const call = deploy();
  await Promise.all(Array.from({ length: 200 }, async () => call(name)));
  let count = 0;
  const begun = performance.now();
  const until = begun + seconds * 1000;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < until) {
        if (!(await call(name))) throw new Error(`${name} failed`);
        count += 1;
      }
    }),
  );
  const ms = performance.now() - begun;
  return `${Math.round((count / ms) * 1000)}/s, ${((ms * 1000) / count).toFixed(0)} µs a call`;
}

/** How long an empty function, and a read that needs none, take meanwhile. */
async function amongHostile(): Promise<string> {
  const call = deploy();
  await call("empty");
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const attack = { isOver: false };
  const attacking = (async () => {
    for (let turn = 0; turn < hostile.length * 2; turn += 1)
      await Promise.all(hostile.map(async (name) => call(name, 1500)));
    attack.isOver = true;
  })();
  const calls: number[] = [];
  const reads: number[] = [];
  let lost = 0;
  while (!attack.isOver) {
    let begun = performance.now();
    await store.collection("bench", "c").findOne(Doc.of({ _id: 1 }));
    reads.push(performance.now() - begun);
    begun = performance.now();
    if (!(await call("empty", 10_000))) lost += 1;
    calls.push(performance.now() - begun);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  await attacking;
  delay.disable();
  return [
    `among hostile functions: reads p99 ${p99(reads)} ms of ${reads.length}`,
    `calls p50 ${percentile(calls, 0.5)} p99 ${p99(calls)} ms of ${calls.length}, ${lost} lost`,
    `event loop p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms`,
  ].join("; ");
}

function p99(found: readonly number[]): string {
  return percentile(found, 0.99);
}

function percentile(found: readonly number[], share: number): string {
  const sorted = found.toSorted((one, other) => one - other);
  return (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
}
