import { Doc } from "../../bson/doc.ts";
import { type ContractCase, doc } from "./case.ts";

export const updateCases: readonly ContractCase[] = [
  {
    title: "updateOne changes one document",
    documents: [
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ],
    run: (c) => c.updateOne(doc({ a: 1 }), doc({ $inc: { a: 1 } })),
    gives: "(matchedCount=1 modifiedCount=1)",
    leaves: "[{ _id: 1, a: 2 }, { _id: 2, a: 1 }]",
  },
  {
    title: "updateOne: what changes nothing is matched, not modified",
    documents: [{ _id: 1, a: 1 }],
    run: (c) => c.updateOne(doc({ _id: 1 }), doc({ $set: { a: 1 } })),
    gives: "(matchedCount=1 modifiedCount=0)",
  },
  {
    title: "updateOne matches nothing",
    documents: [{ _id: 1 }],
    run: (c) => c.updateOne(doc({ _id: 2 }), doc({ $set: { a: 1 } })),
    gives: "(matchedCount=0 modifiedCount=0)",
  },
  {
    title: "updateOne in a collection that is not there makes none",
    run: async (c, source) => {
      const result = await c.updateOne(doc({ _id: 2 }), doc({ $set: { a: 1 } }));
      const names = (await source.listCollections(c.database)).map((each) => each.get("name"));
      return [result, names.includes(c.name)];
    },
    gives: "[(matchedCount=0 modifiedCount=0), false]",
  },
  {
    title: "updateOne upserts out of filter and update",
    run: (c) =>
      c.updateOne(doc({ _id: 5, "a.b": 1, c: { $gt: 3 } }), doc({ $set: { d: 2 } }), {
        upsert: true,
      }),
    gives: "(matchedCount=0 modifiedCount=0 upsertedId=5)",
    leaves: "[{ _id: 5, a: { b: 1 }, d: 2 }]",
  },
  {
    title: "updateOne upserts nothing where one matches",
    documents: [{ _id: 1, a: 1 }],
    run: (c) =>
      c.updateOne(doc({ a: 1 }), doc({ $set: { b: 1 }, $setOnInsert: { c: 1 } }), { upsert: true }),
    gives: "(matchedCount=1 modifiedCount=1)",
    leaves: "[{ _id: 1, a: 1, b: 1 }]",
  },
  {
    title: "findOneAndUpdate: the new document has no position",
    documents: [{ _id: 1, a: [1, 2, 3] }],
    run: (c) =>
      c.findOneAndUpdate(doc({ a: 2 }), doc({ $set: { b: 1 } }), {
        projection: doc({ "a.$": 1 }),
        returnDocument: "after",
      }),
    fails: [2, "cannot use a positional projection and return the new document"],
  },
  {
    title: "updateOne: positional $ is the element that matched",
    documents: [{ _id: 1, a: [1, 2, 3] }],
    run: (c) => c.updateOne(doc({ a: { $gt: 1 } }), doc({ $set: { "a.$": 0 } })),
    leaves: "[{ _id: 1, a: [ 1, 0, 3 ] }]",
  },
  {
    title: "updateOne: array filters",
    documents: [{ _id: 1, a: [1, 2, 3] }],
    run: (c) =>
      c.updateOne(doc({ _id: 1 }), doc({ $inc: { "a.$[big]": 10 } }), {
        arrayFilters: [doc({ big: { $gt: 1 } })],
      }),
    leaves: "[{ _id: 1, a: [ 1, 12, 13 ] }]",
  },
  {
    title: "updateOne by a pipeline",
    documents: [{ _id: 1, a: 1 }],
    run: (c) => c.updateOne(doc({ _id: 1 }), [doc({ $set: { b: { $add: ["$a", 1] } } })]),
    leaves: "[{ _id: 1, a: 1, b: 2 }]",
  },
  {
    title: "updateOne: _id is immutable",
    documents: [{ _id: 1 }],
    run: (c) => c.updateOne(doc({ _id: 1 }), doc({ $set: { _id: 2 } })),
    fails: [66, "would modify the immutable field '_id'"],
    leaves: "[{ _id: 1 }]",
  },
  {
    title: "updateMany stops at the first document that it can not change",
    documents: [
      { _id: 1, a: 1 },
      { _id: 2, a: "x" },
      { _id: 3, a: 1 },
    ],
    run: (c) => c.updateMany(Doc.empty, doc({ $inc: { a: 1 } })),
    fails: [14, "Cannot apply $inc to a value of non-numeric type"],
    leaves: '[{ _id: 1, a: 2 }, { _id: 2, a: "x" }, { _id: 3, a: 1 }]',
  },
  {
    title: "updateMany changes all that match, each once",
    documents: [
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
      { _id: 3, a: 3 },
    ],
    indexes: [{ a: 1 }],
    run: (c) => c.updateMany(doc({ a: { $lt: 3 } }), doc({ $inc: { a: 1 } })),
    gives: "(matchedCount=2 modifiedCount=2)",
    leaves: "[{ _id: 1, a: 2 }, { _id: 2, a: 3 }, { _id: 3, a: 3 }]",
  },
  {
    title: "updateMany upserts one",
    run: (c) => c.updateMany(doc({ _id: 1 }), doc({ $set: { a: 1 } }), { upsert: true }),
    gives: "(matchedCount=0 modifiedCount=0 upsertedId=1)",
    leaves: "[{ _id: 1, a: 1 }]",
  },
  {
    title: "replaceOne keeps the _id",
    documents: [{ _id: 1, a: 1 }],
    run: (c) => c.replaceOne(doc({ a: 1 }), doc({ b: 2 })),
    gives: "(matchedCount=1 modifiedCount=1)",
    leaves: "[{ _id: 1, b: 2 }]",
  },
  {
    title: "replaceOne upserts with the filter's _id",
    run: (c) => c.replaceOne(doc({ _id: 4, x: 1 }), doc({ b: 2 }), { upsert: true }),
    gives: "(matchedCount=0 modifiedCount=0 upsertedId=4)",
    leaves: "[{ _id: 4, b: 2 }]",
  },
  {
    title: "replaceOne: another _id is refused",
    documents: [{ _id: 1, a: 1 }],
    run: (c) => c.replaceOne(doc({ a: 1 }), doc({ _id: 2 })),
    fails: [66, "_id"],
    leaves: "[{ _id: 1, a: 1 }]",
  },
];
