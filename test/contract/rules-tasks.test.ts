/** The rules of `examples/tasks`, as two of its users meet them. */
import { randomBytes } from "node:crypto";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, send } from "../support/scenario.ts";
import { type ClientSession, startUsersApp, type UsersApp } from "../support/users-app.ts";

let app: UsersApp;
let ann: ClientSession;
let bob: ClientSession;

beforeAll(async () => {
  app = await startUsersApp({
    flags: { appDir: path.join(import.meta.dirname, "../../examples/tasks") },
    secrets: { statisticsSecret: "s".repeat(16), importSecret: "i".repeat(16) },
  });
  ann = await join("ann@example.com");
  bob = await join("bob@example.com");
});

afterAll(async () => {
  await app.close();
});

async function join(email: string): Promise<ClientSession> {
  const password = randomBytes(12).toString("hex");
  await app.client("POST", "APP/auth/providers/local-userpass/register", { email, password });
  return app.logIn("local-userpass", { username: email, password });
}

async function call(as: ClientSession, to: string, body: object): Promise<Answer> {
  const headers = {
    apiKey: undefined,
    Authorization: `Bearer ${as.access_token}`,
    Accept: "application/json",
  };
  return send(app.server, { to, headers, body: { ...body, database: "tasks" } }, "tasks");
}

test("everybody has tasks of their own", async () => {
  const own = { ownerId: ann.user_id, title: "water", status: "open" };
  expect((await call(ann, "insertOne", { document: own })).status).toBe(201);
  expect(
    (await call(ann, "insertOne", { document: { ...own, ownerId: bob.user_id } })).body,
  ).toContain('{"error":"insert not permitted","error_code":"NoMatchingRuleFound"');
  expect((await call(bob, "find", {})).body).toBe('{"documents":[]}');
  expect((await call(ann, "find", { projection: { _id: 0, title: 1 } })).body).toBe(
    '{"documents":[{"title":"water"}]}',
  );
  const filter = { title: "water" };
  const nothing = '{"matchedCount":0,"modifiedCount":0}';
  const done = '{"matchedCount":1,"modifiedCount":1}';
  const setting = (fields: object): object => ({ filter, update: { $set: fields } });
  expect((await call(bob, "updateOne", setting({ status: "done" }))).body).toBe(nothing);
  expect((await call(ann, "updateOne", setting({ status: "done" }))).body).toBe(done);
  expect((await call(ann, "updateOne", setting({ ownerId: bob.user_id }))).status).toBe(403);
  expect((await call(ann, "updateOne", setting({ review: "good" }))).status).toBe(403);
  expect((await call(ann, "updateOne", setting({ archived: true }))).body).toBe(done);
  expect((await call(ann, "find", {})).body).toBe('{"documents":[]}');
});

test("a user's own data may be read and not written", async () => {
  const collection = "users";
  const found = await call(ann, "find", {
    collection,
    projection: { _id: 0, userId: 1, isAdmin: 1 },
  });
  expect(found.body).toBe(`{"documents":[{"userId":"${ann.user_id}","isAdmin":false}]}`);
  const change = { collection, filter: {}, update: { $set: { isAdmin: true } } };
  expect((await call(ann, "updateOne", change)).status).toBe(403);
});
