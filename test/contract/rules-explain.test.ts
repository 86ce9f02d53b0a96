/** `rules/explain` and `rules/templates` of the admin API; what they say is tested in `test/rules`. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let admin: Admin;

beforeAll(async () => {
  server = await startServer();
  admin = await adminOf(server);
});

afterAll(async () => {
  await server.close();
});

const question = {
  run_as_system: true,
  data_source: "mongodb-atlas",
  database: "db",
  collection: "c",
  operation: "find",
};

test.for<[title: string, body: unknown, status: number, answer: object]>([
  [
    "the system's read",
    question,
    200,
    { allowed: true, reason: "the system skips rules and schemas", role: null, roles: [] },
  ],
  [
    "a data source that is none",
    { ...question, data_source: "other" },
    200,
    { allowed: false, reason: "there is no data source 'other'" },
  ],
  [
    "the internal database",
    { ...question, database: "admin" },
    200,
    { allowed: false, reason: "the database 'admin' is closed to all requests" },
  ],
  [
    "a document that is not there",
    { ...question, document_id: { $oid: "64b7f0c2a1d3e4f5a6b7c8d9" } },
    404,
    { error: "no document has this _id", error_code: "NotFound" },
  ],
  [
    "a document of the internal database",
    { ...question, database: "admin", document_id: 1 },
    400,
    { error_code: "ServiceNotFound" },
  ],
  [
    "nobody's request",
    { ...question, run_as_system: false },
    400,
    { error: "must specify either user_id or run_as_system", error_code: "InvalidParameter" },
  ],
  [
    "a user who is not there",
    { ...question, run_as_system: false, user_id: "64b7f0c2a1d3e4f5a6b7c8d9" },
    404,
    { error_code: "UserNotFound" },
  ],
  ["another operation", { ...question, operation: "drop" }, 400, {}],
  ["a document that is none", { ...question, document: 5 }, 400, {}],
  ["a wrapper that is none", { ...question, document: { a: { $oid: "x" } } }, 400, {}],
])("rules/explain: %s", async ([, body, status, answer]) => {
  const reply = await admin.call("POST", "{A}/rules/explain", body);
  expect(reply.status).toBe(status);
  expect(reply.body).toMatchObject(answer);
});

test("rules/templates: roles to begin with", async () => {
  const { status, body } = await admin.call<
    readonly { readonly name: string; readonly role: object }[]
  >("GET", "{A}/rules/templates");
  expect(status).toBe(200);
  expect(body[0]).toEqual({
    name: "readAndWriteAll",
    description: "users read and write all data",
    field: null,
    role: {
      name: "readAndWriteAll",
      apply_when: {},
      document_filters: { read: true, write: true },
      read: true,
      write: true,
      insert: true,
      delete: true,
      search: true,
    },
  });
});
