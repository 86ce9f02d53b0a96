import { afterAll, beforeAll, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let admin: Admin;

beforeAll(async () => {
  server = await startServer();
  admin = await adminOf(server);
});
afterAll(async () => server.close());

interface AuditRow {
  readonly [field: string]: unknown;
  readonly path: string;
  readonly changes: readonly string[];
}

/** The entry is written when the answer has left. */
async function newest(path: string, by = "local"): Promise<AuditRow | undefined> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { body } = await admin.call<readonly AuditRow[]>("GET", "{A}/audit?limit=5");
    const found = body.find((each) => each.path.endsWith(path) && each["administrator"] === by);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function logIn(role: string): Promise<Admin> {
  const [email, password] = [`${role}@example.com`, "a password of some length"];
  expect((await admin.call("POST", "/administrators", { email, password, role })).status).toBe(201);
  const session = await admin.call<{ readonly access_token: string }>(
    "POST",
    "/auth/providers/local-userpass/login",
    { username: email, password },
  );
  return adminOf(server, session.body.access_token);
}

test("audit: a key is made, without its text", async () => {
  const made = await admin.call<{ readonly key: string }>("POST", "{A}/api_keys", {
    name: "audited",
  });
  const entry = await newest("/api_keys");
  expect(entry).toMatchObject({
    administrator: "local",
    remote_ip_address: "127.0.0.1",
    method: "POST",
    app_id: admin.app,
    status: 201,
    before: null,
    after: { name: "audited", key: "[redacted]" },
  });
  expect(JSON.stringify(entry)).not.toContain(made.body.key);
});

test("audit: what a path showed before a change and after it", async () => {
  expect((await admin.call("PATCH", "{A}/limits", { documentsMax: 77 })).status).toBe(200);
  expect(await newest("/limits")).toMatchObject({
    before: { own: {} },
    after: { own: { documentsMax: 77 } },
  });
});

test("audit: a secret leaves its name alone", async () => {
  const made = await admin.call<{ readonly _id: string }>("POST", "{A}/secrets", {
    name: "audited",
    value: "hunter-two-hunter-two",
  });
  await admin.call("PUT", `{A}/secrets/${made.body._id}`, {
    name: "audited",
    value: "hunter-three-hunter",
  });
  expect(await newest(`/secrets/${made.body._id}`)).toMatchObject({ method: "PUT", status: 204 });
  const { body } = await admin.call("GET", "/groups/".concat(admin.group, "/audit"));
  expect(JSON.stringify(body)).not.toMatch(/hunter-t/);
});

test("audit: what a deployment changed in the directory", async () => {
  await admin.call("POST", "{A}/environment_values", { name: "audited", values: { qa: "new" } });
  const entry = await newest("/environment_values");
  expect(entry?.changes.join("\n")).toContain("+");
  expect(entry?.changes.join("\n")).toContain("audited");
});

test("audit: neither a look nor a refused change is written down", async () => {
  await admin.call("PATCH", "{A}/limits", { documentsMax: "many" });
  await admin.call("GET", "{A}/functions");
  const { body } = await admin.call<readonly AuditRow[]>("GET", "{A}/audit");
  expect(body.filter((each) => each.path.endsWith("/limits"))).toHaveLength(1);
  expect(body.every((each) => each["method"] !== "GET")).toBe(true);
});

test("roles: who may only look can not change anything", async () => {
  const reader = await logIn("readOnly");
  expect((await reader.call("GET", "/auth/profile")).body).toMatchObject({
    roles: [{ role_name: "GROUP_READ_ONLY" }],
  });
  expect((await reader.call("GET", "{A}/logs")).status).toBe(200);
  for (const [method, path, body] of [
    ["POST", "{A}/api_keys", { name: "x" }],
    ["PATCH", "{A}/limits", { documentsMax: 1 }],
    ["DELETE", "{A}", undefined],
    ["POST", "/administrators", { email: "x@example.com", password: "long enough" }],
    ["POST", "{A}/deployments", undefined],
    ["POST", "/backup", { directory: "/nowhere" }],
  ] as const)
    expect(await reader.call(method, path, body)).toMatchObject({
      status: 403,
      body: { error: "you may only look", error_code: "Forbidden" },
    });
});

test("roles: an owner is in the log under its own name", async () => {
  const owner = await logIn("owner");
  expect((await owner.call("POST", "{A}/api_keys", { name: "by-owner" })).status).toBe(201);
  expect(await newest("/api_keys", "owner@example.com")).toMatchObject({
    administrator: "owner@example.com",
    after: { name: "by-owner" },
  });
});
