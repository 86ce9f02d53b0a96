/** A user's transactions on MongoDB: what a rule refuses is the end of one, whoever catches it. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import { toText } from "../../src/bson/stringify.ts";
import { Fault } from "../../src/kit/fault.ts";
import { openMongodb } from "../../src/sources/mongodb.ts";
import type { Collection, DataSource } from "../../src/sources/source.ts";
import { openFor, type Stage } from "../support/rule-scenario.ts";
import { createScope } from "../support/rule-scope.ts";

const uri = inject("mongodUri");
const rules = {
  roles: [
    {
      name: "readsAll",
      apply_when: {},
      document_filters: { read: true, write: { owner: "%%user.id" } },
      read: true,
      write: true,
    },
  ],
};

const set = (fields: Record<string, number>): Doc => Doc.of({ $set: Doc.of(fields) });
const one = Doc.of({ _id: 1 });
const two = Doc.of({ _id: 2 });

describe.skipIf(uri === null)("rules in transactions on MongoDB", () => {
  const database = `rules_${randomBytes(6).toString("hex")}`;
  let source: DataSource;

  beforeAll(async () => {
    source = await openMongodb(uri ?? "", { name: "mongodb-atlas" });
  });

  afterAll(async () => {
    await source.dropDatabase(database);
    await source.close();
  });

  test.for<[title: string, denied: (to: Collection) => Promise<unknown>]>([
    ["updateOne", async (to) => to.updateOne(two, set({ n: 9 }))],
    ["updateMany", async (to) => to.updateMany(Doc.empty, set({ n: 9 }))],
    ["findOneAndUpdate", async (to) => to.findOneAndUpdate(two, set({ n: 9 }))],
    ["deleteMany", async (to) => to.deleteMany(Doc.empty)],
    [
      "bulkWrite",
      async (to) =>
        to.bulkWrite([
          { updateOne: { filter: one, update: set({ n: 8 }) } },
          { updateOne: { filter: two, update: set({ n: 9 }) } },
        ]),
    ],
  ])("a denied %s can not be kept", async ([title, denied]) => {
    const name = title;
    const raw = source.collection(database, name);
    await raw.insertMany([
      Doc.of({ _id: 1, owner: "ann", n: 1 }),
      Doc.of({ _id: 2, owner: "bob", n: 2 }),
    ]);
    const transaction = await source.startTransaction();
    const within: DataSource = {
      ...source,
      collection: (db, of) => transaction.collection(db, of),
      guarded: (db, of, guard) => transaction.guarded(db, of, guard),
    };
    const stage: Stage = { source: within, database, collection: () => name };
    const scope = createScope({ rules, documents: [], call: ["find"] }, stage);
    const open = (): Collection => openFor(scope, stage, { verb: "update" });
    await open().updateOne(one, set({ n: 5 }));
    await expect(denied(open())).rejects.toThrow(Fault);
    await expect(open().updateOne(one, set({ n: 6 }))).rejects.toThrow("has been aborted");
    await expect(open().insertOne(Doc.of({ owner: "ann" }))).rejects.toThrow("has been aborted");
    await expect(transaction.commit()).rejects.toThrow("has been aborted");
    await transaction.abort();
    const left = await Promise.all([
      raw.findOne(one),
      raw.findOne(two),
      raw.countDocuments(Doc.empty),
    ]);
    expect(toText(left.slice(0, 2) as readonly Doc[], "relaxed")).toBe(
      '[{"_id":1,"owner":"ann","n":1},{"_id":2,"owner":"bob","n":2}]',
    );
    expect(left[2]).toBe(2);
  });
});
