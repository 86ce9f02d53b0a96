/** A MongoDB whose answers get lost on the way: what is done again, and what is not. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import type { Value } from "../../src/bson/value.ts";
import { MongoError } from "../../src/kit/mongo-error.ts";
import { type MongodbSource, openMongodb } from "../../src/sources/mongodb.ts";
import type { Collection } from "../../src/sources/source.ts";
import { type CuttingProxy, startCuttingProxy } from "../support/cutting-proxy.ts";
import { describeOnMongod } from "../support/shared-mongod.ts";

const callers = 8;
const ids = Array.from({ length: 200 }, (_, index) => `document ${index}`);
/** Of the answers to writes and reads, which gets lost. */
const lostEvery = 10;

const all = Doc.empty;
const increment = Doc.of({ $inc: Doc.of({ n: 1 }) });

describeOnMongod("a MongoDB whose answers get lost", ({ uri, database }) => {
  let proxy: CuttingProxy;
  let source: MongodbSource;
  /** Past the proxy. */
  let straight: MongodbSource;
  let lost: "update" | "insert" | "find" | undefined;
  let every = lostEvery;
  let seen = 0;

  beforeAll(async () => {
    const { port, search } = new URL(uri);
    proxy = await startCuttingProxy(Number(port), (sent) => {
      if (lost === undefined || !sent.includes(`\u0002${lost}\0`)) return false;
      seen += 1;
      return seen % every === 0;
    });
    const options = `${search === "" ? "?" : `${search}&`}directConnection=true&maxPoolSize=16`;
    source = await openMongodb(`mongodb://127.0.0.1:${proxy.port}/${options}`, { name: "far" });
    straight = await openMongodb(uri, { name: "straight" });
  });
  afterAll(async () => {
    proxy.stopCutting();
    await source.close();
    await straight.dropDatabase(database);
    await straight.close();
    await proxy.close();
  });

  async function whileLosing<T>(
    what: "update" | "insert" | "find",
    nth: number,
    work: () => Promise<T>,
  ): Promise<T> {
    [lost, every, seen] = [what, nth, 0];
    try {
      return await work();
    } finally {
      lost = undefined;
    }
  }

  test.for<
    [
      title: string,
      verb: "update" | "insert" | "find",
      call: (collection: Collection, id: string) => Promise<unknown>,
    ]
  >([
    [
      "an update of one",
      "update",
      async (collection, id) => collection.updateOne(Doc.of({ _id: id }), increment),
    ],
    [
      "an insert",
      "insert",
      async (collection, id) => collection.insertOne(Doc.of({ _id: `new ${id}`, n: 1 })),
    ],
    ["a read", "find", async (collection, id) => collection.findOne(Doc.of({ _id: id }))],
  ])("%s is done again, and happens once", async ([title, verb, call]) => {
    const collection = source.collection(database, title);
    const failed = new Map<string, unknown>();
    await straight.collection(database, title).insertMany(ids.map((_id) => Doc.of({ _id, n: 0 })));
    const before = proxy.cuts();
    await whileLosing(verb, lostEvery, async () =>
      atOnce(async (id) => {
        await call(collection, id).catch((error: unknown) => failed.set(id, error));
      }),
    );
    expect(proxy.cuts() - before).toBeGreaterThan(callers);
    // The second try may get lost as well, and then nobody knows.
    expect(failed.size).toBeLessThan(0.2 * ids.length);
    for (const [, error] of failed) expect(error).toMatchObject({ code: "ServiceUnavailable" });
    const wrong: unknown[] = [];
    for (const id of ids) {
      const _id = verb === "insert" ? `new ${id}` : id;
      const found = await straight.collection(database, title).findOne(Doc.of({ _id }));
      const times = Number(found?.get("n") ?? 0);
      const isRight = times === (verb === "find" ? 0 : 1) || (times === 0 && failed.has(id));
      if (!isRight) wrong.push([id, times]);
    }
    expect(wrong).toEqual([]);
  });

  test("an update of many is not done again, and says that nobody knows", async () => {
    const collection = source.collection(database, "many");
    await collection.insertMany([Doc.of({ n: 0 }), Doc.of({ n: 0 })]);
    const failure = await whileLosing("update", 1, async () =>
      collection.updateMany(all, increment).catch((error: unknown) => error),
    );
    expect(failure).toMatchObject({ code: "ServiceUnavailable" });
    expect(await countOf(straight.collection(database, "many"), Doc.of({ n: 1 }))).toBe(2);
  });

  test("a read that is given up leaves its connection to others", async () => {
    const collection = source.collection(database, "given up");
    await collection.insertOne(Doc.of({ _id: 1 }));
    const slow = Doc.of({ $where: "sleep(300) || true" });
    const gone = new Error("the caller is gone");
    await atOnce(async () => {
      const controller = new AbortController();
      const reading = collection.findOne(slow, { signal: controller.signal });
      controller.abort(gone);
      await expect(reading).rejects.toBe(gone);
      expect(await collection.findOne(all)).toEqual(Doc.of({ _id: 1 }));
    });
  });

  test.for<[title: string, run: (collection: Collection) => Promise<unknown>, code: number]>([
    ["a failure of the server", async (collection) => collection.findOne(Doc.of({ $nope: 1 })), 2],
    [
      "a failure whose message holds half of a character",
      async (collection) => {
        await collection.insertOne(Doc.of({ _id: 1 }));
        const text = Doc.of({ $dateToString: Doc.of({ date: "$$NOW", format: "%é" }) });
        await collection.findOne(all, { projection: Doc.of({ text }) });
      },
      18_536,
    ],
    [
      "a document that is there already",
      async (collection) => {
        await collection.insertOne(Doc.of({ _id: 1 }));
        await collection.insertOne(Doc.of({ _id: 1 }));
      },
      11_000,
    ],
  ])("%s has the server's code", async ([title, run, code]) => {
    const failure: unknown = await run(source.collection(database, title)).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(MongoError);
    expect(failure).toMatchObject({ code });
  });

  test("a write concern that can not be met is told", async () => {
    const three = await openMongodb(uri, { name: "three", writeConcern: { w: 3 } });
    const failure: unknown = await three
      .collection(database, "concern")
      .insertOne(Doc.of({ _id: 1 }))
      .catch((error: unknown) => error);
    await three.close();
    expect(failure).toMatchObject({ code: 100 });
  });
});

async function atOnce(work: (id: string) => Promise<unknown>): Promise<void> {
  const left = [...ids];
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) await work(id);
    }),
  );
}

async function countOf(collection: Collection, filter: Doc): Promise<Value> {
  return collection.countDocuments(filter);
}
