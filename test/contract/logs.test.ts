import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";

interface Entry {
  readonly [field: string]: unknown;
  readonly co_id: string;
  readonly completed: string;
  readonly error?: string;
}
interface Page {
  readonly logs: readonly Entry[];
  readonly nextEndDate?: string;
  readonly nextSkip?: number;
}

describe("request log", () => {
  let server: TestServer;
  let admin: Admin;

  beforeAll(async () => {
    server = await startServer();
    admin = await adminOf(server);
  });
  afterAll(async () => server.close());

  async function page(query: Readonly<Record<string, string>> = {}): Promise<Page> {
    const { status, body } = await admin.call<Page>(
      "GET",
      `{A}/logs?${new URLSearchParams(query).toString()}`,
    );
    expect(status).toBe(200);
    return body;
  }

  test("an action leaves an entry with what was asked, by whom, and what came of it", async () => {
    const { headers } = await send(server, { to: "findOne", body: { filter: {} } }, "c");
    const id = String(headers["x-request-id"]);
    const [entry, ...others] = (await page({ co_id: id })).logs;
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      _id: id,
      co_id: id,
      app_id: admin.app,
      domain_id: admin.app,
      group_id: admin.group,
      type: "ENDPOINT",
      request_method: "POST",
      request_url: `/app/${server.appId}/endpoint/data/v1/action/findOne`,
      remote_ip_address: "127.0.0.1",
      status: 200,
      function_name: "findOne",
      endpoint_route: "/data/v1/action/findOne",
      endpoint_args: { query: {}, headers: { apikey: ["[redacted]"] } },
    });
    expect(entry?.["user_id"]).toMatch(/^[0-9a-f]{24}$/);
    expect(entry?.["api_key_id"]).toMatch(/^[0-9a-f]{24}$/);
    expect(entry?.["mem_time_usage"]).toSatisfy(Number.isInteger);
    expect(Date.parse(entry?.completed ?? "")).toBeGreaterThan(Date.now() - 60_000);
    expect(JSON.stringify(entry)).not.toContain(server.apiKey);
  });

  test("a failure has its message, its code, and the id of its link", async () => {
    const { body } = await send(server, { to: "insertOne", body: {} }, "c");
    const { link } = JSON.parse(body) as { readonly link: string };
    const id = new URL(link).searchParams.get("co_id") ?? "";
    const [entry] = (await page({ co_id: id })).logs;
    expect(entry).toMatchObject({
      status: 400,
      error: "Failed to insert document: must provide a 'document' field",
      error_code: "MissingParameter",
    });
  });

  test("who was not believed is in the log too, without what was shown", async () => {
    const headers = { apiKey: "wrong-key-wrong-key-wrong-key" };
    await send(server, { to: "find", body: {}, headers }, "c");
    const [entry] = (await page({ errors_only: "", limit: "1" })).logs;
    expect(entry).toMatchObject({ status: 401, error_code: "InvalidSession" });
    expect(JSON.stringify(entry)).not.toContain("wrong-key");
  });

  test("pages follow each other without gap or repetition", async () => {
    const wanted: string[] = [];
    for (let count = 0; count < 23; count += 1) {
      const { headers } = await send(server, { to: "find", body: {} }, "c");
      wanted.push(String(headers["x-request-id"]));
    }
    const found: string[] = [];
    let next: Record<string, string> = { limit: "5" };
    while (found.length < wanted.length) {
      const { logs, nextEndDate, nextSkip } = await page(next);
      found.push(...logs.map((each) => each.co_id));
      if (nextEndDate === undefined) break;
      next = { limit: "5", end_date: nextEndDate, skip: String(nextSkip) };
    }
    expect(found.slice(0, 23)).toEqual(wanted.toReversed());
    expect(new Set(found).size).toBe(found.length);
  });

  test("dates: the start is not included, the end is", async () => {
    const [newest, second] = (await page({ limit: "2" })).logs;
    const until = await page({ end_date: newest?.completed ?? "" });
    expect(until.logs[0]?.co_id).toBe(newest?.co_id);
    const after = await page({ start_date: newest?.completed ?? "" });
    expect(after.logs.map((each) => each.co_id)).not.toContain(newest?.co_id);
    const since = await page({ start_date: second?.completed ?? "" });
    expect(since.logs.map((each) => each.co_id)).not.toContain(second?.co_id);
  });

  test.for<
    [title: string, query: Readonly<Record<string, string>>, isWanted: (entry: Entry) => boolean]
  >([
    ["errors only", { errors_only: "true" }, (entry) => entry.error !== undefined],
    ["a type", { type: "ENDPOINT,FUNCTION" }, (entry) => entry["type"] === "ENDPOINT"],
    ["another type", { type: "AUTH" }, () => false],
    ["an unknown user", { user_id: "000000000000000000000000" }, () => false],
    ["an unknown id", { co_id: "000000000000000000000000" }, () => false],
  ])("filters: %s", async ([, query, isWanted]) => {
    const all = (await page()).logs.filter(isWanted).map((each) => each.co_id);
    expect((await page(query)).logs.map((each) => each.co_id)).toEqual(all);
  });

  test.for<[query: string, message: string]>([
    ["limit=0", "limit must be a whole number from 1 to 100"],
    ["limit=101", "limit must be a whole number from 1 to 100"],
    ["skip=-1", "skip must be a whole number from 0 to 10000"],
    ["co_id=abc", "co_id must be 24 hex digits"],
    ["start_date=yesterday", "start_date must be an ISO 8601 date"],
    ["end_date=2026-13-40T99:00:00Z", "end_date must be an ISO 8601 date"],
  ])("refuses %s", async ([query, message]) => {
    const { status, body } = await admin.call("GET", `{A}/logs?${query}`);
    expect({ status, body }).toEqual({
      status: 400,
      body: { error: message, error_code: "InvalidParameter" },
    });
  });

  test("follow: entries come as they come, and only those that are wanted", async () => {
    const controller = new AbortController();
    const answer = await fetch(
      `${server.url}/api/admin/v3.0/groups/${admin.group}/apps/${admin.app}/logs/follow?errors_only=1`,
      { headers: { Authorization: `Bearer ${server.adminToken}` }, signal: controller.signal },
    );
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    await send(server, { to: "find", body: {} }, "c");
    await send(server, { to: "deleteOne", body: {} }, "c");
    let text = "";
    for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(piece).toString("utf8");
      if (text.includes("\ndata: ") && text.endsWith("\n\n")) break;
    }
    controller.abort();
    const entries = text.split("\n").filter((line) => line.startsWith("data: "));
    expect(entries.length).toBe(1);
    expect(JSON.parse(entries[0]?.slice(6) ?? "")).toMatchObject({ function_name: "deleteOne" });
  });
});

test("request log: nothing is kept where it is switched off", async () => {
  const server = await startServer({ logDays: 0 });
  try {
    const admin = await adminOf(server);
    await send(server, { to: "find", body: {} }, "c");
    expect((await admin.call("GET", "{A}/logs")).body).toEqual({ logs: [] });
    const { body } = await admin.call<{ readonly usage: readonly unknown[] }>("GET", "{A}/usage");
    expect(body.usage).toHaveLength(1);
  } finally {
    await server.close();
  }
});
