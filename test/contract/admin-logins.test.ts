/** The link of a first start, and new passwords of administrators. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Admin, adminOf, type AdminReply } from "../support/admin.ts";
import { startServer, type TestServer } from "../support/server.ts";

interface Session {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly user_id: string;
}

let server: TestServer;
let admin: Admin;

beforeAll(async () => {
  server = await startServer();
  admin = await adminOf(server);
});
afterAll(async () => server.close());

const logInOnce = async (token: unknown): Promise<AdminReply<Session>> =>
  admin.call("POST", "/auth/providers/one-time/login", { token });
const logIn = async (username: string, password: string): Promise<AdminReply<Session>> =>
  admin.call("POST", "/auth/providers/local-userpass/login", { username, password });

/** The first administrator is kept a moment after the server listens. */
async function untilThere(): Promise<string> {
  await expect.poll(findFirst).toBeDefined();
  return (await findFirst()) ?? "";
}

async function findFirst(): Promise<string | undefined> {
  const administrators = await admin.must<
    readonly { readonly _id: string; readonly name: string }[]
  >("GET", "/administrators");
  return administrators.find(({ name }) => name === "admin@localhost")?._id;
}

test.for<[title: string, token: unknown, status: number]>([
  ["another token", "a".repeat(43), 401],
  ["no text", "", 401],
  ["a number", 5, 400],
  ["none", undefined, 400],
])("one-time login: %s is refused", async ([, token, status]) => {
  const reply = await logInOnce(token);
  expect(reply.status).toBe(status);
  expect(JSON.stringify(reply.body)).not.toContain("_token");
});

test("one-time login: the token of the first start lets one in, once", async () => {
  const id = await untilThere();
  const attempts = await Promise.all([1, 2, 3].map(async () => logInOnce(server.consoleToken)));
  expect(attempts.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
  const session = attempts.find(({ status }) => status === 200)?.body;
  expect(session?.user_id).toBe(id);
  const own = await adminOf(server, session?.access_token);
  expect((await own.call("GET", "/auth/profile")).body).toMatchObject({
    user_id: id,
    roles: [{ role_name: "GROUP_OWNER" }],
  });
  expect(JSON.stringify(server.events)).not.toContain(server.consoleToken);
});

test("passwords: a new one works, the old one and what it began do not", async () => {
  const [email, old, next] = ["grace@example.com", "the first password", "the second password"];
  await admin.must("POST", "/administrators", { email, password: old });
  const { body: session } = await logIn(email, old);
  const path = `/administrators/${session.user_id}/password`;
  for (const [password, status] of [
    ["short", 400],
    [undefined, 400],
    ["x".repeat(1025), 400],
  ] as const)
    expect((await admin.call("PUT", path, { password })).status).toBe(status);
  expect((await admin.call("PUT", path, { password: next })).status).toBe(204);
  expect((await logIn(email, old)).status).toBe(401);
  expect((await logIn(email, next)).status).toBe(200);
  const renewed = await fetch(`${server.url}/api/admin/v3.0/auth/session`, {
    method: "POST",
    headers: { Authorization: `Bearer ${session.refresh_token}` },
  });
  expect(renewed.status).toBe(401);
  const { body: entries } = await admin.call("GET", `/groups/${admin.group}/audit`);
  expect(JSON.stringify(entries)).not.toContain(next);
});

test.for(["64b7f0c2a1d3e4f5a6b7c8d9", "nobody"])(
  "passwords: there is no administrator %s",
  async (id) => {
    const path = `/administrators/${id}/password`;
    expect(await admin.call("PUT", path, { password: "long enough" })).toMatchObject({
      status: 404,
      body: { error_code: "NotFound" },
    });
  },
);

test("passwords: who may only look changes none, not even its own", async () => {
  const [email, password] = ["reader@example.com", "a password of some length"];
  await admin.must("POST", "/administrators", { email, password, role: "readOnly" });
  const { body: session } = await logIn(email, password);
  const reader = await adminOf(server, session.access_token);
  const path = `/administrators/${session.user_id}/password`;
  expect((await reader.call("PUT", path, { password: "another one" })).status).toBe(403);
});

test("an address serves one administrator", async () => {
  const person = { email: "twice@example.com", password: "a good password" };
  await admin.must("POST", "/administrators", person);
  expect(await admin.call("POST", "/administrators", person)).toMatchObject({
    status: 409,
    body: { error_code: "AccountNameInUse" },
  });
});
