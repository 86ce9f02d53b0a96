import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { partMetrics } from "../../src/logs/part-metrics.ts";
import { adminOf } from "../support/admin.ts";
import { findFreePort } from "../support/free-port.ts";
import { send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { describeOnMongod } from "../support/shared-mongod.ts";

async function metrics(
  server: TestServer,
  token = server.adminToken,
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${server.url}/metrics`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return { status: answer.status, text: await answer.text() };
}

/** The value of a series, or undefined where it is not there. */
function valueOf(text: string, series: string): number | undefined {
  const line = text.split("\n").find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

describe("metrics", () => {
  let server: TestServer;
  let port = 0;
  let text = "";

  beforeAll(async () => {
    port = await findFreePort();
    server = await startServer({ metricsPort: port, functionMemoryMb: 64 });
    const admin = await adminOf(server);
    for (let count = 0; count < 3; count += 1) await send(server, { to: "find", body: {} }, "c");
    await send(server, { to: "insertOne", body: {} }, "c");
    const source = "exports = () => { const all = []; for (;;) all.push({ a: [1] }); };";
    const call = "{A}/debug/execute_function_source?run_as_system=true";
    await admin.must("POST", call, { source: "exports = () => 1;", eval_source: "exports()" });
    await admin.call("POST", call, { source, eval_source: "exports()" });
    text = (await metrics(server)).text;
  });
  afterAll(async () => server.close());

  test("requests by app, action and status, with their durations", () => {
    for (const line of [
      `petiole_requests_total{app="data-tests",name="find",status="200"} 3`,
      `petiole_requests_total{app="data-tests",name="insertOne",status="400"} 1`,
      `petiole_request_duration_seconds_bucket{app="data-tests",name="find",status="200",le="+Inf"} 3`,
      `petiole_request_duration_seconds_count{app="data-tests",name="find",status="200"} 3`,
      "# TYPE petiole_request_duration_seconds histogram",
      "petiole_requests_in_flight 0",
      `petiole_store_up{store="embedded"} 1`,
      "petiole_log_segments_lost_total 0",
    ])
      expect(text).toContain(`${line}\n`);
    expect(text).toContain("nodejs_eventloop_lag_seconds");
    expect(text).not.toContain(server.apiKey);
  });

  test.for<[series: string, isRight: (value: number) => boolean]>([
    ['petiole_function_hosts{app="data-tests"}', (value) => value >= 0],
    ['petiole_function_calls_running{app="data-tests"}', (value) => value === 0],
    ['petiole_function_calls_waiting{app="data-tests"}', (value) => value === 0],
    ['petiole_function_host_deaths_total{app="data-tests"}', (value) => value === 1],
    ['petiole_store_bytes{store="embedded"}', (value) => value > 4096],
    ['petiole_store_bytes{store="state"}', (value) => value > 4096],
    ['petiole_store_writes_waiting{store="embedded"}', (value) => value === 0],
    ['petiole_cache_entries{cache="users"}', (value) => value === 0],
    ['petiole_cache_entries{cache="sessions"}', (value) => value === 0],
    ['petiole_cache_entries{cache="access_tokens"}', (value) => value === 0],
    ['petiole_cache_entries{cache="credentials"}', (value) => value === 0],
  ])("%s", ([series, isRight]) => {
    expect(valueOf(text, series)).toSatisfy((value) => value !== undefined && isRight(value));
  });

  test("every metric of a part is declared, with its type", () => {
    for (const name of Object.keys(partMetrics))
      expect(text).toContain(`# TYPE ${name} ${name.endsWith("_total") ? "counter" : "gauge"}\n`);
  });

  test("not without a token", async () => {
    expect((await metrics(server, "nobody")).status).toBe(401);
  });

  test("on a port of its own, without a token and with nothing else", async () => {
    const at = `http://127.0.0.1:${port}`;
    expect(await (await fetch(`${at}/metrics`)).text()).toContain("petiole_requests_total");
    expect((await fetch(`${at}/healthz`)).status).toBe(404);
  });
});

describeOnMongod("metrics of a server on MongoDB", ({ uri, database }) => {
  test("connections of its data sources and of its state", async () => {
    const place = { state: uri, stateDatabase: `${database}_state` };
    const server = await startServer({ ...place, source: `mongodb-atlas=${uri}` }, undefined, {
      PETIOLE_MASTER_KEY: "0".repeat(64),
    });
    try {
      await Promise.all(
        Array.from({ length: 5 }, async () => send(server, { to: "find", body: {} }, "c")),
      );
      const { text } = await metrics(server);
      const idle = valueOf(text, 'petiole_mongodb_connections{store="mongodb-atlas",state="idle"}');
      expect(idle).toBeGreaterThan(0);
      for (const store of ["mongodb-atlas", "state"])
        expect(valueOf(text, `petiole_mongodb_calls_waiting{store="${store}"}`)).toBe(0);
      expect(valueOf(text, 'petiole_store_up{store="mongodb-atlas"}')).toBe(1);
    } finally {
      await server.close();
      const client = await MongoClient.connect(uri);
      await client.db(server.database).dropDatabase();
      await client.db(`${database}_state`).dropDatabase();
      await client.close();
    }
  });
});
