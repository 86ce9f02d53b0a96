/** Clients of the Data API from npm do their work without a change in them, on each data source. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startServer, type TestServer } from "../support/server.ts";
import { dropDatabase, sourceFlags, sourcesHere } from "../support/client-app.ts";
import { dataApiClients } from "./data-api-clients.ts";

const originalFetch = globalThis.fetch;

/** What DNS does for a client that has the original's host written in. */
function redirectHost(server: TestServer): typeof fetch {
  return async (target, init) => {
    const url = typeof target === "string" || target instanceof URL ? String(target) : target.url;
    return originalFetch(url.replace("https://data.mongodb-api.com", server.url), init);
  };
}

describe.for(sourcesHere())("clients of the Data API on %s", (source) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(sourceFlags(source));
    vi.stubGlobal("fetch", redirectHost(server));
  });
  afterAll(async () => {
    vi.unstubAllGlobals();
    await server.close();
    if (source === "mongodb") await dropDatabase(server.database);
  });

  describe.for([...dataApiClients])("%s", ([name, open]) => {
    const inCollection = (suffix: string): ReturnType<typeof open> =>
      open(server, `${name.replaceAll(/\W/g, "_")}_${suffix}`);

    test("documents are made, found, changed and deleted", async () => {
      const items = inCollection("crud");
      const id = await items.insertOne({ name: "a", n: 1 });
      expect(String(id)).toMatch(/^[0-9a-f]{24}$/);
      expect(
        await items.insertMany([
          { _id: "two", name: "b", n: 2 },
          { _id: "three", name: "c", n: 3 },
        ]),
      ).toEqual(["two", "three"]);
      expect(await items.findOne({ _id: "two" })).toEqual({ _id: "two", name: "b", n: 2 });
      expect(await items.findOne({ _id: "nix" })).toBeNull();
      expect(await items.find({ n: { $gt: 0 } }, { sort: { n: -1 }, skip: 1, limit: 1 })).toEqual([
        { _id: "two", name: "b", n: 2 },
      ]);
      expect(await items.find({ n: 99 }, {})).toEqual([]);
      expect(await items.updateOne({ _id: "two" }, { $set: { n: 20 } })).toEqual({
        matchedCount: 1,
        modifiedCount: 1,
      });
      expect(await items.updateMany({ n: { $gt: 2 } }, { $inc: { n: 1 } })).toEqual({
        matchedCount: 2,
        modifiedCount: 2,
      });
      const replaced = { matchedCount: 1, modifiedCount: 1 };
      expect([replaced, undefined]).toContainEqual(
        await items.replaceOne({ _id: "two" }, { m: 1 }),
      );
      expect(await items.aggregate([{ $group: { _id: null, count: { $sum: 1 } } }])).toEqual([
        { _id: null, count: 3 },
      ]);
      expect(await items.deleteOne({ _id: "two" })).toBe(1);
      expect(await items.deleteMany({ n: { $gt: 0 } })).toBe(2);
    });

    test("what fails is told in its own way", async () => {
      const items = inCollection("failures");
      await items.insertOne({ _id: "one" });
      await expect(items.insertOne({ _id: "one" })).rejects.toThrow(/E11000|400/);
      await expect(items.find({ $nix: 1 }, {})).rejects.toThrow(/unknown top level operator|400/);
      const stranger = open({ ...server, apiKey: "wrong" }, "any");
      await expect(stranger.findOne({})).rejects.toThrow(/invalid session|401/);
    });

    test("twenty calls go at once", async () => {
      const items = inCollection("many");
      const numbers = Array.from({ length: 20 }, (_, n) => n);
      await Promise.all(numbers.map(async (n) => items.insertOne({ _id: `n${n}`, n })));
      expect(await items.find({}, { sort: { n: 1 }, limit: 100 })).toEqual(
        numbers.map((n) => ({ _id: `n${n}`, n })),
      );
    });
  });
});
