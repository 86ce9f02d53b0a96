/** `realm-cli logs`, `accessList` and `schema datamodels`: its calls, with the statuses and types that it takes. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let admin: Admin;

beforeAll(async () => {
  server = await startServer();
  admin = await adminOf(server);
});
afterAll(async () => server.close());

interface Entry {
  readonly [field: string]: unknown;
  readonly started: string;
  readonly completed: string;
  readonly mem_time_usage: number;
}

/** As the tool writes dates: no zeros at the end of the fraction. */
function toolDate(ms: number): string {
  return new Date(ms).toISOString().replace(/\.?0+Z$/, "Z");
}

test("logs list: dates are RFC 3339, and what must be a whole number is one", async () => {
  await send(server, { to: "find", body: {} }, "c");
  const [from, to] = [toolDate(Date.now() - 60_000), toolDate(Date.now() + 60_000)];
  const query = `start_date=${encodeURIComponent(from)}&end_date=${encodeURIComponent(to)}`;
  const { status, body } = await admin.call<{ readonly logs: readonly Entry[] }>(
    "GET",
    `{A}/logs?${query}`,
  );
  expect(status).toBe(200);
  const [entry] = body.logs;
  expect(entry?.started).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/);
  expect(Date.parse(entry?.completed ?? "")).toBeGreaterThanOrEqual(
    Date.parse(entry?.started ?? ""),
  );
  expect(Number.isInteger(entry?.mem_time_usage)).toBe(true);
});

test.for([
  "type=AUTH%2CAPI_KEY",
  "type=SERVICE_FUNCTION%2CWEBHOOK%2CSERVICE_STREAM_FUNCTION%2CSTREAM_FUNCTION",
  "type=AUTH_TRIGGER%2CDB_TRIGGER%2CSCHEDULED_TRIGGER",
  "errors_only=true&type=PUSH",
])("logs list: %s", async (query) => {
  expect(await admin.call("GET", `{A}/logs?${query}`)).toMatchObject({
    status: 200,
    body: { logs: [] },
  });
});

test("logs --tail: from the start of one look to the next, nothing twice and nothing missing", async () => {
  const seen: string[] = [];
  const wanted: string[] = [];
  let from = Date.now();
  for (let look = 0; look < 4; look += 1) {
    const { headers } = await send(server, { to: "find", body: {} }, "c");
    wanted.push(String(headers["x-request-id"]));
    const begun = Date.now();
    const { body } = await admin.call<{ readonly logs: readonly Entry[] }>(
      "GET",
      `{A}/logs?start_date=${encodeURIComponent(toolDate(from - 1))}`,
    );
    seen.push(...body.logs.map((each) => String(each["_id"])).filter((id) => !seen.includes(id)));
    from = begun;
  }
  expect(seen).toEqual(wanted);
});

test("accessList: create, list, update and delete", async () => {
  const path = "{A}/security/access_list";
  const made = await admin.call<{ readonly _id: string }>("POST", path, {
    address: "192.0.2.1",
    comment: "desk",
  });
  expect(made).toMatchObject({ status: 201, body: { _id: expect.any(String) as unknown } });
  const { body } = await admin.call<{ readonly allowed_ips: readonly unknown[] }>("GET", path);
  expect(body.allowed_ips.at(-1)).toEqual({
    _id: made.body._id,
    address: "192.0.2.1",
    comment: "desk",
    includes_current: false,
  });
  expect(
    (
      await admin.call("PATCH", `${path}/${made.body._id}`, {
        address: "192.0.2.2",
        comment: "desk",
      })
    ).status,
  ).toBe(200);
  expect((await admin.call("DELETE", `${path}/${made.body._id}`)).status).toBe(204);
});

test.for(["C_SHARP", "JAVA", "JAVA_SCRIPT", "KOTLIN", "OBJECTIVE_C", "SWIFT", "TYPE_SCRIPT"])(
  "schema datamodels --language %s: no models where there are no schemas",
  async (language) => {
    expect(await admin.call("GET", `{A}/sync/client_schemas/${language}`)).toMatchObject({
      status: 200,
      body: [],
    });
  },
);
