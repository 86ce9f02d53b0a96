import { Doc } from "../../bson/doc.ts";
import { Regex, Timestamp } from "../../bson/value.ts";
import { BulkWriteError } from "../write-error.ts";
import { type ContractCase, doc } from "./case.ts";

async function failuresOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (cause) {
    if (cause instanceof BulkWriteError)
      return cause.failures.map(({ index, code }) => [index, code]);
    throw cause;
  }
  return undefined;
}

export const writeCases: readonly ContractCase[] = [
  {
    title: "insertOne gives the _id and puts it first",
    run: (c) => c.insertOne(doc({ a: 1, _id: "x" })),
    gives: '"x"',
    leaves: '[{ _id: "x", a: 1 }]',
  },
  {
    title: "insertOne makes an ObjectId",
    run: async (c) => {
      const id = await c.insertOne(doc({ a: 1 }));
      const found = await c.findOne(doc({ _id: id }));
      return [(id as { bsonType: number }).bsonType, found?.keys()];
    },
    gives: '[7, ["_id", "a"]]',
  },
  {
    title: "insertOne: an _id that is there is refused",
    documents: [{ _id: "a" }],
    run: (c) => c.insertOne(doc({ _id: "a", b: 1 })),
    fails: [11000, 'index: _id_ dup key: { _id: "a" }'],
    leaves: '[{ _id: "a" }]',
  },
  {
    title: "insertOne: an _id can not be an array",
    run: (c) => c.insertOne(doc({ _id: [1] })),
    fails: [53, "The '_id' value cannot be of type array"],
  },
  {
    title: "insertOne: an _id can not be a pattern",
    run: (c) => c.insertOne(doc({ _id: new Regex("a", "") })),
    fails: [53, "The '_id' value cannot be of type regex"],
  },
  {
    title: "insertOne: an _id has no names with a dollar, however deep",
    run: (c) => c.insertOne(doc({ _id: { a: { $b: 1 } } })),
    fails: [52, "_id fields may not contain '$'-prefixed fields: $b is not valid for storage."],
  },
  {
    title: "insertOne: dotted and dollar names are stored",
    run: (c) => c.insertOne(doc({ _id: 1, "a.b": 1, $c: 2, "": 3 })),
    leaves: "[{ _id: 1, a.b: 1, $c: 2, : 3 }]",
  },
  {
    title: "insertOne fills empty timestamps of the top level",
    run: async (c) => {
      await c.insertOne(doc({ _id: 1, a: new Timestamp(0, 0), b: { c: new Timestamp(0, 0) } }));
      const found = await c.findOne(doc({ _id: 1 }));
      const filled = found?.get("a");
      return [filled instanceof Timestamp && filled.t > 0, found?.get("b")];
    },
    gives: "[true, { c: Timestamp(0, 0) }]",
  },
  {
    title: "insertOne: more than 180 levels are refused",
    run: (c) => {
      let nested = doc({ a: 1 });
      for (let level = 0; level < 180; level += 1) nested = Doc.of({ a: nested });
      return c.insertOne(Doc.of({ _id: 1, a: nested }));
    },
    fails: [15, "cannot insert document because it exceeds 180 levels of nesting"],
  },
  {
    title: "insertOne: a name with a dollar makes no collection",
    run: (_, source) => source.collection("h8names", "a$b").insertOne(doc({ a: 1 })),
    fails: [73, "Invalid collection name: a$b"],
  },
  {
    title: "insertMany keeps what stands before a failure",
    documents: [{ _id: 2 }],
    run: (c) => failuresOf(c.insertMany([doc({ _id: 1 }), doc({ _id: 2 }), doc({ _id: 3 })])),
    gives: "[[1, 11000]]",
    leaves: "[{ _id: 1 }, { _id: 2 }]",
  },
  {
    title: "insertMany, unordered, goes on after a failure",
    documents: [{ _id: 2 }],
    run: (c) =>
      failuresOf(
        c.insertMany([doc({ _id: 1 }), doc({ _id: 2 }), doc({ _id: 3 })], { ordered: false }),
      ),
    gives: "[[1, 11000]]",
    leaves: "[{ _id: 1 }, { _id: 2 }, { _id: 3 }]",
  },
  {
    title: "deleteOne and deleteMany tell how many",
    documents: [{ _id: 1, a: 1 }, { _id: 2, a: 1 }, { _id: 3, a: 1 }, { _id: 4 }],
    run: async (c) => [
      await c.deleteOne(doc({ a: 1 })),
      await c.deleteMany(doc({ a: 1 })),
      await c.deleteMany(doc({ a: 1 })),
    ],
    gives: "[1, 2, 0]",
    leaves: "[{ _id: 4 }]",
  },
  {
    title: "findOneAndUpdate gives the image before",
    documents: [{ _id: 1, a: 1 }],
    run: (c) => c.findOneAndUpdate(doc({ _id: 1 }), doc({ $inc: { a: 1 } })),
    gives: "{ _id: 1, a: 1 }",
    leaves: "[{ _id: 1, a: 2 }]",
  },
  {
    title: "findOneAndUpdate gives the image after, projected, of the first by the sort",
    documents: [
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ],
    run: (c) =>
      c.findOneAndUpdate(Doc.empty, doc({ $inc: { a: 10 } }), {
        sort: doc({ a: -1 }),
        projection: doc({ a: 1, _id: 0 }),
        returnDocument: "after",
      }),
    gives: "{ a: 12 }",
    leaves: "[{ _id: 1, a: 1 }, { _id: 2, a: 12 }]",
  },
  {
    title: "findOneAndUpdate: an upsert gives null before and the document after",
    run: async (c) => [
      await c.findOneAndUpdate(doc({ _id: 1 }), doc({ $set: { a: 1 } }), { upsert: true }),
      await c.findOneAndUpdate(doc({ _id: 2 }), doc({ $set: { a: 1 } }), {
        upsert: true,
        returnDocument: "after",
      }),
    ],
    gives: "[null, { _id: 2, a: 1 }]",
    leaves: "[{ _id: 1, a: 1 }, { _id: 2, a: 1 }]",
  },
  {
    title: "findOneAndReplace and findOneAndDelete",
    documents: [
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ],
    run: async (c) => [
      await c.findOneAndReplace(doc({ _id: 1 }), doc({ b: 1 }), { returnDocument: "after" }),
      await c.findOneAndDelete(doc({ a: 2 })),
      await c.findOneAndDelete(doc({ a: 2 })),
    ],
    gives: "[{ _id: 1, b: 1 }, { _id: 2, a: 2 }, null]",
    leaves: "[{ _id: 1, b: 1 }]",
  },
  {
    title: "bulkWrite does all kinds in their order",
    documents: [
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ],
    run: (c) =>
      c.bulkWrite([
        { insertOne: { document: doc({ _id: 3, a: 1 }) } },
        { updateMany: { filter: doc({ a: 1 }), update: doc({ $inc: { a: 1 } }) } },
        { updateOne: { filter: doc({ _id: 9 }), update: doc({ $set: { a: 0 } }), upsert: true } },
        { replaceOne: { filter: doc({ _id: 1 }), replacement: doc({ r: 1 }) } },
        { deleteOne: { filter: doc({ _id: 2 }) } },
        { deleteMany: { filter: doc({ a: 2 }) } },
      ]),
    gives:
      "(insertedCount=1 matchedCount=4 modifiedCount=4 deletedCount=2 insertedIds=Map([[0, 3]]) upsertedIds=Map([[2, 9]]) upsertedCount=1)",
    leaves: "[{ _id: 1, r: 1 }, { _id: 9, a: 0 }]",
  },
  {
    title: "bulkWrite stops at a failure when ordered",
    documents: [{ _id: 1 }],
    run: (c) =>
      failuresOf(
        c.bulkWrite([
          { updateOne: { filter: doc({ _id: 1 }), update: doc({ $set: { a: 1 } }) } },
          { insertOne: { document: doc({ _id: 1 }) } },
          { deleteOne: { filter: doc({ _id: 1 }) } },
        ]),
      ),
    gives: "[[1, 11000]]",
    leaves: "[{ _id: 1, a: 1 }]",
  },
  {
    title: "drop tells whether there was a collection",
    documents: [{ _id: 1 }],
    run: async (c) => [await c.drop(), await c.countDocuments(Doc.empty)],
    gives: "[true, 0]",
    leaves: "[]",
  },
  {
    title: "createCollection refuses a name that is taken",
    documents: [{ _id: 1 }],
    run: (c, source) => source.createCollection(c.database, c.name),
    fails: [48, "already exists."],
  },
];
