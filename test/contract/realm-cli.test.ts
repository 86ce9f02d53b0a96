/** What the original's command-line tool calls, in its order, with the one status that it takes for each. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { mustBeDescribed } from "../support/admin-described.ts";
import { startServer, type TestServer } from "../support/server.ts";

const base = "/api/admin/v3.0";
let server: TestServer;
let group = "";
let app = "";
let token = "";
let refresh = "";
let keys = { public_key: "", private_key: "" };

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** As the tool does it: bodies in pieces, no `Accept`, its own header; nothing at all where there is no body. */
async function call(method: string, path: string, body?: unknown, as = token): Promise<Reply> {
  const answer = await fetch(
    `${server.url}${base}${path.replace("{A}", `/groups/${group}/apps/${app}`)}`,
    {
      method,
      headers: {
        ...(as === "" ? {} : { Authorization: `Bearer ${as}` }),
        "X-BAAS-Request-Origin": "mongodb-baas-cli",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined
        ? {}
        : { body: new Blob([JSON.stringify(body)]).stream(), duplex: "half" as const }),
    },
  );
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = answer.headers.get("content-type")?.startsWith("application/json") === true;
  const content = isJson ? (JSON.parse(bytes.toString("utf8")) as unknown) : bytes;
  const { status } = answer;
  await mustBeDescribed(server, {
    method,
    path: path.replace("{A}", `/groups/${group}/apps/${app}`),
    status,
    type: answer.headers.get("content-type"),
    body: isJson ? content : bytes.toString("latin1"),
  });
  return {
    status: answer.status,
    body: bytes.length === 0 ? undefined : content,
    headers: answer.headers,
  };
}

const payload = {
  config_version: 20210101,
  name: "Shop",
  location: "US-VA",
  deployment_model: "GLOBAL",
  environment: "development",
  environments: { "development.json": { values: { cluster: "Dev" } } },
  values: [{ from_secret: false, name: "greeting", private: false, value: "hello" }],
  auth: { custom_user_data: { enabled: false }, providers: {} },
  functions: { config: [{ name: "sum", private: false }], sources: { "sum.js": "exports = 1;" } },
  data_sources: [
    {
      config: {
        config: { clusterName: "Cluster0", readPreference: "primary", wireProtocolEnabled: false },
        name: "mongodb-atlas",
        type: "mongodb-atlas",
        version: 1,
      },
    },
  ],
  endpoints: {},
  graphql: { config: { use_natural_pluralization: true } },
  sync: { config: { development_mode_enabled: false } },
  secrets: {},
};

beforeAll(async () => {
  server = await startServer();
  keys = (await call("POST", "/administrators/keys", undefined, server.adminToken))
    .body as typeof keys;
});
afterAll(async () => {
  await server.close();
});

test("login, profile and a new access token", async () => {
  const { public_key: username, private_key: apiKey } = keys;
  const path = "/auth/providers/mongodb-cloud/login";
  const answer = await call("POST", path, { username, apiKey }, "");
  expect(answer.status).toBe(200);
  const session = answer.body as { access_token: string; refresh_token: string };
  [token, refresh] = [session.access_token, session.refresh_token];
  const profile = await call("GET", "/auth/profile");
  expect(profile).toMatchObject({
    status: 200,
    body: { roles: [{ group_id: expect.any(String) }] },
  });
  group = (profile.body as { roles: [{ group_id: string }] }).roles[0].group_id;
  expect(await call("POST", "/auth/session", undefined, refresh)).toMatchObject({
    status: 201,
    body: { access_token: expect.any(String) },
  });
});

test.for<[title: string, path: string, body: unknown, status: number, code: string]>([
  [
    "a wrong private key",
    "mongodb-cloud",
    { username: "KEY", apiKey: "wrong" },
    401,
    "Unauthorized",
  ],
  ["an unknown key", "mongodb-cloud", { username: "nobody", apiKey: "x" }, 401, "Unauthorized"],
  [
    "a wrong password",
    "local-userpass",
    { username: "admin@localhost", password: "x" },
    401,
    "Unauthorized",
  ],
  ["no key", "mongodb-cloud", { username: "a" }, 400, "BadRequest"],
])("a login with %s is refused", async ([, provider, body, status, code]) => {
  const given = JSON.parse(JSON.stringify(body).replace("KEY", keys.public_key)) as unknown;
  const answer = await call("POST", `/auth/providers/${provider}/login`, given, "");
  expect(answer).toMatchObject({ status, body: { error_code: code } });
});

test("the tool gets a new token for InvalidSession alone, and an access token does not refresh", async () => {
  for (const wrong of [refresh, "nonsense", ""])
    expect(await call("GET", "/auth/profile", undefined, wrong)).toMatchObject({
      status: 401,
      body: { error_code: "InvalidSession" },
    });
  expect(await call("POST", "/auth/session", undefined, token)).toMatchObject({
    status: 401,
    body: { error_code: "InvalidSession" },
  });
});

test("a new app is made, pushed over a draft, and then is the same", async () => {
  const groups = `/groups/${group}/apps`;
  const made = await call("POST", groups, {
    name: "Shop",
    location: "US-VA",
    environment: "development",
  });
  expect(made).toMatchObject({
    status: 201,
    body: { client_app_id: expect.stringMatching(/^shop-/) },
  });
  app = (made.body as { _id: string })._id;
  const lists = await Promise.all(
    ["", "?product=atlas", "?product=data-api", "?product=device-sync"].map(async (query) =>
      call("GET", `${groups}${query}`),
    ),
  );
  expect(lists.map(({ status, body }) => [status, (body as unknown[]).length])).toEqual([
    [200, 2],
    [200, 0],
    [200, 0],
    [200, 0],
  ]);
  const target = "{A}/import?strategy=replace-by-name";
  const diff = await call("POST", `${target}&diff=true`, payload);
  expect(diff.status).toBe(200);
  expect((diff.body as string[]).join("")).toContain("functions/sum.js");
  const draft = await call("POST", "{A}/drafts");
  expect(draft).toMatchObject({ status: 201, body: { _id: expect.any(String) } });
  expect(await call("POST", "{A}/drafts")).toMatchObject({
    status: 409,
    body: { error_code: "DraftAlreadyExists" },
  });
  const { _id: id } = draft.body as { _id: string };
  expect(await call("GET", "{A}/drafts")).toMatchObject({ status: 200, body: [{ _id: id }] });
  expect(await call("POST", target, payload)).toMatchObject({ status: 204, body: undefined });
  expect(await call("GET", `{A}/drafts/${id}/diff`)).toMatchObject({
    status: 200,
    body: { diffs: expect.any(Array), dependencies_diff: { added: [] } },
  });
  expect((await call("GET", "{A}/functions")).body).toMatchObject([{ name: "sum" }]);
  expect((await call("GET", "{A}/description")).body).toMatchObject({ functions: [] });
  const deployed = await call("POST", `{A}/drafts/${id}/deployment`);
  expect(deployed).toMatchObject({ status: 201, body: { status: "successful" } });
  const { _id: deployment } = deployed.body as { _id: string };
  expect(await call("GET", `{A}/deployments/${deployment}`)).toMatchObject({
    status: 200,
    body: { _id: deployment, status: "successful" },
  });
  expect((await call("GET", "{A}/drafts")).body).toEqual([]);
  expect((await call("DELETE", `{A}/drafts/${id}`)).status).toBe(404);
  expect(await call("POST", `${target}&diff=true`, payload)).toMatchObject({
    status: 200,
    body: [],
  });
});

test("an import without a draft is live at once, a bad one is refused whole", async () => {
  const target = "{A}/import?strategy=replace-by-name";
  const changed = {
    ...payload,
    functions: { ...payload.functions, sources: { "sum.js": "exports = 2;" } },
  };
  expect((await call("POST", target, changed)).status).toBe(204);
  expect((await call("GET", "{A}/functions")).body).toMatchObject([
    { name: "sum", source: "exports = 2;" },
  ]);
  const bad = {
    ...changed,
    values: [{ name: "greeting", from_secret: "yes" }],
    functions: { config: [{ name: "gone" }] },
  };
  const refused = await call("POST", target, bad);
  expect(refused).toMatchObject({ status: 400, body: { error_code: "BadRequest" } });
  expect((refused.body as { error: string }).error.split("\n").length).toBeGreaterThan(1);
  expect((await call("GET", "{A}/functions")).body).toMatchObject([{ source: "exports = 2;" }]);
});

test("an export is an archive with a name, and names the app", async () => {
  const answer = await call("GET", "{A}/export?source_control=true&version=20210101");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-disposition")).toMatch(/filename="Shop_\d+\.zip"/);
  const bytes = answer.body as Buffer;
  expect(bytes.subarray(0, 4).toString("latin1")).toBe("PK\u0003\u0004");
  for (const name of [
    "realm_config.json",
    "functions/sum.js",
    "data_sources/mongodb-atlas/config.json",
  ])
    expect(bytes.includes(name)).toBe(true);
});

test("secrets are made, renamed, changed and deleted, and never shown", async () => {
  const made = await call("POST", "{A}/secrets", { name: "pay", value: "s3cret-value" });
  expect(made).toMatchObject({ status: 201, body: { _id: expect.any(String) } });
  const { _id: id } = made.body as { _id: string };
  expect((await call("PUT", `{A}/secrets/${id}`, { name: "pay2", value: "" })).status).toBe(204);
  const list = await call("GET", "{A}/secrets");
  expect(list).toMatchObject({ status: 200, body: [{ _id: id, name: "pay2" }] });
  expect(JSON.stringify([made.body, list.body, server.events])).not.toContain("s3cret-value");
  expect((await call("DELETE", `{A}/secrets/${id}`)).status).toBe(204);
  expect((await call("DELETE", `{A}/secrets/${id}`)).status).toBe(404);
});

test.for<[title: string, method: string, path: string, status: number, body: unknown]>([
  ["templates", "GET", "/templates", 200, []],
  ["an app's templates", "GET", "{A}/templates", 200, []],
  ["hosted files", "GET", "{A}/hosting/assets?recursive=true", 200, []],
  ["the state of dependencies", "GET", "{A}/dependencies/status", 200, { status: "successful" }],
  ["values", "GET", "{A}/values", 200, [{ name: "greeting", value: "hello" }]],
  ["services", "GET", "{A}/services", 200, [{ name: "mongodb-atlas", type: "mongodb-atlas" }]],
  ["endpoints", "GET", "{A}/endpoints", 200, []],
  ["a part that is not there", "GET", "{A}/values/000000000000000000000000", 404, {}],
  [
    "a description",
    "GET",
    "{A}/description",
    200,
    { values: ["greeting"], functions: [{ name: "sum" }] },
  ],
])("the tool asks for %s", async ([, method, path, status, body]) => {
  expect(await call(method, path)).toMatchObject({ status, body });
});

test("settings that are changed by themselves change the directory too", async () => {
  const patch = await call("PATCH", "{A}/data_api/config", { disabled: false, versions: ["v1"] });
  expect(patch.status).toBe(204);
  const origins = ["https://shop.example.com"];
  expect((await call("POST", "{A}/security/allowed_request_origins", origins)).status).toBe(204);
  expect((await call("PUT", "{A}/environment", { environment: "production" })).status).toBe(200);
  const answer = await call("GET", "{A}/deployments");
  expect((answer.body as { message: string; author: string }[]).slice(0, 3)).toMatchObject([
    { message: "environment 'production'", author: keys.public_key, live: true },
    { message: "allowed origins" },
    { message: "Data API settings" },
  ]);
  expect((await call("GET", "{A}")).body).toMatchObject({ environment: "production" });
});

test("an app goes with all that is its own", async () => {
  expect((await call("DELETE", "{A}")).status).toBe(204);
  expect((await call("GET", "{A}")).status).toBe(404);
});

test("after logging out there are no more access tokens", async () => {
  expect((await call("DELETE", "/auth/session", undefined, refresh)).status).toBe(204);
  expect(await call("POST", "/auth/session", undefined, refresh)).toMatchObject({
    status: 401,
    body: { error_code: "InvalidSession" },
  });
});
