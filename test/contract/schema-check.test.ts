/** A schema made of documents, and documents tried against a schema, before it is deployed. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { startServer, type TestServer } from "../support/server.ts";

const uri = inject("mongodUri");

const documents = [
  {
    _id: { $oid: "64a000000000000000000001" },
    n: 1,
    name: "a",
    tags: ["x", 1],
    at: { place: { zip: "1" } },
    __proto__x: true,
  },
  { _id: { $oid: "64a000000000000000000002" }, n: { $numberLong: "2" }, name: null, tags: [] },
  { _id: { $oid: "64a000000000000000000003" }, n: 3.5, name: "c", tags: [{ a: 1 }] },
];

describe.for([
  ["embedded", {}],
  ["MongoDB", { source: `mongodb-atlas=${uri}` }],
] as const)("on %s", ([kind, flags]) => {
  const isThere = kind === "embedded" || uri !== null;
  let server: TestServer;
  let admin: Admin;
  let place: string;
  beforeAll(async () => {
    if (!isThere) return;
    server = await startServer(flags);
    admin = await adminOf(server);
    place = `{A}/data/mongodb-atlas/databases/${server.database}/collections/things`;
    await admin.must("POST", "{A}/data/mongodb-atlas/actions/insertMany", {
      database: server.database,
      collection: "things",
      documents,
    });
  });
  afterAll(async () => {
    await admin?.call("DELETE", place);
    await server?.close();
  });

  test.runIf(isThere)("a schema is made of a sample", async () => {
    expect(await admin.must("GET", `${place}/schema_sample?size=100`)).toEqual({
      count: { $numberInt: "3" },
      schema: {
        title: "things",
        bsonType: "object",
        properties: {
          _id: { bsonType: "objectId" },
          n: { bsonType: ["double", "int", "long"] },
          name: { bsonType: ["null", "string"] },
          tags: {
            bsonType: "array",
            items: {
              bsonType: ["int", "object", "string"],
              properties: { a: { bsonType: "int" } },
              required: ["a"],
            },
          },
          at: {
            bsonType: "object",
            properties: {
              place: {
                bsonType: "object",
                properties: { zip: { bsonType: "string" } },
                required: ["zip"],
              },
            },
            required: ["place"],
          },
          __proto__x: { bsonType: "bool" },
        },
        required: ["_id", "n", "tags"],
      },
    });
  });

  test.runIf(isThere)("what was sampled passes", async () => {
    const { schema } = await admin.must<{ readonly schema: object }>(
      "GET",
      `${place}/schema_sample`,
    );
    expect(await check(schema)).toEqual({ checked: 3, invalid: 0, documents: [], done: true });
  });

  test.runIf(isThere)("documents that would be refused are named with what is wrong", async () => {
    expect(
      await check({ bsonType: "object", properties: { n: { bsonType: "int" } } }),
    ).toMatchObject({
      checked: 3,
      invalid: 2,
      documents: [
        {
          _id: { $oid: "64a000000000000000000002" },
          violations: [{ field: "(root).n", message: expect.any(String) as string }],
        },
        { _id: { $oid: "64a000000000000000000003" } },
      ],
    });
  });

  test
    .runIf(isThere)
    .for<[title: string, method: string, path: string, body: object | undefined, status: number]>([
      ["no schema", "POST", "schema_check", {}, 400],
      ["a wrong schema", "POST", "schema_check", { schema: { bsonType: "no such" } }, 400],
      ["a sample of none", "GET", "schema_sample?size=0", undefined, 400],
      ["too big a sample", "GET", "schema_sample?size=5001", undefined, 400],
      ["a size that is no number", "GET", "schema_sample?size=1e3", undefined, 400],
    ])("%s is refused", async ([, method, path, body, status]) => {
    expect((await admin.call(method, `${place}/${path}`, body)).status).toBe(status);
  });

  test.runIf(isThere)("Petiole's own database is closed", async () => {
    const own = "{A}/data/mongodb-atlas/databases/admin/collections/x/schema_sample";
    expect((await admin.call("GET", own)).status).toBe(403);
  });

  async function check(schema: object): Promise<unknown> {
    const events = String(await admin.must("POST", `${place}/schema_check`, { schema }));
    const last = events.trim().split("\n\n").at(-1) ?? "";
    return JSON.parse(last.replace(/^data: /, ""));
  }
});
