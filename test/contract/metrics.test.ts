import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => server.close());

async function metrics(token = server.adminToken): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${server.url}/metrics`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return { status: answer.status, text: await answer.text() };
}

test("metrics: requests by app, action and status, with their durations", async () => {
  for (let count = 0; count < 3; count += 1) await send(server, { to: "find", body: {} }, "c");
  await send(server, { to: "insertOne", body: {} }, "c");
  const { status, text } = await metrics();
  expect(status).toBe(200);
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

test("metrics: not without a token", async () => {
  expect((await metrics("nobody")).status).toBe(401);
});
