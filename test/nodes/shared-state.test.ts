/** Several nodes on one state: what one of them changes, all of them know. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { Long, MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { describeOnMongod } from "../support/shared-mongod.ts";

/** What a change on one node may take to reach another, in milliseconds. */
const within = { timeout: 2000, interval: 20 };
const headers = { apiKey: undefined, Authorization: "Bearer TOKEN" };

async function admin(
  node: TestServer,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const to = `/api/admin/v3.0${path}`;
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await send(node, { method, to, headers, ...sent }, "");
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.body}`);
  return answer.body === "" ? null : JSON.parse(answer.body);
}

async function statusOf(node: TestServer, key: string): Promise<number> {
  return (await send(node, { to: "findOne", headers: { apiKey: key }, body: {} }, "c")).status;
}

function union(fields: object): object {
  return { $unionWith: fields };
}

describeOnMongod("nodes that share their state", ({ uri, database }) => {
  const stateDatabase = `state_${database}`;
  const flags = { state: uri, stateDatabase, source: `mongodb-atlas=${uri}` };
  const apiKey = randomBytes(32).toString("hex");
  let client: MongoClient;
  let a: TestServer;
  let b: TestServer;
  let keysPath = "";

  beforeAll(async () => {
    client = await MongoClient.connect(uri);
    [a, b] = await Promise.all([startServer(flags, apiKey), startServer(flags, apiKey)]);
    const profile = await admin(a, "GET", "/auth/profile");
    const group = (profile as { roles: { group_id: string }[] }).roles[0]?.group_id ?? "";
    const apps = (await admin(b, "GET", `/groups/${group}/apps`)) as { _id: string }[];
    keysPath = `/groups/${group}/apps/${apps[0]?._id ?? ""}/api_keys`;
  });
  afterAll(async () => {
    await Promise.all([a, b].map(async (each) => each.close()));
    await client.db(stateDatabase).dropDatabase();
    await client.close();
  });

  async function createKey(
    node: TestServer,
  ): Promise<{ readonly id: string; readonly key: string }> {
    const name = `key-${randomBytes(6).toString("hex")}`;
    const made = (await admin(node, "POST", keysPath, { name })) as { _id: string; key: string };
    return { id: made._id, key: made.key };
  }

  async function deleteKeys(): Promise<void> {
    const listed = (await admin(a, "GET", keysPath)) as { _id: string; name: string }[];
    for (const { _id, name } of listed)
      if (name !== "PETIOLE_API_KEY") await admin(a, "DELETE", `${keysPath}/${_id}`);
  }

  test("nodes that start at once make one app", async () => {
    expect(await client.db(stateDatabase).collection("apps").countDocuments()).toBe(1);
    expect(await client.db(stateDatabase).collection("administrators").countDocuments()).toBe(1);
  });

  test("nothing lies on local disk", () => {
    expect(
      ["state", "store", "admin-token"].filter((each) => existsSync(`${a.data}/${each}`)),
    ).toEqual([]);
  });

  test.for<[title: string, action: string, body: object]>([
    ["read", "find", { database: stateDatabase, collection: "api_keys" }],
    ["read by another case", "find", { database: stateDatabase.toUpperCase() }],
    ["written", "insertOne", { database: stateDatabase, document: {} }],
    ["joined", "aggregate", { pipeline: [union({ db: stateDatabase, coll: "api_keys" })] }],
    ["joined deep within", "aggregate", { pipeline: [union({ coll: "c", pipeline: [out()] })] }],
    ["filled", "aggregate", { pipeline: [out()] }],
    ["merged into", "aggregate", { pipeline: [{ $merge: { into: out().$out } }] }],
  ])("the state's database can not be %s", async ([, action, body]) => {
    const answer = await send(a, { to: action, body: { ...body } }, "c");
    expect(answer).toMatchObject({
      status: 403,
      body: expect.stringContaining("no rule exists for namespace"),
    });
  });

  function out(): { readonly $out: object } {
    return { $out: { db: stateDatabase, coll: "api_keys" } };
  }

  test("a key that one node makes works on the other, until it is disabled or deleted", async () => {
    const { id, key } = await createKey(a);
    expect(await statusOf(a, key)).toBe(200);
    await expect.poll(async () => statusOf(b, key), within).toBe(200);
    await admin(a, "PUT", `${keysPath}/${id}/disable`);
    expect(await statusOf(a, key)).toBe(401);
    await expect.poll(async () => statusOf(b, key), within).toBe(401);
    await admin(b, "PUT", `${keysPath}/${id}/enable`);
    await expect.poll(async () => statusOf(a, key), within).toBe(200);
    await admin(b, "DELETE", `${keysPath}/${id}`);
    await expect.poll(async () => statusOf(a, key), within).toBe(401);
  });

  test("a change of the app reaches the other node, and two changes at once are both kept", async () => {
    const base = keysPath.slice(0, -"/api_keys".length);
    const origins = ["https://a.example"];
    await Promise.all([
      admin(a, "POST", `${base}/security/allowed_request_origins`, origins),
      admin(b, "PATCH", `${base}/data_sources/mongodb-atlas`, { permission: "readOnly" }),
    ]);
    for (const node of [a, b]) {
      await expect
        .poll(async () => admin(node, "GET", `${base}/security/allowed_request_origins`), within)
        .toEqual(origins);
      await expect
        .poll(async () => admin(node, "GET", `${base}/data_sources`), within)
        .toMatchObject([{ permission: "readOnly" }]);
    }
    await admin(a, "POST", `${base}/security/allowed_request_origins`, []);
    await admin(a, "PATCH", `${base}/data_sources/mongodb-atlas`, { permission: "readWrite" });
  });

  test("the bound of keys holds when two nodes make them at once", async () => {
    await deleteKeys();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 150 }, async (_, index) => createKey(index % 2 === 0 ? a : b)),
    );
    const made = outcomes.filter((each) => each.status === "fulfilled").length;
    // One of the hundred is the key of the environment.
    expect(made).toBe(99);
    const refusals = outcomes.flatMap((each) =>
      each.status === "rejected" ? [String(each.reason)] : [],
    );
    expect(new Set(refusals)).toEqual(
      new Set([
        'Error: 400 {"error":"an app has at most 100 API keys","error_code":"InvalidParameter"}',
      ]),
    );
    expect(await client.db(stateDatabase).collection("api_keys").countDocuments()).toBe(100);
    await deleteKeys();
  });

  test("a change stream that is lost is taken up where it broke off", async () => {
    const { id, key } = await createKey(a);
    await expect.poll(async () => statusOf(b, key), within).toBe(200);
    const killed = await killStreams();
    expect(killed).toBeGreaterThan(0);
    await admin(a, "PUT", `${keysPath}/${id}/disable`);
    await expect.poll(async () => statusOf(b, key), within).toBe(401);
  });

  async function killStreams(): Promise<number> {
    const operations = await client
      .db("admin")
      .aggregate([
        { $currentOp: { allUsers: true, idleCursors: true } },
        { $match: { "cursor.originatingCommand.$db": stateDatabase } },
      ])
      .toArray();
    const cursors = operations.map((each) => Long.fromValue(each["cursor"].cursorId));
    await client.db(stateDatabase).command({ killCursors: "$cmd.aggregate", cursors });
    return cursors.length;
  }

  test("what is written to the state by other means is seen too", async () => {
    const { key } = await createKey(a);
    await expect.poll(async () => statusOf(b, key), within).toBe(200);
    await client
      .db(stateDatabase)
      .collection("api_keys")
      .updateMany({}, { $set: { disabled: true } });
    await expect.poll(async () => statusOf(b, key), within).toBe(401);
  });
});
