import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { parseEjsonValue } from "../bson/parse-ejson.ts";
import { printBson } from "../bson/print.ts";
import type { Value } from "../bson/value.ts";
import {
  allOf,
  type CodeSource,
  openCodeSource,
  readDoc,
  tellFailure,
} from "../../test/support/code-source.ts";

/** Code in every call of the embedded store. */

let code: CodeSource;
beforeAll(async () => {
  code = await openCodeSource();
});
afterAll(async () => code.close());

const twice = '{"$function":{"body":"function(x) { return x * 2 }","args":["$i"],"lang":"js"}}';

describe("code in every call", () => {
  const where = Doc.of({ $where: "this.i > 5" });
  const pipeline = [readDoc(`{"$set":{"z":${twice}}}`)];

  test("reads: in order, with skip and limit, counted nowhere", async () => {
    const options = { sort: Doc.of({ i: -1 }), projection: readDoc(`{"z":${twice}}`) };
    const found = await allOf(code.collection.find(where, options));
    expect(found.map((each) => printBson(each))).toEqual([
      "{ _id: 3, z: 14.0 }",
      "{ _id: 2, z: 12.0 }",
    ]);
    expect(await allOf(code.collection.find(where, { skip: 1, limit: 1 }))).toHaveLength(1);
    expect(await code.collection.distinct("i", where)).toEqual([6, 7]);
    await expect(code.collection.countDocuments(where)).rejects.toThrow(
      "$where is not allowed in this context",
    );
  });

  test("what follows the last document that is wanted is not looked at", async () => {
    const picky = Doc.of({ $where: "if (this.i > 6) throw 'x'; return this.i == 6" });
    expect((await code.collection.findOne(picky))?.get("_id")).toBe(2);
    expect(await allOf(code.collection.find(picky)).then(() => "", tellFailure)).toBe(
      "8 uncaught exception: x",
    );
  });

  test("writes", async () => {
    const target = code.open("writes");
    await target.insertMany([5, 6, 7].map((i) => Doc.of({ _id: i, i, a: [i, 1] })));
    expect((await target.updateMany(where, Doc.of({ $inc: Doc.of({ w: 1 }) }))).modifiedCount).toBe(
      2,
    );
    expect((await target.updateMany(Doc.empty, pipeline)).modifiedCount).toBe(3);
    const element = readDoc('{"$where":"this.i == 6","a":1}');
    await target.updateOne(element, readDoc('{"$set":{"a.$":"found"}}'));
    expect(printBson((await target.findOne(element)) ?? Doc.empty)).toBe("{}");
    expect(printBson((await target.findOne(Doc.of({ _id: 6 }))) ?? Doc.empty)).toBe(
      '{ _id: 6, i: 6, a: [ 6, "found" ], w: 1, z: 12.0 }',
    );
    expect(await target.deleteMany(where)).toBe(2);
    const upserted = readDoc('{"$where":"false","_id":9}');
    expect(
      await target.updateOne(upserted, Doc.of({ $set: Doc.of({ u: 1 }) }), { upsert: true }),
    ).toMatchObject({ upsertedId: 9 });
  });

  test.for<[pipeline: string, result: string]>([
    [`[{"$match":{"$expr":{"$eq":[${twice},12]}}}]`, "{ _id: 2, i: 6 }"],
    [
      `[{"$sort":{"_id":-1}},{"$limit":2},{"$project":{"z":${twice}}},{"$match":{"z":{"$lt":13}}}]`,
      "{ _id: 2, z: 12.0 }",
    ],
    [
      `[{"$match":{"_id":2}},{"$lookup":{"from":"c","as":"z","let":{"i":"$i"},"pipeline":[{"$match":{"$expr":{"$function":{"body":"function(a, b) { return a > b }","args":["$i","$$i"],"lang":"js"}}}}]}}]`,
      "{ _id: 2, i: 6, z: [ { _id: 3, i: 7 } ] }",
    ],
    ['[{"$match":{"$where":"true"}}]', "2 $where is not allowed in this context"],
    ['[{"$limit":1},{"$match":{"$where":"true"}}]', "2 $where is not allowed in this context"],
  ])("pipelines: %s", async ([stages, result]) => {
    const given = parseEjsonValue(Buffer.from(stages)) as readonly Value[];
    const made = await allOf(code.collection.aggregate(given)).then(
      (found) => found.map((each) => printBson(each)).join(),
      tellFailure,
    );
    expect(made).toBe(result);
  });

  test("a pipeline writes what code has made", async () => {
    await allOf(
      code.collection.aggregate([
        readDoc(`{"$project":{"z":${twice}}}`),
        readDoc('{"$out":"made"}'),
      ]),
    );
    expect(await code.open("made").countDocuments(readDoc('{"z":{"$gte":10}}'))).toBe(3);
  });

  test.for<[what: string, call: () => Promise<unknown>]>([
    [
      "a filter of array elements",
      async () =>
        code.collection.updateOne(Doc.of({ _id: 1 }), readDoc('{"$set":{"a.$[x]":1}}'), {
          arrayFilters: [Doc.of({ $where: "true" })],
        }),
    ],
    [
      "$pull",
      async () =>
        code.collection.updateOne(Doc.of({ _id: 1 }), readDoc('{"$pull":{"a":{"$where":"true"}}}')),
    ],
    [
      "$elemMatch",
      async () => code.collection.findOne(readDoc('{"a":{"$elemMatch":{"$where":"true"}}}')),
    ],
    [
      "a partial index",
      async () =>
        code.collection.createIndex(
          Doc.of({ q: 1 }),
          readDoc('{"partialFilterExpression":{"$where":"true"}}'),
        ),
    ],
  ])("refused in %s", async ([, call]) => {
    await expect(call()).rejects.toThrow(
      /\$where (?:is not allowed in this context|can only be applied)/,
    );
  });
});

test("who may send no code is refused all of it", async () => {
  const plain = code.source.collection("code", "c");
  const project = readDoc(`{"$project":{"z":${twice}}}`);
  const group = readDoc('{"$group":{"_id":null,"r":{"$accumulator":{"init":"1"}}}}');
  await expect(plain.findOne(Doc.of({ $where: "true" }))).rejects.toThrow("$where is not allowed");
  await expect(allOf(plain.aggregate([project]))).rejects.toThrow("$function is not allowed");
  await expect(allOf(plain.aggregate([group]))).rejects.toThrow("$accumulator is not allowed");
});
