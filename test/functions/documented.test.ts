/**
 * Functions as the original's documentation shows them, in structure and in what comes of them; those of its pages on
 * globals stand in `globals.test.ts`, the endpoint of its page on endpoints in `test/contract/endpoints.test.ts`.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import type { Value } from "../../src/bson/value.ts";
import {
  type Deployed,
  type FunctionBench,
  openFunctionBench,
  userOf,
} from "../support/functions.ts";

const rows: readonly (readonly [
  title: string,
  source: string,
  args: readonly Value[],
  outcome: string,
  logs?: readonly string[],
])[] = [
  [
    "a greeting that is logged, too",
    "exports = function Greet(who) { console.log(`Greeted ${who}`); return `Good day, ${who}!`; };",
    ["Ada"],
    '"Good day, Ada!"',
    ["Greeted Ada"],
  ],
  [
    "an argument that is left out",
    "exports = function (who) { return `Good day, ${who ?? 'whoever'}!`; };",
    [],
    '"Good day, whoever!"',
  ],
  [
    "a module of Node's, and a result that is undefined",
    "exports = async function greet(...args) { const assert = require('assert'); assert(typeof args[0] === 'string'); const say = (who = 'all') => { console.log(`Good day, ${who}.`); }; return say(args[0]); };",
    ["Ada"],
    "undefined",
    ["Good day, Ada."],
  ],
  [
    "a function that calls another",
    "exports = function difference(a, b) { return context.functions.execute('sum', a, -1 * b); };",
    [5, 3],
    '{"$numberInt":"2"}',
  ],
  [
    "helpers, exported for tests as well",
    "function greet(word) { return 'good day ' + word; }\nfunction loudly(word, mark) { return greet(word) + mark; }\nexports = loudly;\nif (typeof module !== 'undefined') { module.exports = { greet, loudly }; }",
    ["Ada", "!"],
    '"good day Ada!"',
  ],
  [
    "a value",
    "function greet() { const greeting = context.values.get('greeting'); return 'good day ' + greeting; }\nexports = greet;\nif (typeof module !== 'undefined') { module.exports = greet; }",
    [],
    '"good day beautiful day"',
  ],
  [
    "fields of a value",
    "exports = function () { const theme = context.values.get('theme'); console.log(theme.colors.red); return theme.colors; };",
    [],
    '{"red":"#ee1111","blue":"#1111ee"}',
    ["#ee1111"],
  ],
  [
    "the environment",
    "exports = async function () { switch (context.environment.tag) { case '': { return 'none'; } case 'qa': { return 'qa'; } } };",
    [],
    '"none"',
  ],
  [
    "an error that is caught",
    "function fail() { try { throw new Error('as ever'); } catch (err) { console.error('It failed: ' + err.message); } }\nexports = fail;",
    [],
    "undefined",
    ["It failed: as ever"],
  ],
  [
    "the signature of a request",
    "exports = function sign(secret, body) { const payload = EJSON.stringify(body); return utils.crypto.hmac(payload, secret, 'sha256', 'hex'); };",
    ["12345", Doc.of({ message: "MESSAGE" })],
    '"828ee180512eaf8a6229eda7eea72323f68e9c0f0093b11a578b0544c5777862"',
  ],
  [
    "a document of the user's own",
    "exports = async function () { const own = context.services.get('mongodb-atlas').db('documented').collection('own'); await own.insertOne({ text: 'Good day!', author: context.user.id }); const { text, author } = await own.findOne({ author: context.user.id }); return [text, author]; };",
    [],
    '["Good day!","5cbf68583025b12840664682"]',
  ],
  [
    "a user who is not in a collection",
    "exports = async function hasRole({ userId, roleName }) { const users = context.services.get('mongodb-atlas').db('documented').collection('users'); const user = await users.findOne({ userId }); if (!user) { console.error(`no user ${userId}`); return false; } return user.roles.includes(roleName); };",
    [Doc.of({ userId: "u1", roleName: "admin" })],
    "false",
    ["no user u1"],
  ],
  [
    "several documents at once",
    "exports = async function () { const one = { name: 'one', quantity: 20, reviews: [] }; const two = { name: 'two', quantity: 30, reviews: [] }; var all = context.services.get('mongodb-atlas').db('documented').collection('bulk'); return await all.bulkWrite([{ insertOne: one }, { insertOne: two }], { ordered: true }); };",
    [],
    "null",
  ],
  [
    "as whom it runs",
    "exports = function () { if (context.runningAsSystem()) { return 'system'; } else { return 'user'; } };",
    [],
    '"system"',
  ],
  [
    "a service that is not there",
    "exports = async function () { const http = context.services.get('myHttp'); try { await http.get({ url: 'https://example.com' }); } catch (err) { return typeof err.message; } };",
    [],
    '"string"',
  ],
];

describe("documented functions", () => {
  let bench: FunctionBench;
  let deployed: Deployed;
  const nameOf = (row: (typeof rows)[number]): string => `row${rows.indexOf(row)}`;
  beforeAll(async () => {
    bench = await openFunctionBench();
    const system = { runAs: { kind: "system" } } as const;
    const sources = rows.map((row) => [nameOf(row), [row[1], system]] as const);
    const colors = Doc.of({ red: "#ee1111", blue: "#1111ee" });
    deployed = bench.deploy(
      { ...Object.fromEntries(sources), sum: "exports = function sum(a, b) { return a + b; };" },
      { values: { greeting: "beautiful day", theme: Doc.of({ colors }) } },
    );
  });
  afterAll(async () => {
    await bench.close();
  });
  test.for(rows)("%s", async (row) => {
    const [, , args, outcome, logs = []] = row;
    const user = userOf("5cbf68583025b12840664682");
    expect((await deployed.call(nameOf(row), args, { user })).logs).toEqual(logs);
    expect(await deployed.show(nameOf(row), args, { user })).toBe(outcome);
  });
});
