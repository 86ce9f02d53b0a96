import { all, type ContractCase, doc } from "./case.ts";

const ignoringCase = doc({ locale: "en", strength: 2 });
const names = [
  { _id: 1, n: "ada" },
  { _id: 2, n: "Bob" },
  { _id: 3, n: "ADA" },
  { _id: 4, n: "Äda" },
];
const byId = doc({ _id: 1 });

export const collationCases: readonly ContractCase[] = [
  {
    title: "collation: a filter's",
    documents: names,
    run: (c) =>
      all(c.find(doc({ n: "ADA" }), { collation: ignoringCase, sort: byId, projection: byId })),
    gives: "[{ _id: 1 }, { _id: 3 }]",
  },
  {
    title: "collation: none, and the simple one, compare code points",
    documents: names,
    run: async (c) => [
      await c.countDocuments(doc({ n: "ADA" })),
      await c.countDocuments(doc({ n: "ADA" }), { collation: doc({ locale: "simple" }) }),
    ],
    gives: "[1, 1]",
  },
  {
    title: "collation: a sort's",
    documents: names,
    run: (c) =>
      all(
        c.find(doc({}), {
          collation: doc({ locale: "en" }),
          sort: doc({ n: 1 }),
          projection: doc({ n: 1, _id: 0 }),
        }),
      ),
    gives: '[{ n: "ada" }, { n: "ADA" }, { n: "Äda" }, { n: "Bob" }]',
  },
  {
    title: "collation: not of patterns",
    documents: names,
    run: (c) => c.countDocuments(doc({ n: { $regex: "^A" } }), { collation: ignoringCase }),
    gives: "1",
  },
  {
    title: "collation: distinct and groups",
    documents: names,
    run: async (c) => [
      (await c.distinct("n", doc({}), { collation: ignoringCase })).length,
      await all(
        c.aggregate([doc({ $group: { _id: "$n", c: { $sum: 1 } } }), doc({ $sort: { _id: 1 } })], {
          collation: doc({ locale: "en", strength: 1 }),
        }),
      ).then((groups) => groups.map((each) => each.get("c"))),
    ],
    gives: "[3, [3, 1]]",
  },
  {
    title: "collation: $lookup joins by it",
    documents: names,
    run: async (c) => {
      const joined = await all(
        c.aggregate(
          [
            doc({ $match: { _id: 1 } }),
            doc({ $lookup: { from: c.name, localField: "n", foreignField: "n", as: "j" } }),
            doc({ $project: { c: { $size: "$j" } } }),
          ],
          { collation: ignoringCase },
        ),
      );
      return joined;
    },
    gives: "[{ _id: 1, c: 2 }]",
  },
  {
    title: "collation: updates of arrays",
    documents: [{ _id: 1, t: ["a", "b"] }],
    run: async (c) => [
      (await c.updateOne(doc({}), doc({ $addToSet: { t: "A" } }), { collation: ignoringCase }))
        .modifiedCount,
      (await c.updateOne(doc({}), doc({ $pull: { t: "B" } }), { collation: ignoringCase }))
        .modifiedCount,
    ],
    gives: "[0, 1]",
    leaves: '[{ _id: 1, t: [ "a" ] }]',
  },
  {
    title: "collation: a bad one is refused",
    documents: names,
    run: (c) => c.countDocuments(doc({}), { collation: doc({ locale: "xx" }) }),
    fails: [2, "Field 'locale' is invalid in: { locale: \"xx\" }"],
  },
  {
    title: "collation: an index of its own answers, and others do not mislead",
    documents: names,
    indexes: [
      { n: 1 },
      { n: 1, $options: { name: "own", collation: { locale: "en", strength: 2 } } },
    ],
    run: async (c) => [
      await c.countDocuments(doc({ n: "aDa" }), { collation: ignoringCase }),
      await c.countDocuments(doc({ n: { $gt: "ADA" } }), { collation: ignoringCase }),
      await c.countDocuments(doc({ n: "aDa" }), { collation: doc({ locale: "en", strength: 1 }) }),
      await c.countDocuments(doc({ n: "ada" })),
    ],
    gives: "[2, 2, 3, 1]",
  },
  {
    title: "collation: a unique index",
    documents: names.slice(0, 2),
    indexes: [{ n: 1, $options: { unique: true, collation: { locale: "en", strength: 2 } } }],
    run: (c) => c.insertOne(doc({ _id: 9, n: "BOB" })),
    fails: [11000, "E11000 duplicate key error collection: "],
  },
  {
    title: "collation: a unique index takes what only looks the same",
    documents: names.slice(0, 2),
    indexes: [{ n: 1, $options: { unique: true, collation: { locale: "en", strength: 2 } } }],
    run: (c) => c.insertOne(doc({ _id: 9, n: "b-o-b" })),
    gives: "9",
  },
  {
    title: "collation: a unique index is not made over what is equal",
    documents: names,
    run: (c) =>
      c
        .createIndex(doc({ n: 1 }), doc({ unique: true, collation: { locale: "en", strength: 2 } }))
        .catch((error: Error & { code: number }) => error.code),
    gives: "11000",
  },
  {
    title: "collation: of a collection, for its calls, its _id and its indexes",
    run: async (c, source) => {
      await source.createCollection(
        c.database,
        c.name,
        doc({ collation: { locale: "en", strength: 2 } }),
      );
      await c.insertOne(doc({ _id: "a", n: "x" }));
      await c.createIndex(doc({ n: 1 }));
      await c.createIndex(doc({ m: 1 }), doc({ collation: { locale: "simple" } }));
      return [
        (await c.findOne(doc({ _id: "A" })))?.get("n"),
        await c.findOne(doc({ _id: "A" }), { collation: doc({ locale: "simple" }) }),
        await c.countDocuments(doc({ n: "X" })),
        (await c.updateOne(doc({ _id: "A" }), doc({ $set: { n: "y" } }))).matchedCount,
        await c.insertOne(doc({ _id: "A" })).catch((error: Error & { code: number }) => error.code),
        (await c.listIndexes()).map((each) => each.has("collation")),
      ];
    },
    gives: '["x", null, 1, 1, 11000, [true, true, false]]',
    leaves: '[{ _id: "a", n: "y" }]',
  },
];
