import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import {
  Binary,
  BsonSymbol,
  Code,
  CodeWithScope,
  DateTime,
  DbPointer,
  Double,
  MaxKey,
  MinKey,
  ObjectId,
  Regex,
  Timestamp,
  Undefined,
  type Value,
} from "../../src/bson/value.ts";
import { Fault } from "../../src/kit/fault.ts";
import { MongoError } from "../../src/kit/mongo-error.ts";
import { contractCases, differencesOf, runCase } from "../../src/sources/contract.ts";
import { openMongodb } from "../../src/sources/mongodb.ts";
import type { Batches, DataSource } from "../../src/sources/source.ts";
import { describeOnMongod } from "../support/shared-mongod.ts";

async function collect(batches: Batches): Promise<readonly Doc[]> {
  const found: Doc[] = [];
  for await (const batch of batches) found.push(...batch);
  return found;
}

describeOnMongod("the MongoDB source", ({ uri, database }) => {
  let source: DataSource;
  beforeAll(async () => {
    source = await openMongodb(uri, { name: "mongodb-atlas" });
  });
  afterAll(async () => {
    await source.dropDatabase(database);
    await source.close();
  });

  test.for(contractCases.map((each, index) => [each.title, each, index] as const))(
    "contract: %s",
    async ([, contractCase, index]) => {
      const collection = source.collection(database, `case${index}`);
      const outcome = await runCase(contractCase, source, collection);
      expect(differencesOf(contractCase, outcome)).toEqual([]);
    },
  );

  describe("a transaction", () => {
    const increment = Doc.of({ $inc: Doc.of({ n: 1 }) });
    const one = Doc.of({ _id: 1 });

    test("sees its own writes, others when it is committed", async () => {
      const collection = source.collection(database, "transaction");
      await collection.insertOne(Doc.of({ _id: 1, n: 0 }));
      const transaction = await source.startTransaction();
      const inside = transaction.collection(database, "transaction");
      await inside.updateOne(one, increment);
      const seen = [await inside.findOne(one), await collection.findOne(one)];
      expect(seen.map((each) => each?.get("n"))).toEqual([1, 0]);
      expect(await collect(inside.find(Doc.empty))).toHaveLength(1);
      await transaction.commit();
      await transaction.abort();
      expect((await collection.findOne(one))?.get("n")).toBe(1);
    });

    test("leaves nothing when it is aborted", async () => {
      const collection = source.collection(database, "transaction_aborted");
      await collection.insertOne(one);
      const work = source.withTransaction(async (transaction) => {
        await transaction.collection(database, "transaction_aborted").deleteOne(one);
        throw new TypeError("changed my mind");
      });
      await expect(work).rejects.toThrow("changed my mind");
      expect(await collection.countDocuments(Doc.empty)).toBe(1);
    });

    test("is done again when another one was in its way", async () => {
      const collection = source.collection(database, "transaction_many");
      await collection.insertOne(Doc.of({ _id: 1, n: 0 }));
      await Promise.all(
        Array.from({ length: 8 }, async () =>
          source.withTransaction(async (transaction) => {
            const inside = transaction.collection(database, "transaction_many");
            const found = await inside.findOne(one);
            const next = Doc.of({ $set: Doc.of({ n: Number(found?.get("n")) + 1 }) });
            await inside.updateOne(one, next);
          }),
        ),
      );
      expect((await collection.findOne(one))?.get("n")).toBe(8);
    });

    test("reads from the primary, whatever the source prefers", async () => {
      const preferring = await openMongodb(uri, {
        name: "mongodb-atlas",
        readPreference: { mode: "secondaryPreferred" },
      });
      const found = preferring.withTransaction(async (transaction) =>
        transaction.collection(database, "transaction").findOne(one),
      );
      expect((await found)?.get("_id")).toBe(1);
      await preferring.close();
    });
  });

  test("a watch ends with its signal", async () => {
    const stop = new AbortController();
    const batches = await source.collection(database, "watched").watch([], { signal: stop.signal });
    const running = collect(batches);
    stop.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
  });

  test("every type comes back byte for byte, fields in their order", async () => {
    const id = new ObjectId(1, 2, 3);
    const values: Value[] = [
      new Double(-0),
      new Double(1),
      1,
      1n,
      "text",
      Doc.fromEntries([
        ["1", true],
        ["0", false],
      ]),
      [[], [1]],
      new Binary(0, Buffer.from("x")),
      new Binary(2, Buffer.from("old")),
      Undefined,
      id,
      null,
      new DateTime(-1),
      new Regex("a", "im"),
      new DbPointer("a.b", id),
      new Code("f"),
      new CodeWithScope("f", Doc.of({ a: 1 })),
      new BsonSymbol("s"),
      new Timestamp(1, 2),
      MinKey,
      MaxKey,
    ];
    const document = Doc.fromEntries([
      ["_id", 1],
      ...values.map((value, index) => [String(99 - index), value] as const),
    ]);
    const collection = source.collection(database, "types");
    await collection.insertOne(document);
    const found = await collection.findOne(Doc.of({ _id: 1 }));
    expect(found?.toBytes().equals(document.toBytes())).toBe(true);
  });

  test("a cursor gives all of its batches, and can be left", async () => {
    const collection = source.collection(database, "many");
    await collection.insertMany(Array.from({ length: 2500 }, (_, index) => Doc.of({ _id: index })));
    expect(await collect(collection.find(Doc.empty))).toHaveLength(2500);
    for await (const batch of collection.find(Doc.empty)) {
      expect(batch).toHaveLength(1000);
      break;
    }
  });

  test("an insert of more than one message's worth arrives whole", async () => {
    const text = "x".repeat(15_000_000);
    const collection = source.collection(database, "big");
    const documents = Array.from({ length: 4 }, (_, index) => Doc.of({ _id: index, text }));
    expect(await collection.insertMany(documents)).toEqual([0, 1, 2, 3]);
    expect(await collection.countDocuments(Doc.empty)).toBe(4);
    await collection.drop();
  });

  test.for<
    [title: string, run: (source: DataSource) => Promise<unknown>, code: number, text: RegExp]
  >([
    [
      "a filter with an unknown operator",
      (from) => from.collection(database, "e").findOne(Doc.of({ a: Doc.of({ $x: 1 }) })),
      2,
      /^unknown operator: \$x$/,
    ],
    [
      "a duplicate key",
      (from) => from.collection(database, "e").insertMany([Doc.of({ _id: 1 }), Doc.of({ _id: 1 })]),
      11_000,
      /^E11000 duplicate key error collection: \w+\.e index: _id_ dup key: \{ _id: 1 \}$/,
    ],
    [
      "an update without operators",
      (from) => from.collection(database, "e").updateOne(Doc.empty, Doc.of({ a: 1 })),
      9,
      /^Update document requires atomic operators$/,
    ],
    [
      "an index that is not there",
      (from) => from.collection(database, "e").dropIndex("x_1"),
      27,
      /^index not found with name \[x_1\]$/,
    ],
  ])("fails with the server's code and wording: %s", async ([, run, code, text]) => {
    const error = await run(source).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MongoError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(text) });
  });

  test("an update reports what it matched, modified and inserted", async () => {
    const collection = source.collection(database, "updates");
    const update = Doc.of({ $set: Doc.of({ a: 1 }) });
    const filter = Doc.of({ _id: "x" });
    const upserted = await collection.updateOne(filter, update, { upsert: true });
    expect(upserted).toEqual({ matchedCount: 0, modifiedCount: 0, upsertedId: "x" });
    expect(await collection.updateMany(filter, update)).toEqual({
      matchedCount: 1,
      modifiedCount: 0,
    });
    const after = await collection.findOneAndUpdate(filter, [Doc.of({ $set: Doc.of({ a: 2 }) })], {
      returnDocument: "after",
    });
    expect(after?.get("a")).toBe(2);
  });

  test("a bulk keeps the order of its operations, and says what each did", async () => {
    const collection = source.collection(database, "bulk");
    const set = Doc.of({ $set: Doc.of({ a: 1 }) });
    const result = await collection.bulkWrite([
      { insertOne: { document: Doc.of({ _id: 1 }) } },
      { insertOne: { document: Doc.of({ _id: 2 }) } },
      { updateMany: { filter: Doc.empty, update: set } },
      { updateOne: { filter: Doc.of({ _id: 3 }), update: set, upsert: true } },
      { deleteOne: { filter: Doc.of({ _id: 1 }) } },
    ]);
    expect(result).toEqual({
      insertedCount: 2,
      matchedCount: 2,
      modifiedCount: 2,
      deletedCount: 1,
      upsertedCount: 1,
      insertedIds: new Map([
        [0, 1],
        [1, 2],
      ]),
      upsertedIds: new Map([[3, 3]]),
    });
  });

  test("a deadline stops the server's work and is MongoDB's own failure", async () => {
    const collection = source.collection(database, "many");
    const filter = Doc.of({ $where: new Code("sleep(50); return true") });
    const error = await collection
      .findOne(filter, { signal: AbortSignal.timeout(200), sort: Doc.of({ a: 1 }) })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 50, message: "operation exceeded time limit" });
  });

  test("explain tells the plan", async () => {
    const plan = await source.collection(database, "many").explain(Doc.of({ _id: 1 }));
    expect(plan.get("queryPlanner")).toBeInstanceOf(Doc);
  });
});

test("a server that is not there is a fault without the credentials", async () => {
  const source = await openMongodb("mongodb://user:secret@127.0.0.1:1/", {
    name: "mongodb-atlas",
    serverSelectionTimeoutMs: 200,
  });
  for (const attempt of [1, 2]) {
    const error = await source
      .collection("d", "c")
      .findOne(Doc.of({ attempt }))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Fault);
    expect(error).toMatchObject({
      code: "ServiceUnavailable",
      message: "data source 'mongodb-atlas' can not be reached",
    });
  }
  expect(await source.ping()).toBe(false);
  await source.close();
});

test("who does not wait any more for a server that is not there goes at once", async () => {
  const source = await openMongodb("mongodb://127.0.0.1:1/", { name: "mongodb-atlas" });
  const leaving = new AbortController();
  const reason = new Error("the caller has gone");
  const collection = source.collection("d", "c");
  const calls = [
    collection.findOne(Doc.empty, { signal: leaving.signal }),
    collection.insertOne(Doc.empty, { signal: leaving.signal }),
  ];
  const waiting = Promise.allSettled(calls);
  leaving.abort(reason);
  expect(await waiting).toEqual(calls.map(() => ({ status: "rejected", reason })));
  await source.close();
});

test("a connection string that is not valid is refused without quoting it", async () => {
  await expect(openMongodb("mongodb://user:secret@/?x", { name: "m" })).rejects.toThrow(
    /^the connection string of data source 'm' is not valid$/,
  );
});
