import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Deployed, type FunctionBench, openFunctionBench } from "../support/functions.ts";

const timedOut = /^ExecutionTimeLimitExceeded: /;
const failed = /^FunctionExecutionError: /;

const rows: readonly (readonly [
  title: string,
  body: string,
  outcome: RegExp,
  /** Where it takes a while to get there. */
  timeoutMs?: number,
])[] = [
  ["an endless loop", "for (;;);", timedOut],
  [
    "an endless loop after a wait",
    "await new Promise((r) => setTimeout(r, 5)); for (;;);",
    timedOut,
  ],
  ["an endless loop of promises", "for (;;) await null;", timedOut],
  ["an endless loop of turns", "for (;;) await new Promise((r) => setImmediate(r));", timedOut],
  ["a promise that never comes", "await new Promise(() => {});", timedOut],
  [
    "a flood of operations",
    "const c = context.services.get('mongodb-atlas').db('d').collection('c'); await Promise.all(Array.from({ length: 5000 }, () => c.findOne()));",
    /exceeded max async work queue size of 1000/,
  ],
  [
    "a flood of timers",
    "for (;;) setTimeout(() => {}, 100000);",
    /exceeded max async work queue size of 1000/,
  ],
  [
    "a flood of functions",
    "await Promise.all([context.functions.execute('row7'), context.functions.execute('row7')]);",
    /^(?:FunctionExecutionError|ExecutionTimeLimitExceeded): /,
    500,
  ],
  [
    "a heap bomb",
    "const a = []; for (;;) a.push({ b: [1, 2, 3] });",
    /^FunctionExecutionError: memory limit exceeded/,
    30_000,
  ],
  [
    "a bomb of buffers",
    "const a = []; for (;;) { a.push(Buffer.alloc(1e7, 1)); await new Promise((r) => setTimeout(r, 5)); }",
    /^FunctionExecutionError: memory limit exceeded/,
    30_000,
  ],
  [
    "a text without end",
    "let s = 'x'; for (;;) s += s;",
    /Invalid string length|memory limit exceeded/,
    30_000,
  ],
  [
    "memory of WebAssembly",
    "const m = new WebAssembly.Memory({ initial: 1, maximum: 65536 }); for (;;) { m.grow(800); new Uint8Array(m.buffer).fill(1); }",
    failed,
    30_000,
  ],
  ["process.exit", "process.exit(0);", /process.exit is not available/],
  ["process.kill", "process.kill(process.ppid, 'SIGKILL');", /process.kill is not available/],
  ["process.abort", "process.abort();", /process.abort is not available/],
  [
    "the real process",
    "return [typeof Function('return process.mainModule')(), typeof process.binding, Object.keys(process.env)];",
    /^\["undefined","function",\["NODE_ENV"\]\]$/,
  ],
  [
    "an error of a timer",
    "setTimeout(() => { throw new Error('late'); }, 1); await new Promise(() => {});",
    /^FunctionExecutionError: late/,
  ],
  [
    "an error of an event",
    "const e = new (require('events'))(); setTimeout(() => e.emit('error', new Error('event')), 1); await new Promise(() => {});",
    /^FunctionExecutionError: event/,
  ],
  [
    "a rejection that nobody handles",
    "Promise.reject(new Error('lost')); await new Promise(() => {});",
    /^FunctionExecutionError: lost/,
  ],
  [
    "an error of process.nextTick",
    "process.nextTick(() => { throw new Error('tick'); }); await new Promise(() => {});",
    /^FunctionExecutionError: tick/,
  ],
  ["a stack without end", "const f = () => f(); f();", /Maximum call stack size exceeded/],
  [
    "a stack without end while converting",
    "const o = { toBSON: () => o2 }; const o2 = { toBSON: () => o }; return o;",
    failed,
  ],
  [
    "a polluted prototype",
    "Object.prototype.polluted = true; return ({}).polluted === undefined;",
    /^true$/,
  ],
  ["a huge result", "return 'x'.repeat(17 * 2 ** 20);", /the result has more than 16777216 bytes/],
  [
    "a result without end",
    "return new Proxy({}, { ownKeys: () => Array.from({ length: 1e5 }, (_, i) => 'k' + i), getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }), get: (t, k, r) => (k === 'toBSON' || typeof k === 'symbol' || k === '_bsontype' ? undefined : r) });",
    /^(?:FunctionExecutionError|ExecutionTimeLimitExceeded): /,
    500,
  ],
  [
    "a huge log",
    "for (let i = 0; i < 1e5; i++) console.log('x'.repeat(1e4)); return 1;",
    /^\{"\$numberInt":"1"\}$/,
  ],
  ["a busy call of Node's", "require('crypto').pbkdf2Sync('a', 'b', 1e9, 64, 'sha512');", timedOut],
  ["a wait of Atomics", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);", timedOut],
  ["a pattern that explodes", "/^(a+)+$/.test('a'.repeat(40) + 'b');", timedOut],
  [
    "child_process",
    "require('child_process').execSync('id');",
    /Cannot find module 'child_process'/,
  ],
  [
    "worker_threads",
    "new (require('node:worker_threads').Worker)('1', { eval: true });",
    /Cannot find module 'worker_threads'/,
  ],
  ["vm", "require('vm').runInThisContext('1');", /Cannot find module 'vm'/],
  ["a module of a path", "require('/etc/passwd');", /Cannot find module '\/etc\/passwd'/],
  ["an import", "await import('node:child_process');", failed],
  [
    "an import through Function",
    "await Function('return import(\"node:child_process\")')();",
    failed,
  ],
  [
    "an import through an async function's constructor",
    'await Object.getPrototypeOf(async () => {}).constructor(\'return (await import("node:fs")).readFileSync("/etc/passwd")\')();',
    failed,
  ],
  ["a file", "return require('fs').readFileSync('/etc/passwd', 'utf8');", /ENOENT/],
  [
    "a file through another name",
    "return require('fs').promises.readFile('/proc/self/environ', 'utf8');",
    /ENOENT/,
  ],
  ["writing a file", "require('fs').writeFileSync('/tmp/petiole-hostile', 'x');", /EACCES/],
  ["the environment", "return Object.keys(process.env).length;", /^\{"\$numberInt":"1"\}$/],
  [
    "the host's own modules",
    "return [typeof require.cache, typeof require.main, typeof module.constructor._load, typeof module.parent];",
    /^\["undefined","undefined","undefined","undefined"\]$/,
  ],
  [
    "a trap for whoever looks at an error",
    "throw new Proxy(new Error('x'), { get() { throw new Error('trap'); }, getPrototypeOf() { throw new Error('trap'); } });",
    failed,
  ],
  ["a promise that never settles when asked", "return { then() {} };", timedOut],
  ["a slow answer over HTTP", "await context.http.get({ url: slow });", timedOut],
  ["a slow answer over fetch", "await fetch(slow);", timedOut],
  [
    "addresses of clouds",
    "await context.http.get({ url: 'http://169.254.169.254/latest/meta-data/' });",
    /not allowed/,
  ],
  [
    "a cursor that is read for ever",
    "const c = context.services.get('mongodb-atlas').db('d').collection('big'); await c.insertMany(Array.from({ length: 300 }, (_, n) => ({ n }))); for (;;) for await (const d of c.find()) d.n += 1;",
    timedOut,
  ],
  [
    "cursors that are never read to their end",
    "const c = context.services.get('mongodb-atlas').db('d').collection('big2'); await c.insertMany(Array.from({ length: 300 }, (_, n) => ({ n }))); for (;;) await c.find().next();",
    /too many cursors are open|^ExecutionTimeLimitExceeded/,
    1000,
  ],
  [
    "a service that lies about itself",
    "return context.services.get('constructor');",
    /^undefined$/,
  ],
  ["a value that lies about itself", "return context.values.get('__proto__');", /^undefined$/],
];

function isWell(shown: string): boolean {
  return shown.startsWith('{"$numberInt"');
}

describe("hostile functions", () => {
  let bench: FunctionBench;
  let deployed: Deployed;
  let silent: Server;
  beforeAll(async () => {
    silent = createServer(() => {
      // Never answers.
    });
    await new Promise<void>((resolve) => {
      silent.listen(0, "127.0.0.1", resolve);
    });
    const { port } = silent.address() as AddressInfo;
    bench = await openFunctionBench({
      limits: { memoryMb: 80, rssBytesMax: 400 * 2 ** 20, stallMsMax: 1000 },
      allowedAddresses: ["127.0.0.1"],
    });
    const sources = rows.map(([, body], index) => [
      `row${index}`,
      `exports = async function () { const slow = "http://127.0.0.1:${port}/"; ${body} };`,
    ]);
    deployed = bench.deploy({
      ...(Object.fromEntries(sources) as Record<string, string>),
      well: "exports = async (n) => { await new Promise((r) => setTimeout(r, 1)); return n; };",
    });
  });
  afterAll(async () => {
    silent.closeAllConnections();
    silent.close();
    await bench.close();
  });

  test.for(rows)("%s", { timeout: 60_000 }, async (row) => {
    // Nothing is learned from waiting for long where time is to be up.
    const timeoutMs = row[3] ?? (row[2] === timedOut ? 500 : 2000);
    const hostile = deployed.show(`row${rows.indexOf(row)}`, [], { timeoutMs });
    expect(await hostile).toMatch(row[2]);
    // Whatever it did, others are served.
    expect(await deployed.show("well", [7])).toBe('{"$numberInt":"7"}');
  });

  test("others are answered while endless loops run", { timeout: 60_000 }, async () => {
    const loops = Array.from({ length: 3 }, async () =>
      deployed.show("row0", [], { timeoutMs: 3000 }),
    );
    const others = Array.from({ length: 30 }, async (_, n) => {
      await new Promise((resolve) => {
        setTimeout(resolve, n * 50);
      });
      return deployed.show("well", [n]);
    });
    const shown = await Promise.all(others);
    // Those that had begun in a process with a loop may be lost with it, which are more or fewer by how soon it is seen;
    // none hangs, and the rest is answered.
    expect(shown.filter((text) => !isWell(text) && !timedOut.test(text))).toEqual([]);
    expect(shown.filter(isWell).length).toBeGreaterThan(5);
    for (const loop of loops) expect(await loop).toMatch(timedOut);
  });
});
