/** Writers at once: no write passes that the document, as it is in that moment, denies. */
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import { Fault } from "../../src/kit/fault.ts";
import type { Collection } from "../../src/sources/source.ts";
import { onBothSources, openFor, type Stage } from "../support/rule-scenario.ts";
import { createScope } from "../support/rule-scope.ts";

const rules = {
  roles: [
    {
      name: "seesAll",
      apply_when: {},
      document_filters: { read: true, write: { owner: "%%user.id" } },
      read: true,
      write: true,
    },
  ],
};

/** Says in the document itself whom it belonged to when it was written. */
const note = Doc.of({
  $set: Doc.of({
    writes: Doc.of({ $add: ["$writes", 1] }),
    stolen: Doc.of({ $or: ["$stolen", Doc.of({ $ne: ["$owner", "ann"] })] }),
  }),
});

const racesMax = Number(process.env["PETIOLE_RULE_RACES"] ?? 10_000);
const filter = Doc.of({ _id: 1 });
const giveTo = (owner: string): Doc => Doc.of({ $set: Doc.of({ owner }) });

type Write = (to: Collection) => Promise<unknown>;

const writes: readonly Write[] = [
  async (to) => to.updateOne(filter, [note]),
  async (to) => to.updateMany(Doc.empty, [note]),
  async (to) => to.findOneAndUpdate(filter, [note]),
  async (to) =>
    to.bulkWrite([
      { insertOne: { document: Doc.of({ owner: "ann", made: true }) } },
      { updateOne: { filter, update: [note] } },
      { deleteMany: { filter: Doc.of({ made: true }) } },
    ]),
];

onBothSources((name, open) => {
  test(`writers at once on ${name}`, { timeout: 600_000 }, async () => {
    const { source, close } = await open();
    const database = `rules_${randomBytes(6).toString("hex")}`;
    const stage: Stage = { source, database, collection: (each) => each };
    const scope = createScope({ rules, documents: [], call: ["find"] }, stage);
    const system = source.collection(database, "main");
    try {
      // A transaction of a server takes its time.
      const races = name === "MongoDB" ? racesMax / 25 : racesMax;
      const rounds = Math.ceil(races / (writes.length * 2));
      const tally = await race(system, openFor(scope, stage, { verb: "update" }), rounds);
      const left = await system.findOne(filter);
      expect(left?.get("stolen")).toBe(false);
      expect(left?.get("writes")).toBe(tally.done);
      expect(tally.done + tally.denied).toBe(rounds * writes.length * 2);
      expect(tally.denied).toBeGreaterThan(0);
      expect(await system.countDocuments(Doc.empty)).toBe(1);
    } finally {
      await source.dropDatabase(database);
      await close();
    }
  });
});

/** While the document changes hands, its former and its next owner write. */
async function race(
  system: Collection,
  user: Collection,
  rounds: number,
): Promise<{ readonly done: number; readonly denied: number }> {
  await system.insertOne(Doc.of({ _id: 1, owner: "ann", writes: 0, stolen: false }));
  let done = 0;
  let denied = 0;
  const attempt = async (write: Write): Promise<void> => {
    try {
      await write(user);
      done += 1;
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.code !== "NoMatchingRuleFound") throw cause;
      denied += 1;
    }
  };
  for (let round = 0; round < rounds; round += 1) {
    const owner = round % 2 === 0 ? "bob" : "ann";
    // oxlint-disable-next-line no-await-in-loop
    await Promise.all([
      ...writes.map(attempt),
      system.updateOne(filter, giveTo(owner)),
      ...writes.map(attempt),
    ]);
  }
  return { done, denied };
}
