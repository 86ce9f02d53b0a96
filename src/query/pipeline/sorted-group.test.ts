import { expect, test } from "vitest";
import { brief } from "../../../test/support/pipeline.ts";
import { expressionEnvironment } from "../../../test/support/expression.ts";
import { Doc } from "../../bson/doc.ts";
import { parseEjsonValue } from "../../bson/parse-ejson.ts";
import type { Value } from "../../bson/value.ts";
import { createPacer } from "../../kit/pacer.ts";
import { compilePipeline, type PipelineSource } from "../pipeline.ts";
import { compileSort, type Keeper, sortDocs } from "../sort.ts";

function listOf(text: string): readonly Value[] {
  return parseEjsonValue(Buffer.from(text)) as readonly Value[];
}

function refuse(): never {
  throw new Error("not for these tests");
}

/** A source that sorts. @param uses whether it gives what it sorts to the keeper that it is handed */
function sourceOf(docs: readonly Doc[], uses: { readonly keeper: boolean }): PipelineSource {
  return {
    async *read(_namespace, { sort = Doc.empty, keeper }) {
      const given: { keeper?: Keeper | undefined } = uses.keeper ? { keeper } : {};
      yield await sortDocs([docs], compileSort(sort), { pacer: createPacer(), ...given });
    },
    target: refuse,
    collectionStats: refuse,
    indexStats: refuse,
  };
}

async function outputOf(pipeline: string, source: PipelineSource): Promise<readonly string[]> {
  const compiled = compilePipeline(listOf(pipeline), expressionEnvironment, {
    database: "d",
    collection: "c",
  });
  const found: string[] = [];
  for await (const batch of compiled.run({ source, pacer: createPacer() }))
    for (const doc of batch) found.push(brief(doc));
  return found;
}

const documents = listOf(`[
  {"_id":0,"k":"b","g":1,"v":{"$numberDouble":"0.1"}},
  {"_id":1,"k":"a","g":{"$numberDouble":"1"},"v":{"$numberDouble":"0.2"}},
  {"_id":2,"g":2,"v":3},
  {"_id":3,"k":["d","A"],"g":2,"v":{"x":1},"s":"long enough for a slab of its own, or nearly so, at least it is longer than a key"},
  {"_id":4,"k":{"$symbol":"ab"},"v":{"$numberLong":"4"}},
  {"_id":5,"k":null,"g":null,"v":[1,2]},
  {"_id":6,"k":"c","g":1,"v":{"$numberDouble":"0.3"},"s":"t"},
  {"_id":7,"k":7,"g":[1],"v":{"$numberDecimal":"0.3"}}
]`) as readonly Doc[];
const stored = documents.map((each) => Doc.fromBytes(each.toBytes()));
const built = documents.map((each) => Doc.fromParts(each.keys(), [...each.values()]));
const forms: readonly (readonly Doc[])[] = [
  stored,
  built,
  stored.map((each, index) => (index % 3 === 0 ? (built[index] as Doc) : each)),
  built.map((each, index) => (index % 3 === 0 ? (stored[index] as Doc) : each)),
];

test.for([
  `{"_id":"$g","first":{"$first":"$k"},"last":{"$last":"$k"},"sum":{"$sum":"$v"}}`,
  `{"_id":"$g","all":{"$push":"$v"},"keys":{"$push":"$k"},"ids":{"$push":"$_id"}}`,
  `{"_id":null,"set":{"$addToSet":"$g"},"avg":{"$avg":"$v"},"min":{"$min":"$k"},"max":{"$max":"$s"}}`,
  `{"_id":"$v","n":{"$sum":1},"first":{"$first":"$$ROOT"}}`,
  `{"_id":"$v.x","deep":{"$first":"$v.x"},"same":{"$last":"$s"}}`,
  `{"_id":"$k","n":{"$sum":1}}`,
])("sorted group: what is held gives what the documents give: %s", async (group) => {
  for (const sort of [`{"k":1}`, `{"k":-1}`, `{"g":1,"k":1}`, `{"v.x":1,"_id":-1}`])
    for (const docs of forms) {
      const pipeline = `[{"$sort":${sort}},{"$group":${group}}]`;
      // oxlint-disable-next-line no-await-in-loop
      const [held, plain] = await Promise.all([
        outputOf(pipeline, sourceOf(docs, { keeper: true })),
        outputOf(pipeline, sourceOf(docs, { keeper: false })),
      ]);
      expect(held).toEqual(plain);
    }
});

test("sorted group: the first in order gives the group its _id", async () => {
  const pipeline = `[{"$sort":{"k":1}},{"$group":{"_id":"$g","first":{"$first":"$k"}}},{"$limit":3}]`;
  expect(await outputOf(pipeline, sourceOf(stored, { keeper: true }))).toEqual([
    '{"_id":2,"first":null}',
    '{"_id":null,"first":null}',
    '{"_id":[1],"first":7}',
  ]);
});
