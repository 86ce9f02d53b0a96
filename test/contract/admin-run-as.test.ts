/** An administrator tries a call as a user of the app: under the rules, as a client would. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let admin: Admin;
let userId: string;

beforeAll(async () => {
  server = await startServer();
  admin = await adminOf(server);
  const user = { email: "ann@example.org", password: "secret-word" };
  userId = (await admin.must<{ readonly _id: string }>("POST", "{A}/users", user))._id;
  await admin.must("POST", "{A}/services/mongodb-atlas/rules", {
    database: server.database,
    collection: "notes",
    roles: [
      {
        name: "owner",
        apply_when: {},
        document_filters: { read: { owner: "%%user.id" }, write: false },
        read: true,
        write: false,
      },
    ],
  });
  await act("insertMany", {
    documents: [
      { _id: 1, owner: userId },
      { _id: 2, owner: "other" },
    ],
  });
});
afterAll(async () => server.close());

async function act(action: string, body: object, query = ""): Promise<unknown> {
  const place = { database: server.database, collection: "notes" };
  const path = `{A}/data/mongodb-atlas/actions/${action}${query}`;
  return (await admin.call("POST", path, { ...place, ...body })).body;
}

test("as the system every document is seen, as a user what the rules show", async () => {
  expect(await act("find", {})).toMatchObject({ documents: [{}, {}] });
  expect(await act("find", {}, `?user_id=${userId}`)).toEqual({
    documents: [{ _id: { $numberInt: "1" }, owner: userId }],
  });
});

test.for<[title: string, action: string, body: object, query: () => string, code: string]>([
  [
    "a write",
    "insertOne",
    { document: { a: 1 } },
    () => `?user_id=${userId}`,
    "NoMatchingRuleFound",
  ],
  [
    "an operator that users may not use",
    "find",
    { filter: { $where: "true" } },
    () => `?user_id=${userId}`,
    "InvalidParameter",
  ],
  [
    "a user who is not there",
    "find",
    {},
    () => "?user_id=64a000000000000000000001",
    "UserNotFound",
  ],
  ["an empty id", "find", {}, () => "?user_id=", "UserNotFound"],
])("what the user may not do is refused: %s", async ([, action, body, query, code]) => {
  expect(await act(action, body, query())).toMatchObject({ error_code: code });
});
