/** A team moves in: its users keep their ids, their passwords and their documents. */
import { randomBytes } from "node:crypto";
import { bcrypt } from "hash-wasm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { standardProviders, startUsersApp, type UsersApp } from "../support/users-app.ts";

const password = "a good password";

describe("moving in", () => {
  let app: UsersApp;
  beforeAll(async () => {
    app = await startUsersApp();
  });
  afterAll(async () => {
    await app.close();
  });

  const oldId = "5f0000000000000000000001";
  const account = "5f00000000000000000000a1";

  function imported(fields: object): object {
    return {
      _id: oldId,
      type: "normal",
      identities: [
        {
          id: account,
          provider_type: "local-userpass",
          provider_id: "5f00000000000000000000b1",
          provider_data: { email: "old@example.com" },
        },
      ],
      data: { email: "old@example.com" },
      disabled: false,
      creation_date: 1_600_000_000,
      last_authentication_date: 1_650_000_000,
      ...fields,
    };
  }

  async function importAll(...users: readonly object[]): Promise<unknown> {
    return (await app.admin("POST", "{A}/users/import", { users })).body;
  }

  test("a user keeps id, identities, data and dates, and its password", async () => {
    const user = imported({
      password_hash: await bcrypt({
        password,
        salt: randomBytes(16),
        costFactor: 10,
        outputType: "encoded",
      }),
    });
    expect(await importAll(user)).toEqual({ imported: 1, existing: 0, refused: [] });
    expect(await importAll(user)).toEqual({ imported: 0, existing: 1, refused: [] });
    const { password_hash: _, ...shown } = user as Record<string, unknown>;
    expect((await app.admin("GET", `{A}/users/${oldId}`)).body).toEqual({
      ...shown,
      identities: [
        {
          id: account,
          provider_type: "local-userpass",
          provider_id: expect.any(String),
          provider_data: { email: "old@example.com" },
        },
      ],
    });
    const login = { username: "old@example.com", password };
    expect(await app.logIn("local-userpass", login)).toMatchObject({ user_id: oldId });
    // Hashed anew by now.
    expect(await app.logIn("local-userpass", login)).toMatchObject({ user_id: oldId });
    const wrong = { ...login, password: "another password" };
    const answer = await app.client("POST", "APP/auth/providers/local-userpass/login", wrong);
    expect(answer.status).toBe(401);
  });

  test("a user without a password gets one from an administrator", async () => {
    const id = "5f0000000000000000000002";
    const identity = {
      id: "x",
      provider_type: "local-userpass",
      provider_data: { email: "b@o.x" },
    };
    expect(await importAll(imported({ _id: id, identities: [identity] }))).toMatchObject({
      imported: 1,
    });
    const login = "APP/auth/providers/local-userpass/login";
    const body = { username: "b@o.x", password };
    expect((await app.client("POST", login, body)).status).toBe(401);
    expect((await app.admin("PUT", `{A}/users/${id}/password`, { password })).status).toBe(204);
    expect(await app.logIn("local-userpass", body)).toMatchObject({ user_id: id });
  });

  test.for<[title: string, fields: object, message: string]>([
    ["a key of the app", { type: "server" }, "an API key is taken over with: petiole keys import"],
    ["a hash of an unknown kind", { password_hash: "md5:abc" }, "password_hash must be"],
    ["a hash that costs too much", { password_hash: `$2b$31$${"a".repeat(53)}` }, "bearable cost"],
    [
      "a hash of scrypt that takes all memory",
      { password_hash: "$scrypt$ln=30,r=8,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA" },
      "bearable cost",
    ],
    ["an address that is taken", {}, "name already in use"],
  ])("%s is not taken over", async ([, fields, message]) => {
    expect(await importAll(imported({ _id: "5f00000000000000000000ff", ...fields }))).toMatchObject(
      {
        imported: 0,
        refused: [{ message: expect.stringContaining(message) }],
      },
    );
  });

  test("an id that is none, and a list that is none, are refused whole", async () => {
    for (const users of [[imported({ _id: "x" })], "users", [1]])
      expect((await app.admin("POST", "{A}/users/import", { users })).status).toBe(400);
  });
});

describe("claims", () => {
  const secret = "a_signing_secret_of_the_app_that_is_long";
  const claimed = "5f00000000000000000000c1";
  let jwtApp: UsersApp;
  beforeAll(async () => {
    jwtApp = await startUsersApp({
      secrets: { jwt: secret },
      providers: {
        "api-key": standardProviders["api-key"],
        "custom-token": {
          name: "custom-token",
          type: "custom-token",
          config: { audience: "shop", signingAlgorithm: "HS256", useJWKURI: false },
          secret_config: { signingKeys: ["jwt"] },
          disabled: false,
        },
      },
      files: {
        "data_sources/mongodb-atlas/shop/orders/rules.json": {
          database: "shop",
          collection: "orders",
          roles: [
            {
              name: "owner",
              apply_when: { "%%user.type": "normal" },
              document_filters: {
                read: { owner: "%%user.id" },
                write: { owner: "%%user.id" },
              },
              read: true,
              write: true,
              insert: true,
              delete: true,
              search: true,
            },
            {
              name: "keys",
              apply_when: { "%%user.type": "server" },
              document_filters: { read: true, write: true },
              read: true,
              write: true,
              insert: true,
              delete: true,
              search: true,
            },
          ],
          filters: [],
        },
      },
    });
  });
  afterAll(async () => {
    await jwtApp.close();
  });

  async function tokenOf(claims: object): Promise<string> {
    const { SignJWT } = await import("jose");
    const exp = Math.floor(Date.now() / 1000) + 600;
    return new SignJWT({ aud: "shop", exp, ...claims })
      .setProtectedHeader({ alg: "HS256" })
      .sign(Buffer.from(secret));
  }

  async function act(
    headers: Readonly<Record<string, string>>,
    action: string,
    fields: object,
  ): Promise<string> {
    const answer = await fetch(`${jwtApp.server.actions}/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify({
        dataSource: "mongodb-atlas",
        database: "shop",
        collection: "orders",
        ...fields,
      }),
    });
    return answer.text();
  }

  test("whoever proves to be somebody gets that user's old id, and so its documents", async () => {
    const key = { apiKey: jwtApp.server.apiKey };
    const documents = [
      { _id: 1, owner: claimed },
      { _id: 2, owner: "somebody else" },
    ];
    await act(key, "insertMany", { documents });
    const claims = [
      { sub: "auth0|ann", user_id: claimed },
      { email: "Bob@Example.com", user_id: "5f00000000000000000000c2" },
    ];
    expect((await jwtApp.admin("POST", "{A}/users/claims", { claims })).body).toEqual({ count: 2 });
    const jwt = { jwtTokenString: await tokenOf({ sub: "auth0|ann" }) };
    expect(JSON.parse(await act(jwt, "find", { filter: {} }))).toEqual({
      documents: [{ _id: 1, owner: claimed }],
    });
    const token = await tokenOf({ sub: "auth0|bob", email: "bob@example.com" });
    expect(await jwtApp.logIn("custom-token", { token })).toMatchObject({
      user_id: "5f00000000000000000000c2",
    });
  });

  test("an address that nobody vouches for claims nothing, and nothing is claimed twice", async () => {
    const claims = [{ email: "cid@example.com", user_id: "5f00000000000000000000c3" }];
    await jwtApp.admin("POST", "{A}/users/claims", { claims });
    const idOf = async (fields: object): Promise<string> =>
      (await jwtApp.logIn("custom-token", { token: await tokenOf(fields) })).user_id;
    const email = "cid@example.com";
    expect(await idOf({ sub: "c1", email, email_verified: false })).not.toBe(claims[0]?.user_id);
    expect(await idOf({ sub: "c2", email })).toBe(claims[0]?.user_id);
    expect(await idOf({ sub: "c3", email })).not.toBe(claims[0]?.user_id);
  });

  test.for([
    [{ user_id: claimed }],
    [{ sub: "a", email: "b", user_id: claimed }],
    [{ sub: "a", user_id: "x" }],
    ["claim"],
  ])("%j are no claims", async (claims) => {
    expect((await jwtApp.admin("POST", "{A}/users/claims", { claims })).status).toBe(400);
  });
});
