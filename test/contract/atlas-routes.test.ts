/** What the original's command-line tool asks Atlas for, with HTTP Digest as it does it. */
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServer, type TestServer } from "../support/server.ts";

const anyId: unknown = expect.stringMatching(/^[0-9a-f]{24}$/);
let server: TestServer;
let group = "";
let keys = { public_key: "", private_key: "" };

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly challenge: string;
}

function md5(text: string): string {
  return hash("md5", text, "hex");
}

async function get(url: string, authorization?: string): Promise<Reply> {
  const headers = authorization === undefined ? {} : { Authorization: authorization };
  const answer = await fetch(url, { headers });
  const challenge = answer.headers.get("www-authenticate") ?? "";
  return { status: answer.status, body: await answer.json(), challenge };
}

function answerTo(challenge: string, uri: string, pair = keys): string {
  const part = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? "";
  const [realm, nonce] = [part("realm"), part("nonce")];
  const secret = md5(`${pair.public_key}:${realm}:${pair.private_key}`);
  const response = md5(`${secret}:${nonce}:00000001:abc:auth:${md5(`GET:${uri}`)}`);
  return (
    `Digest username="${pair.public_key}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
    `response="${response}", algorithm="MD5", cnonce="abc", nc=00000001, qop="auth"`
  );
}

/** As the tool does it: first without credentials, then with what the challenge asks for. */
async function call(route: string, pair = keys): Promise<Reply> {
  const target = route.replace("{G}", group);
  const { challenge } = await get(`${server.url}${target}`);
  return get(`${server.url}${target}`, answerTo(challenge, target, pair));
}

beforeAll(async () => {
  server = await startServer();
  const headers = { Authorization: `Bearer ${server.adminToken}` };
  const admin = async (method: string, route: string): Promise<unknown> =>
    (await fetch(`${server.url}/api/admin/v3.0${route}`, { method, headers })).json();
  keys = (await admin("POST", "/administrators/keys")) as typeof keys;
  const profile = (await admin("GET", "/auth/profile")) as { roles: [{ group_id: string }] };
  group = profile.roles[0].group_id;
});
afterAll(async () => {
  await server.close();
});

test.for<[route: string, status: number, body: object]>([
  ["/api/public/v1.0/groups", 200, { results: [{ id: anyId, name: "petiole" }], links: [] }],
  ["//api/public/v1.0/groups", 200, { results: [{ id: anyId }] }],
  [
    "/api/atlas/v1.0/groups/{G}/clusters",
    200,
    {
      results: [
        {
          id: anyId,
          name: "mongodb-atlas",
          stateName: "IDLE",
        },
      ],
      links: [],
    },
  ],
  ["/api/atlas/v1.0/groups/{G}/serverless", 200, { results: [], links: [] }],
  ["/api/atlas/v1.0/groups/{G}/dataLakes", 200, []],
  [
    "/api/atlas/v1.0/groups/000000000000000000000000/clusters",
    404,
    { error: 404, detail: "group not found" },
  ],
])("the tool asks for %s", async ([route, status, body]) => {
  const answer = await call(route);
  expect(answer).toMatchObject({ status, challenge: "" });
  expect(answer.body).toMatchObject(body);
});

test("a data source that two apps have is one cluster", async () => {
  const made = await fetch(`${server.url}/api/admin/v3.0/groups/${group}/apps`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${server.adminToken}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ name: "Second" }),
  });
  expect(made.status).toBe(201);
  const { body } = await call("/api/atlas/v1.0/groups/{G}/clusters");
  expect(body).toMatchObject({ totalCount: 1 });
});

test.for<[title: string, answer: (challenge: string, uri: string) => string | undefined]>([
  ["no credentials", () => undefined],
  ["an access token", () => `Bearer ${server.adminToken}`],
  [
    "a password in plain text",
    () => `Basic ${Buffer.from("admin@localhost:x").toString("base64")}`,
  ],
  [
    "a wrong private key",
    (challenge, uri) => answerTo(challenge, uri, { ...keys, private_key: "wrong" }),
  ],
  [
    "a person's name and an empty digest",
    (challenge, uri) =>
      answerTo(challenge, uri, { public_key: "admin@localhost", private_key: "" }),
  ],
  ["a digest for another route", (challenge) => answerTo(challenge, "/api/public/v1.0/other")],
  ["a nonce of its own", (_, uri) => answerTo('Digest realm="MMS Public API", nonce="a"', uri)],
  ["half a header", (challenge, uri) => answerTo(challenge, uri).slice(0, 60)],
])("%s is refused with a challenge that the tool can read", async ([, answer]) => {
  const target = "/api/public/v1.0/groups";
  const { challenge } = await get(`${server.url}${target}`);
  const refused = await get(`${server.url}${target}`, answer(challenge, target));
  expect(refused).toMatchObject({ status: 401, body: { error: 401, reason: "Unauthorized" } });
  expect(refused.challenge).toMatch(
    /^Digest realm="MMS Public API", nonce="[\w.]+", algorithm=MD5, qop="auth"$/,
  );
});

test("an answer that was listened to opens nothing a second time", async () => {
  const target = "/api/public/v1.0/groups";
  const { challenge } = await get(`${server.url}${target}`);
  const authorization = answerTo(challenge, target);
  expect((await get(`${server.url}${target}`, authorization)).status).toBe(200);
  const repeated = await get(`${server.url}${target}`, authorization);
  expect(repeated.status).toBe(401);
  expect(repeated.challenge).toContain("stale=true");
});

test("a proxy's prefix may stand in the digest", async () => {
  const proxied = await startServer({ publicUrl: "https://example.com/petiole" });
  try {
    const file = readFileSync(path.join(proxied.data, "server.json"), "utf8");
    const { url: direct } = JSON.parse(file) as { readonly url: string };
    const headers = { Authorization: `Bearer ${proxied.adminToken}` };
    const url = `${direct}/api/admin/v3.0/administrators/keys`;
    const pair = (await (await fetch(url, { method: "POST", headers })).json()) as typeof keys;
    const target = "/api/public/v1.0/groups";
    const { challenge } = await get(`${direct}${target}`);
    const authorization = answerTo(challenge, `/petiole${target}`, pair);
    expect((await get(`${direct}${target}`, authorization)).status).toBe(200);
  } finally {
    await proxied.close();
  }
});
