import { expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { parseEjson, parseEjsonValue } from "../bson/parse-ejson.ts";
import { TextWriter } from "../bson/text-writer.ts";
import { writeValueText } from "../bson/stringify.ts";
import { DateTime, isArray, type Value } from "../bson/value.ts";
import { createPacer } from "../kit/pacer.ts";
import type { QueryEnvironment } from "./environment.ts";
import { compileMatch } from "./match.ts";
import { compilePipeline, type PipelineSource } from "./pipeline.ts";
import type { ReadRequest } from "./pipeline/stage.ts";
import { compileSort, sortDocs } from "./sort.ts";

const environment: QueryEnvironment = {
  now: new DateTime(1_700_000_000_000),
  random: () => 0.5,
  variables: new Map(),
};

/** Collections as plain lists; what the embedded store does with indexes is done here by looking at everything. */
function sourceOf(collections: ReadonlyMap<string, readonly Doc[]>): PipelineSource {
  async function* read(name: string, request: ReadRequest): AsyncIterable<readonly Doc[]> {
    const match = compileMatch(request.filter, request.environment);
    let found = (collections.get(name) ?? []).filter((doc) => match.matches(doc));
    if (request.sort !== undefined) {
      async function* all(): AsyncIterable<readonly Doc[]> {
        yield found;
      }
      found = [...(await sortDocs(all(), compileSort(request.sort), { pacer: createPacer() }))];
    }
    const skip = request.skip ?? 0;
    found = found.slice(skip, request.limit === undefined ? undefined : skip + request.limit);
    if (found.length > 0) yield found;
  }
  return {
    read: (namespace, request) => read(namespace.collection, request),
    target: () => {
      throw new Error("nothing is written here");
    },
    collectionStats: async () => Doc.empty,
    indexStats: async () => [],
  };
}

function text(value: Value): string {
  const out = new TextWriter();
  writeValueText(out, value, "relaxed");
  return out.take().toString("utf8");
}

function docsOf(json: string): Doc[] {
  const value = parseEjsonValue(Buffer.from(json));
  return (isArray(value) ? value : []).map((each) => parseEjson(Buffer.from(text(each))));
}

async function run(pipeline: string, documents: string, others: string): Promise<string> {
  const source = sourceOf(
    new Map([
      ["c", docsOf(documents)],
      ["other", docsOf(others)],
    ]),
  );
  const stages = parseEjsonValue(Buffer.from(pipeline)) as readonly Value[];
  const compiled = compilePipeline(stages, environment, { database: "db", collection: "c" });
  const found: Doc[] = [];
  for await (const batch of compiled.run({ source, pacer: createPacer() })) found.push(...batch);
  return text(found);
}

const numbers =
  '[{"_id":0,"a":1,"b":1},{"_id":1,"a":8,"b":1},{"_id":2,"a":15,"b":1},{"_id":3,"a":22,"b":5},{"_id":4,"a":29,"b":6}]';
const others =
  '[{"_id":10,"k":1,"v":"x"},{"_id":11,"k":[1,5],"v":"y"},{"_id":12,"v":"z"},{"_id":13,"k":6,"v":"x"}]';

// Every answer is that of a mongod 6.0.5.
test.for<[pipeline: string, documents: string, answer: string]>([
  ['[{"$match":{"a":{"$gt":20}}},{"$count":"n"}]', numbers, '[{"n":2}]'],
  ['[{"$count":"n"}]', "[]", "[]"],
  [
    '[{"$sort":{"a":-1}},{"$skip":1},{"$limit":2},{"$project":{"a":1}}]',
    numbers,
    '[{"_id":3,"a":22},{"_id":2,"a":15}]',
  ],
  [
    '[{"$group":{"_id":"$b","n":{"$sum":1},"a":{"$avg":"$a"}}},{"$sort":{"_id":1}}]',
    numbers,
    '[{"_id":1,"n":3,"a":8.0},{"_id":5,"n":1,"a":22.0},{"_id":6,"n":1,"a":29.0}]',
  ],
  ['[{"$group":{"_id":{"x":"$none"},"n":{"$sum":1}}}]', numbers, '[{"_id":{"x":null},"n":5}]'],
  [
    '[{"$group":{"_id":null,"p":{"$push":"$none"},"f":{"$first":"$none"},"s":{"$sum":"$none"},"m":{"$max":"$a"}}}]',
    numbers,
    '[{"_id":null,"p":[],"f":null,"s":0,"m":29}]',
  ],
  [
    '[{"$group":{"_id":null,"t":{"$topN":{"n":2,"sortBy":{"a":-1},"output":"$a"}},"f":{"$firstN":{"n":2,"input":"$a"}},"m":{"$minN":{"n":2,"input":"$b"}}}}]',
    numbers,
    '[{"_id":null,"t":[29,22],"f":[1,8],"m":[1,1]}]',
  ],
  [
    '[{"$unwind":{"path":"$t","includeArrayIndex":"i","preserveNullAndEmptyArrays":true}}]',
    '[{"_id":1,"t":[7,8]},{"_id":2,"t":[]},{"_id":3},{"_id":4,"t":5}]',
    '[{"_id":1,"t":7,"i":0},{"_id":1,"t":8,"i":1},{"_id":2,"i":null},{"_id":3,"i":null},{"_id":4,"t":5,"i":null}]',
  ],
  [
    '[{"$unwind":"$t.u"}]',
    '[{"_id":1,"t":{"u":[1],"w":2}},{"_id":2,"t":[{"u":[1]}]}]',
    '[{"_id":1,"t":{"u":1,"w":2}}]',
  ],
  [
    '[{"$lookup":{"from":"other","localField":"b","foreignField":"k","as":"r"}},{"$project":{"r.v":1}},{"$match":{"_id":{"$in":[0,3]}}}]',
    numbers,
    '[{"_id":0,"r":[{"v":"x"},{"v":"y"}]},{"_id":3,"r":[{"v":"y"}]}]',
  ],
  [
    '[{"$match":{"_id":4}},{"$lookup":{"from":"other","let":{"b":"$b"},"pipeline":[{"$match":{"$expr":{"$eq":["$k","$$b"]}}},{"$project":{"_id":0,"v":1}}],"as":"r"}}]',
    numbers,
    '[{"_id":4,"a":29,"b":6,"r":[{"v":"x"}]}]',
  ],
  [
    '[{"$match":{"_id":0}},{"$lookup":{"from":"other","localField":"none","foreignField":"k","as":"r"}},{"$project":{"r._id":1}}]',
    numbers,
    '[{"_id":0,"r":[{"_id":12}]}]',
  ],
  [
    '[{"$match":{"_id":{"$lt":1}}},{"$unionWith":{"coll":"other","pipeline":[{"$match":{"v":"z"}}]}}]',
    numbers,
    '[{"_id":0,"a":1,"b":1},{"_id":12,"v":"z"}]',
  ],
  [
    '[{"$facet":{"n":[{"$count":"c"}],"top":[{"$sort":{"a":-1}},{"$limit":1}]}}]',
    numbers,
    '[{"n":[{"c":5}],"top":[{"_id":4,"a":29,"b":6}]}]',
  ],
  [
    '[{"$bucket":{"groupBy":"$a","boundaries":[0,10,25],"default":"more"}}]',
    numbers,
    '[{"_id":0,"count":2},{"_id":10,"count":2},{"_id":"more","count":1}]',
  ],
  [
    '[{"$bucketAuto":{"groupBy":"$a","buckets":2}}]',
    numbers,
    '[{"_id":{"min":1,"max":22},"count":3},{"_id":{"min":22,"max":29},"count":2}]',
  ],
  [
    '[{"$bucketAuto":{"groupBy":"$a","buckets":2,"granularity":"R5"}}]',
    numbers,
    '[{"_id":{"min":0.63,"max":16.0},"count":3},{"_id":{"min":16.0,"max":40.0},"count":2}]',
  ],
  ['[{"$sortByCount":"$b"},{"$limit":1}]', numbers, '[{"_id":1,"count":3}]'],
  ['[{"$replaceWith":"$d"}]', '[{"_id":1,"d":{"x":1}}]', '[{"x":1}]'],
  [
    '[{"$redact":{"$cond":[{"$eq":["$lvl",5]},"$$PRUNE","$$DESCEND"]}}]',
    '[{"_id":1,"lvl":1,"a":{"lvl":5,"x":1},"b":[{"lvl":2},{"lvl":5}]},{"_id":2,"lvl":5}]',
    '[{"_id":1,"lvl":1,"b":[{"lvl":2}]}]',
  ],
  [
    '[{"$match":{"_id":0}},{"$graphLookup":{"from":"other","startWith":"$b","connectFromField":"_id","connectToField":"k","as":"r","depthField":"d"}},{"$unwind":"$r"},{"$sort":{"r._id":1}},{"$project":{"x":"$r._id","d":"$r.d"}}]',
    numbers,
    '[{"_id":0,"x":10,"d":0},{"_id":0,"x":11,"d":0}]',
  ],
])("pipeline: %s", async ([pipeline, documents, answer]) => {
  expect(await run(pipeline, documents, others)).toBe(answer);
});

test.for<[pipeline: string, code: number, message: string]>([
  ['[{"$foo":1}]', 40324, "Unrecognized pipeline stage name: '$foo'"],
  [
    '[{"$match":{},"$sort":{}}]',
    40323,
    "A pipeline stage specification object must contain exactly one field.",
  ],
  ["[1]", 14, "Each element of the 'pipeline' array must be an object"],
  ['[{"$out":"x"},{"$match":{}}]', 40601, "$out can only be the final stage in the pipeline"],
  [
    '[{"$match":{}},{"$collStats":{}}]',
    40602,
    "$collStats is only valid as the first stage in a pipeline",
  ],
  ['[{"$limit":0}]', 15958, "the limit must be positive"],
  [
    '[{"$skip":-1}]',
    5107200,
    "invalid argument to $skip stage: Expected a non-negative number in: $skip: -1",
  ],
  ['[{"$group":{}}]', 15955, "a group specification must include an _id"],
  ['[{"$group":{"_id":1,"x":{"$foo":1}}}]', 15952, "unknown group operator '$foo'"],
  [
    '[{"$facet":{"a":[{"$out":"x"}]}}]',
    40600,
    "$out is not allowed to be used within a $facet stage",
  ],
  [
    '[{"$replaceWith":"$a"}]',
    40228,
    "PlanExecutor error during aggregation :: caused by :: 'replacement document'  must evaluate to an object, " +
      "but resulting value was: 1. Type of resulting value: 'int'. Input document: {a: 1}",
  ],
  [
    '[{"$bucket":{"groupBy":"$a","boundaries":[50,60]}}]',
    40066,
    "PlanExecutor error during aggregation :: caused by :: $switch could not find a matching branch for an input, and no default was specified.",
  ],
  [
    '[{"$lookup":{"from":"x","as":"y"}}]',
    9,
    "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
  ],
  ['[{"$documents":[]}]', 73, "'$documents' can only be run with {aggregate: 1}"],
])("pipeline: %s is refused", async ([pipeline, code, message]) => {
  const failure = await run(pipeline, '[{"a":1}]', "[]").catch((cause: unknown) => cause);
  expect(failure).toMatchObject({ code, message });
});
