/** Secrets in every place where a request, an app or a server has one: none may come out of a log, a metric or a file. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { startServer, type TestServer } from "../support/server.ts";

const planted: string[] = [];

/** A secret that looks like nothing in particular, unless `form` gives it a form. */
function plant(form: (secret: string) => string = (secret) => secret): string {
  const secret = form(`plant${String(planted.length).padStart(2, "0")}xyzzy`);
  planted.push(secret);
  return secret;
}

const longKey = (secret: string): string => `${secret}aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6`;
const variables = { PETIOLE_SECRET_FROM_ENVIRONMENT: plant(), PETIOLE_API_KEY: plant(longKey) };

let server: TestServer;
let admin: Admin;

const source = `exports = async function (request, response) {
  const held = ["one", "two", "three", "env"].map((name) => context.values.get(name));
  console.log("held", ...held);
  console.log("headers", JSON.stringify(request.headers));
  console.log("query", JSON.stringify(request.query));
  console.log("body", request.body === undefined ? "" : request.body.text());
  if (request.query.fails === "yes") throw new Error("it was " + held[0] + " and " + request.query.token);
  return { ok: true };
};`;

beforeAll(async () => {
  server = await startServer({ logRequests: true }, variables.PETIOLE_API_KEY, variables);
  admin = await adminOf(server);
  for (const name of ["one", "two", "three"]) {
    await admin.must("POST", "{A}/secrets", { name, value: plant() });
  }
  for (const [name, value] of [
    ["one", "one"],
    ["two", "two"],
    ["three", "three"],
    ["env", "FROM_ENVIRONMENT"],
  ])
    await admin.must("POST", "{A}/values", { name, value, from_secret: true, private: true });
  const made = await admin.must<{ readonly _id: string }>("POST", "{A}/functions", {
    name: "echo",
    private: false,
    source,
  });
  const endpoint = {
    route: "/echo",
    http_method: "*",
    function_id: made._id,
    function_name: "echo",
    validation_method: "NO_VALIDATION",
    respond_result: true,
    return_type: "JSON",
    disabled: false,
    fetch_custom_user_data: false,
    create_user_on_auth: false,
  };
  await admin.must("POST", "{A}/endpoints", endpoint);
});
afterAll(async () => server.close());

const jwt = (secret: string): string =>
  `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(`{"sub":"${secret}"}`).toString("base64url")}.${Buffer.from(secret).toString("base64url")}`;

async function call(
  to: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<number> {
  const url = `${server.url}/app/${server.appId}/endpoint${to}`;
  const answer = await fetch(url, {
    method: "POST",
    headers: { apiKey: server.apiKey, "Content-Type": "application/json", ...headers },
    body,
  });
  await answer.text();
  return answer.status;
}

test("no planted secret appears in logs, audit entries, metrics, lines on stdout or the state's files", async () => {
  const headers: Readonly<Record<string, string>> = {
    Authorization: `Basic ${plant()}`,
    Cookie: `session=${plant()}; other=${plant()}`,
    "Endpoint-Signature": `sha256=${plant()}`,
    "Proxy-Authorization": `Bearer ${plant()}`,
    "X-Amz-Security-Token": plant(),
    "X-Api-Key": plant(),
    "X-Auth-Token": plant(),
    "X-Custom": plant(),
    "X-Forwarded-Access-Token": plant(),
    "X-Goog-Iap-Jwt-Assertion": plant(jwt),
    "X-Hook-Signature": plant(),
    "X-Secret": plant(),
    "X-Vault-Token": plant(),
    "X-Whatever": plant(longKey),
    Referer: `https://example.com/?token=${plant()}`,
  };
  const query = new URLSearchParams({
    access_token: plant(),
    api_key: plant(),
    code: plant(),
    password: plant(),
    plain: plant(longKey),
    secret: plant(),
    session: plant(),
    sig: plant(),
    token: plant(),
    jwt: plant(jwt),
  }).toString();
  const body = JSON.stringify({
    apiKey: plant(),
    authorization: plant(),
    client_secret: plant(),
    credentials: { value: plant() },
    list: [{ refresh_token: plant() }, { "private-key": plant() }],
    note: `a token: ${plant()}`,
    password: plant(),
    text: `Bearer ${plant(longKey)}`,
    uri: `mongodb://user:${plant()}@host/db`,
    jwt: plant(jwt),
  });
  const form = `passphrase=${plant()}&secret=${plant()}&x=1`;

  expect(await call(`/echo?${query}`, headers, body)).toBe(200);
  expect(await call(`/echo?fails=yes&${query}`, headers, form)).toBe(400);
  const pairs: readonly Readonly<Record<string, string>>[] = [
    { apiKey: "", email: "a@example.com", password: plant() },
    { apiKey: "", jwtTokenString: plant(jwt) },
    { apiKey: "", Authorization: `Bearer ${plant(jwt)}` },
    { apiKey: plant(longKey) },
  ];
  for (const credentials of pairs) await call("/data/v1/action/find", credentials, body);
  await admin.call("POST", "{A}/api_keys", { name: "imported", key: plant(longKey) });
  await admin.call("POST", "/administrators", { email: "b@example.com", password: plant() });

  expect(planted.length).toBeGreaterThanOrEqual(50);

  const { body: page } = await admin.call<{ readonly logs: readonly Record<string, unknown>[] }>(
    "GET",
    "{A}/logs",
  );
  // What was logged is there, but for what must not be.
  const [failed] = page.logs.filter((each) => each["error_code"] === "FunctionExecutionError");
  expect(failed?.["error"]).toContain("it was [redacted]");
  expect(String(failed?.["messages"])).toContain("held");
  expect(failed).toMatchObject({
    type: "ENDPOINT",
    endpoint_route: "/echo",
    endpoint_id: expect.stringMatching(/^[0-9a-f]{24}$/) as unknown,
    function_id: expect.stringMatching(/^[0-9a-f]{24}$/) as unknown,
    function_name: "echo",
  });
  const metrics = await fetch(`${server.url}/metrics`, {
    headers: { Authorization: `Bearer ${server.adminToken}` },
  });
  const audit = await admin.call("GET", "{A}/audit");
  const everywhere = {
    log: JSON.stringify(page),
    bodies: page.logs.map(bodyOf).join("\n"),
    audit: JSON.stringify(audit.body),
    serverAudit: JSON.stringify((await admin.call("GET", `/groups/${admin.group}/audit`)).body),
    metrics: await metrics.text(),
    events: JSON.stringify(server.events),
    state: readStateFiles(),
  };
  const own = [server.adminToken, server.apiKey];
  const leaks = Object.entries(everywhere).flatMap(([place, text]) =>
    [...planted, ...own]
      .filter((secret) => text.includes(secret))
      .map((secret) => `${place}: ${secret}`),
  );
  expect(leaks).toEqual([]);
});

function bodyOf(entry: Readonly<Record<string, unknown>>): string {
  const args = entry["endpoint_args"] as
    | { readonly body?: { readonly $binary: { readonly base64: string } } }
    | undefined;
  return Buffer.from(args?.body?.$binary.base64 ?? "", "base64").toString("utf8");
}

/** Segments whose texts are few are not packed, so that a secret would stand there as it is. */
function readStateFiles(): string {
  const folder = path.join(server.data, "state");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => readFileSync(path.join(each.parentPath, each.name)).toString("latin1"))
    .join("\n");
}
