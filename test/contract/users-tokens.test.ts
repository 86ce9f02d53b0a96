/** Tokens of users: what they say, how long they last, and which are refused. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClientSession, startUsersApp, type UsersApp } from "../support/users-app.ts";

let app: UsersApp;
beforeAll(async () => {
  app = await startUsersApp();
});
afterAll(async () => {
  await app.close();
});

const password = "a good password";

async function logIn(): Promise<ClientSession & { readonly email: string }> {
  const email = await app.register(password);
  return { email, ...(await app.logIn("local-userpass", { username: email, password })) };
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const body = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  return JSON.parse(body) as Readonly<Record<string, unknown>>;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

test("an access token has the original's claims and lasts half an hour", async () => {
  const { access_token: token, user_id: id } = await logIn();
  const claims = claimsOf(token);
  expect(Object.keys(claims).toSorted()).toEqual(
    [
      "baas_device_id",
      "baas_domain_id",
      "exp",
      "iat",
      "iss",
      "stitch_devId",
      "stitch_domainId",
      "sub",
      "typ",
    ].toSorted(),
  );
  expect(claims).toMatchObject({ sub: id, typ: "access" });
  expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(1800);
  expect(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()).toBe(
    '{"alg":"HS256","typ":"JWT"}',
  );
});

test("a refresh token names its session and identity, and lasts 60 days", async () => {
  const { access_token: access, refresh_token: token } = await logIn();
  const claims = claimsOf(token);
  expect(claims).toMatchObject({
    typ: "refresh",
    baas_id: claimsOf(access)["iss"],
    baas_identity: { provider_type: "local-userpass" },
    baas_data: null,
    stitch_data: null,
  });
  expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(5_184_000);
});

test("an anonymous refresh token lasts as long as its user", async () => {
  const claims = claimsOf((await app.logIn("anon-user", {})).refresh_token);
  expect(Number(claims["exp"]) - Number(claims["iat"])).toBeGreaterThan(40 * 365 * 86_400);
  expect(claims["baas_identity"]).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{24}-[a-z]{24}$/),
  });
});

test("the expiry of refresh tokens is a setting", async () => {
  const path = "{A}/security/refresh_token_expiration";
  expect(await app.admin("PUT", path, { expiration_time_seconds: 1800 })).toMatchObject({
    status: 204,
  });
  const claims = claimsOf((await logIn()).refresh_token);
  expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(1800);
  expect(await app.admin("GET", path)).toMatchObject({ body: { expiration_time_seconds: 1800 } });
  for (const seconds of [1799, 15_552_001])
    expect(await app.admin("PUT", path, { expiration_time_seconds: seconds })).toMatchObject({
      status: 400,
      body: { error_code: "InvalidParameter" },
    });
  await app.admin("PUT", path, { expiration_time_seconds: 5_184_000 });
});

const change: readonly (readonly [title: string, change: (token: string) => string])[] = [
  ["without a signature", (token) => token.replace(/[^.]*$/, "")],
  ["truncated", (token) => token.slice(0, -1)],
  ["with another body", (token) => token.replace(/\.(.)/, ".f")],
  ["with a part more", (token) => `${token}.x`],
  ["with a part less", (token) => token.split(".").slice(1).join(".")],
  ["of alg none", (token) => `${encode({ alg: "none", typ: "JWT" })}.${token.split(".")[1]}.`],
  [
    "of another algorithm with the same signature",
    (token) => `${encode({ alg: "HS512", typ: "JWT" })}.${token.split(".").slice(1).join(".")}`,
  ],
  ["of 15,000 characters", (token) => token + "a".repeat(14_000)],
  ["that is empty", () => ""],
  ["that is no token", () => "nonsense"],
];
test.for(change)("a bearer token %s is refused", async ([, make]) => {
  const { access_token: token } = await app.logIn("anon-user", {});
  const answer = await app.findOne({ Authorization: `Bearer ${make(token)}`, apiKey: "KEY" });
  expect(answer.status).toBe(401);
  expect(JSON.parse(answer.body)).toMatchObject({
    error: "invalid session: error finding user for endpoint",
    error_code: "InvalidSession",
  });
});

test("a refresh token is no access token, and the other way round", async () => {
  const { access_token: access, refresh_token: refresh } = await app.logIn("anon-user", {});
  expect(await app.asBearer(refresh)).toBe(401);
  const answer = await app.client("POST", "/auth/session", undefined, access);
  expect(answer).toMatchObject({
    status: 401,
    body: expect.stringContaining("invalid refresh token: incorrect token type"),
  });
});

test("a token of a million characters is no token", async () => {
  const { status, body } = await app.admin("POST", "{A}/users/verify_token", {
    token: "a".repeat(1_000_000),
  });
  expect({ status, body }).toMatchObject({
    status: 401,
    body: { error: "signature is invalid" },
  });
});

test("an administrator can have a token looked at", async () => {
  const { access_token: token, user_id: id } = await app.logIn("anon-user", {});
  expect(await app.admin("POST", "{A}/users/verify_token", { token })).toMatchObject({
    status: 200,
    body: { sub: id },
  });
});

test("what an old signing secret has signed goes on, until it is forgotten", async () => {
  const session = await logIn();
  const rotate = async (body: object): Promise<number> =>
    (await app.admin("POST", "{A}/security/rotate_signing_secret", body)).status;
  expect(await rotate({})).toBe(204);
  expect(await app.asBearer(session.access_token)).toBe(200);
  const renewed = await app.client("POST", "/auth/session", undefined, session.refresh_token);
  expect(renewed.status).toBe(201);
  expect(await rotate({ forget_old: true })).toBe(204);
  expect(await app.asBearer(session.access_token)).toBe(401);
  const again = await app.client("POST", "/auth/session", undefined, session.refresh_token);
  expect(again.status).toBe(401);
  expect(await app.asBearer((await logIn()).access_token)).toBe(200);
});
