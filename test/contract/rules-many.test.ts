/** Writes of many documents under conditions: all of them or none, also where others write meanwhile. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import type { Collection } from "../../src/sources/source.ts";
import { onBothSources, openFor, type Opened, type Stage } from "../support/rule-scenario.ts";
import { createScope } from "../support/rule-scope.ts";

const own = { owner: "%%user.id" };
const readsAll = {
  name: "readsAll",
  apply_when: {},
  document_filters: { read: true, write: own },
  read: true,
  write: true,
};
const asking = {
  name: "asking",
  apply_when: {},
  read: true,
  write: { "%%true": { "%function": { name: "isAnn", arguments: ["%%root.owner"] } } },
};

const count = 1200;
const last = Doc.of({ _id: count - 1 });
const raise = Doc.of({ $inc: Doc.of({ n: 1 }) });
const giveAway = Doc.of({ $set: Doc.of({ owner: "bob" }) });
const denied = "not permitted";

async function sumOf(raw: Collection): Promise<number> {
  let sum = 0;
  for await (const batch of raw.find(Doc.empty))
    for (const doc of batch) sum += Number(doc.get("n"));
  return sum;
}

onBothSources((name, open) => {
  describe(`many documents under rules on ${name}`, () => {
    const database = `rules_${randomBytes(6).toString("hex")}`;
    let opened: Opened;
    let made = 0;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened.source.dropDatabase(database);
      await opened.close();
    });

    async function prepare(role: object): Promise<{ raw: Collection; user: Collection }> {
      made += 1;
      const collection = `many${made}`;
      const stage: Stage = { source: opened.source, database, collection: () => collection };
      const raw = opened.source.collection(database, collection);
      await raw.insertMany(
        Array.from({ length: count }, (_, id) => Doc.of({ _id: id, owner: "ann", n: 0 })),
      );
      const scope = createScope({ rules: { roles: [role] }, documents: [], call: ["find"] }, stage);
      return { raw, user: openFor(scope, stage, { verb: "update" }) };
    }

    test.for([["by a filter", readsAll] as const, ["by a function", asking] as const])(
      "are changed where all of them may be, and none where one may not, %s",
      async ([, role]) => {
        const { raw, user } = await prepare(role);
        const result = { matchedCount: count, modifiedCount: count };
        expect(await user.updateMany(Doc.empty, raise)).toEqual(result);
        await raw.updateOne(last, giveAway);
        await expect(user.updateMany(Doc.empty, raise)).rejects.toThrow(denied);
        await expect(user.deleteMany(Doc.empty)).rejects.toThrow(denied);
        expect(await sumOf(raw)).toBe(count);
        expect(await user.deleteMany(Doc.of({ owner: "ann" }))).toBe(count - 1);
        expect(await raw.countDocuments(Doc.empty)).toBe(1);
      },
    );

    test("are as they were where the store refuses one of them", async () => {
      const { raw, user } = await prepare(readsAll);
      await raw.createIndex(Doc.of({ u: 1 }), Doc.of({ unique: true, sparse: true }));
      await raw.updateOne(last, Doc.of({ $set: Doc.of({ n: "x" }) }));
      await expect(user.updateMany(Doc.empty, raise)).rejects.toThrow("non-numeric type");
      await raw.updateOne(last, Doc.of({ $set: Doc.of({ n: 0 }) }));
      const same = Doc.of({ $set: Doc.of({ u: 1 }), $inc: Doc.of({ n: 1 }) });
      await expect(user.updateMany(Doc.empty, same)).rejects.toThrow("E11000");
      expect(await sumOf(raw)).toBe(0);
    });

    test("are all changed or none while their owners change", { timeout: 60_000 }, async () => {
      const { raw, user } = await prepare(readsAll);
      let done = 0;
      for (let round = 0; round < 8; round += 1) {
        const steal = async (): Promise<void> => {
          for (let turn = 0; turn < round; turn += 1)
            await new Promise((resolve) => {
              setImmediate(resolve);
            });
          await raw.updateOne(last, giveAway);
        };
        const [written] = await Promise.allSettled([
          user.updateMany(Doc.empty, raise),
          ...(round % 2 === 0 ? [] : [steal()]),
        ]);
        if (written?.status === "fulfilled") done += 1;
        else if (!String(written?.reason).includes(denied)) throw written?.reason;
        expect(await sumOf(raw)).toBe(done * count);
        await raw.updateOne(last, Doc.of({ $set: Doc.of({ owner: "ann" }) }));
      }
      expect(done).toBeGreaterThanOrEqual(4);
    });
  });
});
