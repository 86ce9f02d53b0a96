import { describe, expect, test } from "vitest";
import { parseEjsonValue } from "../bson/parse-ejson.ts";
import type { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import type { AppConfig, Expression, ValueConfig } from "../config/app-config.ts";
import type { App } from "../config/app.ts";
import type { Scope } from "../config/scope.ts";
import type { User } from "../config/user.ts";
import { compileExpression, evaluate, type ExpressionPlace } from "./expressions.ts";

const userId = "5f4863e4d49bd2191ff1e623";

const user: User = {
  id: userId,
  type: "normal",
  permission: "readWrite",
  data: toDoc({
    email: "ann@example.com",
    name: null,
    pattern: { $regularExpression: { pattern: "", options: "" } },
  }),
  customData: toDoc({ isAdmin: true, manages: ["bob@example.com", "cid@example.com"], level: 3 }),
  identities: [
    { id: "x1", providerType: "local-userpass", providerId: "5f4863e4d49bd2191ff1e6aa" },
  ],
};

const values = new Map<string, ValueConfig>([
  ["admins", { name: "admins", private: false, kind: "plain", value: [userId, "other"] }],
  ["limits", { name: "limits", private: false, kind: "plain", value: toDoc({ max: 10 }) }],
  ["hook", { name: "hook", private: true, kind: "secret", secretName: "hookSecret" }],
]);

const scope: Scope = {
  app: { id: "a" } as App,
  config: {
    environment: "production",
    environments: new Map([["production", { values: new Map([["baseUrl", "https://x"]]) }]]),
    values,
  } as unknown as AppConfig,
  caller: user,
  user,
  request: {
    httpMethod: "POST",
    httpReferrer: "",
    httpUserAgent: "curl/8",
    rawQueryString: "a=1",
    remoteIPAddress: "10.0.0.7",
    requestHeaders: new Map([
      ["X-Secret-Key", ["one", "two"]],
      ["Content-Type", ["application/json"]],
    ]),
    service: "",
    action: "",
    webhookUrl: "/hook",
  },
  signal: new AbortController().signal,
};

function toValue(text: unknown): Value {
  return parseEjsonValue(Buffer.from(JSON.stringify(text)));
}

function toDoc(fields: object): Doc {
  return toValue(fields) as Doc;
}

interface Given {
  readonly root?: object;
  readonly prevRoot?: object;
  readonly this?: unknown;
  readonly prev?: unknown;
  readonly args?: unknown;
}

async function callFunction(name: string, args: readonly Value[]): Promise<Value> {
  if (name === "isEven") return Number(args[0]) % 2 === 0;
  if (name === "teamOf") return args[0] === userId ? "red" : "blue";
  if (name === "one") return 1;
  throw new Error("a function that throws");
}

async function run(expression: unknown, given: Given = {}, place: ExpressionPlace = "document") {
  const problems: string[] = [];
  const compiled = compileExpression(
    toValue(expression) as Expression,
    place,
    ({ path, message }) => problems.push(`${path.join(".")}: ${message}`),
  );
  if (problems.length > 0) return problems;
  return await evaluate(compiled, {
    scope,
    args: given.args === undefined ? undefined : toValue(given.args),
    root: given.root && toDoc(given.root),
    prevRoot: given.prevRoot && toDoc(given.prevRoot),
    this: given.this === undefined ? undefined : toValue(given.this),
    prev: given.prev === undefined ? undefined : toValue(given.prev),
    readSecret: (_, name) => Promise.resolve(`value of ${name}`),
    callFunction,
  });
}

type Row = readonly [expression: unknown, given: Given, outcome: boolean];

const rows: readonly Row[] = [
  // constants and joining
  [true, {}, true],
  [false, {}, false],
  [{}, {}, true],
  [{ a: 1, b: 2 }, { root: { a: 1, b: 2 } }, true],
  [{ a: 1, b: 2 }, { root: { a: 1, b: 3 } }, false],
  [{ "%and": [{ a: 1 }, { b: 2 }] }, { root: { a: 1, b: 2 } }, true],
  [{ $and: [{ a: 1 }, { b: 2 }] }, { root: { a: 1 } }, false],
  [{ "%or": [{ a: 1 }, { b: 2 }] }, { root: { b: 2 } }, true],
  [{ "%or": [false, "%%true"] }, {}, true],
  [{ "%nor": [{ a: 1 }, { b: 2 }] }, { root: { a: 2 } }, true],
  [{ "%nor": [{ a: 1 }, { b: 2 }] }, { root: { b: 2 } }, false],
  [{ "%not": { a: 1 } }, { root: { a: 1 } }, false],
  [{ $not: { a: 1 } }, { root: { a: 2 } }, true],
  // fields of the document
  [{ "%%root.a.b": 1 }, { root: { a: { b: 1 } } }, true],
  [{ "a.b": 1 }, { root: { a: [{ b: 2 }, { b: 1 }] } }, true],
  [{ a: 1 }, { root: { a: [2, 1] } }, true],
  [{ a: [2, 1] }, { root: { a: [2, 1] } }, true],
  [{ a: 2 }, { root: { a: { $numberDouble: "2.0" } } }, true],
  [{ a: null }, { root: {} }, true],
  [{ a: { x: 1 } }, { root: { a: { x: 1 } } }, true],
  [{ a: { x: 1 } }, { root: { a: { x: 1, y: 1 } } }, false],
  [{ a: { "%exists": true } }, { root: { a: null } }, true],
  [{ a: { $exists: false } }, { root: { a: 1 } }, false],
  [{ a: { $exists: "%%false" } }, { root: {} }, true],
  [{ a: { "%in": [1, 2] } }, { root: { a: 2 } }, true],
  [{ a: { $nin: [1, 2] } }, { root: { a: 3 } }, true],
  [{ a: { "%gt": 1, "%lte": 3 } }, { root: { a: 3 } }, true],
  [{ a: { "%gt": 1, "%lt": 3 } }, { root: { a: 3 } }, false],
  [{ a: { "%gte": 1 } }, { root: { a: "1" } }, false],
  [{ a: { "%ne": 1 } }, { root: {} }, true],
  [{ a: { "%not": { $gt: 1 } } }, { root: { a: 2 } }, false],
  [{ a: { "%and": [{ $gt: 0 }, { $lte: 42 }] } }, { root: { a: 43 } }, false],
  [{ a: { "%or": [{ $lt: 0 }, { $gt: 42 }] } }, { root: { a: 43 } }, true],
  [{ a: { $regex: "^AB", $options: "i" } }, { root: { a: "abc" } }, true],
  [
    { a: { $elemMatch: { u: "%%user.id", r: "w" } } },
    { root: { a: [{ u: userId, r: "w" }] } },
    true,
  ],
  [
    { a: { $elemMatch: { u: "%%user.id", r: "w" } } },
    { root: { a: [{ u: userId, r: "r" }] } },
    false,
  ],
  // who asks
  [{ "%%user.id": userId }, {}, true],
  [{ "%%user.type": "server" }, {}, false],
  [{ "%%user.data.email": "ann@example.com" }, {}, true],
  [{ "%%user.custom_data.isAdmin": true }, {}, true],
  [{ "%%user.identities.provider_type": "local-userpass" }, {}, true],
  [{ "%%user.identities.0.id": "x1" }, {}, true],
  [{ "%%user.data.email": { "%exists": true } }, {}, true],
  [{ "%%user.data.phone": { "%exists": true } }, {}, false],
  [{ owner: "%%user.id" }, { root: { owner: userId } }, true],
  [{ owner: "%%user.id" }, { root: { owner: "else" } }, false],
  [{ owners: "%%user.id" }, { root: { owners: ["else", userId] } }, true],
  [{ "%%user.id": "%%root.owner" }, { root: { owner: userId } }, true],
  [{ "%%user.id": { "%in": "%%root.readers" } }, { root: { readers: ["else", userId] } }, true],
  [{ "%%user.id": { "%in": "%%root.readers" } }, { root: { readers: userId } }, false],
  [{ "%%user.id": { "%nin": "%%root.banned" } }, { root: { banned: [userId] } }, false],
  [{ "%%user.id": { "%nin": "%%root.banned" } }, { root: {} }, true],
  [{ "%%user.custom_data.level": { $gt: "%%root.level" } }, { root: { level: 2 } }, true],
  [{ "%%user.custom_data.level": { $gt: "%%root.level" } }, { root: { level: 3 } }, false],
  [{ email: "%%user.custom_data.manages" }, { root: { email: "cid@example.com" } }, true],
  [{ email: "%%user.custom_data.manages" }, { root: { email: "eve@example.com" } }, false],
  [
    { email: { "%in": "%%user.custom_data.manages" } },
    { root: { email: "bob@example.com" } },
    true,
  ],
  // what is missing equals nothing
  [{ team: "%%user.custom_data.team" }, { root: {} }, false],
  [{ team: "%%user.custom_data.team" }, { root: { team: null } }, false],
  [{ name: "%%user.data.name" }, { root: {} }, false],
  [{ name: "%%user.data.name" }, { root: { name: null } }, false],
  [{ team: { "%ne": "%%user.custom_data.team" } }, { root: { team: 1 } }, true],
  [{ team: { "%in": "%%user.custom_data.teams" } }, { root: { team: 1 } }, false],
  [{ "%%user.custom_data.isBlocked": { "%ne": true } }, {}, true],
  [{ "%%user.custom_data.team": "%%root.team" }, { root: {} }, false],
  // a pattern that came with the user matches nothing
  [{ a: "%%user.data.pattern" }, { root: { a: "text" } }, false],
  [{ a: { $regex: "%%user.data.pattern" } }, { root: { a: "text" } }, false],
  // the request
  [{ "%%request.httpMethod": "POST" }, {}, true],
  [{ "%%request.requestHeaders.x-secret-key": "two" }, {}, true],
  [{ "%%request.requestHeaders.X-SECRET-KEY": "three" }, {}, false],
  [{ "%%request.requestHeaders.x-secret-key.0": "one" }, {}, true],
  [{ "%%request.requestHeaders.content-type": ["application/json"] }, {}, true],
  [{ "%%request.requestHeaders.constructor": { $exists: true } }, {}, false],
  [{ "%%request.remoteIPAddress": { $in: ["10.0.0.7"] } }, {}, true],
  // values and the environment
  [{ "%%user.id": { $in: "%%values.admins" } }, {}, true],
  [{ "%%values.limits.max": { $gt: 5 } }, {}, true],
  [{ n: { $lt: "%%values.limits.max" } }, { root: { n: 11 } }, false],
  [{ key: "%%values.hook" }, { root: { key: "value of hookSecret" } }, true],
  [{ "%%values.hook": "value of hookSecret" }, {}, true],
  [{ "%%values.none": "x" }, {}, false],
  [
    { "%%environment.tag": "production", "%%environment.values.baseUrl": { "%exists": true } },
    {},
    true,
  ],
  // before and after
  [{ "%%prevRoot": { "%exists": false } }, { root: { a: 1 } }, true],
  [{ "%%prevRoot": { "%exists": "%%true" } }, { root: { a: 1 }, prevRoot: { a: 1 } }, true],
  [{ "%%root.n": { $gt: "%%prevRoot.n" } }, { root: { n: 2 }, prevRoot: { n: 1 } }, true],
  [{ "%%root.n": { $gt: "%%prevRoot.n" } }, { root: { n: 1 }, prevRoot: { n: 1 } }, false],
  [{ "%%root.owner": "%%prevRoot.owner" }, { root: {}, prevRoot: {} }, true],
  [{ "%%root.owner": "%%prevRoot.owner" }, { root: { owner: 1 }, prevRoot: {} }, false],
  [
    { "%%root.owner": "%%prevRoot.owner" },
    { root: { owner: null }, prevRoot: { owner: null } },
    true,
  ],
  [{ "%%this": "%%prev" }, { this: 5, prev: 5 }, true],
  [{ "%%this": { $in: ["a", "b"] } }, { this: "b" }, true],
  [{ "%%this.kind": "x" }, { this: { kind: "x" } }, true],
  [{ "%%prev": { "%exists": false } }, { this: 5 }, true],
  // conversions
  [{ _id: { "%stringToOid": "%%user.id" } }, { root: { _id: { $oid: userId } } }, true],
  [{ _id: { "%stringToOid": "no id" } }, { root: {} }, false],
  [{ s: { $oidToString: "%%root._id" } }, { root: { s: userId, _id: { $oid: userId } } }, true],
  [
    { "%%user.id": { "%oidToString": "%%root.owner" } },
    { root: { owner: { $oid: userId } } },
    true,
  ],
  [{ "%%user.id": { "%oidToString": "%%root.owner" } }, { root: { owner: userId } }, false],
  [
    { u: { "%stringToUuid": "00112233-4455-6677-8899-aabbccddeeff" } },
    { root: { u: { $uuid: "00112233-4455-6677-8899-aabbccddeeff" } } },
    true,
  ],
  [
    { s: { "%uuidToString": "%%root.u" } },
    {
      root: {
        s: "00112233-4455-6677-8899-aabbccddeeff",
        u: { $uuid: "00112233-4455-6677-8899-AABBCCDDEEFF" },
      },
    },
    true,
  ],
  // functions
  [{ "%%true": { "%function": { name: "isEven", arguments: [42] } } }, {}, true],
  [{ "%%false": { "%function": { name: "isEven", arguments: [41] } } }, {}, true],
  [{ "%%true": { $eq: { "%function": { name: "isEven", arguments: [41] } } } }, {}, false],
  [{ "%function": { name: "isEven", arguments: ["%%root.n"] } }, { root: { n: 2 } }, true],
  [{ "%function": { name: "isEven", arguments: ["%%root.n"] } }, { root: { n: 3 } }, false],
  [{ "%function": { name: "one" } }, {}, false],
  [
    { team: { "%function": { name: "teamOf", arguments: ["%%user.id"] } } },
    { root: { team: "red" } },
    true,
  ],
  [{ "%function": { name: "throws" } }, {}, false],
  [{ "%or": [{ "%function": { name: "throws" } }, { a: 1 }] }, { root: { a: 1 } }, true],
  [{ "%%false": { "%function": { name: "throws" } } }, {}, false],
  // embedded
  [{ "%%true": { "%and": [{ a: 1 }, { "%%user.id": userId }] } }, { root: { a: 1 } }, true],
  [{ "%%false": { "%or": [{ a: 1 }, { a: 2 }] } }, { root: { a: 3 } }, true],
  [{ "%%true": "%%user.custom_data.isAdmin" }, {}, true],
  [{ "%%false": "%%user.custom_data.isBlocked" }, {}, false],
  [{ isMine: { "%%root.owner": "%%user.id" } }, { root: { isMine: true, owner: userId } }, true],
  [{ isMine: { "%%root.owner": "%%user.id" } }, { root: { isMine: true, owner: 1 } }, false],
  [{ "%%true": true }, {}, true],
  [{ "%%false": true }, {}, false],
];

describe("expressions", () => {
  test.for(rows.map((row) => [JSON.stringify(row[0]), JSON.stringify(row[1]), row] as const))(
    "%s with %s",
    async ([, , [expression, given, outcome]]) => {
      expect(await run(expression, given)).toBe(outcome);
    },
  );

  test.for<[expression: unknown, args: unknown, outcome: boolean]>([
    [{ url: { $exists: true }, "body.userId": "%%user.id" }, { url: "x", body: { userId } }, true],
    [{ "%%args.n": { "%and": [{ $gt: 0 }, { $lte: 42 }] } }, { n: 7 }, true],
    [{ "%%args.0": "%%user.id" }, [userId], true],
    [{ "%%args.0": "%%user.id" }, ["else"], false],
  ])("of a call: %j with %j", async ([expression, args, outcome]) => {
    expect(await run(expression, { args }, "call")).toBe(outcome);
  });

  test("what can not be read is false, within a negation too", async () => {
    const compiled = compileExpression(toDoc({ "%not": { "%%nobody.id": 1 } }), "document");
    expect(await evaluate(compiled, { scope, callFunction, root: toDoc({}) })).toBe(false);
  });

  test("without a function nothing is waited for", () => {
    const compiled = compileExpression(toDoc({ owner: "%%user.id" }), "document");
    expect(evaluate(compiled, { scope, callFunction, root: toDoc({ owner: userId }) })).toBe(true);
  });
});
