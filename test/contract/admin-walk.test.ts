/**
 * A walk through the routes of SPEC §13, as a script of curl calls would do it: method, path, body, and the status that
 * comes. What `→ name` follows is kept: its `_id` stands for `{name}` from then on.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { steps } from "./admin-rows/walk.ts";

let server: TestServer;
let admin: Admin;
const kept = new Map<string, string>();

beforeAll(async () => {
  server = await startServer();
  admin = await adminOf(server);
  kept.set("group", admin.group);
  for (const document of [{ _id: "rex", age: 3 }, { _id: "tom" }]) {
    const fields = { dataSource: "mongodb-atlas", database: "walk", collection: "pets", document };
    const body = JSON.stringify(fields);
    await send(server, { to: "insertOne", body }, "");
  }
});
afterAll(async () => server.close());

function fill(text: string): string {
  return text.replaceAll(/\{([a-z]+)\}/g, (whole, name: string) => kept.get(name) ?? whole);
}

test.for(steps)("%s", async ([step, body, status, wanted]) => {
  const [call = "", name] = step.split(" → ");
  const [method = "", path = ""] = call.split(" ");
  const sent: unknown = body === undefined ? undefined : JSON.parse(fill(JSON.stringify(body)));
  const answer = await admin.call(method, fill(path), sent);
  expect({ status: answer.status, body: answer.body }).toMatchObject({
    status,
    ...(wanted !== undefined && { body: wanted }),
  });
  if (name === undefined) return;
  const [made] = [answer.body].flat() as readonly { readonly _id: string }[];
  kept.set(name, made?._id ?? "");
});

test("the log has what was checked of a collection, and what was made from one", async () => {
  const { body } = await admin.call<{
    readonly logs: readonly Readonly<Record<string, unknown>>[];
  }>("GET", "{A}/logs?type=SCHEMA_VALIDATION,SCHEMA_GENERATION");
  const [last, ...others] = body.logs.filter((each) => each["error"] === undefined);
  expect(last).toMatchObject({
    type: "SCHEMA_VALIDATION",
    service_id: kept.get("service"),
    notes: ["walk.pets: 2 looked at, 1 invalid"],
  });
  expect(others).toMatchObject([{ type: "SCHEMA_GENERATION", service_id: kept.get("service") }]);
});
