/** Indexes must never change what a query finds: generated filters, with and without the help of indexes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { printBson } from "../bson/print.ts";
import { readDecimal } from "../bson/decimal128.ts";
import { Doc } from "../bson/doc.ts";
import { DateTime, Double, MaxKey, MinKey, Regex, Undefined, type Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { openEmbedded, type EmbeddedSource } from "./embedded.ts";
import type { Collection, FindOptions } from "./source.ts";

const path = mkdtempSync(join(tmpdir(), "petiole-plans-"));
let source: EmbeddedSource;
beforeAll(async () => {
  source = await openEmbedded(path, { expiryMs: 0 });
});
afterAll(async () => {
  await source.close();
  rmSync(path, { recursive: true });
});

/** A small generator with a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const scalars: readonly Value[] = [
  0,
  1,
  2,
  3,
  5,
  new Double(1),
  new Double(1.5),
  new Double(Number.NaN),
  2n ** 53n + 1n,
  readDecimal("1.5")?.value ?? null,
  "",
  "a",
  "ab",
  "b",
  null,
  true,
  false,
  new DateTime(0),
  new DateTime(1000),
  MinKey,
  MaxKey,
  Undefined,
  new Regex("^a", ""),
];

const paths = ["a", "b", "a.b", "c", "a.0", "b.c", "a.0.b"];

interface Generate {
  readonly document: () => Doc;
  readonly filter: (depth: number) => Doc;
  readonly order: () => Doc | undefined;
}

function generate(random: () => number): Generate {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const value = (depth: number): Value => {
    const kind = random();
    if (depth > 0 && kind < 0.2)
      return Array.from({ length: Math.floor(random() * 4) }, () => value(depth - 1));
    if (depth > 0 && kind < 0.4) {
      const keys = ["b", "c"].filter(() => random() < 0.6);
      return Doc.fromParts(
        keys,
        keys.map(() => value(depth - 1)),
      );
    }
    return pick(scalars);
  };
  const operand = (): Value => (random() < 0.85 ? pick(scalars) : value(2));
  const condition = (depth: number): Value => {
    const kind = Math.floor(random() * 14);
    switch (kind) {
      case 0:
      case 1:
      case 2:
        return Doc.fromEntries([
          [pick(["$gt", "$gte", "$lt", "$lte", "$eq", "$ne"]), notPattern(operand())],
        ]);
      case 3:
        return Doc.fromEntries([
          ["$gte", notPattern(operand())],
          ["$lt", notPattern(operand())],
        ]);
      case 4:
        return Doc.of({ $in: Array.from({ length: Math.floor(random() * 4) }, operand) });
      case 5:
        return Doc.of({ $exists: random() < 0.6 });
      case 6:
        return Doc.of({ $regex: pick(["^a", "^ab?", "b", "^a|b", "^"]) });
      case 7:
        return Doc.of({ $type: pick(["string", "number", "array", "null", "object"]) });
      case 8:
        return depth > 0
          ? Doc.of({ $not: Doc.of({ $gt: notPattern(operand()) }) })
          : Doc.of({ $size: 1 });
      case 9:
        return Doc.of({
          $elemMatch: Doc.fromEntries([
            [pick(["$gt", "$gte", "$lt"]), notPattern(operand())],
            ["$lte", notPattern(operand())],
          ]),
        });
      case 10:
        return Doc.of({
          $elemMatch: Doc.fromEntries([
            ["b", operand()],
            ...(random() < 0.5 ? [["c", operand()] as [string, Value]] : []),
          ]),
        });
      default:
        return operand();
    }
  };
  const filter = (depth: number): Doc => {
    const kind = random();
    if (depth > 0 && kind < 0.25)
      return Doc.fromEntries([
        [
          pick(["$or", "$or", "$and", "$nor"]),
          Array.from({ length: 1 + Math.floor(random() * 3) }, () => filter(depth - 1)),
        ],
      ]);
    const used = paths.filter(() => random() < 0.35);
    return Doc.fromParts(
      used,
      used.map(() => condition(1)),
    );
  };
  return {
    filter,
    document: () => {
      const keys = ["a", "b", "c"].filter(() => random() < 0.8);
      return Doc.fromParts(
        keys,
        keys.map(() => value(3)),
      );
    },
    order: () => {
      const used = ["a", "b", "c", "_id"].filter(() => random() < 0.3);
      return used.length === 0
        ? undefined
        : Doc.fromParts(
            used,
            used.map(() => pick([1, -1])),
          );
    },
  };
}

/** Comparing with a pattern is an error of its own. */
function notPattern(value: Value): Value {
  return value instanceof Regex ? "a" : value;
}

const indexes: readonly (readonly [Doc, Doc])[] = [
  [Doc.of({ a: 1 }), Doc.empty],
  [Doc.of({ a: -1, b: 1 }), Doc.empty],
  [Doc.of({ "a.b": 1, "a.c": -1 }), Doc.empty],
  [Doc.of({ b: 1 }), Doc.of({ sparse: true })],
  [Doc.of({ c: 1, a: 1 }), Doc.of({ partialFilterExpression: Doc.of({ b: Doc.of({ $gt: 1 }) }) })],
  [Doc.of({ c: -1 }), Doc.empty],
  [Doc.of({ "b.c": 1 }), Doc.empty],
  [Doc.of({ "a.0": 1 }), Doc.empty],
  [Doc.of({ "a.0.b": 1 }), Doc.empty],
];

async function idsOf(
  collection: Collection,
  filter: Doc,
  options: FindOptions,
): Promise<readonly number[]> {
  const ids: number[] = [];
  for await (const batch of collection.find(filter, options))
    for (const doc of batch) ids.push(doc.get("_id") as number);
  return ids;
}

/** What the filter finds in some way; an error's code in its place. */
async function attempt(
  collection: Collection,
  filter: Doc,
  options: FindOptions,
): Promise<readonly number[] | string> {
  try {
    return await idsOf(collection, filter, options);
  } catch (cause) {
    if (cause instanceof MongoError) return `error ${cause.code}`;
    throw cause;
  }
}

function sorted(found: readonly number[] | string): readonly number[] | string {
  return typeof found === "string" ? found : found.toSorted((left, right) => left - right);
}

async function fill(collection: Collection, { document }: Generate): Promise<void> {
  for (const [keys, options] of indexes) await collection.createIndex(keys, options);
  for (let id = 0; id < 60; id += 1)
    await collection
      .insertOne(Doc.fromEntries([["_id", id], ...document().entries()]))
      .catch((cause: unknown) => {
        // Two arrays that an index can not hold together, or a name that is a number within an array.
        if (!(cause instanceof MongoError)) throw cause;
      });
}

/** Differences of a query's answers by its own plan and by each index from that by the whole collection. */
async function differencesOf(
  collection: Collection,
  filter: Doc,
  sort: Doc | undefined,
): Promise<readonly string[]> {
  const whole = await attempt(collection, filter, {
    hint: Doc.of({ $natural: 1 }),
    ...(sort && { sort }),
  });
  const planned = await attempt(collection, filter, { ...(sort && { sort }) });
  const differences: string[] = [];
  if (String(sorted(planned)) !== String(sorted(whole)))
    differences.push(`${printBson(filter)}: ${String(planned)}, not ${String(whole)}`);
  const count = await collection.countDocuments(filter).catch(() => -1);
  if (typeof whole !== "string" && count !== whole.length)
    differences.push(`${printBson(filter)}: counted ${count}, not ${whole.length}`);
  for (const [keys, options] of indexes) {
    if (options.size > 0) continue;
    const found = await attempt(collection, filter, { hint: keys, ...(sort && { sort }) });
    if (String(sorted(found)) !== String(sorted(whole)))
      differences.push(
        `${printBson(filter)} by ${printBson(keys)}: ${String(found)}, not ${String(whole)}`,
      );
  }
  return differences;
}

test("plans: no index changes what generated filters find", { timeout: 60_000 }, async () => {
  const differences: string[] = [];
  for (let round = 0; round < 8; round += 1) {
    const random = generator(1000 + round);
    const generated = generate(random);
    const collection = source.collection("plans", `round${round}`);
    await fill(collection, generated);
    for (let query = 0; query < 120; query += 1)
      differences.push(
        ...(await differencesOf(collection, generated.filter(2), generated.order())),
      );
  }
  expect(differences).toEqual([]);
});

test("plans: an index gives the same order as sorting does", { timeout: 60_000 }, async () => {
  const collection = source.collection("plans", "order");
  const random = generator(5);
  const plain = [0, 1, 2, new Double(1.5), "a", "b", null, true] as const;
  const pick = (): Value => plain[Math.floor(random() * plain.length)] ?? null;
  await collection.createIndex(Doc.of({ a: 1, b: -1, c: 1 }));
  await collection.createIndex(Doc.of({ c: -1 }));
  for (let id = 0; id < 300; id += 1)
    await collection.insertOne(Doc.of({ _id: id, a: pick(), b: pick(), c: pick() }));
  const sorts = [
    { a: 1 },
    { a: -1, b: 1 },
    { a: 1, b: -1, c: 1 },
    { c: 1 },
    { c: -1 },
    { b: 1 },
    { a: 1, b: 1 },
  ];
  const filters = [
    Doc.empty,
    Doc.of({ a: 1 }),
    Doc.of({ a: Doc.of({ $in: [1, "a"] }) }),
    Doc.of({ a: Doc.of({ $gt: 0 }), b: 2 }),
    Doc.of({ a: 1, b: null }),
  ];
  for (const filter of filters)
    for (const each of sorts) {
      const sort = Doc.of(each);
      const keys = async (options: FindOptions): Promise<readonly string[]> => {
        const found: string[] = [];
        for await (const batch of collection.find(filter, { ...options, sort }))
          for (const doc of batch)
            found.push(
              sort
                .keys()
                .map((key) => printBson(doc.get(key) ?? null))
                .join(" "),
            );
        return found;
      };
      // 1 and 1.0 sort alike and print differently: there are none of the latter.
      expect(await keys({})).toEqual(await keys({ hint: Doc.of({ $natural: 1 }) }));
    }
});
