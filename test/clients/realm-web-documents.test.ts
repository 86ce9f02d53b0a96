/** realm-web reads and writes documents, on each data source. */
import { App, BSON, Credentials, getEnvironment, type User } from "realm-web";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ClientServer, sourcesHere, startClientServer } from "../support/client-app.ts";

interface Document {
  readonly _id: unknown;
  readonly [name: string]: unknown;
}

describe.for(sourcesHere())("realm-web: documents on %s", (source) => {
  let server: ClientServer;
  let user: User;
  let names = 0;
  beforeAll(async () => {
    server = await startClientServer(source);
    getEnvironment().defaultStorage.clear();
    user = await new App({ id: server.appId, baseUrl: server.url }).logIn(Credentials.anonymous());
  });
  afterAll(async () => {
    await server.close();
  });
  const open = (): Realm.Services.MongoDB.MongoDBCollection<Document> => {
    names += 1;
    return user.mongoClient("mongodb-atlas").db(server.database).collection(`rw${names}`);
  };

  test("documents are made, found, changed and deleted", async () => {
    const items = open();
    const { insertedId } = await items.insertOne({ name: "a", n: 1 });
    expect(insertedId).toBeInstanceOf(BSON.ObjectId);
    const many = await items.insertMany([
      { _id: "two", name: "b", n: 2 },
      { _id: "three", name: "c", n: 3 },
    ]);
    expect(many).toEqual({ insertedIds: ["two", "three"] });
    expect(await items.count()).toBe(3);
    expect(await items.count({ n: { $gte: 1 } }, { limit: 2 })).toBe(2);
    expect(
      await items.find({ n: { $gt: 1 } }, { projection: { _id: 0, n: 1 }, sort: { n: -1 } }),
    ).toEqual([{ n: 3 }, { n: 2 }]);
    expect(await items.find({}, { sort: { n: 1 }, limit: 1 })).toEqual([
      { _id: insertedId, name: "a", n: 1 },
    ]);
    expect(await items.findOne({ _id: "two" })).toEqual({ _id: "two", name: "b", n: 2 });
    expect(await items.findOne({}, { sort: { n: -1 }, projection: { name: 1 } })).toEqual({
      _id: "three",
      name: "c",
    });
    expect(await items.findOne({ _id: "nix" })).toBeNull();
    expect(
      await items.aggregate([
        { $group: { _id: null, sum: { $sum: "$n" } } },
        { $project: { _id: 0 } },
      ]),
    ).toEqual([{ sum: 6 }]);
    expect(await items.updateOne({ _id: "two" }, { $set: { n: 20 } })).toEqual({
      matchedCount: 1,
      modifiedCount: 1,
    });
    expect(await items.updateMany({}, { $inc: { n: 1 } })).toEqual({
      matchedCount: 3,
      modifiedCount: 3,
    });
    expect(await items.updateOne({ _id: "four" }, { $set: { n: 4 } }, { upsert: true })).toEqual({
      matchedCount: 0,
      modifiedCount: 0,
      upsertedId: "four",
    });
    expect(await items.deleteOne({ _id: "four" })).toEqual({ deletedCount: 1 });
    expect(await items.deleteMany({})).toEqual({ deletedCount: 3 });
  });

  test("a list within a document is changed by filters", async () => {
    const items = open();
    await items.insertOne({ _id: 1, list: [1, 5, 9] });
    await items.updateOne(
      { _id: 1 },
      { $set: { "list.$[big]": 0 } },
      { arrayFilters: [{ big: { $gt: 4 } }] },
    );
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, list: [1, 0, 0] });
  });

  test("a document is found and changed in one step", async () => {
    const items = open();
    await items.insertOne({ _id: 1, n: 1 });
    const after = { returnNewDocument: true };
    expect(await items.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } })).toEqual({
      _id: 1,
      n: 1,
    });
    expect(await items.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, after)).toEqual({
      _id: 1,
      n: 3,
    });
    expect(await items.findOneAndReplace({ _id: 1 }, { m: 1 }, after)).toEqual({ _id: 1, m: 1 });
    // It asks for `findOneAndReplace` without a document.
    expect(await items.findOneAndDelete({ _id: 1 })).toEqual({ _id: 1, m: 1 });
    expect(await items.count()).toBe(0);
  });

  test("every type of BSON is kept", async () => {
    const items = open();
    const id = new BSON.ObjectId();
    const values: readonly (readonly [type: string, value: unknown])[] = [
      ["double", new BSON.Double(1.5)],
      ["string", "ü € 😀 \u0000"],
      ["object", { a: { b: [] } }],
      ["array", [1, "two", null]],
      ["binData", new BSON.Binary(Buffer.from("bytes"), 0)],
      ["objectId", id],
      ["bool", true],
      ["date", new Date("2026-01-02T03:04:05.678Z")],
      ["null", null],
      ["regex", new BSON.BSONRegExp("^a.b", "im")],
      ["javascript", new BSON.Code("return 1")],
      ["javascriptWithScope", new BSON.Code("return a", { a: 1 })],
      ["int", new BSON.Int32(7)],
      ["timestamp", new BSON.Timestamp(new BSON.Long(5, 6))],
      ["long", BSON.Long.fromString("9007199254740993")],
      ["decimal", BSON.Decimal128.fromString("1.10")],
      ["minKey", new BSON.MinKey()],
      ["maxKey", new BSON.MaxKey()],
      ["symbol", new BSON.BSONSymbol("sym")],
    ];
    await items.insertOne({
      _id: "all",
      ...Object.fromEntries(values.map(([type, value]) => [`f_${type}`, value])),
    });
    const fields = values.map(([type]) => [type, { $type: `$f_${type}` }] as const);
    const [types] = (await items.aggregate([
      { $project: { _id: 0, ...Object.fromEntries(fields) } },
    ])) as readonly Document[];
    expect(types).toEqual(Object.fromEntries(values.map(([type]) => [type, type])));
    const found = await items.findOne({ _id: "all" });
    expect(found).toMatchObject({
      f_double: 1.5,
      f_string: "ü € 😀 \u0000",
      f_object: { a: { b: [] } },
      f_array: [1, "two", null],
      f_objectId: id,
      f_bool: true,
      f_date: new Date("2026-01-02T03:04:05.678Z"),
      f_null: null,
      f_int: 7,
    });
    const { f_decimal: decimal, f_binData: bytes } = found as Record<string, BSON.Binary>;
    expect(String(decimal)).toBe("1.10");
    expect(Buffer.from(bytes?.buffer ?? []).toString()).toBe("bytes");
  });

  test("what fails says why", async () => {
    const items = open();
    await items.insertOne({ _id: 1 });
    await expect(items.insertOne({ _id: 1 })).rejects.toMatchObject({
      statusCode: 400,
      errorCode: "MongoDBError",
      error: expect.stringContaining("E11000 duplicate key error"),
    });
    await expect(items.find({ $nix: 1 })).rejects.toMatchObject({
      statusCode: 400,
      errorCode: "MongoDBError",
      error: expect.stringContaining("unknown top level operator: $nix"),
    });
    const nowhere = user.mongoClient("elsewhere").db("d").collection("c");
    await expect(nowhere.find()).rejects.toMatchObject({
      statusCode: 400,
      errorCode: "ServiceNotFound",
      error: "service not found: 'elsewhere'",
    });
  });
});
