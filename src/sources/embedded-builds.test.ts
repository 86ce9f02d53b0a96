/** Index builds on the embedded source: beside writers, with doubles, cut short. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { Double, type Value } from "../bson/value.ts";
import { type EmbeddedSource, openEmbedded } from "./embedded.ts";
import type { Collection } from "./source.ts";

const documentCount = 5000;

let path = "";
let source: EmbeddedSource;
beforeAll(async () => {
  path = mkdtempSync(join(tmpdir(), "petiole-builds-"));
  source = await open("store");
});
afterAll(async () => {
  await source.close();
  rmSync(path, { recursive: true });
});

/** With so little memory that every build needs its file. */
function open(name: string): Promise<EmbeddedSource> {
  return openEmbedded(join(path, name), { expiryMs: 0, buildBytesMax: 0 });
}

async function filled(name: string, count = documentCount): Promise<Collection> {
  const collection = source.collection("db", name);
  await collection.drop();
  await collection.insertMany(
    Array.from({ length: count }, (_, id) =>
      Doc.of({
        _id: id,
        a: (id * 7919) % 1000,
        own: `text ${(id * 7919) % count}`,
        tags: [id % 3, id % 5],
        at: Doc.of({ type: "Point", coordinates: [new Double(id % 180), new Double(id % 90)] }),
      }),
    ),
  );
  return collection;
}

test.for<[title: string, keys: Doc, options: Doc]>([
  ["of one field", Doc.of({ a: 1 }), Doc.empty],
  ["compound, with an array", Doc.of({ tags: -1, a: 1 }), Doc.empty],
  ["unique", Doc.of({ own: 1 }), Doc.of({ unique: true, sparse: true })],
  [
    "unique under a collation",
    Doc.of({ own: 1 }),
    Doc.of({ unique: true, sparse: true, collation: Doc.of({ locale: "en", strength: 2 }) }),
  ],
  [
    "partial",
    Doc.of({ own: 1 }),
    Doc.of({ partialFilterExpression: Doc.of({ a: Doc.of({ $lt: 300 }) }) }),
  ],
  ["of shapes", Doc.of({ at: "2dsphere" }), Doc.empty],
  ["of words", Doc.of({ own: "text" }), Doc.empty],
])("index build: %s, while others write, agrees with the documents", async ([, keys, options]) => {
  const collection = await filled("busy");
  const done = new AbortController();
  const building = collection.createIndex(keys, options).finally(() => {
    done.abort();
  });
  let writes = 0;
  while (!done.signal.aborted) {
    const [one, two, three] = [0, 1, 2].map((each) => (writes * 977 + each * 1607) % documentCount);
    await Promise.all([
      collection.updateOne(
        Doc.of({ _id: one as number }),
        Doc.of({ $set: Doc.of({ a: writes % 600, own: `new ${writes}`, tags: writes }) }),
      ),
      collection.deleteOne(Doc.of({ _id: two as number })),
      collection.updateOne(Doc.of({ _id: three as number }), Doc.of({ $inc: Doc.of({ z: 1 }) })),
      collection.insertOne(Doc.of({ _id: `n${writes}`, a: 5, own: `more ${writes}` })),
      collection.replaceOne(
        Doc.of({ _id: `n${writes - 2}` }),
        Doc.of({ own: `other ${writes}`, tags: ["x", "x"] }),
      ),
    ]);
    writes += 1;
  }
  await building;
  expect(writes).toBeGreaterThan(1);
  expect((await source.examine()).problems).toEqual([]);
  expect((await collection.listIndexes()).length).toBe(2);
});

const unique = Doc.of({ unique: true });

/** One that only the merge of all keys can find, unless it goes away. */
const double = Doc.of({ own: "text 4999" });

function setOwn(collection: Collection, _id: Value, own: string): Promise<unknown> {
  return collection.updateOne(Doc.of({ _id }), Doc.of({ $set: Doc.of({ own }) }));
}

test.for<
  [
    title: string,
    meanwhile: (collection: Collection) => readonly Promise<unknown>[],
    outcome: string,
  ]
>([
  ["a double among the documents", () => [], "double 4999"],
  [
    "a double of a writer",
    (collection) => [
      setOwn(collection, 9, "free"),
      collection.insertOne(Doc.of({ _id: "new", own: "text 2919" })),
    ],
    "double 2919",
  ],
  [
    "doubles of writers among themselves",
    (collection) => [setOwn(collection, 9, "same"), setOwn(collection, 5, "same")],
    "double same",
  ],
  [
    "a double that goes away",
    (collection) => [
      collection.deleteOne(Doc.of({ _id: 9 })),
      collection.insertOne(Doc.of({ _id: "new", own: "text 2919" })),
      collection.deleteOne(Doc.of({ _id: 1 })),
    ],
    "built",
  ],
  [
    "a double that becomes another",
    (collection) => [
      setOwn(collection, 9, "text 838"),
      setOwn(collection, 2, "mine"),
      setOwn(collection, 9, "text 4999"),
      setOwn(collection, 9, "text 838"),
    ],
    "built",
  ],
])("index build: unique, with %s", async ([, meanwhile, outcome]) => {
  const collection = await filled("unique");
  await collection.updateOne(Doc.of({ _id: 9 }), Doc.of({ $set: double }));
  const building = collection.createIndex(Doc.of({ own: 1 }), unique).then(
    () => "built",
    (cause: Error) =>
      cause.message.replace(
        /^Index build failed: [-\w]+: Collection db\.unique \( [-\w]+ \) :: caused by :: E11000 duplicate key error collection: db\.unique index: own_1 dup key: \{ own: "(?:text )?(.*)" \}$/,
        "double $1",
      ),
  );
  // Under way at once, they are written in this order before the build has come far.
  await Promise.all(meanwhile(collection));
  expect(await building).toBe(outcome);
  await source.collectGarbage();
  expect((await source.examine()).problems).toEqual([]);
  expect((await collection.listIndexes()).length).toBe(outcome === "built" ? 2 : 1);
  expect(await collection.countDocuments(Doc.of({ own: "text 838" }))).toBe(1);
});

test.for<[title: string, cut: (collection: Collection) => Promise<unknown>, entries: number]>([
  ["its index is dropped", (collection) => collection.dropIndex("own_1"), documentCount],
  ["all indexes are dropped", (collection) => collection.dropIndex("*"), documentCount],
  ["its collection is dropped", (collection) => collection.drop(), 0],
])("index build: ends when %s", async ([, cut, entries]) => {
  for (const each of ["busy", "unique"]) await source.collection("db", each).drop();
  const collection = await filled("cut");
  const building = collection.createIndex(Doc.of({ own: 1 })).catch((cause: unknown) => cause);
  await collection.findOne(Doc.of({ _id: 1 }));
  await cut(collection);
  expect(await building).toMatchObject({
    code: 276,
    message: expect.stringMatching(
      /^Index build failed: .* :: caused by :: operation was interrupted$/,
    ),
  });
  await source.collectGarbage();
  expect(await source.examine()).toMatchObject({ entries, problems: [] });
});

test("index build: takes what memory does not hold from its file", async () => {
  const collection = await filled("big", 20_000);
  await collection.createIndex(Doc.of({ tags: 1, own: 1 }));
  expect(readdirSync(join(path, "store", "builds"))).toEqual([]);
  expect((await source.examine()).problems).toEqual([]);
  await collection.drop();
});

test("index build: of an array that can not be indexed fails, and leaves nothing behind", async () => {
  const collection = await filled("failing", 2000);
  await collection.insertOne(Doc.of({ _id: "bad", a: [1], tags: [2] }));
  await expect(collection.createIndex(Doc.of({ a: 1, tags: 1 }))).rejects.toMatchObject({
    code: 171,
  });
  expect((await collection.listIndexes()).length).toBe(1);
  await collection.drop();
});

test("index build: a copy made in its midst opens without the index", async () => {
  const collection = await filled("copied");
  const building = collection.createIndex(Doc.of({ own: 1 }));
  await source.backup(join(path, "copy"));
  await building;
  const copy = await open("copy");
  const indexes = await copy.collection("db", "copied").listIndexes();
  await copy.collectGarbage();
  expect(await copy.examine()).toMatchObject({
    entries: documentCount * indexes.length,
    problems: [],
  });
  await copy.close();
});

test("index build: the store closes without waiting for it, and opens without the index", async () => {
  const collection = await filled("closed");
  const building = collection.createIndex(Doc.of({ own: 1 })).catch((cause: unknown) => cause);
  await collection.findOne(Doc.of({ _id: 1 }));
  await source.close();
  expect(await building).toMatchObject({ message: "the data store is closed" });
  source = await open("store");
  expect((await source.collection("db", "closed").listIndexes()).length).toBe(1);
  expect((await source.examine()).problems).toEqual([]);
});
