import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import {
  type Deployed,
  type FunctionBench,
  openFunctionBench,
  userOf,
  wanted,
} from "../support/functions.ts";

/** `c` is a collection of the row's own that holds three documents; `db` its database. */
type Row = readonly [title: string, body: string, outcome: string | RegExp];

const rows: readonly Row[] = [
  [
    "find gives a cursor",
    "return c.find({ n: { $gt: 1 } }, { _id: 0 }).toArray();",
    '[{"n":{"$numberInt":"2"},"s":"b"},{"n":{"$numberInt":"3"},"s":"c"}]',
  ],
  [
    "find without arguments gives all",
    "return (await c.find().toArray()).length;",
    '{"$numberInt":"3"}',
  ],
  [
    "a cursor sorts, skips and limits",
    "return c.find({}, { _id: 0, n: 1 }).sort({ n: -1 }).skip(1).limit(1).toArray();",
    '[{"n":{"$numberInt":"2"}}]',
  ],
  [
    "a cursor gives one after the other, then undefined",
    "const k = c.find().sort({ n: 1 }); const a = [await k.next(), await k.next(), await k.next(), await k.next()]; return a.map((d) => (d === undefined ? 'none' : d.n));",
    '[{"$numberInt":"1"},{"$numberInt":"2"},{"$numberInt":"3"},"none"]',
  ],
  [
    "a cursor is iterated",
    "let n = 0; for await (const d of c.find()) n += d.n; return n;",
    '{"$numberInt":"6"}',
  ],
  [
    "a cursor that was read can not be sorted",
    "const k = c.find(); await k.next(); k.sort({ n: 1 });",
    /mongodb cursor: sort can not be called once documents were read/,
  ],
  ["findOne gives a document", "return (await c.findOne({ n: 2 })).s;", '"b"'],
  ["findOne projects", "return c.findOne({ n: 2 }, { _id: 0, s: 1 });", '{"s":"b"}'],
  ["findOne gives null where there is none", "return c.findOne({ n: 9 });", "null"],
  ["insertOne gives the id", "return c.insertOne({ _id: 'x' });", '{"insertedId":"x"}'],
  [
    "insertOne makes an id",
    "return typeof (await c.insertOne({})).insertedId.toHexString();",
    '"string"',
  ],
  [
    "insertMany gives the ids as a list",
    "return c.insertMany([{ _id: 8 }, { _id: 9 }]);",
    '{"insertedIds":[{"$numberInt":"8"},{"$numberInt":"9"}]}',
  ],
  [
    "updateOne counts",
    "return c.updateOne({ n: 1 }, { $set: { s: 'z' } });",
    '{"matchedCount":{"$numberInt":"1"},"modifiedCount":{"$numberInt":"1"}}',
  ],
  [
    "updateMany counts",
    "return c.updateMany({}, { $inc: { n: 1 } });",
    '{"matchedCount":{"$numberInt":"3"},"modifiedCount":{"$numberInt":"3"}}',
  ],
  [
    "updateOne upserts",
    "return c.updateOne({ _id: 'u' }, { $set: { s: 'z' } }, { upsert: true });",
    '{"matchedCount":{"$numberInt":"0"},"modifiedCount":{"$numberInt":"0"},"upsertedId":"u"}',
  ],
  [
    "updateOne takes array filters",
    "await c.insertOne({ _id: 1, a: [1, 5] }); await c.updateOne({ _id: 1 }, { $set: { 'a.$[e]': 0 } }, { arrayFilters: [{ e: { $gt: 2 } }] }); return (await c.findOne({ _id: 1 })).a;",
    '[{"$numberInt":"1"},{"$numberInt":"0"}]',
  ],
  [
    "updateOne takes a pipeline",
    "await c.updateOne({ n: 1 }, [{ $set: { n: { $add: ['$n', 10] } } }]); return c.count({ n: 11 });",
    '{"$numberInt":"1"}',
  ],
  [
    "replaceOne replaces",
    "await c.replaceOne({ n: 1 }, { n: 7 }); return c.findOne({ n: 7 }, { _id: 0 });",
    '{"n":{"$numberInt":"7"}}',
  ],
  ["deleteOne counts", "return c.deleteOne({ n: 1 });", '{"deletedCount":{"$numberInt":"1"}}'],
  ["deleteMany counts", "return c.deleteMany({});", '{"deletedCount":{"$numberInt":"3"}}'],
  [
    "findOneAndUpdate gives the document as it was",
    "return (await c.findOneAndUpdate({ n: 1 }, { $inc: { n: 5 } })).n;",
    '{"$numberInt":"1"}',
  ],
  [
    "findOneAndUpdate gives the new document",
    "return (await c.findOneAndUpdate({ n: 1 }, { $inc: { n: 5 } }, { returnNewDocument: true })).n;",
    '{"$numberInt":"6"}',
  ],
  [
    "findOneAndUpdate sorts and projects",
    "return c.findOneAndUpdate({}, { $set: { q: 1 } }, { sort: { n: -1 }, projection: { _id: 0, n: 1 } });",
    '{"n":{"$numberInt":"3"}}',
  ],
  [
    "findOneAndReplace replaces",
    "return c.findOneAndReplace({ n: 1 }, { n: 4 }, { returnNewDocument: true, projection: { _id: 0 } });",
    '{"n":{"$numberInt":"4"}}',
  ],
  [
    "findOneAndDelete deletes",
    "return [(await c.findOneAndDelete({ n: 1 })).s, await c.count()];",
    '["a",{"$numberInt":"2"}]',
  ],
  [
    "count counts",
    "return [await c.count(), await c.count({ n: 1 }), await c.countDocuments({})];",
    '[{"$numberInt":"3"},{"$numberInt":"1"},{"$numberInt":"3"}]',
  ],
  ["distinct lists", "return (await c.distinct('s', { n: { $lt: 3 } })).sort();", '["a","b"]'],
  [
    "aggregate gives a cursor",
    "return c.aggregate([{ $group: { _id: null, sum: { $sum: '$n' } } }]).toArray();",
    '[{"_id":null,"sum":{"$numberInt":"6"}}]',
  ],
  [
    "an aggregation's cursor gives one after the other",
    "return (await c.aggregate([{ $sort: { n: -1 } }]).next()).n;",
    '{"$numberInt":"3"}',
  ],
  [
    "bulkWrite gives null",
    "const r = await c.bulkWrite([{ insertOne: { document: { n: 4 } } }, { updateOne: { filter: { n: 1 }, update: { $set: { n: 10 } } } }, { updateMany: { filter: { n: 99 }, update: { $set: { s: 'up' } }, upsert: true } }, { replaceOne: { filter: { n: 2 }, replacement: { n: 20 } } }, { deleteOne: { filter: { n: 3 } } }, { deleteMany: { filter: { n: 10 } } }]); return [r, (await c.find({}, { _id: 0, n: 1 }).sort({ n: 1 }).toArray()).map((d) => d.n)];",
    '[null,[{"$numberInt":"4"},{"$numberInt":"20"},{"$numberInt":"99"}]]',
  ],
  [
    "bulk operations are gathered",
    "const bulk = c.initializeOrderedBulkOp(); bulk.insert({ n: 5 }); bulk.find({ n: 1 }).updateOne({ $set: { s: 'q' } }); bulk.find({ n: 2 }).remove(); bulk.find({ n: 77 }).upsert().updateOne({ $set: { s: 'new' } }); await bulk.execute(); return [await c.count(), await c.count({ s: 'q' }), await c.count({ n: 77 })];",
    '[{"$numberInt":"4"},{"$numberInt":"1"},{"$numberInt":"1"}]',
  ],
  [
    "numbers keep their types",
    "await c.insertOne({ _id: 't', i: 1, l: BSON.Long(1), d: 1.5, e: BSON.Double(1), m: BSON.Decimal128.fromString('1.10') }); return c.findOne({ _id: 't' }, { _id: 0 });",
    '{"i":{"$numberInt":"1"},"l":{"$numberLong":"1"},"d":{"$numberDouble":"1.5"},"e":{"$numberInt":"1"},"m":{"$numberDecimal":"1.10"}}',
  ],
  [
    "dates, ids, bytes and patterns come back",
    "const _id = new BSON.ObjectId(); await c.insertOne({ _id, at: new Date(5), b: BSON.Binary.fromHex('00ff'), r: /x/i }); const d = await c.findOne({ _id }); return [d._id.equals(_id), d.at.getTime(), d.b.toHex(), d.r.pattern];",
    '[true,{"$numberInt":"5"},"00ff","x"]',
  ],
  ["a query with a pattern", "return c.count({ s: /^A/i });", '{"$numberInt":"1"}'],
  [
    "names of collections, for the system",
    "return (await context.services.get('mongodb-atlas').db(db).getCollectionNames()).length > 0;",
    "true",
  ],
  [
    "names of databases, for the system",
    "return (await context.services.get('mongodb-atlas').admin().getDBNames()).includes(db);",
    "true",
  ],
  [
    "insertOne of a text",
    "await c.insertOne('x');",
    "FunctionExecutionError: mongodb insert: argument must be an object",
  ],
  [
    "insertMany of an object",
    "await c.insertMany({});",
    'FunctionExecutionError: mongodb insert: "documents" argument must be an array',
  ],
  [
    "updateOne without an update",
    "await c.updateOne({});",
    'FunctionExecutionError: mongodb update: "update" argument must be an object',
  ],
  [
    "find of a text",
    "await c.find('x').toArray();",
    'FunctionExecutionError: mongodb find: "query" argument must be an object',
  ],
  [
    "limit of a text",
    "await c.find().limit('x').toArray();",
    'FunctionExecutionError: mongodb find: "limit" argument must be a number',
  ],
  [
    "bulkWrite of documents that stand alone, as the documentation's example has them",
    "await c.deleteMany({}); await c.bulkWrite([{ insertOne: { n: 5, document: 1 } }, { insertOne: { document: { n: 6 } } }]); return (await c.find({}, { _id: 0 }).sort({ n: 1 }).toArray());",
    '[{"n":{"$numberInt":"5"},"document":{"$numberInt":"1"}},{"n":{"$numberInt":"6"}}]',
  ],
  [
    "a write that its function does not wait for",
    "await context.functions.execute('careless', db, c.name); for (let i = 0; i < 500; i += 1) { if ((await c.count({ n: 77 })) > 0) break; await new Promise((r) => setTimeout(r, 10)); } return c.count({ n: 77 });",
    '{"$numberInt":"1"}',
  ],
  [
    "bulkWrite of something else",
    "await c.bulkWrite([{ nope: {} }]);",
    "FunctionExecutionError: mongodb bulkWrite: unknown operation 'nope'",
  ],
  [
    "a duplicate key",
    "await c.insertOne({ _id: 1 }); await c.insertOne({ _id: 1 });",
    /^FunctionExecutionError: \(DuplicateKey\) E11000 duplicate key error/,
  ],
  [
    "a duplicate key that is caught",
    "await c.insertOne({ _id: 1 }); try { await c.insertOne({ _id: 1 }); } catch (e) { return [e.code, e.codeName]; }",
    '[{"$numberInt":"11000"},"DuplicateKey"]',
  ],
  [
    "an unknown operator",
    "await c.find({ $nope: 1 }).toArray();",
    /^FunctionExecutionError: \(BadValue\) unknown top level operator: \$nope/,
  ],
  [
    "a database of the server's own",
    "await context.services.get('mongodb-atlas').db('admin').collection('x').findOne();",
    /no rule exists for namespace 'admin.x'/,
  ],
  [
    "a name that is no text",
    "context.services.get('mongodb-atlas').db(5);",
    "FunctionExecutionError: mongodb db: name must be a string",
  ],
];

const inTransaction = (work: string): string => `exports = async function () {
  const client = context.services.get("mongodb-atlas");
  const c = client.db(DATABASE).collection("t");
  await c.deleteMany({});
  await c.insertMany([{ _id: "a", n: 5 }, { _id: "b", n: 0 }]);
  const session = client.startSession();
  try {
    ${work}
  } finally {
    await session.endSession();
  }
  return (await c.find({}).sort({ _id: 1 }).toArray()).map(({ n }) => n);
};`;

const transfer = `await session.withTransaction(async () => {
  await c.updateOne({ _id: "a" }, { $inc: { n: -5 } }, { session });
  await c.updateOne({ _id: "b" }, { $inc: { n: 5 } }, { session });`;

function describeData(subject: string, uri: () => string | undefined): void {
  describe(subject, () => {
    const database = `petiole_functions_${randomBytes(4).toString("hex")}`;
    let bench: FunctionBench;
    let deployed: Deployed;
    beforeAll(async () => {
      const mongodUri = uri();
      bench = await openFunctionBench(mongodUri === undefined ? {} : { mongodUri });
      const sources = rows.map(([, body], index) => [
        `row${index}`,
        `exports = async function () {
          const db = "${database}";
          const c = context.services.get("mongodb-atlas").db(db).collection("c${index}");
          await c.insertMany([{ n: 1, s: "a" }, { n: 2, s: "b" }, { n: 3, s: "c" }]);
          ${body}
        };`,
      ]);
      deployed = bench.deploy({
        ...(Object.fromEntries(sources) as Record<string, string>),
        commit: inTransaction(`${transfer} });`).replace("DATABASE", JSON.stringify(database)),
        abort: inTransaction(
          `try { ${transfer} throw new Error("no"); }); } catch (e) { if (e.message !== "no") throw e; }`,
        ).replace("DATABASE", JSON.stringify(database)),
        outside: inTransaction(
          `let seen; await session.withTransaction(async () => { await c.insertOne({ _id: "x", n: 1 }, { session }); seen = await c.count({ _id: "x" }); }); if (seen !== 0) throw new Error("seen");`,
        ).replace("DATABASE", JSON.stringify(database)),
        careless:
          "exports = (db, name) => { context.services.get('mongodb-atlas').db(db).collection(name).updateOne({ n: 77 }, { $set: { n: 77 } }, { upsert: true }); };",
        names: "exports = () => context.services.get('mongodb-atlas').admin().getDBNames();",
      });
    });
    afterAll(async () => {
      await bench.dropDatabase(database);
      await bench.close();
    });
    test.for(rows)("%s", async (row) => {
      expect(await deployed.show(`row${rows.indexOf(row)}`)).toEqual(wanted(row[2]));
    });
    test.for([
      ["commit", '[{"$numberInt":"0"},{"$numberInt":"5"}]'],
      ["abort", '[{"$numberInt":"5"},{"$numberInt":"0"}]'],
      ["outside", '[{"$numberInt":"5"},{"$numberInt":"0"},{"$numberInt":"1"}]'],
    ] as const)("transactions: %s", async ([name, outcome]) => {
      const none = expect.stringContaining("Transaction numbers are only allowed on a replica set");
      expect(await deployed.show(name)).toEqual(uri() === undefined ? none : outcome);
    });
    test("names of databases are not for users", async () => {
      const user = userOf("5cbf68583025b12840664682");
      expect(await deployed.show("names", [], { user })).toContain(
        "getDBNames may only be called by a system function",
      );
    });
  });
}

describeData("functions on the embedded store", () => undefined);
const uri = inject("mongodUri");
describe.skipIf(uri === null)("with MongoDB", () => {
  describeData("functions on MongoDB", () => uri ?? undefined);
});
