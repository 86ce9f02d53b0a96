import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import type { Batches, Collection, WatchOptions } from "../source.ts";
import { type ContractCase, doc, type Plain } from "./case.ts";

interface Watched {
  readonly pipeline?: readonly { readonly [key: string]: Plain }[];
  readonly options?: WatchOptions;
  /** The last event to wait for: its `operationType`; `end` is the insert of a document with that `_id`. */
  readonly until?: string;
}

/** Watches while work is done, up to a document that is inserted at the end. */
async function watched(
  collection: Collection,
  work: (collection: Collection) => Promise<unknown>,
  { pipeline = [], options, until = "end" }: Watched = {},
): Promise<readonly Doc[]> {
  const stages = pipeline.map((each) => doc(each));
  const batches = await collection.watch(stages, options);
  await work(collection);
  if (until === "end") await collection.insertOne(doc({ _id: "end" }));
  return collect(batches, until);
}

async function collect(batches: Batches, until: string): Promise<readonly Doc[]> {
  const events: Doc[] = [];
  for await (const batch of batches)
    for (const event of batch) {
      const key = event.get("documentKey");
      const isEnd = key instanceof Doc && key.get("_id") === "end";
      if (isEnd) return events;
      events.push(event);
      if (event.get("operationType") === until) return events;
    }
  return events;
}

/** What does not differ from run to run. */
function facts(events: readonly Doc[]): readonly Value[] {
  return events.map((event) => {
    const kept = ["operationType", "documentKey", "fullDocument", "updateDescription"];
    return Doc.fromEntries(
      kept.flatMap((key) => {
        const value = event.get(key);
        return value === undefined ? [] : [[key, value] as const];
      }),
    );
  });
}

/** Only what an update changed. */
function descriptions(events: readonly Doc[]): readonly Value[] {
  return events.map(
    (event) => event.get("updateDescription") ?? event.get("operationType") ?? null,
  );
}

const updates: readonly (readonly [title: string, update: Plain, gives: string])[] = [
  [
    "fields set, added and removed",
    { $set: { a: 2, z: 1, "b.c": 5 }, $unset: { "b.d": 1 } },
    '{ updatedFields: { a: 2, z: 1, b.c: 5 }, removedFields: [ "b.d" ], truncatedArrays: [] }',
  ],
  [
    "an element added to an array",
    { $push: { l: 4 } },
    "{ updatedFields: { l.3: 4 }, removedFields: [], truncatedArrays: [] }",
  ],
  [
    "the first element taken out of an array",
    { $pull: { l: 1 } },
    "{ updatedFields: { l: [ 2, 3 ] }, removedFields: [], truncatedArrays: [] }",
  ],
  [
    "a field of an object in an array",
    { $set: { "m.1.x": 7 } },
    "{ updatedFields: { m.1.x: 7 }, removedFields: [], truncatedArrays: [] }",
  ],
  [
    "an object in place of another",
    { $set: { b: { q: 1 } } },
    "{ updatedFields: { b: { q: 1 } }, removedFields: [], truncatedArrays: [] }",
  ],
  [
    "the same number of another type",
    { $set: { a: 1n } },
    "{ updatedFields: { a: 1 }, removedFields: [], truncatedArrays: [] }",
  ],
];

export const changeCases: readonly ContractCase[] = [
  {
    title: "watch tells of what is inserted, updated, replaced and deleted, in this order",
    run: async (c) =>
      facts(
        await watched(c, async () => {
          await c.insertOne(doc({ _id: 1, a: 1 }));
          await c.updateOne(doc({ _id: 1 }), doc({ $inc: { a: 1 } }));
          await c.updateOne(doc({ _id: 1 }), doc({ $set: { a: 2 } }));
          await c.replaceOne(doc({ _id: 1 }), doc({ b: 1 }));
          await c.updateOne(doc({ _id: 2 }), doc({ $set: { u: 1 } }), { upsert: true });
          await c.deleteOne(doc({ _id: 1 }));
        }),
      ),
    gives:
      '[{ operationType: "insert", documentKey: { _id: 1 }, fullDocument: { _id: 1, a: 1 } }, { operationType: "update", documentKey: { _id: 1 }, updateDescription: { updatedFields: { a: 2 }, removedFields: [], truncatedArrays: [] } }, { operationType: "replace", documentKey: { _id: 1 }, fullDocument: { _id: 1, b: 1 } }, { operationType: "insert", documentKey: { _id: 2 }, fullDocument: { _id: 2, u: 1 } }, { operationType: "delete", documentKey: { _id: 1 } }]',
  },
  {
    title: "watch tells of each document of a call on many",
    run: async (c) =>
      facts(
        await watched(c, async () => {
          await c.insertMany([doc({ _id: 1 }), doc({ _id: 2 })]);
          await c.updateMany(Doc.empty, doc({ $set: { a: 1 } }));
          await c.deleteMany(Doc.empty);
        }),
      ).length,
    gives: "6",
  },
  {
    title: "watch tells nothing of other collections, nor of what failed or came before",
    documents: [{ _id: 1 }],
    run: async (c, source) =>
      facts(
        await watched(c, async () => {
          await source.collection(c.database, `${c.name}_other`).insertOne(doc({ _id: 1 }));
          await c.insertMany([doc({ _id: 2 }), doc({ _id: 1 })]).catch(() => undefined);
        }),
      ),
    gives: '[{ operationType: "insert", documentKey: { _id: 2 }, fullDocument: { _id: 2 } }]',
  },
  {
    title: "watch: updateLookup adds the document to an update",
    documents: [{ _id: 1, a: 1 }],
    run: async (c) =>
      facts(
        await watched(c, () => c.updateOne(doc({ _id: 1 }), doc({ $set: { b: 1 } })), {
          options: { fullDocument: "updateLookup" },
        }),
      ),
    gives:
      '[{ operationType: "update", documentKey: { _id: 1 }, fullDocument: { _id: 1, a: 1, b: 1 }, updateDescription: { updatedFields: { b: 1 }, removedFields: [], truncatedArrays: [] } }]',
  },
  {
    title: "watch runs a pipeline over the events",
    run: async (c) =>
      facts(
        await watched(
          c,
          () => c.insertMany([doc({ _id: 1, a: 1 }), doc({ _id: 2, a: 2 }), doc({ _id: 3, a: 3 })]),
          {
            pipeline: [
              { $match: { $or: [{ "fullDocument.a": { $gt: 1 } }, { "documentKey._id": "end" }] } },
              { $addFields: { "fullDocument.seen": true } },
              { $unset: "fullDocument._id" },
            ],
          },
        ),
      ),
    gives:
      '[{ operationType: "insert", documentKey: { _id: 2 }, fullDocument: { a: 2, seen: true } }, { operationType: "insert", documentKey: { _id: 3 }, fullDocument: { a: 3, seen: true } }]',
  },
  {
    title: "watch goes on behind an event",
    run: async (c) => {
      const [first] = await watched(c, () => c.insertMany([doc({ _id: 1 }), doc({ _id: 2 })]));
      const resumeAfter = first?.get("_id") as Doc;
      await c.insertOne(doc({ _id: 3 }));
      await c.deleteOne(doc({ _id: "end" }));
      return facts(await watched(c, () => Promise.resolve(), { options: { resumeAfter } })).map(
        (each) => (each as Doc).get("documentKey"),
      );
    },
    // The first "end" is read there, too.
    gives: "[{ _id: 2 }]",
  },
  {
    title: "watch ends with its collection",
    documents: [{ _id: 1 }],
    run: async (c) => {
      const batches = await c.watch([]);
      await c.drop();
      const kinds: Value[] = [];
      for await (const batch of batches)
        for (const event of batch) kinds.push(event.get("operationType") ?? null);
      return kinds;
    },
    gives: '["drop", "invalidate"]',
  },
  ...["$group", "$sort", "$limit", "$lookup", "$out", "$merge", "$unwind"].map((name) => ({
    title: `watch: ${name} is not permitted`,
    run: async (c: Collection) => c.watch([doc({ [name]: specs.get(name) ?? {} })]),
    fails: [20, `${name} is not permitted in a $changeStream pipeline`] as const,
  })),
  {
    title: "watch: a pipeline must leave the token",
    run: (c) =>
      watched(c, () => c.insertOne(doc({ _id: 1 })), { pipeline: [{ $project: { _id: 0 } }] }),
    fails: [
      280,
      "Encountered an event whose _id field, which contains the resume token, was modified",
    ],
  },
  {
    title: "watch: a token that is none",
    run: (c) => c.watch([], { resumeAfter: doc({ _data: "zz" }) }),
    fails: [9, "resume token string was not a valid hex string"],
  },
  {
    title: "watch: a token without its field",
    run: (c) => c.watch([], { resumeAfter: Doc.empty }),
    fails: [40_647, "Bad resume token: _data of missing or of wrong type. Expected string"],
  },
  ...updates.map(([title, update, gives]) => ({
    title: `watch describes an update: ${title}`,
    documents: [{ _id: 1, a: 1, b: { c: 1, d: 2 }, l: [1, 2, 3], m: [{ x: 1 }, { x: 2 }] }],
    run: async (c: Collection) =>
      descriptions(
        await watched(c, () =>
          c.updateOne(doc({ _id: 1 }), doc(update as { readonly [key: string]: Plain })),
        ),
      ),
    gives: `[${gives}]`,
  })),
];

const specs: ReadonlyMap<string, Plain> = new Map<string, Plain>([
  ["$group", { _id: 1 }],
  ["$sort", { a: 1 }],
  ["$limit", 1],
  ["$lookup", { from: "x", as: "y", localField: "a", foreignField: "b" }],
  ["$out", "x"],
  ["$merge", "x"],
  ["$unwind", "$a"],
]);
