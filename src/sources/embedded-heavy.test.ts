import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { parseEjson, parseEjsonValue } from "../bson/parse-ejson.ts";
import { DateTime, type Value } from "../bson/value.ts";
import type { QueryEnvironment } from "../query/environment.ts";
import { compileUpdate } from "../query/update.ts";
import { type EmbeddedSource, openEmbedded } from "./embedded.ts";
import type { Batches, Collection } from "./source.ts";

/** Documents too big for the event loop: a thread works on them, which must show in nothing but the time of others. */

const environment: QueryEnvironment = {
  now: new DateTime(0),
  random: () => 0.5,
  variables: new Map(),
};

const elements = 150_000;
const numbers = Array.from({ length: elements }, (_, index) => index % 1000);
const parts = Array.from({ length: 60_000 }, (_, index) => Doc.of({ a: index, b: "x" }));
const big = toStored(Doc.of({ _id: "big", n: numbers, l: parts, s: "s" }));

function toStored(doc: Doc): Doc {
  return Doc.fromBytes(doc.toBytes());
}

const read = (text: string): Doc => parseEjson(Buffer.from(text));
const readList = (text: string): readonly Value[] =>
  parseEjsonValue(Buffer.from(text)) as readonly Value[];

let directory = "";
let source: EmbeddedSource;
let collection: Collection;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "petiole-heavy-"));
  source = await openEmbedded(directory);
  collection = source.collection("heavy", "documents");
  await collection.insertOne(big);
  await collection.insertMany(
    Array.from({ length: 20 }, (_, index) => Doc.of({ _id: index, n: index, l: [] })),
  );
});

afterAll(async () => {
  await source.close();
  rmSync(directory, { recursive: true, force: true });
});

async function all(batches: Batches): Promise<Doc[]> {
  const found: Doc[] = [];
  for await (const batch of batches) for (const each of batch) found.push(each);
  return found;
}

test.for<[update: string, arrayFilters?: string]>([
  ['{"$push":{"n":2}}'],
  ['{"$push":{"n":{"$each":[7],"$sort":-1,"$slice":10}}}'],
  ['{"$inc":{"n.$[]":1}}'],
  ['{"$inc":{"n.$":1000}}'],
  ['{"$set":{"n.$[e]":-1}}', '[{"e":{"$gt":500}}]'],
  ['{"$set":{"l.$[].a":"x"}}'],
  ['{"$pull":{"n":5}}'],
  ['{"$addToSet":{"n":-5}}'],
  ['{"$set":{"s":"s"}}'],
  ['{"$rename":{"s":"t"}}'],
  ['[{"$set":{"count":{"$size":"$n"}}}]'],
])("heavy: an update %s", async ([text, filters]) => {
  await collection.replaceOne(read('{"_id":"big"}'), big);
  const update = text.startsWith("[") ? readList(text) : read(text);
  const arrayFilters = filters === undefined ? {} : { arrayFilters: readList(filters) as Doc[] };
  const compiled = compileUpdate(update, arrayFilters, environment);
  const wanted = compiled.apply(big, { isInsert: false, position: 3 });
  const filter = read('{"_id":"big","n":3}');
  const result = await collection.updateOne(filter, update, arrayFilters);
  expect(result).toEqual({ matchedCount: 1, modifiedCount: wanted === big ? 0 : 1 });
  const stored = await collection.findOne(read('{"_id":"big"}'));
  expect(stored?.toBytes().equals(wanted.toBytes())).toBe(true);
});

test("heavy: a failing update tells what is wrong", async () => {
  await collection.replaceOne(read('{"_id":"big"}'), big);
  await expect(
    collection.updateOne(read('{"_id":"big"}'), read('{"$inc":{"s":1}}')),
  ).rejects.toMatchObject({ code: 14 });
});

test("heavy: an update of many, big and small", async () => {
  await collection.replaceOne(read('{"_id":"big"}'), big);
  const result = await collection.updateMany(read('{"n":{"$lt":10}}'), read('{"$set":{"mark":1}}'));
  expect(result).toEqual({ matchedCount: 11, modifiedCount: 11 });
  expect(await collection.countDocuments(read('{"mark":1}'))).toBe(11);
  await collection.updateMany(Doc.empty, read('{"$unset":{"mark":1}}'));
});

test("heavy: what is written in between is not lost", async () => {
  await collection.replaceOne(read('{"_id":"big"}'), big);
  const filter = read('{"_id":"big"}');
  await Promise.all(
    Array.from({ length: 6 }, () => collection.updateOne(filter, read('{"$push":{"n":-7}}'))),
  );
  const [found] = await all(
    collection.aggregate(
      readList(
        '[{"$match":{"_id":"big"}},{"$project":{"c":{"$size":{"$filter":{"input":"$n","cond":{"$eq":["$$this",-7]}}}}}}]',
      ),
    ),
  );
  expect(found?.get("c")).toBe(6);
});

test.for<[filter: string, count: number]>([
  ['{"n":999}', 1],
  ['{"n":-1}', 0],
  ['{"n":{"$lt":5}}', 6],
  ['{"l.a":59999}', 1],
  ['{"l":{"$elemMatch":{"a":5,"b":"y"}}}', 0],
  ['{"$expr":{"$gt":[{"$size":{"$ifNull":["$l",[]]}},0]}}', 1],
])("heavy: a filter %s", async ([filter, count]) => {
  await collection.replaceOne(read('{"_id":"big"}'), big);
  expect(await all(collection.find(read(filter)))).toHaveLength(count);
  expect(await collection.countDocuments(read(filter))).toBe(count);
});

test.for<[pipeline: string, outcome: string]>([
  ['[{"$unwind":"$n"},{"$count":"c"}]', `Doc{c: ${elements + 20}}`],
  ['[{"$group":{"_id":"$$ROOT"}},{"$count":"c"}]', "Doc{c: 21}"],
  ['[{"$sort":{"n":-1}},{"$limit":1},{"$project":{"s":1}}]', "Doc{_id: 'big', s: 's'}"],
  [
    '[{"$match":{"_id":"big"}},{"$lookup":{"from":"documents","localField":"n","foreignField":"n","as":"j"}},{"$project":{"c":{"$size":"$j"},"_id":0}}]',
    "Doc{c: 21}",
  ],
  [
    '[{"$limit":1},{"$project":{"_id":0,"c":{"$size":{"$map":{"input":{"$range":[0,900000]},"in":{"$add":["$$this",1]}}}}}}]',
    "Doc{c: 900000}",
  ],
])("heavy: a pipeline %s", async ([pipeline, outcome]) => {
  await collection.replaceOne(read('{"_id":"big"}'), big);
  const [found] = await all(collection.aggregate(readList(pipeline)));
  expect(found === undefined ? "" : Object.fromEntries(found.entries())).toEqual(
    Object.fromEntries(readOutcome(outcome)),
  );
});

/** `Doc{c: 1, s: 's'}` → entries: short to write, and as short to read in a failure. */
function readOutcome(text: string): readonly (readonly [string, unknown])[] {
  return [...text.matchAll(/(\w+): ('\w*'|\d+)/g)].map(([, name = "", value = ""]) => [
    name,
    value.startsWith("'") ? value.slice(1, -1) : Number(value),
  ]);
}

test.for([
  ["merge", 2],
  ["keepExisting", 1],
  ["replace", 2],
  [[{ $set: { x: "$$new.x" } }], 2],
] as const)(
  "heavy: a pipeline that writes, and %j what is there",
  async ([whenMatched, wanted]) => {
    await collection.replaceOne(read('{"_id":"big"}'), big);
    const merged = source.collection("heavy", "merged");
    await merged.drop();
    // What is merged with is a big document, too: that is work for the thread that the pipeline is in.
    for (const x of [1, 2]) {
      const stages = [{ $set: { x } }, { $merge: { into: "merged", whenMatched } }];
      await all(collection.aggregate(readList(JSON.stringify(stages))));
      const current = Doc.of({ x: x === 1 ? 1 : wanted });
      expect(await merged.countDocuments(current)).toBe(21);
    }
  },
);

test("heavy: a projection", async () => {
  await collection.replaceOne(read('{"_id":"big"}'), big);
  const projection = read('{"n":{"$slice":2},"l":{"$elemMatch":{"a":7}}}');
  const [found] = await all(collection.find(read('{"_id":"big"}'), { projection }));
  expect(found?.get("n")).toEqual([0, 1]);
  expect(found?.get("l")).toHaveLength(1);
});

test("heavy: work without end stops at the deadline", async () => {
  const endless =
    '[{"$limit":1},{"$project":{"x":{"$reduce":{"input":{"$range":[0,1000000]},"initialValue":0,"in":{"$size":{"$map":{"input":{"$range":[0,1000]},"in":1}}}}}}}]';
  const signal = AbortSignal.timeout(1500);
  await expect(all(collection.aggregate(readList(endless), { signal }))).rejects.toMatchObject({
    code: 50,
  });
});
