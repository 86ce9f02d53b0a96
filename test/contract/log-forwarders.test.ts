import { afterAll, beforeAll, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let admin: Admin;

const openRole = {
  name: "all",
  apply_when: {},
  document_filters: { read: true, write: true },
  read: true,
  write: true,
  insert: true,
  delete: true,
  search: true,
};

beforeAll(async () => {
  server = await startServer();
  admin = await adminOf(server);
  const services = await admin.call<readonly { readonly _id: string }[]>("GET", "{A}/services");
  const rule = `{A}/services/${services.body[0]?._id}/default_rule`;
  await admin.call("DELETE", rule);
  await admin.must("POST", rule, { roles: [openRole], filters: [] });
  const source = `exports = async function (logs) {
    const all = context.services.get("mongodb-atlas").db("${server.database}").collection("by_function");
    await all.insertOne({ count: logs.length, types: logs.map((each) => each.type) });
  };`;
  await admin.must("POST", "{A}/functions", {
    name: "keep",
    private: true,
    source,
    run_as_system: true,
  });
  for (const forwarder of [
    {
      name: "errors",
      log_types: ["endpoint"],
      log_statuses: ["error"],
      policy: { type: "single" },
      action: {
        type: "collection",
        data_source: "mongodb-atlas",
        database: server.database,
        collection: "errors",
      },
    },
    {
      name: "batches",
      log_types: ["endpoint"],
      log_statuses: ["success", "error"],
      policy: { type: "batch" },
      action: { type: "function", name: "keep" },
    },
  ])
    await admin.must("POST", "{A}/log_forwarders", forwarder);
});
afterAll(async () => server.close());

async function find(
  collection: string,
  filter: object = {},
): Promise<readonly Record<string, unknown>[]> {
  const { body } = await send(server, { to: "find", body: { filter } }, collection);
  return (JSON.parse(body) as { readonly documents: readonly Record<string, unknown>[] }).documents;
}

/** Asks until it is there: forwarding has no other sign. */
async function until<T>(look: () => Promise<T>, isThere: (found: T) => boolean): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    const found = await look();
    if (isThere(found) || attempt > 200) return found;
    await admin.call("GET", "{A}/logs?limit=1");
  }
}

test("a forwarder with a collection: each entry that it wants, with dates that are dates", async () => {
  await send(server, { to: "find", body: {} }, "c");
  const { headers } = await send(server, { to: "insertOne", body: {} }, "c");
  const id = String(headers["x-request-id"]);
  const found = await until(
    async () => find("errors", { co_id: id }),
    (docs) => docs.length > 0,
  );
  expect(found).toMatchObject([
    { co_id: id, _id: id, type: "ENDPOINT", status: 400, error_code: "MissingParameter" },
  ]);
  const dated = await find("errors", { completed: { $type: "date" } });
  expect(dated.length).toBe(1);
  expect((await find("errors", { status: 200 })).length).toBe(0);
});

test("a forwarder with a function: batches of a hundred", async () => {
  for (let count = 0; count < 100; count += 1) await send(server, { to: "find", body: {} }, "c");
  const [batch] = await until(
    async () => find("by_function"),
    (docs) => docs.length > 0,
  );
  expect(batch?.["count"]).toBe(100);
  expect(new Set(batch?.["types"] as readonly string[])).toEqual(new Set(["ENDPOINT"]));
}, 60_000);

test("a forwarder that fails says so in the log", async () => {
  const path = "{A}/log_forwarders";
  const { body } = await admin.call<readonly { readonly _id: string; readonly name: string }[]>(
    "GET",
    path,
  );
  const id = body.find((each) => each.name === "errors")?._id;
  const action = {
    type: "collection",
    data_source: "mongodb-atlas",
    database: "admin",
    collection: "x",
  };
  expect((await admin.call("PATCH", `${path}/${id}`, { action })).status).toBe(200);
  await send(server, { to: "insertOne", body: {} }, "c");
  const look = async (): Promise<readonly Record<string, unknown>[]> =>
    (
      await admin.call<{ readonly logs: readonly Record<string, unknown>[] }>(
        "GET",
        "{A}/logs?type=LOG_FORWARDER",
      )
    ).body.logs;
  const [entry] = await until(look, (found) => found.length > 0);
  expect(entry).toMatchObject({ type: "LOG_FORWARDER", error_code: "NoMatchingRuleFound" });
});
