import { Doc } from "../../bson/doc.ts";
import { compare } from "../../bson/compare.ts";
import { Double, Undefined, type Value } from "../../bson/value.ts";
import { all, type ContractCase, doc } from "./case.ts";

const people = [
  { _id: 1, name: "Ada", age: 36, tags: ["a", "b"], home: { city: "London" } },
  { _id: 2, name: "Bob", age: 20, tags: ["b"], home: { city: "Paris" } },
  { _id: 3, name: "Cid", age: 20, tags: [], home: null },
  { _id: 4, name: "Dee", tags: "c" },
] as const;

function inOrder(values: readonly Value[]): readonly Value[] {
  return values.toSorted(compare);
}

export const readCases: readonly ContractCase[] = [
  {
    title: "find gives all documents in the order of insertion",
    documents: [{ _id: 2 }, { _id: 1 }, { _id: 3 }],
    run: (c) => all(c.find(Doc.empty)),
    gives: "[{ _id: 2 }, { _id: 1 }, { _id: 3 }]",
  },
  {
    title: "find filters, sorts, skips and limits",
    documents: people,
    run: (c) =>
      all(
        c.find(doc({ age: { $exists: true } }), {
          sort: doc({ age: 1, name: -1 }),
          skip: 1,
          limit: 2,
          projection: doc({ name: 1 }),
        }),
      ),
    gives: '[{ _id: 2, name: "Bob" }, { _id: 1, name: "Ada" }]',
  },
  {
    title: "find: a limit of 0 is none",
    documents: people,
    run: async (c) => (await all(c.find(Doc.empty, { limit: 0 }))).length,
    gives: "4",
  },
  {
    title: "find sorts by $natural backwards",
    documents: [{ _id: 2 }, { _id: 1 }, { _id: 3 }],
    run: (c) => all(c.find(Doc.empty, { sort: doc({ $natural: -1 }) })),
    gives: "[{ _id: 3 }, { _id: 1 }, { _id: 2 }]",
  },
  {
    title: "find in a collection that is not there gives nothing",
    run: (c) => all(c.find(doc({ a: 1 }))),
    gives: "[]",
  },
  {
    title: "find: an unknown operator is refused, whether or not there is anything to find",
    run: (c) => all(c.find(doc({ a: { $foo: 1 } }))),
    fails: [2, "unknown operator: $foo"],
  },
  {
    title: "find: a positional projection shows the element that matched",
    documents: people,
    run: (c) => all(c.find(doc({ tags: "b" }), { projection: doc({ "tags.$": 1 }) })),
    gives: '[{ _id: 1, tags: [ "b" ] }, { _id: 2, tags: [ "b" ] }]',
  },
  {
    title: "find: variables of let are seen by $expr",
    documents: people,
    run: (c) =>
      all(
        c.find(doc({ $expr: { $eq: ["$age", "$$wanted"] } }), {
          let: doc({ wanted: 36 }),
          projection: doc({ _id: 1 }),
        }),
      ),
    gives: "[{ _id: 1 }]",
  },
  ...(
    [
      ["Wanted", 1, 9, "Invalid 'let' parameter :: caused by :: 'Wanted' starts with an invalid"],
      ["NOW", 1, 4_738_901, "Attempt to set internal constant: NOW"],
      ["wanted", "$age", 4_890_500, "Command let Expression tried to access a field"],
    ] as const
  ).map(([name, value, code, message]): ContractCase => ({
    title: `find: let may not set ${name} to ${value}`,
    run: (c) => all(c.find(doc({ a: 1 }), { let: doc({ [name]: value }) })),
    fails: [code, message],
  })),
  {
    title: "find: a hint that names no index is refused",
    documents: people,
    run: (c) => all(c.find(doc({ a: 1 }), { hint: "nope" })),
    fails: [2, "hint provided does not correspond to an existing index"],
  },
  {
    title: "find: a hint is a pattern whatever its numbers are; an empty one asks for nothing",
    documents: people,
    indexes: [{ age: -1 }],
    run: async (c) => [
      (await all(c.find(doc({ age: 36 }), { hint: doc({ age: new Double(-1) }) }))).length,
      (await all(c.find(doc({ age: 36 }), { hint: doc({}) }))).length,
    ],
    gives: "[1, 1]",
  },
  ...(
    [
      [{ age: -1 }, "index hint not allowed with $natural sort order"],
      [{ $natural: -1 }, "$natural hint must be in the same direction as $natural sort order"],
      [{ age: -1, $natural: 1 }, "Cannot include '$natural' in compound hint"],
    ] as const
  ).map(([hint, message]): ContractCase => ({
    title: `find: a sort by $natural does not go with a hint of ${JSON.stringify(hint)}`,
    documents: people,
    indexes: [{ age: -1 }],
    run: (c) => all(c.find(Doc.empty, { sort: doc({ $natural: 1 }), hint: doc(hint) })),
    fails: [2, message],
  })),
  {
    title: "distinct: what is no path",
    run: (c) => c.distinct("a.$b", doc({})),
    fails: [16410, "FieldPath field names may not start with '$'."],
  },
  {
    title: "find: a hint of another type is refused",
    documents: people,
    run: (c) => all(c.find(doc({ a: 1 }), { hint: 5 })),
    fails: [9, "Hint must be a string or an object"],
  },
  {
    title: "findOne by _id",
    documents: people,
    run: (c) => c.findOne(doc({ _id: 2 }), { projection: doc({ name: 1, _id: 0 }) }),
    gives: '{ name: "Bob" }',
  },
  {
    title: "findOne by _id: numbers of different types are equal",
    documents: [{ _id: 7, a: 1 }],
    run: (c) => c.findOne(doc({ _id: new Double(7) })),
    gives: "{ _id: 7, a: 1 }",
  },
  {
    title: "findOne by _id: a document is equal with its fields in their order only",
    documents: [{ _id: { a: 1, b: 2 } }],
    run: async (c) => [
      await c.findOne(doc({ _id: { a: 1, b: 2 } })),
      await c.findOne(doc({ _id: { b: 2, a: 1 } })),
    ],
    gives: "[{ _id: { a: 1, b: 2 } }, null]",
  },
  {
    title: "findOne gives null where nothing matches",
    documents: people,
    run: (c) => c.findOne(doc({ _id: 9 })),
    gives: "null",
  },
  {
    title: "findOne takes the first by the sort",
    documents: people,
    run: (c) => c.findOne(Doc.empty, { sort: doc({ name: -1 }), projection: doc({ _id: 1 }) }),
    gives: "{ _id: 4 }",
  },
  {
    title: "countDocuments counts what matches, within skip and limit",
    documents: people,
    run: async (c) => [
      await c.countDocuments(Doc.empty),
      await c.countDocuments(doc({ age: 20 })),
      await c.countDocuments(Doc.empty, { skip: 1, limit: 2 }),
      await c.countDocuments(Doc.empty, { skip: 9 }),
    ],
    gives: "[4, 2, 2, 0]",
  },
  {
    title: "distinct goes through arrays and leaves out missing fields",
    documents: people,
    run: async (c) => [
      inOrder(await c.distinct("tags", Doc.empty)),
      inOrder(await c.distinct("home.city", Doc.empty)),
      await c.distinct("age", doc({ _id: { $gt: 1 } })),
    ],
    gives: '[["a", "b", "c"], ["London", "Paris"], [20]]',
  },
  {
    title: "distinct: values outlive the documents that they were found in",
    documents: [
      { _id: 1, v: { x: 1 } },
      { _id: 2, v: "text" },
      { _id: 3, v: [{ x: 2 }, "text"], pad: "p".repeat(300_000) },
      { _id: 4, v: { x: 1 } },
      { _id: 5, v: 7, pad: "p".repeat(300_000) },
      { _id: 6, v: { x: 3 } },
    ],
    run: async (c) => inOrder(await c.distinct("v", Doc.empty)),
    gives: '[7, "text", { x: 1 }, { x: 2 }, { x: 3 }]',
  },
  {
    title: "distinct: an empty path is refused",
    documents: people,
    run: (c) => c.distinct("", Doc.empty),
    fails: [40352, "FieldPath cannot be constructed with empty string"],
  },
  {
    title: "aggregate groups",
    documents: people,
    run: (c) =>
      all(
        c.aggregate([
          doc({ $match: { age: { $exists: true } } }),
          doc({ $group: { _id: "$age", n: { $sum: 1 } } }),
          doc({ $sort: { _id: 1 } }),
        ]),
      ),
    gives: "[{ _id: 20, n: 2 }, { _id: 36, n: 1 }]",
  },
  {
    title: "aggregate joins a collection with itself",
    documents: [
      { _id: 1, parent: null },
      { _id: 2, parent: 1 },
      { _id: 3, parent: 1 },
    ],
    run: (c) =>
      all(
        c.aggregate([
          doc({ $match: { _id: 1 } }),
          doc({
            $lookup: { from: c.name, localField: "_id", foreignField: "parent", as: "children" },
          }),
          doc({ $project: { children: "$children._id" } }),
        ]),
      ),
    gives: "[{ _id: 1, children: [ 2, 3 ] }]",
  },
  {
    title: "aggregate: $out replaces the collection's documents and keeps its indexes",
    documents: [
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ],
    indexes: [{ a: 1 }],
    run: async (c) => {
      const given = await all(c.aggregate([doc({ $match: { _id: 2 } }), doc({ $out: c.name })]));
      return [given, (await c.listIndexes()).length];
    },
    gives: "[[], 2]",
    leaves: "[{ _id: 2, a: 2 }]",
  },
  {
    title: "aggregate: $merge updates what matches and inserts the rest",
    documents: [
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ],
    run: (c) =>
      all(
        c.aggregate([
          doc({ $set: { _id: { $add: ["$_id", 1] }, b: "$a" } }),
          doc({ $unset: "a" }),
          doc({ $merge: { into: c.name } }),
        ]),
      ),
    leaves: "[{ _id: 1, a: 1 }, { _id: 2, a: 2, b: 1 }, { _id: 3, b: 2 }]",
  },
  {
    title: "a name with a dollar is no collection's",
    run: async (_, source) => await all(source.collection("h8names", "a$b").find(Doc.empty)),
    fails: [73, "Invalid collection name"],
  },
  {
    title: "listCollections tells of what a write made",
    documents: [{ _id: 1 }],
    run: async (c, source) => {
      const found = (await source.listCollections(c.database)).find(
        (each) => each.get("name") === c.name,
      );
      return [found?.get("type"), found?.get("idIndex")];
    },
    gives: '["collection", { v: 2, key: { _id: 1 }, name: "_id_" }]',
  },
  {
    title: "listDatabases names the database of what a write made",
    documents: [{ _id: 1 }],
    run: async (c, source) => (await source.listDatabases()).includes(c.database),
    gives: "true",
  },
  {
    title: "a literal undefined in an expression is null",
    documents: [{ _id: 1 }],
    run: (c) =>
      all(c.aggregate([doc({ $project: { a: [Undefined], b: { $ifNull: ["$x", 1] } } })])),
    gives: "[{ _id: 1, a: [ null ], b: 1 }]",
  },
];
