/** Users log in, use the Data API with what they got, and are shut out: what goes over the wire. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

describe("the end of a session", () => {
  test("logging out ends this session and its access tokens, and no other", async () => {
    const first = await logIn();
    const second = await app.logIn("local-userpass", { username: first.email, password });
    await app.client("DELETE", "/auth/session", undefined, first.refresh_token);
    expect(await app.asBearer(first.access_token)).toBe(401);
    expect(await app.asBearer(second.access_token)).toBe(200);
    expect(await app.client("POST", "/auth/session", undefined, first.refresh_token)).toMatchObject(
      {
        status: 401,
        body: expect.stringContaining("invalid session: failed to find refresh token"),
      },
    );
  });

  test.for([
    ["logged out", "PUT", "/logout"],
    ["disabled", "PUT", "/disable"],
    ["deleted", "DELETE", ""],
  ] as const)("who is %s by an administrator is out at once", async ([, method, path]) => {
    const session = await logIn();
    const key = JSON.parse(
      (await app.client("POST", "/auth/api_keys", { name: "k" }, session.refresh_token)).body,
    ) as { readonly key: string };
    const headers = { email: session.email, password };
    expect((await app.findOne(headers)).status).toBe(200);
    expect((await app.findOne({ apiKey: key.key })).status).toBe(200);
    await app.admin(method, `{A}/users/${session.user_id}${path}`);
    expect(await app.asBearer(session.access_token)).toBe(401);
    const renewed = await app.client("POST", "/auth/session", undefined, session.refresh_token);
    expect(renewed.status).toBe(401);
    // Who is logged out has its password and keys still.
    const others = path === "/logout" ? 200 : 401;
    expect((await app.findOne(headers)).status).toBe(others);
    expect((await app.findOne({ apiKey: key.key })).status).toBe(others);
  });

  test("who is disabled can not log in, and can when enabled again", async () => {
    const { user_id: id, email } = await logIn();
    await app.admin("PUT", `{A}/users/${id}/disable`);
    const login = "APP/auth/providers/local-userpass/login";
    expect(await app.client("POST", login, { username: email, password })).toMatchObject({
      status: 401,
      body: expect.stringContaining('"UserDisabled"'),
    });
    await app.admin("PUT", `{A}/users/${id}/enable`);
    expect((await app.client("POST", login, { username: email, password })).status).toBe(200);
  });
});

describe("credential headers", () => {
  test("a key of the app is a user of its own, also after a login", async () => {
    const session = await app.logIn("api-key", { key: app.server.apiKey });
    const profile = await app.client("GET", "/auth/profile", undefined, session.access_token);
    expect(JSON.parse(profile.body)).toMatchObject({ type: "server", user_id: session.user_id });
    expect(await app.asBearer(session.access_token)).toBe(200);
  });

  test("a key that was disabled ends the sessions that it opened", async () => {
    const made = await app.admin<{ readonly _id: string; readonly key: string }>(
      "POST",
      "{A}/api_keys",
      { name: "short" },
    );
    const session = await app.logIn("api-key", { key: made.body.key });
    await app.admin("PUT", `{A}/api_keys/${made.body._id}/disable`);
    expect(await app.asBearer(session.access_token)).toBe(401);
  });

  test("a session has no more rights than the key that opened it", async () => {
    const made = await app.admin<{ readonly key: string }>("POST", "{A}/api_keys", {
      name: "reader",
      role: "noAccess",
    });
    const session = await app.logIn("api-key", { key: made.body.key });
    expect(await app.asBearer(session.access_token)).toBe(403);
  });

  test("a user's key acts as that user until it is disabled or deleted", async () => {
    const { refresh_token: refresh, user_id: id } = await logIn();
    const { body } = await app.client("POST", "/auth/api_keys", { name: "mine" }, refresh);
    const { key, _id: keyId } = JSON.parse(body) as { readonly key: string; readonly _id: string };
    expect((await app.findOne({ apiKey: key })).status).toBe(200);
    expect(await app.logIn("api-key", { key })).toMatchObject({ user_id: id });
    await app.client("PUT", `/auth/api_keys/${keyId}/disable`, undefined, refresh);
    expect((await app.findOne({ apiKey: key })).status).toBe(401);
    await app.client("PUT", `/auth/api_keys/${keyId}/enable`, undefined, refresh);
    expect((await app.findOne({ apiKey: key })).status).toBe(200);
    await app.client("DELETE", `/auth/api_keys/${keyId}`, undefined, refresh);
    expect((await app.findOne({ apiKey: key })).status).toBe(401);
  });

  test("a user has at most 20 keys, also when they are made at once", async () => {
    const { refresh_token: refresh } = await logIn();
    const answers = await Promise.all(
      Array.from({ length: 25 }, async (_, index) =>
        app.client("POST", "/auth/api_keys", { name: `k${index}` }, refresh),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    const listed = await app.client("GET", "/auth/api_keys", undefined, refresh);
    expect(JSON.parse(listed.body)).toHaveLength(20);
  });

  test("a password that was changed opens nothing any more, at once", async () => {
    const { email, user_id: id } = await logIn();
    expect((await app.findOne({ email, password })).status).toBe(200);
    await app.admin("PUT", `{A}/users/${id}/password`, { password: "another password" });
    expect((await app.findOne({ email, password })).status).toBe(401);
    expect((await app.findOne({ email, password: "another password" })).status).toBe(200);
  });

  test("an address that was changed logs in as the same user", async () => {
    const { email, user_id: id } = await logIn();
    const next = `new-${email}`;
    expect(await app.admin("PATCH", `{A}/users/${id}/reset_email`, { email: next })).toMatchObject({
      status: 204,
    });
    expect((await app.findOne({ email, password })).status).toBe(401);
    expect(await app.logIn("local-userpass", { username: next, password })).toMatchObject({
      user_id: id,
    });
    expect(await app.admin("GET", `{A}/users/${id}`)).toMatchObject({
      body: { data: { email: next } },
    });
  });

  test.for<[title: string, headers: () => Promise<Readonly<Record<string, string>>>, why: string]>([
    ["a wrong key", async () => ({ apiKey: "nobody's" }), "invalid API key"],
    [
      "an unknown address",
      async () => ({ email: "unknown@example.com", password }),
      "no such e-mail address",
    ],
    [
      "a wrong password",
      async () => ({ email: await app.register(password), password: "not the one" }),
      "wrong password",
    ],
    ["a token that is none", async () => ({ Authorization: "Bearer x" }), "not a token"],
    ["a provider that is not there", async () => ({ jwtTokenString: "a.b.c" }), "not found"],
  ])("why %s is refused stands in the log alone", async ([, make, why]) => {
    const { status, body } = await app.findOne(await make());
    expect(status).toBe(401);
    const { error, link } = JSON.parse(body) as { readonly error: string; readonly link: string };
    expect(error).toBe("invalid session: error finding user for endpoint");
    const id = /co_id=([0-9a-f]{24})/.exec(link)?.[1] ?? "";
    await expect
      .poll(async () => JSON.stringify((await app.admin("GET", `{A}/logs?co_id=${id}`)).body))
      .toContain(why);
  });

  test("whoever guesses is told to wait, whether there is such a user or not", async () => {
    const known = await app.register(password);
    const wanted = [401, 401, 401, 401, 401, 429, 429];
    expect(await guess(known)).toEqual(wanted);
    expect(await guess("nobody@example.com")).toEqual(wanted);
  });
});

async function guess(email: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (let turn = 0; turn < 7; turn += 1)
    found.push((await app.findOne({ email, password: "wrong password" })).status);
  return found;
}
