/** The client API under the bounds that hold for every request. */
import { afterEach, expect, test } from "vitest";
import { clientApp, type ClientServer, startClientServer } from "../support/client-app.ts";

let server: ClientServer;
afterEach(async () => {
  await server.close();
});

const providers = (): string => `${server.url}/api/client/v2.0/app/${server.appId}/auth/providers`;

async function logIn(): Promise<string> {
  const answer = await fetch(`${providers()}/anon-user/login`, { method: "POST" });
  return ((await answer.json()) as { readonly access_token: string }).access_token;
}

test("client API: a body above the limit is refused, and a page may read that", async () => {
  server = await startClientServer("embedded", clientApp, { requestBytesMax: 1000 });
  const answer = await fetch(`${providers()}/local-userpass/login`, {
    method: "POST",
    headers: { Origin: "https://shop.example.org" },
    body: "x".repeat(1001),
  });
  expect(answer.status).toBe(413);
  expect(await answer.json()).toMatchObject({ error_code: "RequestTooLarge" });
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
});

test("client API: work that takes too long is answered", async () => {
  server = await startClientServer("embedded", clientApp, { processingMsMax: 5 });
  // A password costs more than that to hash.
  const answer = await fetch(`${providers()}/local-userpass/register`, {
    method: "POST",
    body: JSON.stringify({ email: "slow@example.org", password: "correct horse" }),
  });
  expect(answer.status).toBe(504);
  expect(await answer.json()).toMatchObject({ error_code: "ExecutionTimeLimitExceeded" });
});

test("client API: a stream takes one of the places, and gives it back", async () => {
  server = await startClientServer("embedded", clientApp, { requestsAtOnceMax: 1 });
  const headers = { Authorization: `Bearer ${await logIn()}` };
  const request = {
    name: "watch",
    service: "mongodb-atlas",
    arguments: [{ database: server.database, collection: "watched" }],
  };
  const encoded = encodeURIComponent(Buffer.from(JSON.stringify(request)).toString("base64"));
  const call = `${server.url}/api/client/v2.0/app/${server.appId}/functions/call`;
  const stop = new AbortController();
  const { signal } = stop;
  const stream = await fetch(`${call}?baas_request=${encoded}`, { headers, signal });
  expect(stream.status).toBe(200);
  expect(stream.headers.get("content-type")).toBe("text/event-stream");

  const place = `${server.url}/api/client/v2.0/app/${server.appId}/location`;
  const refused = await fetch(place);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("1");
  stop.abort();
  await expect.poll(async () => (await fetch(place)).status).toBe(200);
});
