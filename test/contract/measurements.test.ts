import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";

interface Series {
  readonly name: string;
  readonly units: string;
  readonly data_points: readonly { readonly timestamp: string; readonly value: number }[];
}
interface Metrics {
  readonly [field: string]: unknown;
  readonly measurements: readonly Series[];
}

const hourMs = 3_600_000;

function sumOf(metrics: Metrics, name: string, seconds = 3600): number {
  const found = metrics.measurements.find((each) => each.name === name);
  return (found?.data_points ?? []).reduce((sum, each) => sum + each.value * seconds, 0);
}

describe("metrics and usage", () => {
  let server: TestServer;
  let admin: Admin;
  let period = "";

  beforeAll(async () => {
    server = await startServer();
    admin = await adminOf(server);
    for (let count = 0; count < 6; count += 1) await send(server, { to: "find", body: {} }, "c");
    for (let count = 0; count < 3; count += 1)
      await send(server, { to: "insertOne", body: {} }, "c");
    // Not allowed, and so no usage.
    await send(server, { to: "find", body: {}, headers: { apiKey: "nobody" } }, "c");
    const end = Math.ceil(Date.now() / hourMs) * hourMs;
    const [from, to] = [end - hourMs, end].map((each) => new Date(each).toISOString());
    period = `start=${from}&end=${to}`;
  });
  afterAll(async () => server.close());

  test("series tell requests by their outcome", async () => {
    const { status, body } = await admin.call<Metrics>(
      "GET",
      `{A}/metrics?${period}&granularity=PT1H`,
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ app_id: admin.app, app_name: "data", granularity: "PT1H" });
    expect(sumOf(body, "ENDPOINTS_SUCCESSFUL_REQUESTS")).toBeCloseTo(6, 0);
    expect(sumOf(body, "ENDPOINTS_FAILED_REQUEST")).toBeCloseTo(3, 0);
    expect(sumOf(body, "OVERALL_FAILED_REQUESTS")).toBeCloseTo(3, 0);
    expect(sumOf(body, "AUTH_SUCCESSFUL_REQUESTS")).toBe(0);
    expect(sumOf(body, "ENDPOINTS_RESPONSE_MS_P50", 1)).toBeGreaterThan(0);
    expect(sumOf(body, "ENDPOINTS_RESPONSE_MS", 1)).toBeGreaterThan(
      sumOf(body, "ENDPOINTS_RESPONSE_MS_P50", 1),
    );
    expect(
      body.measurements.find((each) => each.name === "AUTH_TOTAL_USERS")?.data_points,
    ).toHaveLength(1);
  });

  test("minutes add up to the same", async () => {
    const path = `{A}/metrics?${period}&granularity=PT5M&metrics=ENDPOINTS_SUCCESSFUL_REQUESTS`;
    const { body } = await admin.call<Metrics>("GET", path);
    expect(body.measurements.map((each) => each.name)).toEqual(["ENDPOINTS_SUCCESSFUL_REQUESTS"]);
    expect(body.measurements[0]?.data_points).toHaveLength(12);
    expect(sumOf(body, "ENDPOINTS_SUCCESSFUL_REQUESTS", 300)).toBeCloseTo(6, 0);
  });

  test("what is billed counts what was allowed, failed or not", async () => {
    for (const path of ["{A}/measurements", `/groups/${admin.group}/measurements`]) {
      const { status, body } = await admin.call<Metrics>("GET", path);
      expect(status).toBe(200);
      expect(body["granularity"]).toBe("P31D");
      expect(body.measurements.map((each) => each.name)).toEqual([
        "request_count",
        "compute_time",
        "data_out",
        "sync_time",
      ]);
      expect(sumOf(body, "request_count", 1)).toBe(9);
    }
  });

  test("usage tells key, endpoint and day", async () => {
    const { status, body } = await admin.call<{
      readonly usage: readonly Readonly<Record<string, unknown>>[];
    }>("GET", "{A}/usage");
    expect(status).toBe(200);
    const rows = body.usage.toSorted((a, b) =>
      String(a["endpoint_route"]).localeCompare(String(b["endpoint_route"])),
    );
    expect(rows).toMatchObject([
      {
        endpoint_route: "/data/v1/action/find",
        request_count: 6,
        failed_count: 0,
        kind: "ENDPOINTS",
      },
      { endpoint_route: "/data/v1/action/insertOne", request_count: 3, failed_count: 3 },
    ]);
    expect(rows[0]?.["api_key_id"]).toMatch(/^[0-9a-f]{24}$/);
    expect(rows[0]?.["compute_byte_ms"]).toBeGreaterThan(0);
  });

  test.for<[query: string, message: string]>([
    ["start=2026-01-01&end=2025-01-01&granularity=PT1H", "end must be later than start"],
    ["start=x&end=2026-01-01&granularity=PT1H", "start must be an ISO 8601 date"],
    [
      "start=2026-01-01&end=2026-01-02&granularity=1h",
      "granularity must be an ISO 8601 duration as in PT1H or P1D",
    ],
    [
      "start=2026-01-01&end=2026-01-02&granularity=PT1S",
      "granularity must be a minute (PT1M) or more",
    ],
    [
      "start=2000-01-01&end=2026-01-02&granularity=PT1M",
      "more than 10000 data points: ask for fewer",
    ],
    [
      "start=2026-01-01&end=2026-01-02&granularity=PT1H&metrics=constructor",
      "there is no metric 'constructor'",
    ],
  ])("refuses %s", async ([query, message]) => {
    const { status, body } = await admin.call("GET", `{A}/metrics?${query}`);
    expect({ status, body }).toEqual({
      status: 400,
      body: { error: message, error_code: "InvalidParameter" },
    });
  });
});
