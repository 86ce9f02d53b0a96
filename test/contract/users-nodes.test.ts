/** Users on several nodes with one state: whoever is shut out on one is out on all. */
import { randomBytes } from "node:crypto";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOnMongod } from "../support/shared-mongod.ts";
import { startUsersApp, type UsersApp } from "../support/users-app.ts";

/** What a change on one node may take to reach another, in milliseconds. */
const within = { timeout: 2000, interval: 20 };
const password = "a good password";

describeOnMongod("users of nodes that share their state", ({ uri, database }) => {
  const stateDatabase = `state_${database}`;
  const flags = { state: uri, stateDatabase, source: `mongodb-atlas=${uri}` };
  const apiKey = randomBytes(32).toString("hex");
  const variables = { PETIOLE_MASTER_KEY: randomBytes(24).toString("hex") };
  let a: UsersApp;
  let b: UsersApp;
  let count = 0;

  beforeAll(async () => {
    a = await startUsersApp({ flags, apiKey, variables });
    b = await startUsersApp({ flags, apiKey, variables });
  });
  afterAll(async () => {
    await Promise.all([a, b].map(async (each) => each.close()));
    const client = await MongoClient.connect(uri);
    await client.db(stateDatabase).dropDatabase();
    await client.close();
  });

  async function logIn() {
    count += 1;
    const email = `node-${count}@example.com`;
    const account = { email, password };
    await a.client("POST", "APP/auth/providers/local-userpass/register", account);
    return { email, ...(await a.logIn("local-userpass", { username: email, password })) };
  }

  test("tokens of one node are good on the other, from the very first", async () => {
    const [first, second] = await Promise.all([a.logIn("anon-user", {}), b.logIn("anon-user", {})]);
    for (const [node, token] of [
      [a, second.access_token],
      [b, first.access_token],
    ] as const)
      expect((await node.findOne({ Authorization: `Bearer ${token}` })).status).toBe(200);
  });

  test.for([
    ["logged out", "PUT", "/logout", 200],
    ["disabled", "PUT", "/disable", 401],
    ["deleted", "DELETE", "", 401],
  ] as const)("who is %s on one node is out on the other", async ([, method, path, status]) => {
    const session = await logIn();
    const headers = { email: session.email, password };
    const bearer = { Authorization: `Bearer ${session.access_token}` };
    expect((await b.findOne(bearer)).status).toBe(200);
    expect((await b.findOne(headers)).status).toBe(200);
    await a.admin(method, `{A}/users/${session.user_id}${path}`);
    await expect.poll(async () => (await b.findOne(bearer)).status, within).toBe(401);
    const renewed = await b.client("POST", "/auth/session", undefined, session.refresh_token);
    expect(renewed.status).toBe(401);
    // Who is logged out has its password still.
    await expect.poll(async () => (await b.findOne(headers)).status, within).toBe(status);
  });

  test("a password that was changed on one node opens nothing on the other", async () => {
    const { email, user_id: id } = await logIn();
    expect((await b.findOne({ email, password })).status).toBe(200);
    await a.admin("PUT", `{A}/users/${id}/password`, { password: "another password" });
    await expect.poll(async () => (await b.findOne({ email, password })).status, within).toBe(401);
  });

  test("one session that ends on one node has ended on the other", async () => {
    const session = await logIn();
    const bearer = { Authorization: `Bearer ${session.access_token}` };
    expect((await b.findOne(bearer)).status).toBe(200);
    await a.client("DELETE", "/auth/session", undefined, session.refresh_token);
    await expect.poll(async () => (await b.findOne(bearer)).status, within).toBe(401);
  });

  test("a user's key that was disabled on one node is refused on the other", async () => {
    const session = await logIn();
    const made = await a.client("POST", "/auth/api_keys", { name: "k" }, session.refresh_token);
    const { key, _id: id } = JSON.parse(made.body) as {
      readonly key: string;
      readonly _id: string;
    };
    expect((await b.findOne({ apiKey: key })).status).toBe(200);
    await a.client("PUT", `/auth/api_keys/${id}/disable`, undefined, session.refresh_token);
    await expect.poll(async () => (await b.findOne({ apiKey: key })).status, within).toBe(401);
  });

  test("an identity that logs in everywhere at once is one user", async () => {
    const email = "everywhere@example.com";
    await a.client("POST", "APP/auth/providers/local-userpass/register", { email, password });
    const sessions = await Promise.all(
      [a, b, a, b].map(async (node) => node.logIn("local-userpass", { username: email, password })),
    );
    expect(new Set(sessions.map(({ user_id: id }) => id)).size).toBe(1);
  });

  test("a signing secret that was forgotten on one node is forgotten on the other", async () => {
    const session = await b.logIn("anon-user", {});
    const bearer = { Authorization: `Bearer ${session.access_token}` };
    expect((await b.findOne(bearer)).status).toBe(200);
    await a.admin("POST", "{A}/security/rotate_signing_secret", { forget_old: true });
    await expect.poll(async () => (await b.findOne(bearer)).status, within).toBe(401);
    const next = await b.logIn("anon-user", {});
    expect((await a.findOne({ Authorization: `Bearer ${next.access_token}` })).status).toBe(200);
  });
});
