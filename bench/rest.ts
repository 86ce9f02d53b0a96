/**
 * `npm run bench:rest -- [--only near,text,window,index] [--turns 5]`: `$near`, `$text`, windows and the making of indexes
 * on the embedded store and, in turns, on a real `mongod` through its driver. Beyond 3× the difference is to be explained.
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Document, MongoClient } from "mongodb";
import { Doc } from "../src/bson/doc.ts";
import { parseEjsonValue } from "../src/bson/parse-ejson.ts";
import { Double, type Value } from "../src/bson/value.ts";
import { openEmbedded } from "../src/sources/embedded.ts";
import type { Batches, Collection } from "../src/sources/source.ts";
import { startMongod } from "../test/support/mongod.ts";

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    turns: { type: "string", default: "5" },
    points: { type: "string", default: "1000000" },
    texts: { type: "string", default: "200000" },
    rows: { type: "string", default: "1000000" },
  },
});
const turns = Number(options.turns);
const pointCount = Number(options.points);
const textCount = Number(options.texts);
const rowCount = Number(options.rows);
const windowCount = 100_000;
const batchSize = 5000;
const syllables = "ka to mi ra su ne lo vi pe da gu fo".split(" ");

const database = "bench_rest";
const work = await mkdtemp(path.join(tmpdir(), "petiole-bench-"));
const mongod = await startMongod();
const client = await MongoClient.connect(mongod.uri);
const embedded = await openEmbedded(work);
try {
  const wanted = options.only?.split(",") ?? ["near", "text", "window", "index"];
  if (wanted.includes("near")) await benchNear();
  if (wanted.includes("text")) await benchText();
  if (wanted.includes("window")) await benchWindow();
  if (wanted.includes("index")) await benchIndexes();
  console.log(
    `load average ${loadavg()
      .map((each) => each.toFixed(1))
      .join(" ")}`,
  );
} finally {
  await client.db(database).dropDatabase();
  await client.close();
  await embedded.close();
  await mongod.close();
  await rm(work, { recursive: true, force: true });
}

/** Chance that can be had again. */
function createChance(): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

function near(center: readonly [number, number]): object {
  return { g: { $near: { $geometry: { type: "Point", coordinates: center } } } };
}

async function benchNear(): Promise<void> {
  const chance = createChance();
  const place = (): readonly [number, number] => [chance() * 360 - 180, chance() * 160 - 80];
  await fill("points", pointCount, () => ({ g: { type: "Point", coordinates: place() } }), {
    g: "2dsphere",
  });
  const centers = Array.from({ length: 40 }, place);
  await compete(`$near, limit 20, ${centers.length} places on ${pointCount} points`, "points", {
    ours: async (collection) =>
      inTurn(centers, async (each) => count(collection.find(doc(near(each)), { limit: 20 }))),
    theirs: async (collection) =>
      inTurn(centers, async (each) =>
        collection
          .find(near(each))
          .limit(20)
          .toArray()
          .then(({ length }) => length),
      ),
  });
}

async function benchText(): Promise<void> {
  const chance = createChance();
  // Few words are common, most are rare.
  const word = (): string => {
    let rank = Math.floor(chance() ** 3 * 20_000);
    let text = "";
    do {
      text += syllables[rank % syllables.length];
      rank = Math.floor(rank / syllables.length);
    } while (rank > 0);
    return text;
  };
  const sentence = (): string => Array.from({ length: 12 }, word).join(" ");
  await fill("texts", textCount, () => ({ t: sentence() }), { t: "text" });
  const searches = Array.from({ length: 20 }, () => `${word()} ${word()}`);
  const score = { score: { $meta: "textScore" } };
  await compete(
    `$text, ${searches.length} searches for two words in ${textCount} documents, best 20`,
    "texts",
    {
      ours: async (collection) =>
        inTurn(searches, async ($search) =>
          count(
            collection.find(doc({ $text: { $search } }), {
              projection: doc(score),
              sort: doc(score),
              limit: 20,
            }),
          ),
        ),
      theirs: async (collection) =>
        inTurn(searches, async ($search) =>
          collection
            .find({ $text: { $search } })
            .project(score)
            .sort({ score: { $meta: "textScore" } })
            .limit(20)
            .toArray()
            .then(({ length }) => length),
        ),
    },
  );
}

async function benchWindow(): Promise<void> {
  const chance = createChance();
  await fill("series", windowCount, (id) => ({ k: id % 10, t: id, v: chance() * 100 }), { k: 1 });
  const pipeline = [
    {
      $setWindowFields: {
        partitionBy: "$k",
        sortBy: { t: 1 },
        output: { m: { $avg: "$v", window: { documents: [-9, 0] } } },
      },
    },
  ];
  await compete(`$setWindowFields, moving average over ${windowCount} documents`, "series", {
    ours: async (collection) => count(collection.aggregate(pipeline.map(doc))),
    theirs: async (collection) =>
      collection
        .aggregate(pipeline)
        .toArray()
        .then(({ length }) => length),
  });
}

/** Those of numbers, texts, two fields and arrays, over the same documents. */
async function benchIndexes(): Promise<void> {
  const chance = createChance();
  const number = (below: number): number => Math.floor(chance() * below);
  const make = (id: number): Document => ({
    number: number(1_000_000),
    name: `name ${number(1000)} of ${id}`,
    group: number(5000),
    tags: [number(100), number(100)],
  });
  await fill("rows", rowCount, make, { number: 1 });
  for (const keys of [{ name: 1 }, { group: 1, number: -1 }, { tags: 1 }]) {
    const mine = await time(async () => {
      await embedded.collection(database, "rows").createIndex(doc(keys));
      return 0;
    });
    const other = await time(async () => {
      await theirCollection("rows").createIndex(keys);
      return 0;
    });
    console.log(
      `    ${JSON.stringify(keys)} in ${seconds(mine.ms)}, of mongod in ${seconds(other.ms)}   ${(mine.ms / other.ms).toFixed(2)}×`,
    );
  }
}

interface Contenders {
  readonly ours: (collection: Collection) => Promise<number>;
  readonly theirs: (collection: ReturnType<typeof theirCollection>) => Promise<number>;
}

function theirCollection(name: string): ReturnType<ReturnType<MongoClient["db"]>["collection"]> {
  return client.db(database).collection(name);
}

/** Both in turns; the medians. */
async function compete(title: string, name: string, { ours, theirs }: Contenders): Promise<void> {
  const mine: number[] = [];
  const other: number[] = [];
  const found = new Set<number>();
  for (let turn = 0; turn <= turns; turn += 1) {
    const a = await time(async () => ours(embedded.collection(database, name)));
    const b = await time(async () => theirs(theirCollection(name)));
    found.add(a.found).add(b.found);
    // The first turn warms up.
    if (turn === 0) continue;
    mine.push(a.ms);
    other.push(b.ms);
  }
  const [m, o] = [median(mine), median(other)];
  const note = found.size > 1 ? `   ! counts differ: ${[...found].join(" ")}` : "";
  console.log(
    `${title}\n    embedded ${m.toFixed(1)} ms   mongod ${o.toFixed(1)} ms   ${(m / o).toFixed(2)}×${note}`,
  );
}

async function time(
  run: () => Promise<number>,
): Promise<{ readonly ms: number; readonly found: number }> {
  const startedAt = performance.now();
  const found = await run();
  return { ms: performance.now() - startedAt, found };
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
}

/** The same documents on both sides, then the index. */
async function fill(
  name: string,
  total: number,
  make: (id: number) => Document,
  index: Readonly<Record<string, string | number>>,
): Promise<void> {
  const startedAt = performance.now();
  const mine = embedded.collection(database, name);
  for (let start = 0; start < total; start += batchSize) {
    const few = Array.from({ length: Math.min(batchSize, total - start) }, (_, at) => ({
      _id: start + at,
      ...make(start + at),
    }));
    await Promise.all([
      mine.insertMany(few.map((each) => plainDoc(each))),
      client.db(database).collection<{ _id: number }>(name).insertMany(few),
    ]);
  }
  const filledAt = performance.now();
  await mine.createIndex(doc(index));
  const indexedAt = performance.now();
  await theirCollection(name).createIndex(index as Record<string, 1>);
  console.log(
    `${name}: ${total} documents in ${seconds(filledAt - startedAt)}; index in ${seconds(indexedAt - filledAt)}, of mongod in ${seconds(performance.now() - indexedAt)}   ${((indexedAt - filledAt) / (performance.now() - indexedAt)).toFixed(2)}×`,
  );
}

function plainDoc(value: object): Doc {
  return Doc.fromEntries(
    Object.entries(value).map(([key, each]: [string, unknown]) => [key, toValue(each)]),
  );
}

function toValue(given: unknown): Value {
  if (typeof given === "number") return Number.isInteger(given) ? given : new Double(given);
  if (Array.isArray(given)) return given.map(toValue);
  return typeof given === "object" && given !== null ? plainDoc(given) : (given as string);
}

function doc(value: object): Doc {
  return parseEjsonValue(Buffer.from(JSON.stringify(value))) as Doc;
}

async function count(batches: Batches): Promise<number> {
  let found = 0;
  for await (const batch of batches) found += batch.length;
  return found;
}

async function inTurn<T>(list: readonly T[], run: (each: T) => Promise<number>): Promise<number> {
  let sum = 0;
  for (const each of list) sum += await run(each);
  return sum;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
