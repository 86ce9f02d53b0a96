/** Writes with a guard: what it sees, what it leaves out, and that nothing stays of what it refuses. */
import type { Doc } from "../../bson/doc.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { Guard } from "../guard.ts";
import type { Collection, DataSource } from "../source.ts";
import { type ContractCase, doc, show } from "./case.ts";

interface Watched {
  readonly collection: Collection;
  /** What the guard was shown, each change once. */
  readonly seen: () => readonly string[];
}

function watched(
  collection: Collection,
  source: DataSource,
  filter: Doc,
  rules: {
    readonly refuses?: (after: Doc | undefined, before: Doc | undefined) => boolean;
    readonly selects?: Guard["selects"];
    /** Whether it takes its time for an answer. */
    readonly waits?: boolean;
  } = {},
): Watched {
  const seen = new Set<string>();
  const decide = (before: Doc | undefined, after: Doc | undefined): void => {
    seen.add(`${show(before)} > ${show(after)}`);
    if (rules.refuses?.(after, before) === true) throw new MongoError(1, "refused");
  };
  const guarded = source.guarded(collection.database, collection.name, {
    filter,
    selects: rules.selects,
    check:
      rules.waits === true
        ? async (before, after): Promise<void> => {
            await Promise.resolve();
            decide(before, after);
          }
        : decide,
  });
  return { collection: guarded, seen: () => [...seen] };
}

const three = [
  { _id: 1, n: 1 },
  { _id: 2, n: 2 },
  { _id: 3, n: 3 },
];
const allThree = "[{ _id: 1, n: 1 }, { _id: 2, n: 2 }, { _id: 3, n: 3 }]";
const one = doc({ $inc: { n: 1 } });

async function isNotTwo(before: Doc): Promise<boolean> {
  return Promise.resolve(before.get("n") !== 2);
}

export const guardedCases: readonly ContractCase[] = [
  {
    title: "a guard sees a document before and after",
    documents: three,
    run: async (c, source) => {
      const { collection, seen } = watched(c, source, doc({ n: 2 }));
      return [await collection.updateOne(doc({ n: 2 }), one), seen()];
    },
    gives: '[(matchedCount=1 modifiedCount=1), ["{ _id: 2, n: 2 } > { _id: 2, n: 3 }"]]',
  },
  {
    title: "a guard's filter stands in place of the call's",
    documents: three,
    run: async (c, source) => watched(c, source, doc({ n: 3 })).collection.updateMany(doc({}), one),
    gives: "(matchedCount=1 modifiedCount=1)",
    leaves: "[{ _id: 1, n: 1 }, { _id: 2, n: 2 }, { _id: 3, n: 4 }]",
  },
  {
    title: "a guard leaves documents out",
    documents: three,
    run: async (c, source) => {
      const { collection } = watched(c, source, doc({}), { selects: isNotTwo });
      return [await collection.updateMany(doc({}), one), await collection.deleteOne(doc({}))];
    },
    gives: "[(matchedCount=2 modifiedCount=2), 1]",
    leaves: "[{ _id: 1, n: 2 }, { _id: 2, n: 2 }]",
  },
  ...[false, true].map((waits): ContractCase => ({
    title: `one refused undoes them all${waits ? ", after some time too" : ""}`,
    documents: three,
    run: async (c, source) =>
      watched(c, source, doc({}), {
        waits,
        refuses: (after) => after?.get("n") === 4,
      }).collection.updateMany(doc({}), one),
    fails: [1, "refused"],
    leaves: allThree,
  })),
  {
    title: "a delete that is refused for one of several",
    documents: three,
    run: async (c, source) =>
      watched(c, source, doc({}), {
        refuses: (_, before) => before?.get("n") === 3,
      }).collection.deleteMany(doc({})),
    fails: [1, "refused"],
    leaves: allThree,
  },
  {
    title: "an upsert inserts by the call's own filter",
    run: async (c, source) => {
      const { collection, seen } = watched(c, source, doc({ $and: [{ secret: 1 }, { _id: 7 }] }));
      const result = await collection.updateOne(doc({ _id: 7 }), one, { upsert: true });
      return [result, seen()];
    },
    gives: '[(matchedCount=0 modifiedCount=0 upsertedId=7), ["undefined > { _id: 7, n: 1 }"]]',
    leaves: "[{ _id: 7, n: 1 }]",
  },
  {
    title: "an upsert that is refused",
    run: async (c, source) =>
      watched(c, source, doc({ _id: 7 }), {
        waits: true,
        refuses: () => true,
      }).collection.replaceOne(doc({ _id: 7 }), doc({ n: 1 }), { upsert: true }),
    fails: [1, "refused"],
    leaves: "[]",
  },
  {
    title: "`$` stands for the element that the call's own filter found",
    documents: [{ _id: 1, a: [1, 2, 3] }],
    run: async (c, source) =>
      watched(c, source, doc({ _id: 1 })).collection.updateOne(
        doc({ a: 2 }),
        doc({ $set: { "a.$": 9 } }),
      ),
    gives: "(matchedCount=1 modifiedCount=1)",
    leaves: "[{ _id: 1, a: [ 1, 9, 3 ] }]",
  },
  {
    title: "findOneAnd… give the document, sorted as wanted",
    documents: three,
    run: async (c, source) => {
      const { collection } = watched(c, source, doc({}));
      const sort = doc({ n: -1 });
      return [
        await collection.findOneAndUpdate(doc({}), one, { sort, returnDocument: "after" }),
        await collection.findOneAndReplace(doc({}), doc({ n: 0 }), { sort }),
        await collection.findOneAndDelete(doc({}), { sort }),
      ];
    },
    gives: "[{ _id: 3, n: 4 }, { _id: 3, n: 4 }, { _id: 2, n: 2 }]",
    leaves: "[{ _id: 1, n: 1 }, { _id: 3, n: 0 }]",
  },
  {
    title: "a bulk write asks the guard of each operation",
    documents: three,
    run: async (c, source) => {
      const seen: string[] = [];
      const guard = (filter: Doc): Guard => ({
        filter,
        check: (before, after) => void seen.push(`${show(before)} > ${show(after)}`),
      });
      const bulk = source.guarded(c.database, c.name, [
        undefined,
        guard(doc({ n: 1 })),
        guard(doc({ n: { $gte: 9 } })),
      ]);
      const result = await bulk.bulkWrite([
        { insertOne: { document: doc({ _id: 9, n: 9 }) } },
        { updateOne: { filter: doc({}), update: one } },
        { deleteMany: { filter: doc({}) } },
      ]);
      return [result.insertedCount, result.modifiedCount, result.deletedCount, seen];
    },
    gives: '[1, 1, 1, ["{ _id: 1, n: 1 } > { _id: 1, n: 2 }", "{ _id: 9, n: 9 } > undefined"]]',
    leaves: "[{ _id: 1, n: 2 }, { _id: 2, n: 2 }, { _id: 3, n: 3 }]",
  },
  {
    title: "a bulk write of which one operation is refused leaves nothing",
    documents: three,
    run: async (c, source) => {
      const refuses: Guard = {
        filter: doc({ _id: 2 }),
        async check() {
          await Promise.resolve();
          throw new MongoError(1, "refused");
        },
      };
      const bulk = source.guarded(c.database, c.name, [undefined, refuses]);
      return bulk.bulkWrite([
        { insertOne: { document: doc({ _id: 9 }) } },
        { updateOne: { filter: doc({}), update: one } },
      ]);
    },
    fails: [1, "refused"],
    leaves: allThree,
  },
  {
    title: "nothing that matches is nothing done",
    documents: three,
    run: async (c, source) => {
      const { collection, seen } = watched(c, source, doc({ n: 9 }));
      return [
        await collection.updateOne(doc({}), one),
        await collection.deleteMany(doc({})),
        await collection.findOneAndDelete(doc({})),
        seen(),
      ];
    },
    gives: "[(matchedCount=0 modifiedCount=0), 0, null, []]",
    leaves: allThree,
  },
];
