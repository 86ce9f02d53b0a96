/** What `bench/query.ts` asks of a collection on both sides. */
import { Doc } from "../src/bson/doc.ts";
import { parseEjson, parseEjsonValue } from "../src/bson/parse-ejson.ts";
import type { Value } from "../src/bson/value.ts";
import type { Batches, Collection } from "../src/sources/source.ts";

export async function countOf(batches: Batches): Promise<number> {
  let found = 0;
  for await (const batch of batches) found += batch.length;
  return found;
}

function read(text: string): Doc {
  return parseEjson(Buffer.from(text));
}

function aggregated(text: string): Work {
  const stages = parseEjsonValue(Buffer.from(text)) as readonly Value[];
  return (collection) => countOf(collection.aggregate(stages));
}

export type Work = (collection: Collection) => Promise<number>;

/** What else is often asked of a collection without an index for it. */
export const shapes: readonly (readonly [title: string, work: Work])[] = [
  ["count with a filter", (each) => each.countDocuments(read('{"age":{"$gt":80}}'))],
  ["distinct", async (each) => (await each.distinct("city", Doc.empty)).length],
  [
    "filter, sort, limit, projection",
    (each) =>
      countOf(
        each.find(read('{"city":"Oslo"}'), {
          sort: read('{"name":1}'),
          limit: 100,
          projection: read('{"name":1,"score":1}'),
        }),
      ),
  ],
  [
    "the greatest 20, each greater than those before it",
    (each) => countOf(each.find(Doc.empty, { sort: read('{"score":-1}'), limit: 20 })),
  ],
  [
    "sort, skip 5000, limit 100",
    (each) => countOf(each.find(Doc.empty, { sort: read('{"name":1}'), skip: 5000, limit: 100 })),
  ],
  [
    "all of them, projected",
    (each) => countOf(each.find(Doc.empty, { projection: read('{"name":1}') })),
  ],
  [
    "$match, $group",
    aggregated(
      '[{"$match":{"age":{"$gt":20}}},{"$group":{"_id":"$city","n":{"$sum":1},"avg":{"$avg":"$score"}}}]',
    ),
  ],
  [
    "$sort, $group",
    aggregated(
      '[{"$sort":{"name":1}},{"$group":{"_id":"$age","first":{"$first":"$name"},"sum":{"$sum":"$score"}}}]',
    ),
  ],
  [
    "$unwind, $group",
    aggregated('[{"$unwind":"$tags"},{"$group":{"_id":"$tags","n":{"$sum":1}}}]'),
  ],
];
