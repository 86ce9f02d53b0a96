import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeRows, type Rows } from "../support/on-sources.ts";
import { send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";

const base = "/api/admin/v3.0";
const none = { apiKey: undefined };
const admin = { ...none, Authorization: "Bearer TOKEN" };

const rows: Rows = [
  [
    "no token",
    {
      to: `${base}/auth/profile`,
      method: "GET",
      headers: none,
      status: 401,
      answer: '{"error":"invalid session","error_code":"InvalidSession"}',
    },
  ],
  [
    "an API key in place of a token",
    {
      to: `${base}/auth/profile`,
      method: "GET",
      headers: { Authorization: "Bearer KEY" },
      status: 401,
    },
  ],
  [
    "the profile names the group",
    { to: `${base}/auth/profile`, method: "GET", headers: admin, status: 200, contains: ["roles"] },
  ],
  [
    "an unknown path",
    {
      to: `${base}/nix`,
      method: "GET",
      headers: admin,
      status: 404,
      answer: '{"error":"not found","error_code":"NotFound"}',
    },
  ],
  [
    "an unknown group",
    {
      to: `${base}/groups/000000000000000000000000/apps`,
      method: "GET",
      headers: admin,
      status: 404,
      answer: '{"error":"group not found","error_code":"NotFound"}',
    },
  ],
];

describeRows("admin API", rows, () => ({}));

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

describe("admin API", () => {
  let server: TestServer;
  let group = "";
  let appId = "";

  async function call(method: string, path: string, body?: unknown): Promise<Reply> {
    const answer = await send(
      server,
      {
        method,
        to: `${base}${path}`,
        headers: admin,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      "",
    );
    return {
      status: answer.status,
      body: answer.body === "" ? undefined : (JSON.parse(answer.body) as unknown),
    };
  }

  async function statusWith(key: string, action = "findOne"): Promise<number> {
    const fields = action === "findOne" ? {} : { document: {} };
    const { status } = await send(
      server,
      { to: action, headers: { apiKey: key }, body: fields },
      "keys",
    );
    return status;
  }

  async function statusAs(method: string, path: string, token = ""): Promise<number> {
    const headers = { ...none, Authorization: `Bearer ${token}` };
    return (await send(server, { method, to: `${base}${path}`, headers }, "")).status;
  }

  async function statusFrom(origin: string): Promise<number> {
    const headers = { Origin: origin };
    return (await send(server, { to: "findOne", headers, body: {} }, "c")).status;
  }

  async function statuses(): Promise<readonly number[]> {
    return [await statusWith(server.apiKey), await statusWith(server.apiKey, "insertOne")];
  }

  async function makeKey(name: string, more: object = {}): Promise<{ _id: string; key: string }> {
    const { status, body } = await call("POST", keys(), { name, ...more });
    expect(status).toBe(201);
    return body as { _id: string; key: string };
  }

  const keys = (): string => `/groups/${group}/apps/${appId}/api_keys`;

  beforeAll(async () => {
    server = await startServer({ serverKeysMax: 10 });
    const profile = await call("GET", "/auth/profile");
    group = (profile.body as { roles: [{ group_id: string }] }).roles[0].group_id;
    const apps = await call("GET", `/groups/${group}/apps`);
    appId = (apps.body as [{ _id: string }])[0]._id;
  });
  afterAll(async () => {
    await server.close();
  });

  test("an app shows up without a product and under standard alone", async () => {
    const path = `/groups/${group}/apps`;
    const wanted = [expect.objectContaining({ client_app_id: "data-tests", product: "standard" })];
    expect(await call("GET", path)).toEqual({ status: 200, body: wanted });
    expect(await call("GET", `${path}?product=standard`)).toEqual({ status: 200, body: wanted });
    expect(await call("GET", `${path}?product=atlas`)).toEqual({ status: 200, body: [] });
    expect(await call("GET", `${path}/${appId}`)).toEqual({ status: 200, body: wanted[0] });
  });

  test("a key works from the moment it is made until it is disabled or deleted", async () => {
    const { _id, key } = await makeKey("life");
    expect(key).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(await statusWith(key)).toBe(200);
    expect(await call("PUT", `${keys()}/${_id}/disable`)).toEqual({ status: 204, body: undefined });
    expect(await statusWith(key)).toBe(401);
    expect(await call("PUT", `${keys()}/${_id}/enable`)).toEqual({ status: 204, body: undefined });
    expect(await statusWith(key)).toBe(200);
    expect(await call("GET", `${keys()}/${_id}`)).toEqual({
      status: 200,
      body: { _id, name: "life", disabled: false, role: "readWrite", user_id: _id },
    });
    expect(await call("DELETE", `${keys()}/${_id}`)).toEqual({ status: 204, body: undefined });
    expect(await statusWith(key)).toBe(401);
    expect(await call("GET", `${keys()}/${_id}`)).toEqual({
      status: 404,
      body: { error: "API key not found", error_code: "APIKeyNotFound" },
    });
  });

  test("a key is shown once", async () => {
    const { _id, key } = await makeKey("once");
    const list = await call("GET", keys());
    expect(list.body).toContainEqual(expect.objectContaining({ _id, name: "once" }));
    expect(JSON.stringify(list.body)).not.toContain(key);
    await call("DELETE", `${keys()}/${_id}`);
  });

  test("a key is taken over with its text", async () => {
    const text = "an-old-key-of-sufficient-length-0123456789";
    const { _id } = await makeKey("old", { key: text, user_id: "5f0000000000000000000000" });
    expect(await statusWith(text)).toBe(200);
    expect(await call("POST", keys(), { name: "old-too", key: text })).toMatchObject({
      status: 409,
      body: { error_code: "APIKeyAlreadyExists" },
    });
    await call("DELETE", `${keys()}/${_id}`);
  });

  test("a key's role bounds what it may do", async () => {
    const reader = await makeKey("reader", { role: "readOnly" });
    expect([await statusWith(reader.key), await statusWith(reader.key, "insertOne")]).toEqual([
      200, 403,
    ]);
    const nobody = await makeKey("nobody", { role: "noAccess" });
    expect(await statusWith(nobody.key)).toBe(403);
    for (const { _id } of [reader, nobody]) await call("DELETE", `${keys()}/${_id}`);
  });

  test("a data source's permission bounds every key", async () => {
    const path = `/groups/${group}/apps/${appId}/data_sources`;
    expect(await statuses()).toEqual([200, 201]);
    await call("PATCH", `${path}/mongodb-atlas`, { permission: "readOnly" });
    expect(await statuses()).toEqual([200, 403]);
    await call("PATCH", `${path}/mongodb-atlas`, { permission: "noAccess" });
    expect(await statuses()).toEqual([403, 403]);
    expect((await call("GET", path)).body).toMatchObject([{ permission: "noAccess" }]);
    const back = await call("PATCH", `${path}/mongodb-atlas`, { permission: "readWrite" });
    expect(back).toEqual({ status: 204, body: undefined });
    expect((await call("PATCH", `${path}/nix`, { permission: "readOnly" })).status).toBe(400);
  });

  test("a pipeline that writes needs the right to write", async () => {
    const reader = await makeKey("pipelines", { role: "readOnly" });
    const body = { pipeline: [{ $match: {} }, { $out: "elsewhere" }] };
    const headers = { apiKey: reader.key };
    expect((await send(server, { to: "aggregate", headers, body }, "c")).status).toBe(403);
    await call("DELETE", `${keys()}/${reader._id}`);
  });

  test.for<[title: string, body: unknown, status: number, code: string]>([
    ["no name", {}, 400, "BadRequest"],
    ["a name that is none", { name: 5 }, 400, "BadRequest"],
    ["a name with a space", { name: "a b" }, 400, "InvalidParameter"],
    ["a name that is taken", { name: "PETIOLE_API_KEY" }, 409, "APIKeyAlreadyExists"],
    ["a short key", { name: "short", key: "short" }, 400, "InvalidParameter"],
    ["an unknown role", { name: "role", role: "god" }, 400, "BadRequest"],
  ])("a key with %s is refused", async ([, body, status, code]) => {
    expect(await call("POST", keys(), body)).toMatchObject({ status, body: { error_code: code } });
  });

  test("a key's bound holds when many are made at once", async () => {
    const replies = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => call("POST", keys(), { name: `k${index}` })),
    );
    const made = replies.filter(({ status }) => status === 201);
    expect(made).toHaveLength(9); // One stood there before: the server's own.
    expect(replies.find(({ status }) => status === 400)?.body).toEqual({
      error: "an app has at most 10 API keys",
      error_code: "InvalidParameter",
    });
    for (const { body } of made) await call("DELETE", `${keys()}/${(body as { _id: string })._id}`);
  });

  test("the Data API can be switched off and on, and its format chosen", async () => {
    const path = `/groups/${group}/apps/${appId}/data_api/config`;
    await call("PATCH", path, { disabled: true });
    expect(await statusWith(server.apiKey)).toBe(404);
    await call("PATCH", path, { disabled: false, return_type: "EJSON", versions: ["v1"] });
    const answer = await send(server, { to: "findOne", body: {} }, "c");
    expect(answer.headers["content-type"]).toBe("application/ejson");
    const beta = "/app/data-tests/endpoint/data/beta/action/findOne";
    expect((await send(server, { to: beta, body: {} }, "c")).status).toBe(404);
    expect((await call("GET", path)).body).toMatchObject({
      disabled: false,
      versions: ["v1"],
      return_type: "EJSON",
    });
  });

  test("an older version of the Data API is not enabled after a newer one", async () => {
    const path = `/groups/${group}/apps/${appId}/data_api/config`;
    await call("PATCH", path, { versions: ["v1"] });
    expect(await call("PATCH", path, { versions: ["beta", "v1"] })).toEqual({
      status: 400,
      body: {
        error: "the version beta can not be enabled, since a newer one is",
        error_code: "BadRequest",
      },
    });
    expect((await call("GET", path)).body).toMatchObject({ versions: ["v1"] });
  });

  test("origins are listed, and no other is served", async () => {
    const path = `/groups/${group}/apps/${appId}/security/allowed_request_origins`;
    expect((await call("POST", path, ["https://a.example"])).status).toBe(204);
    expect(await call("GET", path)).toEqual({ status: 200, body: ["https://a.example"] });
    expect(await statusFrom("https://a.example")).toBe(200);
    expect(await statusFrom("https://b.example")).toBe(403);
    expect((await call("POST", path, ["https://a.example/path"])).status).toBe(400);
    expect((await call("POST", path, [])).status).toBe(204);
    expect(await statusFrom("https://b.example")).toBe(200);
  });

  test("an administrator who is deleted is let in no more, with no token that was given out", async () => {
    const made = await call("POST", "/administrators/keys");
    const { public_key: username, private_key: apiKey } = made.body as Record<string, string>;
    const login = "/auth/providers/mongodb-cloud/login";
    const session = (await call("POST", login, { username, apiKey })).body as Record<
      string,
      string
    >;
    expect(await statusAs("GET", "/administrators", session["access_token"])).toBe(200);
    expect(await statusAs("POST", "/auth/session", session["refresh_token"])).toBe(201);
    const id = session["user_id"];
    expect((await call("DELETE", `/administrators/${id}`)).status).toBe(204);
    expect(await statusAs("GET", "/administrators", session["access_token"])).toBe(401);
    expect(await statusAs("POST", "/auth/session", session["refresh_token"])).toBe(401);
    expect((await call("POST", login, { username, apiKey })).status).toBe(401);
    expect((await call("DELETE", `/administrators/${id}`)).status).toBe(404);
  });

  test("the last administrator stays", async () => {
    const [last] = (await call("GET", "/administrators")).body as [{ _id: string }];
    expect(await call("DELETE", `/administrators/${last._id}`)).toEqual({
      status: 400,
      body: { error: "the last administrator can not be deleted", error_code: "BadRequest" },
    });
  });

  test("an app is made, serves with keys of its own, and goes with them", async () => {
    const apps = `/groups/${group}/apps`;
    const made = await call("POST", apps, { name: "Shop" });
    const shop = made.body as { _id: string; client_app_id: string };
    expect(shop.client_app_id).toMatch(/^shop-[a-z]{5}$/);
    const to = `/app/${shop.client_app_id}/endpoint/data/v1/action/findOne`;
    const own = await call("POST", `${apps}/${shop._id}/api_keys`, { name: "own" });
    const headers = { apiKey: (own.body as { key: string }).key };
    expect((await send(server, { to, headers, body: {} }, "c")).status).toBe(200);
    expect((await send(server, { to, body: {} }, "c")).status).toBe(401);
    expect((await call("DELETE", `${apps}/${shop._id}`)).status).toBe(204);
    expect((await send(server, { to, headers, body: {} }, "c")).status).toBe(404);
  });
});
