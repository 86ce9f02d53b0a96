import { Doc } from "../../bson/doc.ts";
import type { Collection } from "../source.ts";
import { all, type ContractCase, doc, type Plain } from "./case.ts";

/** Stages of a plan from the outside in, and the index at its end. */
async function planOf(
  c: Collection,
  filter: { readonly [key: string]: Plain },
  options: { readonly sort?: { readonly [key: string]: Plain } } = {},
): Promise<string> {
  const sort = options.sort === undefined ? {} : { sort: doc(options.sort) };
  const plan = await c.explain(doc(filter), sort);
  const names: string[] = [];
  let stage = (plan.get("queryPlanner") as Doc).get("winningPlan");
  while (stage instanceof Doc) {
    names.push(stage.get("stage") as string);
    if (stage.has("indexName")) names.push(stage.get("indexName") as string);
    stage = stage.get("inputStage");
  }
  return names.join(" ");
}

const numbers = Array.from({ length: 40 }, (_, index) => ({
  _id: index,
  a: index % 10,
  b: index % 4,
  c: index,
}));

export const planCases: readonly ContractCase[] = [
  {
    title: "plans: equality by index, the rest by the collection",
    documents: numbers,
    indexes: [{ a: 1 }],
    run: async (c) => [
      await planOf(c, { a: 3 }),
      await planOf(c, { b: 3 }),
      await planOf(c, { _id: 3 }),
    ],
    gives: '["FETCH IXSCAN a_1", "COLLSCAN", "IDHACK"]',
  },
  {
    title: "plans: an index gives the order, forwards and backwards",
    documents: numbers,
    indexes: [{ a: 1, c: -1 }],
    run: async (c) => [
      await planOf(c, { a: 3 }, { sort: { c: 1 } }),
      await planOf(c, {}, { sort: { a: -1, c: 1 } }),
      await planOf(c, { a: { $in: [1, 2] } }, { sort: { a: 1 } }),
    ],
    gives: '["FETCH IXSCAN a_1_c_-1", "FETCH IXSCAN a_1_c_-1", "FETCH IXSCAN a_1_c_-1"]',
  },
  {
    title: "indexes find what the collection does",
    documents: [
      { _id: 1, a: 5 },
      { _id: 2, a: [1, 9] },
      { _id: 3, a: null },
      { _id: 4 },
      { _id: 5, a: [] },
      { _id: 6, a: [[5]] },
      { _id: 7, a: { b: 1 } },
      { _id: 8, a: "5" },
    ],
    indexes: [{ a: 1 }],
    run: async (c) => {
      const filters: readonly { readonly [key: string]: Plain }[] = [
        { a: 5 },
        { a: { $gt: 4, $lt: 6 } },
        { a: { $elemMatch: { $gt: 0, $lt: 2 } } },
        { a: null },
        { a: { $exists: false } },
        { a: [] },
        { a: [5] },
        { a: [[5]] },
        { a: { b: 1 } },
        { a: { $in: [null, "5"] } },
        { a: { $gte: "" } },
        { $or: [{ a: 9 }, { a: 5 }] },
        { a: { $ne: 5 } },
        { a: { $not: { $gt: 4 } } },
      ];
      const found: unknown[] = [];
      for (const filter of filters) {
        const documents = await all(
          c.find(doc(filter), { hint: "a_1", projection: doc({ _id: 1 }) }),
        );
        found.push(documents.map((each) => each.get("_id") as number).toSorted((x, y) => x - y));
      }
      return found;
    },
    gives:
      "[[1], [1, 2], [2], [3, 4], [4], [5], [6], [6], [7], [3, 4, 8], [8], [1, 2], [2, 3, 4, 5, 6, 7, 8], [3, 4, 5, 6, 7, 8]]",
  },
  {
    title: "compound bounds on arrays hold per element only within $elemMatch",
    documents: [
      {
        _id: 1,
        a: [
          { x: 1, y: 5 },
          { x: 2, y: 2 },
        ],
      },
      { _id: 2, a: [{ x: 1, y: 2 }] },
    ],
    indexes: [{ "a.x": 1, "a.y": 1 }],
    run: async (c) => {
      const ids = async (filter: { readonly [key: string]: Plain }): Promise<unknown> =>
        (await all(c.find(doc(filter), { hint: "a.x_1_a.y_1", sort: doc({ _id: 1 }) }))).map(
          (each) => each.get("_id"),
        );
      return [
        await ids({ "a.x": 1, "a.y": 2 }),
        await ids({ a: { $elemMatch: { x: 1, y: 2 } } }),
        await ids({ "a.x": { $gt: 1 }, "a.y": { $gt: 4 } }),
      ];
    },
    gives: "[[1, 2], [2], [1]]",
  },
  {
    title: "a partial index answers only what its filter covers",
    documents: [
      { _id: 1, a: 1, b: 1 },
      { _id: 2, a: 1, b: 9 },
    ],
    indexes: [{ a: 1, $options: { partialFilterExpression: { b: { $gt: 5 } } } }],
    run: async (c) => [
      await planOf(c, { a: 1 }),
      await planOf(c, { a: 1, b: { $gt: 7 } }),
      await planOf(c, { a: 1, b: { $gt: 3 } }),
      (await all(c.find(doc({ a: 1 })))).length,
    ],
    gives: '["COLLSCAN", "FETCH IXSCAN a_1", "COLLSCAN", 2]',
  },
  {
    title: "a sparse index answers only what asks for the field",
    documents: [{ _id: 1, a: 1 }, { _id: 2 }],
    indexes: [{ a: 1, $options: { sparse: true } }],
    run: async (c) => [
      await planOf(c, { a: 1 }),
      await planOf(c, { a: null }),
      await planOf(c, { a: { $exists: true } }),
      (await all(c.find(Doc.empty, { sort: doc({ a: 1 }) }))).length,
    ],
    gives: '["FETCH IXSCAN a_1", "COLLSCAN", "FETCH IXSCAN a_1", 2]',
  },
  {
    title: "explain counts keys and documents",
    documents: numbers,
    indexes: [{ a: 1 }],
    run: async (c) => {
      const stats = (await c.explain(doc({ a: 3, b: 1 }))).get("executionStats") as Doc;
      return [
        stats.get("nReturned"),
        stats.get("totalKeysExamined"),
        stats.get("totalDocsExamined"),
      ];
    },
    gives: "[2, 4, 4]",
  },
  {
    title: "$or takes an index for each branch and gives no document twice",
    documents: numbers,
    indexes: [{ a: 1 }, { c: 1 }],
    run: async (c) => {
      const filter = doc({ $or: [{ a: 3 }, { c: { $in: [3, 4] } }] });
      return [
        await planOf(c, { $or: [{ a: 3 }, { c: { $in: [3, 4] } }] }),
        await c.countDocuments(filter),
      ];
    },
    gives: '["SUBPLAN FETCH OR", 5]',
  },
];
