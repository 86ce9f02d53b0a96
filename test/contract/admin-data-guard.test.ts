/** Who may change what lies in a data source through the admin API, and what the audit log says of it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Admin, adminOf, tokenOfReader } from "../support/admin.ts";
import { startServer, type TestServer } from "../support/server.ts";

const root = "{A}/data/mongodb-atlas";

let server: TestServer;
let admin: Admin;
let place: { readonly database: string; readonly collection: string };
let inDatabase: string;

beforeAll(async () => {
  server = await startServer();
  admin = await adminOf(server);
  place = { database: server.database, collection: "things" };
  inDatabase = `${root}/databases/${server.database}/collections`;
});
afterAll(async () => server.close());

const act = async (action: string, body: object): Promise<void> => {
  await admin.must("POST", `${root}/actions/${action}`, { ...place, ...body });
};

test("who may only look reads and changes nothing", async () => {
  const reader = await adminOf(server, await tokenOfReader(admin));
  const statusOf = async (action: string, body: object, query = ""): Promise<number> =>
    (await reader.call("POST", `${root}/actions/${action}${query}`, { ...place, ...body })).status;
  for (const [action, body] of [
    ["find", {}],
    ["findOne", {}],
    ["aggregate", { pipeline: [{ $limit: 1 }] }],
    ["countDocuments", {}],
    ["distinct", { field: "a" }],
    ["explain", {}],
    ["browse", {}],
    ["readSeen", { id: 1 }],
    ["analyze", {}],
  ] as const)
    expect([action, await statusOf(action, body)]).toEqual([action, 200]);
  for (const [action, body, query] of [
    ["insertOne", { document: {} }],
    ["deleteMany", { filter: {} }],
    ["replaceSeen", { id: 1, version: "x", replacement: {} }],
    ["insertOne", { document: {} }, "?dry_run=true"],
    ["insertOne", { document: {} }, "?a=/data/b/actions/find"],
    ["aggregate", { pipeline: [{ $out: "stolen" }] }],
    ["aggregate", { pipeline: [{ $limit: 1 }, { $merge: { into: "stolen" } }] }],
  ] as const)
    expect([action, await statusOf(action, body, query)]).toEqual([action, 403]);
  for (const [method, path] of [
    ["DELETE", `${inDatabase}/things?diff=true`],
    ["DELETE", "{A}?dry_run=true"],
  ] as const)
    expect([path, (await reader.call(method, path)).status]).toEqual([path, 403]);
});

test("the audit log has the changes of data and not the looks", async () => {
  await act("find", {});
  await act("insertOne", { document: { _id: "audited" } });
  await expect
    .poll(async () => {
      const { body } = await admin.call<readonly { readonly path: string }[]>(
        "GET",
        "{A}/audit?limit=1000",
      );
      return body.map(({ path }) => path.replace(/^.*\//, ""));
    })
    .toContain("insertOne");
  const { body } = await admin.call<readonly { readonly path: string }[]>("GET", "{A}/audit");
  expect(body.filter(({ path }) => /\/actions\/(?:find|explain)/.test(path))).toEqual([]);
});
