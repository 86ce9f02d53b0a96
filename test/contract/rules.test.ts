/** Rules over HTTP: who is told what, by keys and by users, and what a push refuses. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { sampleWith, v20210101 } from "../support/app-samples.ts";
import { adminApp } from "../support/deploy.ts";
import { type Answer, send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { startUsersApp, type UsersApp } from "../support/users-app.ts";

const role = { name: "r", apply_when: {}, read: true, write: true };

const rules = {
  roles: [
    {
      ...role,
      name: "keys",
      apply_when: { "%%user.type": "server", "%%request.requestHeaders.x-mode": { $ne: "narrow" } },
    },
    {
      name: "owners",
      apply_when: { "%%user.type": "normal" },
      document_filters: { read: { owner: "%%user.id" }, write: { owner: "%%user.id" } },
      fields: { internal: { read: false, write: false } },
      additional_fields: { read: true, write: true },
    },
    { ...role, name: "readers", apply_when: { "%%user.type": "server" }, write: false },
  ],
};

const uri = inject("mongodUri");

describeOverHttp("the embedded store", {});
describe.skipIf(uri === null)("with MongoDB", () => {
  describeOverHttp("MongoDB", { source: `mongodb-atlas=${uri}` });
});

function describeOverHttp(title: string, flags: Readonly<Record<string, unknown>>): void {
  describe(`rules over HTTP on ${title}`, () => {
    let app: UsersApp;
    let ann: string;
    let token: string;
    let count = 0;

    beforeAll(async () => {
      app = await startUsersApp({
        flags,
        files: { "data_sources/mongodb-atlas/default_rule.json": { ...rules, filters: [] } },
        apiKey: "k".repeat(40),
      });
      const credentials = { email: "ann@example.com", password: "correct horse" };
      await app.client("POST", "APP/auth/providers/local-userpass/register", credentials);
      const session = await app.logIn("local-userpass", {
        username: credentials.email,
        password: credentials.password,
      });
      ann = session.user_id;
      token = session.access_token;
    });
    afterAll(async () => {
      await app.close();
    });

    async function call(
      to: string,
      body: object,
      collection: string,
      headers: Readonly<Record<string, string | undefined>> = {},
    ): Promise<Answer> {
      const text = JSON.stringify(body).replaceAll('"ANN"', JSON.stringify(ann));
      const fields = JSON.parse(text) as Readonly<Record<string, unknown>>;
      return send(app.server, { to, body: fields, headers }, collection);
    }

    const asAnn = (): Record<string, string | undefined> => ({
      apiKey: undefined,
      Authorization: `Bearer ${token}`,
    });

    async function prepare(): Promise<string> {
      count += 1;
      const collection = `http${count}`;
      const documents = [
        { _id: 1, owner: "ANN", n: 1, internal: "i1" },
        { _id: 2, owner: "bob", n: 2, internal: "i2" },
        { _id: 3, owner: "ANN", n: 3, internal: "i3" },
      ];
      const made = await call("insertMany", { documents }, collection);
      expect(made.status).toBe(201);
      return collection;
    }

    test.for<[action: string, body: object, status: number, part: string, hides?: string[]]>([
      [
        "find",
        { projection: { owner: 0 } },
        200,
        '{"documents":[{"_id":1,"n":1},{"_id":3,"n":3}]}',
        ["i1", "i2"],
      ],
      ["findOne", { filter: { _id: 2 } }, 200, '{"document":null}'],
      ["find", { filter: { internal: "i1" } }, 200, '{"documents":[]}'],
      [
        "find",
        { filter: { $expr: {} } },
        400,
        '"error":"Failed to find documents: FunctionError: mongodb find: operator',
      ],
      [
        "aggregate",
        { pipeline: [{ $group: { _id: "$internal", n: { $sum: "$n" } } }] },
        200,
        '{"documents":[{"_id":null,"n":4}]}',
      ],
      ["insertOne", { document: { _id: 9, owner: "ANN" } }, 201, '{"insertedId":9}'],
      [
        "insertOne",
        { document: { owner: "bob" } },
        403,
        '{"error":"insert not permitted","error_code":"NoMatchingRuleFound"',
      ],
      [
        "insertMany",
        { documents: [{ owner: "ANN" }, { owner: "ANN", internal: 1 }] },
        403,
        '"error":"insert not permitted"',
      ],
      [
        "updateOne",
        { filter: { _id: 1 }, update: { $set: { owner: "bob" } } },
        403,
        '"error":"update not permitted"',
        ["bob"],
      ],
      [
        "updateOne",
        { filter: { _id: 2 }, update: { $set: { owner: "ANN" } } },
        200,
        '{"matchedCount":0,"modifiedCount":0}',
      ],
      [
        "updateMany",
        { filter: {}, update: { $inc: { n: 1 } } },
        200,
        '{"matchedCount":2,"modifiedCount":2}',
      ],
      [
        "replaceOne",
        { filter: { _id: 1 }, replacement: { owner: "ANN" } },
        403,
        '"error":"update not permitted"',
      ],
      ["deleteOne", { filter: { _id: 2 } }, 200, '{"deletedCount":0}'],
      ["deleteOne", { filter: { _id: 1 } }, 403, '"error":"delete not permitted"'],
    ])("a user: %s %j gives %i %s", async ([action, body, status, part, hides = []]) => {
      const collection = await prepare();
      const answer = await call(action, body, collection, asAnn());
      expect(answer.body).toContain(part);
      expect(answer.status).toBe(status);
      expect(hides.filter((each) => answer.body.includes(each))).toEqual([]);
    });

    test("a key is a user of type server, and its role goes by the request's header", async () => {
      const collection = await prepare();
      const narrow = { "X-MODE": "narrow" };
      const filter = { _id: 1 };
      expect((await call("deleteOne", { filter }, collection, narrow)).status).toBe(403);
      expect((await call("findOne", { filter }, collection, narrow)).body).toContain(
        '"internal":"i1"',
      );
      expect((await call("deleteOne", { filter }, collection)).body).toBe('{"deletedCount":1}');
    });

    test("a denied call with an Idempotency-Key leaves nothing, and one that is allowed happens once", async () => {
      const collection = await prepare();
      const once = { ...asAnn(), "Idempotency-Key": "k1" };
      const update = { filter: {}, update: { $inc: { n: 10 } } };
      const first = await call("updateMany", update, collection, once);
      const second = await call("updateMany", update, collection, once);
      expect([first.body, second.body]).toEqual(
        Array.from({ length: 2 }, () => '{"matchedCount":2,"modifiedCount":2}'),
      );
      const denied = { filter: {}, update: { $set: { owner: "bob" } } };
      const refused = await call("updateMany", denied, collection, {
        ...asAnn(),
        "Idempotency-Key": "k2",
      });
      expect(refused.status).toBe(403);
      const insert = {
        documents: [
          { _id: 7, owner: "ANN" },
          { _id: 8, owner: "ANN" },
        ],
      };
      const third = { ...asAnn(), "Idempotency-Key": "k3" };
      const made = [
        await call("insertMany", insert, collection, third),
        await call("insertMany", insert, collection, third),
      ];
      expect(made.map(({ body }) => body)).toEqual(
        Array.from({ length: 2 }, () => '{"insertedIds":[7,8]}'),
      );
      const left = await call("find", { projection: { n: 1 }, sort: { _id: 1 } }, collection);
      expect(left.body).toBe(
        '{"documents":[{"_id":1,"n":11},{"_id":2,"n":2},{"_id":3,"n":13},{"_id":7},{"_id":8}]}',
      );
    });

    test("writers at once never pass a write that the document of the moment denies", async () => {
      const collection = await prepare();
      // Whoever comes after the owner has changed is denied, or finds nothing.
      const calls = Array.from({ length: 24 }, async (_, index) =>
        index % 3 === 0
          ? call(
              "updateOne",
              { filter: { _id: 1 }, update: { $set: { owner: "bob" } } },
              collection,
            )
          : call(
              "updateOne",
              { filter: { _id: 1 }, update: { $inc: { n: 1 } } },
              collection,
              asAnn(),
            ),
      );
      const answers = await Promise.all(calls);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const changed = answers.filter(
        ({ body }, index) => index % 3 !== 0 && body.includes('"modifiedCount":1'),
      );
      const now = await call(
        "findOne",
        { filter: { _id: 1 }, projection: { n: 1, owner: 1 } },
        collection,
      );
      expect(now.body).toBe(`{"document":{"_id":1,"owner":"bob","n":${1 + changed.length}}}`);
    });
  });
}

describe("rules of a push", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => {
    await server.close();
  });

  test.for<[title: string, rules: object, problem: string]>([
    [
      "an unknown expansion",
      { roles: [{ ...role, apply_when: { owner: "%%usr.id" } }] },
      "data_sources/mongodb-atlas/shop/orders/rules.json:8:26 roles[0].apply_when.owner: there is no expansion %%usr.id",
    ],
    [
      "an operator within a field",
      { roles: [{ ...role, fields: { a: { fields: { b: { read: { "%xor": [] } } } } } }] },
      "roles[0].fields.a.fields.b.read.%xor: there is no operator %xor",
    ],
    [
      "a document in a filter's apply_when",
      { roles: [role], filters: [{ name: "f", apply_when: { a: 1 } }] },
      "filters[0].apply_when.a: there is no document here whose field a could be",
    ],
    [
      "a filter's query",
      { roles: [role], filters: [{ name: "f", apply_when: {}, query: { a: { $foo: 1 } } }] },
      "filters[0].query.a.$foo: $foo can not stand here",
    ],
    [
      "a filter's projection",
      { roles: [role], filters: [{ name: "f", apply_when: {}, projection: { a: 1, b: 0 } }] },
      "filters[0].projection: Cannot do exclusion on field b in inclusion projection",
    ],
  ])("%s is refused with its place", async ([, given, problem]) => {
    const admin = await adminApp(server);
    const file = "data_sources/mongodb-atlas/shop/orders/rules.json";
    const sample = sampleWith(v20210101, {
      [file]: { database: "shop", collection: "orders", ...given },
    });
    await expect(admin.push(sample)).rejects.toThrow(JSON.stringify(problem).slice(1, -1));
  });
});
