import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { type EmbeddedSource, openEmbedded } from "./embedded.ts";

let path = "";
let source: EmbeddedSource;
beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), "petiole-watch-"));
  source = await openEmbedded(path, { expiryMs: 0 });
});
afterEach(async () => {
  await source.close();
  rmSync(path, { recursive: true });
});

test("embedded: there are no transactions, and it says so as a server of its own does", async () => {
  const refusal = {
    code: 20,
    message: "Transaction numbers are only allowed on a replica set member or mongos",
  };
  await expect(source.startTransaction()).rejects.toMatchObject(refusal);
  await expect(source.withTransaction(async () => {})).rejects.toMatchObject(refusal);
});

test("embedded: a token of an earlier run leads nowhere", async () => {
  const read = async (): Promise<Doc> => {
    const batches = await source.collection("db", "c").watch([]);
    await source.collection("db", "c").insertOne(Doc.empty);
    for await (const [event] of batches) return event?.get("_id") as Doc;
    throw new TypeError("nothing came");
  };
  const token = await read();
  await source.close();
  source = await openEmbedded(path, { expiryMs: 0 });
  await read();
  const resumed = source.collection("db", "c").watch([], { resumeAfter: token });
  await expect(resumed).rejects.toMatchObject({ code: 286 });
});

test("embedded: a watch ends when $out replaces its collection", async () => {
  const collection = source.collection("db", "c");
  await collection.insertOne(Doc.of({ _id: 1 }));
  const batches = await collection.watch([]);
  const out = collection.aggregate([Doc.of({ $out: "c" })]);
  for await (const _ of out);
  const kinds: unknown[] = [];
  for await (const batch of batches)
    for (const event of batch) kinds.push(event.get("operationType"));
  expect(kinds).toEqual(["drop", "invalidate"]);
});

test("embedded: a watch that its reader leaves is closed, and the store closes under one that waits", async () => {
  const collection = source.collection("db", "c");
  const left = await collection.watch([]);
  await collection.insertOne(Doc.of({ _id: 1 }));
  for await (const _ of left) break;
  const waiting = (await collection.watch([]))[Symbol.asyncIterator]().next();
  await source.close();
  await expect(waiting).rejects.toMatchObject({ code: "ServiceUnavailable" });
});
