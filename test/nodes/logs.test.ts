/** Nodes that share their state: what any of them logs and counts, each of them shows. */
import { randomBytes } from "node:crypto";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { describeOnMongod } from "../support/shared-mongod.ts";

interface Page {
  readonly logs: readonly { readonly co_id: string }[];
  readonly nextEndDate?: string;
  readonly nextSkip?: number;
}
interface UsageRow {
  readonly endpoint_route: string;
  readonly request_count: number;
}

/** The longest that an entry waits, and some. */
const within = { timeout: 10_000, interval: 50 };

async function call(node: TestServer, action: string): Promise<string> {
  const { headers } = await send(node, { to: action, body: {} }, "c");
  return String(headers["x-request-id"]);
}

/** The ids of all entries, page by page. */
async function readAll(admin: Admin): Promise<readonly string[]> {
  const found: string[] = [];
  let next = "";
  do {
    const { body } = await admin.call<Page>("GET", `{A}/logs?limit=3${next}`);
    found.push(...body.logs.map((each) => each.co_id));
    next =
      body.nextEndDate === undefined ? "" : `&end_date=${body.nextEndDate}&skip=${body.nextSkip}`;
  } while (next !== "");
  return found;
}

describeOnMongod("the log and the usage of several nodes", ({ uri, database }) => {
  const stateDatabase = `state_${database}`;
  const flags = { state: uri, stateDatabase, source: `mongodb-atlas=${uri}` };
  const variables = { PETIOLE_MASTER_KEY: "0".repeat(64) };
  const apiKey = randomBytes(32).toString("hex");
  let client: MongoClient;
  let a: TestServer;
  let b: TestServer;
  let ofA: Admin;

  beforeAll(async () => {
    client = await MongoClient.connect(uri);
    a = await startServer(flags, apiKey, variables);
    b = await startServer(flags, apiKey, variables);
    ofA = await adminOf(a);
  });
  afterAll(async () => {
    await a.close();
    for (const name of [stateDatabase, a.database, b.database])
      await client.db(name).dropDatabase();
    await client.close();
  });

  test("one query finds the entries of all, the newest first, page by page", async () => {
    const wanted: string[] = [];
    for (let turn = 0; turn < 4; turn += 1)
      for (const node of [a, b]) wanted.push(await call(node, "find"));
    await expect.poll(async () => readAll(ofA), within).toEqual(wanted.toReversed());
  });

  test("an entry of another node is found by its id", async () => {
    const id = await call(b, "findOne");
    const find = async (): Promise<readonly string[]> => {
      const { body } = await ofA.call<Page>("GET", `{A}/logs?co_id=${id}`);
      return body.logs.map((each) => each.co_id);
    };
    await expect.poll(find, within).toEqual([id]);
  });

  test("who follows on one node sees what comes to the other", async () => {
    const leaving = new AbortController();
    const path = `/api/admin/v3.0/groups/${ofA.group}/apps/${ofA.app}/logs/follow`;
    const answer = await fetch(`${a.url}${path}`, {
      headers: { Authorization: `Bearer ${a.adminToken}` },
      signal: leaving.signal,
    });
    const ids = [await call(b, "find"), await call(a, "find")];
    let text = "";
    for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(piece).toString("utf8");
      if (ids.every((id) => text.includes(`"co_id":"${id}"`))) break;
    }
    leaving.abort();
    for (const id of ids) expect(text.split(`"co_id":"${id}"`)).toHaveLength(2);
  });

  test("usage is the sum of all nodes; one that ends has counted everything", async () => {
    await b.close();
    const { body } = await ofA.call<{ readonly usage: readonly UsageRow[] }>("GET", "{A}/usage");
    const count = (action: string): number =>
      body.usage
        .filter(({ endpoint_route: route }) => route.endsWith(`/${action}`))
        .reduce((sum, { request_count: more }) => sum + more, 0);
    expect([count("find"), count("findOne")]).toEqual([10, 1]);
    const { body: billed } = await ofA.call<{ readonly measurements: readonly object[] }>(
      "GET",
      "{A}/measurements",
    );
    expect(JSON.stringify(billed)).toContain('"value":11');
  });

  test.for<[collection: string]>([["logs"], ["usage"], ["audit"]])(
    "%s: MongoDB takes out what has expired",
    async ([collection]) => {
      const of = client.db(stateDatabase).collection(collection);
      const indexes = await of.listIndexes().toArray();
      expect(indexes).toContainEqual(
        expect.objectContaining({ key: { expires_at: 1 }, expireAfterSeconds: 0 }),
      );
      // Every document has the date that the index goes by.
      expect(await of.countDocuments({ expires_at: { $not: { $type: "date" } } })).toBe(0);
    },
  );
});
