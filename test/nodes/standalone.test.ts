/** A MongoDB that is no replica set: without change streams nodes look once a second, and it has no transactions. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Doc } from "../../src/bson/doc.ts";
import { openMongodb } from "../../src/sources/mongodb.ts";
import {
  findMongod,
  mongodMissing,
  type RunningMongod,
  startStandalone,
} from "../support/mongod.ts";
import { send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";

/** What a change on one node may take to reach another, in milliseconds. */
const within = { timeout: 2000, interval: 20 };
const headers = { apiKey: undefined, Authorization: "Bearer TOKEN" };
/** A server that runs already is a replica set. */
const binary = ((): string | undefined => {
  const mongod = findMongod();
  return mongod?.kind === "binary" ? mongod.path : undefined;
})();

describe.skipIf(binary === undefined)(
  `a MongoDB of its own${binary === undefined ? ` (skipped: ${mongodMissing})` : ""}`,
  () => {
    let mongod: RunningMongod;
    const nodes: TestServer[] = [];
    let keysPath = "";

    beforeAll(async () => {
      mongod = await startStandalone(binary ?? "");
      const flags = { source: `mongodb-atlas=${mongod.uri}`, state: mongod.uri };
      const apiKey = randomBytes(32).toString("hex");
      for (const _ of ["first", "second"]) nodes.push(await startServer(flags, apiKey));
      const profile = (await admin(0, "GET", "/auth/profile")) as {
        readonly roles: readonly { readonly group_id: string }[];
      };
      const group = profile.roles[0]?.group_id ?? "";
      const apps = (await admin(0, "GET", `/groups/${group}/apps`)) as { _id: string }[];
      keysPath = `/groups/${group}/apps/${apps[0]?._id ?? ""}/api_keys`;
    }, 120_000);
    afterAll(async () => {
      await Promise.all(nodes.map(async (node) => node.close()));
      await mongod.close();
    });

    function nodeAt(index: number): TestServer {
      return nodes[index] as TestServer;
    }

    async function admin(
      index: number,
      method: string,
      path: string,
      body?: object,
    ): Promise<unknown> {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const call = { method, to: `/api/admin/v3.0${path}`, headers, ...sent };
      const answer = await send(nodeAt(index), call, "");
      if (answer.status >= 300) throw new Error(`${answer.status} ${answer.body}`);
      return answer.body === "" ? null : JSON.parse(answer.body);
    }

    test("a key that one node makes, disables and deletes is known to the other within 2 s", async () => {
      const made = (await admin(0, "POST", keysPath, { name: "polled" })) as Record<string, string>;
      const status = async (): Promise<number> => {
        const apiKey = made["key"] ?? "";
        const call = { to: "findOne", headers: { apiKey }, body: {} };
        return (await send(nodeAt(1), call, "c")).status;
      };
      await expect.poll(status, within).toBe(200);
      await admin(0, "PUT", `${keysPath}/${made["_id"]}/disable`);
      await expect.poll(status, within).toBe(401);
      await admin(0, "PUT", `${keysPath}/${made["_id"]}/enable`);
      await expect.poll(status, within).toBe(200);
      await admin(0, "DELETE", `${keysPath}/${made["_id"]}`);
      await expect.poll(status, within).toBe(401);
    });

    test("the actions work; what needs a transaction is refused with the reason", async () => {
      const body = { document: { _id: 1 } };
      const plain = await send(nodeAt(0), { to: "insertOne", body }, "c");
      expect(plain).toMatchObject({ status: 201, body: '{"insertedId":1}' });
      const once = { to: "insertOne", headers: { "Idempotency-Key": "a" }, body };
      expect(await send(nodeAt(0), once, "c")).toMatchObject({
        status: 400,
        body: expect.stringContaining("Idempotency-Key needs a MongoDB that is a replica set"),
      });
    });

    test("there are neither transactions nor change streams", async () => {
      const source = await openMongodb(mongod.uri, { name: "mongodb-atlas" });
      const inTransaction = source.withTransaction(async (transaction) =>
        transaction.collection("d", "c").insertOne(Doc.empty),
      );
      await expect(inTransaction).rejects.toMatchObject({
        code: 20,
        message: "Transaction numbers are only allowed on a replica set member or mongos",
      });
      const watching = source.collection("d", "c").watch([]);
      await expect(watching).rejects.toMatchObject({
        code: 40_573,
        message: "The $changeStream stage is only supported on replica sets",
      });
      await source.close();
    });
  },
);
