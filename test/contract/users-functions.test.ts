/** Functions that say who somebody is, that confirm and reset accounts, and that run when a user is made. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { standardProviders, startUsersApp, type UsersApp } from "../support/users-app.ts";

describe("functions", () => {
  let app: UsersApp;
  const source = {
    "functions/logIn.js": `exports = async (payload) => {
      if (payload.password !== "open sesame") throw new Error("no " + payload.password);
      return payload.named ? { id: payload.id, name: "Ann" } : payload.id;
    };`,
    "functions/confirm.js": `exports = async ({ token, tokenId, username }) => {
      if (!token || !tokenId) throw new Error("no token");
      if (username.startsWith("throws")) throw new Error("thrown");
      return { status: username.split("@")[0] };
    };`,
    "functions/reset.js": `exports = async ({ username, password, currentPasswordValid }, answer, more) => ({
      status: answer === "name of the cat" && more === 7 && currentPasswordValid ? "success" : "fail",
    });`,
    "functions/onCreate.js": `exports = async (user) => {
      if (user.data.name === "Ann" && user.identities[0].id === "refused") throw new Error("no");
      await context.services.get("mongodb-atlas").db("app").collection("users")
        .insertOne({ owner: user.id, color: "blue", types: user.identities.map((i) => i.provider_type) });
    };`,
    "functions/config.json": ["logIn", "confirm", "reset", "onCreate"].map((name) => ({
      name,
      private: true,
      run_as_system: true,
    })),
    "auth/custom_user_data.json": {
      enabled: true,
      mongo_service_name: "mongodb-atlas",
      database_name: "app",
      collection_name: "users",
      user_id_field: "owner",
      on_user_creation_function_name: "onCreate",
    },
  };
  beforeAll(async () => {
    app = await startUsersApp({
      files: source,
      providers: {
        ...standardProviders,
        "local-userpass": {
          name: "local-userpass",
          type: "local-userpass",
          config: {
            autoConfirm: false,
            runConfirmationFunction: true,
            confirmationFunctionName: "confirm",
            runResetFunction: true,
            resetFunctionName: "reset",
          },
          disabled: false,
        },
        "custom-function": {
          name: "custom-function",
          type: "custom-function",
          config: { authFunctionName: "logIn" },
          disabled: false,
        },
      },
    });
  });
  afterAll(async () => {
    await app.close();
  });

  const payload = { password: "open sesame", id: "f-1" };

  test("a function says who somebody is: an id, or an id and a name", async () => {
    const first = await app.logIn("custom-function", payload);
    const again = await app.logIn("custom-function", { ...payload, named: true });
    expect(again.user_id).toBe(first.user_id);
    const profile = await app.client("GET", "/auth/profile", undefined, again.access_token);
    expect(JSON.parse(profile.body)).toMatchObject({
      data: { name: "Ann" },
      identities: [{ id: "f-1", provider_type: "custom-function" }],
    });
  });

  test.for<[title: string, payload: object]>([
    ["throws", { ...payload, password: "wrong" }],
    ["gives no id", { password: payload.password }],
    ["gives an id that is no text", { ...payload, id: 1 }],
    ["gives an empty id", { ...payload, id: "" }],
  ])("nobody is let in when the function %s", async ([, given]) => {
    const answer = await app.client("POST", "APP/auth/providers/custom-function/login", given);
    expect(answer).toMatchObject({
      status: 401,
      body: expect.stringContaining('"error":"unauthorized","error_code":"AuthError"'),
    });
    expect(answer.body).not.toContain("no wrong");
  });

  test("the creation function makes custom data, which is in the first token", async () => {
    const { access_token: token, user_id: id } = await app.logIn("anon-user", {});
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as {
      readonly user_data: object;
    };
    expect(claims.user_data).toMatchObject({ owner: id, color: "blue", types: ["anon-user"] });
  });

  test("a creation function that throws keeps the user from being made", async () => {
    const given = { ...payload, id: "refused", named: true };
    const answer = await app.client("POST", "APP/auth/providers/custom-function/login", given);
    expect(answer.status).toBe(401);
    const listed = await app.admin("GET", "{A}/users?provider_types=custom-function");
    expect(JSON.stringify(listed.body)).not.toContain("refused");
  });

  const base = "APP/auth/providers/local-userpass";
  const password = "a good password";

  test.for<[name: string, status: number, login: number]>([
    ["success", 201, 200],
    ["pending", 201, 401],
    ["fail", 400, 401],
    ["nonsense", 400, 401],
    ["throws", 400, 401],
  ])("a confirmation function that answers %s", async ([name, status, login]) => {
    const email = `${name}@example.com`;
    const registered = await app.client("POST", `${base}/register`, { email, password });
    expect(registered.status).toBe(status);
    const failure = `{"error":"failed to confirm user \\"${email}\\"","error_code":"BadRequest",`;
    expect(registered.body.slice(0, failure.length)).toBe(status === 400 ? failure : "");
    const answer = await app.client("POST", `${base}/login`, { username: email, password });
    expect(answer.status).toBe(login);
    // Who failed may try again, who waits may not.
    const again = await app.client("POST", `${base}/register`, { email, password });
    expect(again.status).toBe(status === 400 ? 400 : 409);
  });

  test("administrators see and confirm who waits", async () => {
    const email = "pending@waits.example.com";
    await app.client("POST", `${base}/register`, { email, password });
    const pending = await app.admin("GET", "{A}/user_registrations/pending_users");
    expect(pending.body).toContainEqual(
      expect.objectContaining({
        login_ids: [{ id_type: "email", id: email }],
        identities: [expect.objectContaining({ provider_type: "local-userpass" })],
        data: { email },
      }),
    );
    const path = `{A}/user_registrations/by_email/${encodeURIComponent(email)}`;
    expect((await app.admin("POST", `${path}/run_confirm`)).status).toBe(202);
    expect((await app.admin("POST", `${path}/confirm`)).status).toBe(204);
    expect(await app.admin("POST", `${path}/confirm`)).toMatchObject({
      status: 400,
      body: { error: "already confirmed", error_code: "UserAlreadyConfirmed" },
    });
    expect((await app.client("POST", `${base}/login`, { username: email, password })).status).toBe(
      200,
    );
  });

  test("the original's tool deletes who waits as it deletes users", async () => {
    const email = "pending@goes.example.com";
    await app.client("POST", `${base}/register`, { email, password });
    const pending = await app.admin<readonly { _id: string; data: { email: string } }[]>(
      "GET",
      "{A}/user_registrations/pending_users",
    );
    const id = pending.body.find((each) => each.data.email === email)?._id ?? "";
    expect((await app.admin("GET", `{A}/users/${id}`)).body).toMatchObject({ data: { email } });
    expect((await app.admin("DELETE", `{A}/users/${id}`)).status).toBe(204);
    expect((await app.admin("GET", `{A}/users/${id}`)).status).toBe(404);
    expect((await app.client("POST", `${base}/register`, { email, password })).status).toBe(201);
  });

  test("a reset function decides with what it is told", async () => {
    const email = "success@reset.example.com";
    await app.client("POST", `${base}/register`, { email, password });
    const session = await app.logIn("local-userpass", { username: email, password });
    const call = async (args: readonly unknown[], next = password): Promise<number> =>
      (
        await app.client("POST", `${base}/reset/call`, {
          email,
          password: next,
          arguments: args,
        })
      ).status;
    expect(await call(["name of the dog", { $numberInt: "7" }])).toBe(400);
    expect(await call(["name of the cat", { $numberInt: "7" }])).toBe(204);
    // All sessions end with the old password.
    expect((await app.findOne({ Authorization: `Bearer ${session.access_token}` })).status).toBe(
      401,
    );
    expect(await call(["name of the cat", { $numberInt: "7" }], "short")).toBe(400);
  });

  test.for<
    [title: string, path: string, body: object, status: number, error: string, code: string]
  >([
    [
      "an address twice",
      "register",
      { email: "pending@example.com", password },
      409,
      "name already in use",
      "AccountNameInUse",
    ],
    [
      "a short password",
      "register",
      { email: "x@y.z", password: "12345" },
      400,
      "password must be between 6 and 128 characters",
      "BadRequest",
    ],
    [
      "a long password",
      "register",
      { email: "x@y.z", password: "1".repeat(129) },
      400,
      "password must be between 6 and 128 characters",
      "BadRequest",
    ],
    ["no address", "register", { email: "nobody", password }, 400, "email invalid", "BadRequest"],
    [
      "an address with a line feed",
      "register",
      { email: "a@b.c\nBcc: d@e.f", password },
      400,
      "email invalid",
      "BadRequest",
    ],
    [
      "a token that is none",
      "confirm",
      { token: "a", tokenId: "b" },
      400,
      "invalid token data",
      "BadRequest",
    ],
    [
      "a reset token that is none",
      "reset",
      { token: "a", tokenId: "b", password },
      400,
      "invalid token data",
      "BadRequest",
    ],
    [
      "an unknown address",
      "confirm/call",
      { email: "u@k.n" },
      404,
      "user not found",
      "UserNotFound",
    ],
    [
      "an unknown address for a reset",
      "reset/call",
      { email: "u@k.n", password, arguments: [] },
      404,
      "user not found",
      "UserNotFound",
    ],
    [
      "a mail where functions decide",
      "confirm/send",
      { email: "pending@example.com" },
      400,
      "error processing request",
      "BadRequest",
    ],
    [
      "a reset mail where functions decide",
      "reset/send",
      { email: "success@example.com" },
      400,
      "error processing request",
      "BadRequest",
    ],
    [
      "who is confirmed",
      "confirm/call",
      { email: "success@example.com" },
      400,
      "already confirmed",
      "UserAlreadyConfirmed",
    ],
  ])("%s is refused", async ([, path, body, status, error, code]) => {
    const answer = await app.client("POST", `${base}/${path}`, body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ error, error_code: code });
  });
});

test("a provider that is off lets nobody in", async () => {
  const off = Object.fromEntries(
    Object.entries(standardProviders).map(([name, each]) => [name, { ...each, disabled: true }]),
  );
  const app = await startUsersApp({ providers: off });
  try {
    for (const provider of ["anon-user", "api-key", "local-userpass", "custom-token", "nonsense"])
      expect(await app.client("POST", `APP/auth/providers/${provider}/login`, {})).toMatchObject({
        status: 404,
        body: expect.stringContaining("AuthProviderNotFound"),
      });
    expect((await app.findOne({ apiKey: "KEY" })).status).toBe(401);
    expect((await app.findOne({ email: "a@b.c", password: "123456" })).status).toBe(401);
  } finally {
    await app.close();
  }
});
