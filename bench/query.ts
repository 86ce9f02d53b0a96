/**
 * `npm run bench:query`: the query language against mingo, and the embedded source against a real `mongod`, in turns.
 *
 * Mingo is measured twice: over objects that are at hand, and over stored BSON, which is where documents come from.
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { deserialize, serialize } from "bson";
import { Aggregator, Query } from "mingo";
import { Doc } from "../src/bson/doc.ts";
import { parseEjson, parseEjsonValue } from "../src/bson/parse-ejson.ts";
import { DateTime, type Value } from "../src/bson/value.ts";
import { createPacer } from "../src/kit/pacer.ts";
import type { QueryEnvironment } from "../src/query/environment.ts";
import { compileMatch } from "../src/query/match.ts";
import { compilePipeline, type PipelineSource } from "../src/query/pipeline.ts";
import { compileSort, sortDocs } from "../src/query/sort.ts";
import { openEmbedded } from "../src/sources/embedded.ts";
import { openMongodb } from "../src/sources/mongodb.ts";
import type { Batches, Collection, DataSource } from "../src/sources/source.ts";
import { findMongod, startMongod } from "../test/support/mongod.ts";
import { countOf, shapes, type Work } from "./query-shapes.ts";

const count = 100_000;
const turns = 5;

const environment: QueryEnvironment = {
  now: new DateTime(0),
  random: () => 0.5,
  variables: new Map(),
};

const objects = Array.from({ length: count }, (_, index) => ({
  _id: index,
  name: `user${(index * 7919) % count}`,
  age: index % 90,
  city: ["Rome", "Paris", "Oslo"][index % 3],
  score: index * 1.5,
  tags: ["a", `b${index % 10}`],
  address: { zip: String(10_000 + (index % 1000)), street: "Main" },
}));
const stored = objects.map((each) => Buffer.from(serialize(each)));

async function time(work: () => Promise<number> | number): Promise<{ ms: number; found: number }> {
  const startedAt = performance.now();
  const found = await work();
  return { ms: performance.now() - startedAt, found };
}

interface Contender {
  readonly name: string;
  readonly work: () => Promise<number> | number;
}

/** Runs the contenders in turns and prints medians and first times; the first one is what the others are compared with. */
async function compete(title: string, contenders: readonly Contender[]): Promise<void> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const counts = new Set<number>();
  for (let turn = 0; turn < turns; turn += 1)
    for (const { name, work } of contenders) {
      const { ms, found } = await time(work);
      counts.add(found);
      times.get(name)?.push(ms);
    }
  const median = (name: string): number =>
    times.get(name)?.toSorted((a, b) => a - b)[Math.floor(turns / 2)] ?? Number.NaN;
  const base = median(contenders[0]?.name ?? "");
  const cells = contenders.map(
    ({ name }) =>
      `${name} ${median(name).toFixed(1)} ms (${(median(name) / base).toFixed(2)}×, at first ${times.get(name)?.[0]?.toFixed(1)})`,
  );
  console.log(`${title}\n    ${cells.join("   ")}${counts.size > 1 ? "   ! counts differ" : ""}`);
}

const source: PipelineSource = {
  async *read(_namespace, request): Batches {
    const match = compileMatch(request.filter, request.environment);
    async function* all(): Batches {
      for (let start = 0; start < count; start += 256)
        yield stored
          .slice(start, start + 256)
          .map((bytes) => Doc.fromBytes(bytes))
          .filter((doc) => match.matches(doc));
    }
    const { sort, fields, keeper } = request;
    async function* slim(): Batches {
      for await (const batch of all())
        yield fields === undefined ? batch : batch.map((each) => each.pick(fields));
    }
    if (sort === undefined) yield* all();
    else {
      const input = keeper === undefined ? slim() : all();
      yield await sortDocs(input, compileSort(sort), { pacer: createPacer(), keeper });
    }
  },
  target: () => {
    throw new Error("nothing is written here");
  },
  collectionStats: async () => Doc.empty,
  indexStats: async () => [],
};

async function runPipeline(stages: readonly Value[]): Promise<number> {
  const pipeline = compilePipeline(stages, environment, { database: "d", collection: "c" });
  return countOf(pipeline.run({ source, pacer: createPacer() }));
}

for (const filter of [
  '{"age":{"$gt":80},"city":"Oslo"}',
  '{"address.zip":"10500"}',
  '{"tags":"b3","score":{"$lt":50000}}',
]) {
  const match = compileMatch(parseEjson(Buffer.from(filter)), environment);
  const query = new Query(JSON.parse(filter));
  await compete(`match ${filter}`, [
    {
      name: "petiole",
      work: () => stored.filter((each) => match.matches(Doc.fromBytes(each))).length,
    },
    { name: "mingo, objects", work: () => objects.filter((each) => query.test(each)).length },
    {
      name: "mingo, stored",
      work: () => stored.filter((each) => query.test(deserialize(each))).length,
    },
  ]);
}
for (const pipeline of [
  '[{"$sort":{"name":1}},{"$group":{"_id":"$age","first":{"$first":"$name"},"sum":{"$sum":"$score"}}}]',
  '[{"$group":{"_id":"$city","n":{"$sum":1},"age":{"$avg":"$age"}}},{"$sort":{"_id":1}}]',
]) {
  const stages = parseEjsonValue(Buffer.from(pipeline)) as readonly Value[];
  await compete(`aggregate ${pipeline}`, [
    { name: "petiole", work: async () => runPipeline(stages) },
    {
      name: "mingo, objects",
      work: () => new Aggregator(JSON.parse(pipeline)).run(objects).length,
    },
    {
      name: "mingo, stored",
      work: () =>
        new Aggregator(JSON.parse(pipeline)).run(stored.map((each) => deserialize(each))).length,
    },
  ]);
}

async function fill(collection: Collection, documents: readonly Buffer[]): Promise<void> {
  for (let start = 0; start < documents.length; start += 5000)
    await collection.insertMany(
      documents.slice(start, start + 5000).map((each) => Doc.fromBytes(each)),
    );
}

async function againstMongod(embedded: DataSource, mongodb: DataSource): Promise<void> {
  const ours = embedded.collection("bench", "c");
  const theirs = mongodb.collection("bench", "c");
  await fill(ours, stored);
  await fill(theirs, stored);
  for (const text of ['{"age":{"$gt":80},"city":"Oslo"}', '{"address.zip":"10500"}'])
    await competeWithMongod(`filtered scan of ${count} documents ${text}`, ours, theirs, (each) =>
      countOf(each.find(parseEjson(Buffer.from(text)))),
    );
  for (const [title, work] of shapes)
    await competeWithMongod(`over ${count} documents: ${title}`, ours, theirs, work);
}

async function competeWithMongod(
  title: string,
  ours: Collection,
  theirs: Collection,
  work: Work,
): Promise<void> {
  await compete(title, [
    { name: "mongod through its driver", work: async () => work(theirs) },
    { name: "petiole, embedded", work: async () => work(ours) },
  ]);
}

function makeOwned(index: number): Buffer {
  return Buffer.from(serialize({ _id: index, owner: `o${index % 100_000}`, text: "some text" }));
}

async function findOwners(collection: Collection, owners: number): Promise<number> {
  let found = 0;
  for (let call = 0; call < 2000; call += 1) {
    const document = await collection.findOne(Doc.of({ owner: `o${(call * 31) % owners}` }));
    if (document !== null) found += 1;
  }
  return found;
}

/** An indexed find among a million documents, against the same among a thousand. */
async function indexedFind(embedded: DataSource): Promise<void> {
  const few = embedded.collection("bench", "few");
  const many = embedded.collection("bench", "many");
  await fill(
    few,
    Array.from({ length: 1000 }, (_, index) => makeOwned(index)),
  );
  for (let start = 0; start < 1_000_000; start += 50_000)
    await fill(
      many,
      Array.from({ length: 50_000 }, (_, index) => makeOwned(start + index)),
    );
  await few.createIndex(Doc.of({ _id: 1, owner: 1 }));
  await few.createIndex(Doc.of({ owner: 1 }));
  await many.createIndex(Doc.of({ owner: 1 }));
  await compete("2,000 indexed finds", [
    { name: "in 1,000", work: async () => findOwners(few, 1000) },
    { name: "in 1,000,000", work: async () => findOwners(many, 100_000) },
  ]);
}

const placeCount = 1_000_000;

/** Places spread evenly over the earth. */
function makePlace(index: number): Buffer {
  const latitude = (Math.asin((2 * index + 1) / placeCount - 1) * 180) / Math.PI;
  const longitude = ((index * 137.507_764_050_037_85) % 360) - 180;
  const place = { type: "Point", coordinates: [longitude, latitude] };
  return Buffer.from(serialize({ _id: index, place }));
}

async function findNear(collection: Collection): Promise<number> {
  let found = 0;
  for (let call = 0; call < 200; call += 1) {
    const coordinates = [(call * 77) % 180, (call * 31) % 85];
    const filter = { place: { $near: { $geometry: { type: "Point", coordinates } } } };
    found += await countOf(collection.find(Doc.fromBytes(serialize(filter)), { limit: 20 }));
  }
  return found;
}

async function nearestPlaces(embedded: DataSource, mongodb: DataSource): Promise<void> {
  const ours = embedded.collection("bench", "places");
  const theirs = mongodb.collection("bench", "places");
  for (let start = 0; start < placeCount; start += 50_000) {
    const places = Array.from({ length: 50_000 }, (_, index) => makePlace(start + index));
    await fill(ours, places);
    await fill(theirs, places);
  }
  for (const each of [ours, theirs]) await each.createIndex(Doc.of({ place: "2dsphere" }));
  await compete("200 times the 20 places of 1,000,000 that are nearest", [
    { name: "mongod through its driver", work: async () => findNear(theirs) },
    { name: "petiole, embedded", work: async () => findNear(ours) },
  ]);
}

const directory = await mkdtemp(path.join(tmpdir(), "petiole-bench-"));
const embedded = await openEmbedded(path.join(directory, "store"));
try {
  if (findMongod() === null) console.log("no mongod here: the comparison with it is left out");
  else {
    const mongod = await startMongod({});
    const mongodb = await openMongodb(mongod.uri, { name: "bench" });
    await againstMongod(embedded, mongodb);
    await nearestPlaces(embedded, mongodb);
    await mongodb.close();
    await mongod.close();
  }
  await indexedFind(embedded);
} finally {
  await embedded.close();
  await rm(directory, { recursive: true, force: true });
}
