import { MongoClient } from "mongodb";
import { expect, test } from "vitest";
import { findMongod } from "./mongod.ts";
import { describeOnMongod } from "./shared-mongod.ts";

test("mongod: a running server comes before every program", () => {
  const uri = "mongodb://127.0.0.1:1";
  const environment = { PETIOLE_TEST_MONGODB_URI: uri, MONGOMS_SYSTEM_BINARY: process.execPath };
  expect(findMongod(environment)).toEqual({ kind: "uri", uri });
});

test("mongod: a named program comes before PATH", () => {
  const environment = { MONGOMS_SYSTEM_BINARY: process.execPath, PATH: "/usr/bin" };
  expect(findMongod(environment)).toEqual({ kind: "binary", path: process.execPath });
});

test("mongod: a named program that is not there is an error", () => {
  expect(() => findMongod({ MONGOMS_SYSTEM_BINARY: "/nowhere/mongod" })).toThrow("/nowhere/mongod");
});

test("mongod: nothing found is null, and an error in CI", () => {
  const nowhere = { PATH: "/nowhere", PETIOLE_CACHE: "/nowhere" };
  expect(findMongod(nowhere)).toBeNull();
  expect(() => findMongod({ ...nowhere, CI: "true" })).toThrow("no MongoDB found");
});

describeOnMongod("mongod", ({ uri, database }) => {
  test("mongod: the shared server is a replica set that answers", async () => {
    const client = await MongoClient.connect(uri);
    try {
      const hello = await client.db("admin").command({ hello: 1 });
      expect(hello).toMatchObject({ setName: "rs0", isWritablePrimary: true });
      const { insertedId } = await client.db(database).collection("c").insertOne({ n: 1 });
      expect(await client.db(database).collection("c").findOne({ _id: insertedId })).toMatchObject({
        n: 1,
      });
      await client.db(database).dropDatabase();
    } finally {
      await client.close();
    }
  });
});
