/** What lies in a data source, through the admin API: as the console's Data screen shows and changes it. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { startServer, type TestServer } from "../support/server.ts";

const root = "{A}/data/mongodb-atlas";

describeData("data on the embedded store", () => ({}));
const uri = inject("mongodUri");
describe.skipIf(uri === null)("with MongoDB", () => {
  describeData("data on MongoDB", () => ({ source: `mongodb-atlas=${uri}` }));
});

/** One of each type, as the admin API writes it. */
const everyType = {
  _id: { $numberInt: "1" },
  objectId: { $oid: "64b7f0c2a1d3e4f5a6b7c8d9" },
  int: { $numberInt: "7" },
  long: { $numberLong: "7" },
  double: { $numberDouble: "7.0" },
  notANumber: { $numberDouble: "NaN" },
  decimal: { $numberDecimal: "7.00" },
  text: "7",
  yes: true,
  nothing: null,
  date: { $date: { $numberLong: "-1" } },
  binary: { $binary: { base64: "AQI=", subType: "80" } },
  uuid: { $binary: { base64: "AAECAwQFBgcICQoLDA0ODw==", subType: "04" } },
  timestamp: { $timestamp: { t: 5, i: 6 } },
  regex: { $regularExpression: { pattern: "^a", options: "i" } },
  code: { $code: "return 1" },
  symbol: { $symbol: "s" },
  least: { $minKey: 1 },
  greatest: { $maxKey: 1 },
  list: [{ $numberInt: "1" }, { $numberLong: "2" }],
  inner: { a: { $numberDouble: "1.5" } },
};

function describeData(title: string, flags: () => Readonly<Record<string, unknown>>): void {
  describe(title, () => {
    let server: TestServer;
    let admin: Admin;
    let place: { readonly database: string; readonly collection: string };
    let inDatabase: string;

    beforeAll(async () => {
      server = await startServer(flags());
      admin = await adminOf(server);
      place = { database: server.database, collection: "things" };
      inDatabase = `${root}/databases/${server.database}/collections`;
    });
    afterAll(async () => {
      const names = await admin.must<readonly { readonly name: string }[]>("GET", inDatabase);
      for (const { name } of names)
        await admin.call("DELETE", `${inDatabase}/${encodeURIComponent(name)}`);
      await server.close();
    });

    const act = async (action: string, body: object): Promise<unknown> => {
      const reply = await admin.call("POST", `${root}/actions/${action}`, { ...place, ...body });
      return { status: reply.status, body: reply.body };
    };

    test("every type comes back as it went", async () => {
      expect(await act("insertOne", { document: everyType })).toEqual({
        status: 200,
        body: { insertedId: { $numberInt: "1" } },
      });
      const { body } = (await act("findOne", { filter: { _id: 1 } })) as {
        readonly body: { readonly document: object };
      };
      expect(body.document).toEqual(everyType);
      expect(Object.keys(body.document)).toEqual(Object.keys(everyType));
    });

    test("names that mean something to a program, or to nobody, stay names", async () => {
      const document = JSON.parse(
        `{"_id":"odd","__proto__":{"a":"<script>"},"constructor":"\\u202eabc","":"\\u0000"}`,
      ) as object;
      await act("insertOne", { document });
      const found = await admin.call("POST", `${root}/actions/findOne`, {
        ...place,
        filter: { _id: "odd" },
      });
      expect(JSON.stringify(found.body)).toBe(
        `{"document":{"_id":"odd","__proto__":{"a":"<script>"},"constructor":"\u202eabc","":"\\u0000"}}`,
      );
      await act("deleteOne", { filter: { _id: "odd" } });
    });

    test("each action, one after the other", async () => {
      const [a, b, c] = ["a", "b", "c"].map((_id, at) => ({ _id, n: { $numberInt: String(at) } }));
      const many = { filter: { n: { $exists: true } } };
      for (const [action, body, answer] of [
        ["insertMany", { documents: [a, b] }, { insertedIds: ["a", "b"] }],
        ["insertOne", { document: c }, { insertedId: "c" }],
        ["find", { ...many, sort: { n: -1 }, skip: 1, limit: 1 }, { documents: [b] }],
        [
          "find",
          { filter: { _id: "c" }, projection: { n: 1, _id: 0 } },
          { documents: [{ n: c?.n }] },
        ],
        ["countDocuments", many, { count: { $numberInt: "3" } }],
        ["countDocuments", { ...many, limit: 2 }, { count: { $numberInt: "2" } }],
        ["distinct", { ...many, field: "_id" }, { values: ["a", "b", "c"] }],
        [
          "aggregate",
          { pipeline: [{ $match: many.filter }, { $group: { _id: null, n: { $sum: "$n" } } }] },
          { documents: [{ _id: null, n: { $numberInt: "3" } }] },
        ],
        [
          "updateOne",
          { filter: { _id: "a" }, update: { $set: { n: { $numberLong: "5" } } } },
          { matchedCount: { $numberInt: "1" }, modifiedCount: { $numberInt: "1" } },
        ],
        [
          "updateMany",
          { ...many, update: { $inc: { n: 1 } } },
          { matchedCount: { $numberInt: "3" }, modifiedCount: { $numberInt: "3" } },
        ],
        ["findOne", { filter: { _id: "a" } }, { document: { _id: "a", n: { $numberLong: "6" } } }],
        [
          "replaceOne",
          { filter: { _id: "a" }, replacement: { m: 1 } },
          { matchedCount: { $numberInt: "1" }, modifiedCount: { $numberInt: "1" } },
        ],
        [
          "updateOne",
          { filter: { _id: "d" }, update: { $set: { n: 1 } }, upsert: true },
          {
            matchedCount: { $numberInt: "0" },
            modifiedCount: { $numberInt: "0" },
            upsertedId: "d",
          },
        ],
        ["deleteOne", { filter: { _id: "a" } }, { deletedCount: { $numberInt: "1" } }],
        ["deleteMany", many, { deletedCount: { $numberInt: "3" } }],
        ["findOne", { filter: { _id: "a" } }, { document: null }],
      ] as const)
        expect([action, await act(action, body)]).toEqual([action, { status: 200, body: answer }]);
    });

    test("a replacement that another was faster than replaces nothing", async () => {
      const read = { _id: "raced", n: { $numberLong: "1" } };
      await act("insertOne", { document: read });
      const unchanged = {
        filter: { _id: "raced", $expr: { $eq: ["$$ROOT", { $literal: read }] } },
        replacement: { n: { $numberLong: "2" } },
      };
      for (const count of ["1", "0"])
        expect(await act("replaceOne", unchanged)).toMatchObject({
          body: { matchedCount: { $numberInt: count } },
        });
      await act("deleteOne", { filter: { _id: "raced" } });
    });

    test("explain says how a query is read", async () => {
      const reply = await act("explain", { filter: { _id: 1 }, sort: { n: 1 }, limit: 5 });
      expect(reply).toMatchObject({ status: 200, body: { queryPlanner: expect.anything() } });
    });

    test("databases and collections are listed, made and dropped", async () => {
      expect(await admin.call("POST", inDatabase, { name: "a b/c" })).toMatchObject({
        status: 201,
        body: { name: "a b/c" },
      });
      expect((await admin.call("GET", inDatabase)).body).toEqual([
        { name: "a b/c" },
        { name: "things" },
      ]);
      expect((await admin.call("GET", `${root}/databases`)).body).toContain(server.database);
      expect(await admin.call("POST", inDatabase, { name: "a b/c" })).toMatchObject({
        status: 400,
        body: { error_code: "MongoDBError", error: expect.stringContaining("NamespaceExists") },
      });
      expect((await admin.call("DELETE", `${inDatabase}/a%20b%2Fc`)).status).toBe(204);
      expect((await admin.call("GET", inDatabase)).body).toEqual([{ name: "things" }]);
    });

    test("stats count and weigh", async () => {
      expect((await admin.call("GET", `${inDatabase}/things/stats`)).body).toMatchObject({
        count: { $numberInt: "1" },
        size: expect.anything(),
        indexSizes: { _id_: expect.anything() },
      });
    });

    test("indexes are listed, made and dropped", async () => {
      const path = `${inDatabase}/things/indexes`;
      const wanted = { keys: { n: 1, m: -1 }, options: { unique: true, name: "by n" } };
      expect(await admin.call("POST", path, wanted)).toMatchObject({
        status: 201,
        body: { name: "by n" },
      });
      expect((await admin.call("GET", path)).body).toMatchObject([
        {
          name: "_id_",
          key: { _id: { $numberInt: "1" } },
          accesses: { ops: { $numberLong: expect.any(String) } },
        },
        {
          name: "by n",
          unique: true,
          key: { n: { $numberInt: "1" }, m: { $numberInt: "-1" } },
        },
      ]);
      await act("insertMany", { documents: [{ _id: "u", n: 1, m: 1 }] });
      expect(await act("insertOne", { document: { _id: "v", n: 1, m: 1 } })).toMatchObject({
        status: 400,
        body: { error: expect.stringContaining("E11000") },
      });
      await act("deleteOne", { filter: { _id: "u" } });
      expect((await admin.call("DELETE", `${path}/by%20n`)).status).toBe(204);
      expect((await admin.call("GET", path)).body).toHaveLength(1);
      for (const name of ["by%20n", "_id_"])
        expect(await admin.call("DELETE", `${path}/${name}`)).toMatchObject({
          status: 400,
          body: { error_code: "MongoDBError" },
        });
    });

    test.for<[title: string, path: string, body: object, status: number, code: string]>([
      ["an action that is none", "dropDatabase", {}, 404, "EndpointNotFound"],
      ["an action of all objects", "constructor", {}, 404, "EndpointNotFound"],
      ["no database", "find", { database: undefined }, 400, "MissingParameter"],
      ["no collection", "countDocuments", { collection: undefined }, 400, "MissingParameter"],
      ["a database that is none", "find", { database: 5 }, 400, "InvalidParameter"],
      ["a filter that is none", "find", { filter: "all" }, 400, "InvalidParameter"],
      ["a filter that is none", "countDocuments", { filter: 5 }, 400, "InvalidParameter"],
      ["an operator that is none", "find", { filter: { $nope: 1 } }, 400, "MongoDBError"],
      ["a stage that is none", "aggregate", { pipeline: [{ $nope: 1 }] }, 400, "MongoDBError"],
      ["no field", "distinct", {}, 400, "MissingParameter"],
      ["no document", "insertOne", {}, 400, "MissingParameter"],
      ["a negative limit", "find", { limit: -1 }, 400, "InvalidParameter"],
    ])("an action with %s (%s) is refused", async ([, action, body, status, code]) => {
      expect(await act(action, body)).toMatchObject({ status, body: { error_code: code } });
    });

    test("a wrapper that is none is refused", async () => {
      expect(await act("insertOne", { document: { a: { $oid: "x" } } })).toMatchObject({
        status: 400,
      });
    });

    test.for(["admin", "config", "local", "__petiole", "Admin", "__PETIOLE"])(
      "the database %s is refused everywhere",
      async (database) => {
        const collections = `${root}/databases/${database}/collections`;
        for (const [method, path, body] of [
          ["GET", collections, undefined],
          ["POST", collections, { name: "x" }],
          ["DELETE", `${collections}/apps`, undefined],
          ["GET", `${collections}/apps/stats`, undefined],
          ["GET", `${collections}/apps/indexes`, undefined],
          ["POST", `${collections}/apps/indexes`, { keys: { a: 1 } }],
          ["DELETE", `${collections}/apps/indexes/a`, undefined],
        ] as const)
          expect(await admin.call(method, path, body)).toMatchObject({
            status: 403,
            body: { error_code: "Forbidden" },
          });
        const { status } = (await act("find", { database, collection: "apps" })) as {
          readonly status: number;
        };
        expect(status).toBeGreaterThanOrEqual(400);
        expect((await admin.call("GET", `${root}/databases`)).body).not.toContain(database);
      },
    );

    test("a data source that is none is refused", async () => {
      for (const path of ["{A}/data/other/databases", "{A}/data/__proto__/databases"])
        expect(await admin.call("GET", path)).toMatchObject({
          status: 400,
          body: { error_code: "ServiceNotFound" },
        });
    });

    test("bodies that are none are refused", async () => {
      for (const [path, body] of [
        [inDatabase, {}],
        [inDatabase, { name: "" }],
        [`${inDatabase}/things/indexes`, {}],
        [`${inDatabase}/things/indexes`, { keys: "n" }],
        [`${inDatabase}/things/indexes`, { keys: {} }],
        [`${inDatabase}/things/indexes`, { keys: { n: 7, m: "nope" } }],
        [`${root}/actions/find`, []],
      ] as const)
        expect([path, await admin.call("POST", path, body)]).toMatchObject([path, { status: 400 }]);
    });
  });
}
