import { type ContractCase, doc } from "./case.ts";

export const indexCases: readonly ContractCase[] = [
  {
    title: "createIndex names the index after its keys",
    documents: [{ _id: 1 }],
    run: async (c) => [
      await c.createIndex(doc({ a: 1, b: -1 })),
      await c.createIndex(doc({ a: 1, b: -1 })),
      await c.createIndex(doc({ c: 1 }), doc({ name: "mine", unique: true, sparse: true })),
      await c.listIndexes(),
    ],
    gives:
      '["a_1_b_-1", "a_1_b_-1", "mine", [{ v: 2, key: { _id: 1 }, name: "_id_" }, { v: 2, key: { a: 1, b: -1 }, name: "a_1_b_-1" }, { v: 2, key: { c: 1 }, name: "mine", unique: true, sparse: true }]]',
  },
  {
    title: "createIndex: the same keys under another name are refused",
    indexes: [{ a: 1 }],
    run: (c) => c.createIndex(doc({ a: 1 }), doc({ name: "other" })),
    fails: [85, "Index already exists with a different name: a_1"],
  },
  {
    title: "createIndex: the same name for other keys is refused",
    indexes: [{ a: 1 }],
    run: (c) => c.createIndex(doc({ b: 1 }), doc({ name: "a_1" })),
    fails: [86, "An existing index has the same name as the requested index."],
  },
  {
    title: "createIndex: a direction of 0 is refused",
    run: (c) => c.createIndex(doc({ a: 0 })),
    fails: [67, "Values in the index key pattern cannot be 0."],
  },
  {
    title: "createIndex: an unknown option is refused",
    run: (c) => c.createIndex(doc({ a: 1 }), doc({ expireAfterSeconds: -1 })),
    fails: [67, "TTL index 'expireAfterSeconds' option cannot be less than 0"],
  },
  {
    title: "createIndex: a partial filter can not negate",
    run: (c) => c.createIndex(doc({ a: 1 }), doc({ partialFilterExpression: { b: { $ne: 1 } } })),
    fails: [67, "Expression not supported in partial index: $not"],
  },
  {
    title: "createIndex: unique over documents that are not fails and leaves nothing",
    documents: [
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ],
    run: async (c) => {
      const message = await c
        .createIndex(doc({ a: 1 }), doc({ unique: true }))
        .catch((error: Error) => error.message);
      return [message.endsWith("index: a_1 dup key: { a: 1 }"), (await c.listIndexes()).length];
    },
    gives: "[true, 1]",
  },
  {
    title: "dropIndex",
    documents: [{ _id: 1 }],
    indexes: [{ a: 1 }],
    run: async (c) => {
      await c.dropIndex("a_1");
      return (await c.listIndexes()).length;
    },
    gives: "1",
  },
  {
    title: "dropIndex: an unknown one",
    documents: [{ _id: 1 }],
    run: (c) => c.dropIndex("nope"),
    fails: [27, "index not found with name [nope]"],
  },
  {
    title: "dropIndex: that of _id stays",
    documents: [{ _id: 1 }],
    run: (c) => c.dropIndex("_id_"),
    fails: [72, "cannot drop _id index"],
  },
  {
    title: "unique: a second value is refused, in an array too",
    documents: [{ _id: 1, a: [1, 2] }],
    indexes: [{ a: 1, $options: { unique: true } }],
    run: (c) => c.insertOne(doc({ _id: 2, a: [3, 2] })),
    fails: [11000, "index: a_1 dup key: { a: 2 }"],
    leaves: "[{ _id: 1, a: [ 1, 2 ] }]",
  },
  {
    title: "unique: a missing field counts as null",
    documents: [{ _id: 1 }],
    indexes: [{ a: 1, b: -1, $options: { unique: true } }],
    run: (c) => c.insertOne(doc({ _id: 2, a: null })),
    fails: [11000, "index: a_1_b_-1 dup key: { a: null, b: null }"],
  },
  {
    title: "unique and sparse: missing fields do not count",
    documents: [{ _id: 1 }, { _id: 2 }],
    indexes: [{ a: 1, $options: { unique: true, sparse: true } }],
    run: (c) => c.insertOne(doc({ _id: 3 })),
    leaves: "[{ _id: 1 }, { _id: 2 }, { _id: 3 }]",
  },
  {
    title: "unique and partial: only what the filter holds counts",
    documents: [
      { _id: 1, a: 1, on: true },
      { _id: 2, a: 1, on: false },
    ],
    indexes: [{ a: 1, $options: { unique: true, partialFilterExpression: { on: true } } }],
    run: (c) => c.updateOne(doc({ _id: 2 }), doc({ $set: { on: true } })),
    fails: [11000, "index: a_1 dup key: { a: 1 }"],
    leaves: "[{ _id: 1, a: 1, on: true }, { _id: 2, a: 1, on: false }]",
  },
  {
    title: "unique: an update to the same value is none",
    documents: [
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ],
    indexes: [{ a: 1, $options: { unique: true } }],
    run: async (c) => [
      await c.updateOne(doc({ _id: 1 }), doc({ $set: { a: 1, b: 1 } })),
      await c.updateOne(doc({ _id: 1 }), doc({ $set: { a: 3 } })),
      await c.updateOne(doc({ _id: 2 }), doc({ $set: { a: 1 } })),
    ],
    leaves: "[{ _id: 1, a: 3, b: 1 }, { _id: 2, a: 1 }]",
  },
  {
    title: "two arrays in one document can not be indexed together",
    indexes: [{ a: 1, b: 1 }],
    run: (c) => c.insertOne(doc({ a: [1], b: [2] })),
    fails: [171, "cannot index parallel arrays [b] [a]"],
  },
];
