/** Tokens that somebody else has issued. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startUsersApp, type UsersApp } from "../support/users-app.ts";

const hmacKey = "an_old_secret_of_the_app_that_is_long";
const newHmacKey = "a_new_secret_of_the_app_that_is_long_too";
const hour = 3600;

function now(): number {
  return Math.floor(Date.now() / 1000);
}

async function sign(
  claims: Readonly<Record<string, unknown>>,
  {
    key = Buffer.from(hmacKey),
    header = {},
  }: { readonly key?: Parameters<SignJWT["sign"]>[0]; readonly header?: object } = {},
): Promise<string> {
  const all = { sub: "user-1", aud: "shop", exp: now() + hour, ...claims };
  return new SignJWT(all).setProtectedHeader({ alg: "HS256", ...header }).sign(key);
}

function tokenApp(
  config: object,
  more: { readonly metadata_fields?: readonly object[]; readonly keys?: readonly string[] } = {},
): object {
  return {
    "custom-token": {
      name: "custom-token",
      type: "custom-token",
      config: { audience: ["shop"], signingAlgorithm: "HS256", useJWKURI: false, ...config },
      secret_config: { signingKeys: more.keys ?? ["oldKey", "newKey"] },
      metadata_fields: more.metadata_fields ?? [],
      disabled: false,
    },
  };
}

const secrets = { oldKey: hmacKey, newKey: newHmacKey };

describe("a custom token", () => {
  let app: UsersApp;
  beforeAll(async () => {
    const metadata = [
      { required: true, name: "name" },
      { required: false, name: "address.city", field_name: "town" },
      { required: false, name: "https://example\\.com/role" },
    ];
    app = await startUsersApp({ providers: tokenApp({}, { metadata_fields: metadata }), secrets });
  });
  afterAll(async () => {
    await app.close();
  });

  async function statusOf(token: string): Promise<number> {
    return (await app.findOne({ jwtTokenString: token })).status;
  }

  async function profileOf(token: string): Promise<unknown> {
    const { access_token: access } = await app.logIn("custom-token", { token });
    return JSON.parse((await app.client("GET", "/auth/profile", undefined, access)).body);
  }

  test("makes a user with the fields that the app names", async () => {
    const token = await sign({
      name: "Ann",
      address: { city: "Paris", street: "x" },
      "https://example.com/role": "cook",
      more: 1,
    });
    const data = { name: "Ann", town: "Paris", "https://example.com/role": "cook" };
    expect(await profileOf(token)).toMatchObject({
      type: "normal",
      data,
      identities: [{ id: "user-1", provider_type: "custom-token", provider_data: data }],
    });
  });

  test("tells anew at each login, and with each header", async () => {
    const sub = "changing";
    const before = await app.logIn("custom-token", { token: await sign({ sub, name: "A" }) });
    expect(
      await profileOf(await sign({ sub, name: "B", address: { city: "Rome" } })),
    ).toMatchObject({ user_id: before.user_id, data: { name: "B", town: "Rome" } });
    expect(await statusOf(await sign({ sub, name: "C" }))).toBe(200);
    const { body } = await app.admin("GET", `{A}/users/${before.user_id}`);
    expect(body).toMatchObject({ data: { name: "C" } });
  });

  test.for<[title: string, make: () => Promise<string>, status: number]>([
    ["as it should be", async () => sign({ name: "a" }), 200],
    [
      "signed with the other key",
      async () => sign({ name: "a" }, { key: Buffer.from(newHmacKey) }),
      200,
    ],
    ["for several audiences", async () => sign({ name: "a", aud: ["x", "shop"] }), 200],
    ["of a field too long", async () => sign({ name: "a".repeat(4097) }), 401],
    ["without a field that must be there", async () => sign({}), 401],
    ["for another audience", async () => sign({ name: "a", aud: "other" }), 401],
    ["without an audience", async () => sign({ name: "a", aud: undefined }), 401],
    ["that has expired", async () => sign({ name: "a", exp: now() - 1 }), 401],
    ["without an end", async () => sign({ name: "a", exp: undefined }), 401],
    ["that is not good yet", async () => sign({ name: "a", nbf: now() + 60 }), 401],
    ["without a subject", async () => sign({ name: "a", sub: undefined }), 401],
    ["with an empty subject", async () => sign({ name: "a", sub: "" }), 401],
    ["of another key", async () => sign({ name: "a" }, { key: Buffer.from("x".repeat(40)) }), 401],
    ["of another algorithm", async () => sign({ name: "a" }, { header: { alg: "HS384" } }), 401],
    [
      "of no algorithm",
      async () => {
        const [, body] = (await sign({ name: "a" })).split(".");
        return `${Buffer.from('{"alg":"none"}').toString("base64url")}.${body}.`;
      },
      401,
    ],
    ["truncated", async () => (await sign({ name: "a" })).slice(0, -2), 401],
    ["that is none", async () => "a.b.c", 401],
  ])("%s", async ([, make, status]) => {
    expect(await statusOf(await make())).toBe(status);
  });

  test("of a million characters is refused, and of fewer is read", async () => {
    const path = "APP/auth/providers/custom-token/login";
    const long = await sign({ name: "a", more: "x".repeat(700_000) });
    expect((await app.client("POST", path, { token: long })).status).toBe(200);
    const longer = "a".repeat(1_000_001);
    expect(await app.client("POST", path, { token: longer })).toMatchObject({
      status: 401,
      body: expect.stringMatching(/"error":"unauthorized","error_code":"AuthError"/),
    });
  });
});

test.for<[title: string, config: object, aud: JWTPayload["aud"], status: number]>([
  ["all of several audiences", { audience: ["a", "b"] }, ["a", "b", "c"], 200],
  ["one of several where all are wanted", { audience: ["a", "b"] }, "a", 401],
  [
    "one of several where one is enough",
    { audience: ["a", "b"], requireAnyAudience: true },
    "b",
    200,
  ],
  ["none where one is enough", { audience: ["a", "b"], requireAnyAudience: true }, "c", 401],
  ["the App ID where none is named", { audience: "" }, "data-tests", 200],
  ["another than the App ID where none is named", { audience: "" }, "shop", 401],
])("audiences: %s", async ([, config, aud, status]) => {
  const app = await startUsersApp({ providers: tokenApp(config), secrets });
  try {
    const answer = await app.findOne({ jwtTokenString: await sign({ aud }) });
    expect(answer.status).toBe(status);
  } finally {
    await app.close();
  }
});

test.for(["RS256", "PS384", "ES512"])(
  "tokens signed with %s are checked with a PEM key",
  async (alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const app = await startUsersApp({
      providers: tokenApp({ signingAlgorithm: alg }, { keys: ["pem"] }),
      secrets: { pem: await exportSPKI(publicKey) },
    });
    try {
      const token = await sign({}, { key: privateKey, header: { alg } });
      expect((await app.findOne({ jwtTokenString: token })).status).toBe(200);
      // The public key must not do as a shared secret.
      const forged = await sign({}, { key: Buffer.from(await exportSPKI(publicKey)) });
      expect((await app.findOne({ jwtTokenString: forged })).status).toBe(401);
    } finally {
      await app.close();
    }
  },
);

describe("keys behind an address", () => {
  let keys: readonly object[] = [];
  let asked = 0;
  let server: Server;
  let app: UsersApp;
  beforeAll(async () => {
    server = createServer((_request, response) => {
      asked += 1;
      response.setHeader("Content-Type", "application/json").end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    app = await startUsersApp({
      providers: tokenApp({
        useJWKURI: true,
        jwkURI: `http://127.0.0.1:${port}/keys`,
        signingAlgorithm: "RS256",
      }),
      secrets,
    });
  });
  afterAll(async () => {
    await app.close();
    server.close();
  });

  test("are fetched once, and no more for a key that is made up", async () => {
    const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
    keys = [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256" }];
    const status = async (header: object): Promise<number> => {
      const token = await sign({}, { key: privateKey, header: { alg: "RS256", ...header } });
      return (await app.findOne({ jwtTokenString: token })).status;
    };
    expect(await status({ kid: "k1" })).toBe(200);
    expect(await status({})).toBe(401);
    for (const kid of ["k2", "k3", "k4"]) expect(await status({ kid })).toBe(401);
    expect(asked).toBe(1);
  });
});
