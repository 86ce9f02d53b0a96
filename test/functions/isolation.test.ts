import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Deployed,
  type FunctionBench,
  openFunctionBench,
  userOf,
} from "../support/functions.ts";

let bench: FunctionBench;
beforeAll(async () => {
  // One host, so that calls can not but meet.
  bench = await openFunctionBench({ limits: { hostsMin: 1, hostsMax: 1 } });
});
afterAll(async () => {
  await bench.close();
});

/** `leave` tries to leave something for `look` to find; `look` gives what it found. */
const rows: readonly (readonly [title: string, leave: string, look: string, found: string])[] = [
  ["a variable that was not declared", "left = 1;", "return typeof left;", '"undefined"'],
  [
    "a variable of the top level",
    "counter += 1; return counter;",
    "return counter;",
    '{"$numberInt":"0"}',
  ],
  [
    "a field of globalThis",
    "globalThis.left = 1;",
    "return typeof globalThis.left;",
    '"undefined"',
  ],
  ["a field of global", "global.left = 1;", "return typeof global.left;", '"undefined"'],
  [
    "a field through the constructor of functions",
    "Function('return this')().left = 1;",
    "return typeof Function('return this')().left;",
    '"undefined"',
  ],
  [
    "a polluted Object.prototype",
    "({}).__proto__.left = 1;",
    "return typeof ({}).left;",
    '"undefined"',
  ],
  [
    "a polluted Array.prototype",
    "Array.prototype.left = 1;",
    "return typeof [].left;",
    '"undefined"',
  ],
  [
    "another Array.prototype.map",
    "Array.prototype.map = () => 'mine';",
    "return [1].map((x) => x);",
    '[{"$numberInt":"1"}]',
  ],
  [
    "another JSON.parse",
    "JSON.parse = () => 'mine';",
    "return JSON.parse('1');",
    '{"$numberInt":"1"}',
  ],
  [
    "another Promise.prototype.then",
    "Promise.prototype.then = () => 'mine';",
    "return Promise.resolve(1).then((x) => x);",
    '{"$numberInt":"1"}',
  ],
  ["another Date.now", "Date.now = () => 5;", "return Date.now() > 5;", "true"],
  ["another Math.random", "Math.random = () => 5;", "return Math.random() < 1;", "true"],
  ["another Object.keys", "Object.keys = () => ['x'];", "return Object.keys({});", "[]"],
  [
    "a getter on Object.prototype",
    "Object.defineProperty(Object.prototype, 'user', { get() { return 1; } });",
    "return typeof ({}).user;",
    '"undefined"',
  ],
  [
    "a pollution by merging",
    'const merge = (a, b) => { for (const k of Object.keys(b)) { if (typeof b[k] === \'object\') merge(a[k] ??= {}, b[k]); else a[k] = b[k]; } }; merge({}, JSON.parse(\'{"__proto__": {"admin": true}, "constructor": {"prototype": {"admin": true}}}\'));',
    "return typeof ({}).admin;",
    '"undefined"',
  ],
  [
    "a field of BSON",
    "BSON.left = 1; BSON.ObjectId.prototype.left = 1;",
    "return [typeof BSON.left, typeof BSON.ObjectId().left];",
    '["undefined","undefined"]',
  ],
  ["another BSON.ObjectId", "BSON.ObjectId = null;", "return typeof BSON.ObjectId;", '"function"'],
  [
    "a field of utils",
    "utils.left = 1; utils.crypto.hmac = null;",
    "return [typeof utils.left, typeof utils.crypto.hmac];",
    '["undefined","function"]',
  ],
  [
    "a field of a module",
    "require('path').left = 1; require('crypto').createHash = null;",
    "return [typeof require('path').left, typeof require('crypto').createHash];",
    '["undefined","function"]',
  ],
  [
    "a polluted EventEmitter",
    "require('events').prototype.emit = null; require('events').EventEmitter.prototype.left = 1;",
    "const e = new (require('events'))(); return [typeof e.emit, typeof e.left];",
    '["function","undefined"]',
  ],
  [
    "a polluted Buffer",
    "Buffer.prototype.toString = () => 'mine'; Buffer.prototype.left = 1;",
    "return [Buffer.from('a').toString(), typeof Buffer.from('a').left];",
    '["a","undefined"]',
  ],
  [
    "another console",
    "console.log = null; globalThis.console.log = null;",
    "console.log('x'); return typeof console.log;",
    '"function"',
  ],
  [
    "another setTimeout",
    "globalThis.setTimeout = null; setTimeout = null;",
    "return typeof setTimeout;",
    '"function"',
  ],
  [
    "a field of process",
    "process.env.left = 1; process.left = 1;",
    "return [typeof process.env.left, typeof process.left];",
    '["undefined","undefined"]',
  ],
  [
    "a field of an error class",
    "Error.prototype.left = 1; TypeError.prototype.message = 'x';",
    "return [typeof new Error().left, new TypeError().message];",
    '["undefined",""]',
  ],
  [
    "a symbol's registry",
    "Symbol.for('left').description;",
    "return typeof Symbol.for('left');",
    '"symbol"',
  ],
  [
    "a timer that goes on",
    "setInterval(() => { globalThis.left = 1; }, 1);",
    "await new Promise((r) => setTimeout(r, 10)); return typeof globalThis.left;",
    '"undefined"',
  ],
  [
    "an async function's prototype",
    "Object.getPrototypeOf(async () => {}).left = 1;",
    "return typeof (async () => {}).left;",
    '"undefined"',
  ],
  [
    "an iterator's prototype",
    "Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true });",
    "return [...[1]];",
    '[{"$numberInt":"1"}]',
  ],
  ["a regular expression's state", "const r = /a/g; r.exec('aa');", "return RegExp.$1;", '""'],
];

describe("what one call leaves, another does not find", () => {
  let deployed: Deployed;
  beforeAll(() => {
    const sources = rows.flatMap(([, leave, look], index) => [
      [
        `leave${index}`,
        `let counter = 0;\nexports = async function () { try { ${leave} } catch (e) { return e.message; } };`,
      ],
      [`look${index}`, `let counter = 0;\nexports = async function () { ${look} };`],
    ]);
    deployed = bench.deploy(Object.fromEntries(sources) as Record<string, string>);
  });
  test.for(rows)("%s", async (row) => {
    const index = rows.indexOf(row);
    await deployed.show(`leave${index}`);
    expect(await deployed.show(`look${index}`)).toBe(row[3]);
  });
});

test("interleaved calls each see their own user, values and console", async () => {
  const { call } = bench.deploy({
    main: `let mine;
      exports = async function (n) {
        mine = context.user.id; shared = n; console.log(n);
        await new Promise((resolve) => setTimeout(resolve, n % 7));
        return [mine === context.user.id, shared === n, context.user.id];
      };`,
  });
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const id = n.toString(16).padStart(24, "0");
      const { end, logs } = await call("main", [n], { user: userOf(id) });
      return (
        end.kind === "returned" &&
        JSON.stringify([end.value, logs]) === JSON.stringify([[true, true, id], [String(n)]])
      );
    }),
  );
  expect(outcomes.every(Boolean)).toBe(true);
});

test("what one call throws, another does not catch", async () => {
  const { show } = bench.deploy({
    thrower:
      "exports = async function () { setTimeout(() => { throw new Error('mine'); }, 5); await new Promise((r) => setTimeout(r, 50)); };",
    other:
      "exports = async function () { await new Promise((r) => setTimeout(r, 20)); return 'well'; };",
  });
  const [thrown, other] = await Promise.all([show("thrower"), show("other")]);
  expect(thrown).toBe("FunctionExecutionError: mine");
  expect(other).toBe('"well"');
});

test("a deployment has hosts of its own, and a newer one ends them", async () => {
  const source = "exports = () => 1;";
  const first = bench.deploy({ main: source });
  expect(await first.show("main")).toBe('{"$numberInt":"1"}');
  const second = bench.deploy({ main: "exports = () => 2;" });
  expect(await second.show("main")).toBe('{"$numberInt":"2"}');
  // A call that came while the old one was live finishes on it.
  expect(await first.show("main")).toBe('{"$numberInt":"1"}');
});
