/** What an embedded source keeps, clears away and copies over its life. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { DateTime, type Value } from "../bson/value.ts";
import { type EmbeddedSource, openEmbedded } from "./embedded.ts";
import type { Collection } from "./source.ts";

let path = "";
let source: EmbeddedSource;
beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), "petiole-life-"));
  source = await open();
});
afterEach(async () => {
  await source.close();
  rmSync(path, { recursive: true });
});

function open(directory = join(path, "store")): Promise<EmbeddedSource> {
  return openEmbedded(directory, { expiryMs: 0 });
}

async function idsOf(collection: Collection, filter: Doc = Doc.empty): Promise<readonly Value[]> {
  const ids: Value[] = [];
  for await (const batch of collection.find(filter))
    for (const doc of batch) ids.push(doc.get("_id") ?? null);
  return ids;
}

function numbered(count: number): readonly Doc[] {
  return Array.from({ length: count }, (_, id) =>
    Doc.of({ _id: id, a: id % 10, tags: [id % 3, "x"] }),
  );
}

test("embedded: documents, indexes and counts outlive a restart", async () => {
  const before = source.collection("db", "c");
  await before.insertMany(numbered(50));
  await before.createIndex(Doc.of({ tags: 1 }));
  await before.createIndex(
    Doc.of({ a: 1 }),
    Doc.of({ partialFilterExpression: Doc.of({ a: Doc.of({ $gt: 5 }) }) }),
  );
  await before.deleteOne(Doc.of({ _id: 49 }));
  await source.close();
  source = await open();
  const after = source.collection("db", "c");
  expect(await after.countDocuments(Doc.empty)).toBe(49);
  expect((await after.listIndexes()).map((each) => each.get("name"))).toEqual([
    "_id_",
    "tags_1",
    "a_1",
  ]);
  // Through a multikey index, whose being one must have been kept.
  expect((await idsOf(after, Doc.of({ tags: 2 }))).length).toBe(16);
  await after.insertOne(Doc.of({ _id: "last" }));
  expect((await idsOf(after)).at(-1)).toBe("last");
  expect((await source.examine()).problems).toEqual([]);
});

test("embedded: a second opening of the same directory is refused", async () => {
  await expect(open()).rejects.toThrow(`is in use by process ${process.pid}`);
});

test("embedded: a closed source refuses writes and answers no ping", async () => {
  await source.close();
  await expect(source.collection("db", "c").insertOne(Doc.of({ a: 1 }))).rejects.toThrow(
    "the data store is closed",
  );
  expect(await source.ping()).toBe(false);
});

test("embedded: a backup made while writing opens as a store of its own", async () => {
  const collection = source.collection("db", "c");
  await collection.createIndex(Doc.of({ a: 1 }));
  await collection.insertMany(numbered(500));
  const writes = Array.from({ length: 50 }, (_, id) =>
    collection.insertOne(Doc.of({ _id: 1000 + id })),
  );
  await source.backup(join(path, "copy"));
  await Promise.all(writes);
  const copy = await open(join(path, "copy"));
  const count = await copy.collection("db", "c").countDocuments(Doc.empty);
  const { problems } = await copy.examine();
  await copy.close();
  expect(problems).toEqual([]);
  expect(count).toBeGreaterThanOrEqual(500);
});

test("embedded: what has expired goes, the rest stays", async () => {
  const collection = source.collection("db", "c");
  await collection.createIndex(Doc.of({ at: 1 }), Doc.of({ expireAfterSeconds: 60 }));
  await collection.insertMany([
    Doc.of({ _id: 1, at: new DateTime(0) }),
    Doc.of({ _id: 2, at: new DateTime(40_000) }),
    Doc.of({ _id: 3, at: [new DateTime(90_000), new DateTime(1000)] }),
    Doc.of({ _id: 4, at: "never" }),
    Doc.of({ _id: 5 }),
  ]);
  expect(await source.expire(61_000)).toBe(2);
  expect(await idsOf(collection)).toEqual([2, 4, 5]);
  expect(await source.expire(99_999)).toBe(0);
  expect(await source.expire(100_000)).toBe(1);
});

test("embedded: a partial TTL index expires only what it holds", async () => {
  const collection = source.collection("db", "c");
  const options = Doc.of({
    expireAfterSeconds: 0,
    partialFilterExpression: Doc.of({ draft: true }),
  });
  await collection.createIndex(Doc.of({ at: -1 }), options);
  await collection.insertMany([
    Doc.of({ _id: 1, at: new DateTime(0), draft: true }),
    Doc.of({ _id: 2, at: new DateTime(0), draft: false }),
  ]);
  expect(await source.expire(1)).toBe(1);
  expect(await idsOf(collection)).toEqual([2]);
});

test("embedded: a dropped collection leaves nothing behind, and its name is free at once", async () => {
  const collection = source.collection("db", "c");
  await collection.createIndex(Doc.of({ a: 1 }));
  await collection.insertMany(numbered(3000));
  expect(await collection.drop()).toBe(true);
  await collection.insertOne(Doc.of({ _id: "new", a: 1 }));
  await source.collectGarbage();
  expect(await idsOf(collection)).toEqual(["new"]);
  expect(await source.examine()).toEqual({
    collections: 1,
    documents: 1,
    entries: 1,
    problems: [],
  });
  await source.dropDatabase("db");
  expect(await source.listDatabases()).toEqual([]);
});

test("embedded: an index over many documents is built while others write", async () => {
  const collection = source.collection("db", "c");
  await collection.insertMany(numbered(20_000));
  const building = collection.createIndex(Doc.of({ a: 1, _id: -1 }));
  const writing = Promise.all([
    collection.updateMany(Doc.of({ a: 3 }), Doc.of({ $set: Doc.of({ a: 99 }) })),
    collection.deleteMany(Doc.of({ a: 4 })),
    collection.insertMany(
      Array.from({ length: 500 }, (_, id) => Doc.of({ _id: `new${id}`, a: 99 })),
    ),
  ]);
  await Promise.all([building, writing]);
  expect(await collection.countDocuments(Doc.of({ a: 99 }), { hint: "a_1__id_-1" })).toBe(2500);
  expect((await source.examine()).problems).toEqual([]);
});

test("embedded: the same index asked for twice at once is built once", async () => {
  const collection = source.collection("db", "c");
  await collection.insertMany(numbered(5000));
  await Promise.all([
    collection.createIndex(Doc.of({ a: 1 })),
    collection.createIndex(Doc.of({ a: 1 })),
  ]);
  expect((await collection.listIndexes()).length).toBe(2);
});

test("embedded: of many who take the next job, each gets another", async () => {
  const collection = source.collection("db", "jobs");
  await collection.createIndex(Doc.of({ state: 1, _id: 1 }));
  await collection.insertMany(
    Array.from({ length: 200 }, (_, id) => Doc.of({ _id: id, state: "new" })),
  );
  const taken = await Promise.all(
    Array.from({ length: 250 }, () =>
      collection.findOneAndUpdate(
        Doc.of({ state: "new" }),
        Doc.of({ $set: Doc.of({ state: "taken" }) }),
        {
          sort: Doc.of({ _id: 1 }),
        },
      ),
    ),
  );
  const ids = taken.flatMap((each) => each?.get("_id") ?? []);
  expect(ids.length).toBe(200);
  expect(new Set(ids).size).toBe(200);
});

test("embedded: the same without an index, where the search is longer than a write may take", async () => {
  const collection = source.collection("db", "jobs");
  await collection.insertMany(
    Array.from({ length: 20_000 }, (_, id) =>
      Doc.of({ _id: id, state: id < 19_970 ? "done" : "new", rank: -id }),
    ),
  );
  const taken = await Promise.all(
    Array.from({ length: 40 }, () =>
      collection.findOneAndUpdate(
        Doc.of({ state: "new" }),
        Doc.of({ $set: Doc.of({ state: "taken" }) }),
        {
          sort: Doc.of({ rank: 1 }),
        },
      ),
    ),
  );
  const ids = taken.flatMap((each) => each?.get("_id") ?? []);
  expect(ids.length).toBe(30);
  expect(new Set(ids).size).toBe(30);
});

test("embedded: $inc by many callers loses none", async () => {
  const collection = source.collection("db", "c");
  await collection.insertOne(Doc.of({ _id: 1, n: 0 }));
  await Promise.all(
    Array.from({ length: 300 }, () =>
      collection.updateOne(Doc.of({ _id: 1 }), Doc.of({ $inc: Doc.of({ n: 1 }) })),
    ),
  );
  expect((await collection.findOne(Doc.of({ _id: 1 })))?.get("n")).toBe(300);
});

test("embedded: an upsert by many callers inserts once", async () => {
  const collection = source.collection("db", "c");
  await collection.createIndex(Doc.of({ key: 1 }), Doc.of({ unique: true }));
  const results = await Promise.all(
    Array.from({ length: 50 }, () =>
      collection.updateOne(Doc.of({ key: "k" }), Doc.of({ $inc: Doc.of({ n: 1 }) }), {
        upsert: true,
      }),
    ),
  );
  expect(results.filter((each) => each.upsertedId !== undefined).length).toBe(1);
  expect((await collection.findOne(Doc.of({ key: "k" })))?.get("n")).toBe(50);
});

test("embedded: long keys are found, kept apart and kept unique", async () => {
  const collection = source.collection("db", "c");
  await collection.createIndex(Doc.of({ text: 1 }), Doc.of({ unique: true }));
  await collection.createIndex(Doc.of({ text: -1, n: 1 }));
  const base = "x".repeat(5000);
  const texts = [base, `${base}a`, `${base}b`, "short"];
  await collection.insertMany(texts.map((text, id) => Doc.of({ _id: id, text, n: id })));
  await expect(collection.insertOne(Doc.of({ _id: 9, text: `${base}b` }))).rejects.toMatchObject({
    code: 11000,
  });
  expect(await idsOf(collection, Doc.of({ text: `${base}a` }))).toEqual([1]);
  expect(await idsOf(collection, Doc.of({ text: Doc.of({ $gt: base }) }))).toEqual([1, 2]);
  expect(await idsOf(collection, Doc.of({ text: `${base}b`, n: 2 }))).toEqual([2]);
  const sorted: Value[] = [];
  for await (const batch of collection.find(Doc.empty, { sort: Doc.of({ text: -1 }) }))
    for (const doc of batch) sorted.push(doc.get("_id") ?? null);
  expect(sorted).toEqual([2, 1, 0, 3]);
  expect((await source.examine()).problems).toEqual([]);
});

test("embedded: an _id may be as long as a document", async () => {
  const collection = source.collection("db", "c");
  const id = "y".repeat(100_000);
  await collection.insertOne(Doc.of({ _id: id, a: 1 }));
  expect((await collection.findOne(Doc.of({ _id: id })))?.get("a")).toBe(1);
  expect(await collection.findOne(Doc.of({ _id: `${id}y` }))).toBeNull();
  await expect(collection.insertOne(Doc.of({ _id: id }))).rejects.toMatchObject({ code: 11000 });
});

test("embedded: documents handed out stay as they were", async () => {
  const collection = source.collection("db", "c");
  await collection.insertMany([
    Doc.of({ _id: 1, a: "first" }),
    Doc.of({ _id: 2, a: "other", big: "z".repeat(200_000) }),
  ]);
  const held: Doc[] = [];
  for await (const batch of collection.find(Doc.empty)) held.push(...batch);
  await collection.updateMany(Doc.empty, Doc.of({ $set: Doc.of({ a: "later" }) }));
  await collection.insertMany(
    Array.from({ length: 200 }, (_, id) => Doc.of({ _id: `n${id}`, a: "z".repeat(500) })),
  );
  for await (const batch of collection.find(Doc.empty)) void batch;
  expect(held.map((each) => each.get("a"))).toEqual(["first", "other"]);
  expect(held[1]?.get("big")).toBe("z".repeat(200_000));
});

test("embedded: an aborted find stops", async () => {
  const collection = source.collection("db", "c");
  await collection.insertMany(numbered(20_000));
  const stop = new AbortController();
  const read = async (): Promise<number> => {
    let count = 0;
    for await (const batch of collection.find(Doc.empty, { signal: stop.signal })) {
      count += batch.length;
      stop.abort(new DOMException("too long", "TimeoutError"));
    }
    return count;
  };
  // The pacer looks at the signal when a slice is used up; a find so short may well come to its end.
  const outcome = await read().catch((cause: unknown) => cause);
  expect(outcome === 20_000 || (outcome as { code?: number }).code === 50).toBe(true);
});

test("embedded: databases whose names differ in case only are refused", async () => {
  await source.collection("Shop", "c").insertOne(Doc.of({ a: 1 }));
  await expect(source.collection("shop", "c").insertOne(Doc.of({ a: 1 }))).rejects.toMatchObject({
    code: 13297,
  });
});

test("embedded: an _id of null is a value like others", async () => {
  const collection = source.collection("db", "c");
  await collection.insertMany([
    Doc.fromEntries([
      ["_id", null],
      ["a", 1],
    ]),
    Doc.of({ _id: 0 }),
  ]);
  expect((await collection.findOne(Doc.fromEntries([["_id", null]])))?.get("a")).toBe(1);
});
