/** The original's client for browsers, unmodified: its users, on each data source. */
import { SignJWT } from "jose";
import { App, Credentials, getEnvironment, MongoDBRealmError, type User } from "realm-web";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import {
  type ClientServer,
  jwtSecret,
  sourcesHere,
  startClientServer,
} from "../support/client-app.ts";

interface Document {
  readonly _id: unknown;
  readonly [name: string]: unknown;
}

let count = 0;
const newEmail = (): string => `person-${(count += 1)}@example.org`;

describe.for(sourcesHere())("realm-web: users on %s", (source) => {
  let server: ClientServer;
  let app: App;

  beforeAll(async () => {
    server = await startClientServer(source);
  });
  afterAll(async () => {
    await server.close();
  });
  /** As on a new device: realm-web remembers who was logged in. */
  const openApp = (): App => {
    getEnvironment().defaultStorage.clear();
    app = new App({ id: server.appId, baseUrl: server.url });
    return app;
  };

  const proofIn = async (email: string): Promise<{ token: string; tokenId: string }> => {
    const mail = (await server.mails()).findLast((each) => each.includes(`To: ${email}`)) ?? "";
    const [link = ""] = /https:\/\/\S+/.exec(mail) ?? [];
    const { searchParams } = new URL(link);
    return {
      token: searchParams.get("token") ?? "",
      tokenId: searchParams.get("tokenId") ?? "",
    };
  };

  const registerAndLogIn = async (password = "correct horse"): Promise<[User, string]> => {
    const email = newEmail();
    await openApp().emailPasswordAuth.registerUser({ email, password });
    await app.emailPasswordAuth.confirmUser(await proofIn(email));
    return [await app.logIn(Credentials.emailPassword(email, password)), email];
  };

  test("an anonymous user logs in and has a profile", async () => {
    const user = await openApp().logIn(Credentials.anonymous());
    await user.refreshProfile();
    expect(user.id).toMatch(/^[0-9a-f]{24}$/);
    expect(user.deviceId).toMatch(/^[0-9a-f]{24}$/);
    expect(user.isLoggedIn).toBe(true);
    expect(user.profile).toEqual({});
    expect(user.identities).toEqual([
      { id: expect.stringMatching(/^[0-9a-f]{24}-[a-z]{24}$/), providerType: "anon-user" },
    ]);
    expect(user.customData).toEqual({});
  });

  test("a user registers, confirms, and logs in", async () => {
    const email = newEmail();
    const account = { email, password: "correct horse" };
    openApp();
    await app.emailPasswordAuth.registerUser(account);
    const credentials = Credentials.emailPassword(email, account.password);
    await expect(app.logIn(credentials)).rejects.toMatchObject({
      statusCode: 401,
      error: "unauthorized",
      errorCode: "AuthError",
    });
    const first = await proofIn(email);
    await app.emailPasswordAuth.resendConfirmationEmail({ email });
    await app.emailPasswordAuth.confirmUser(await proofIn(email));
    const user = await app.logIn(credentials);
    await user.refreshProfile();
    expect(user.profile).toEqual({ email });
    expect(user.identities).toMatchObject([{ providerType: "local-userpass" }]);
    await expect(app.emailPasswordAuth.confirmUser(first)).rejects.toThrow(MongoDBRealmError);
  });

  test("a user sets a new password by mail", async () => {
    const [user, email] = await registerAndLogIn("old password");
    await app.emailPasswordAuth.sendResetPasswordEmail({ email });
    const proof = await proofIn(email);
    await app.emailPasswordAuth.resetPassword({ ...proof, password: "new password" });
    await expect(app.logIn(Credentials.emailPassword(email, "old password"))).rejects.toMatchObject(
      { statusCode: 401, errorCode: "InvalidPassword" },
    );
    const again = await app.logIn(Credentials.emailPassword(email, "new password"));
    expect(again.id).toBe(user.id);
  });

  test("a user makes, reads, switches and deletes keys of its own", async () => {
    const [user] = await registerAndLogIn();
    const made = (await user.apiKeys.create("first")) as unknown as Document;
    expect(made).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/),
      key: expect.stringMatching(/^[A-Za-z0-9]{64}$/),
      name: "first",
      disabled: false,
    });
    const { _id: id, key } = made as { _id: string; key: string };
    const shown = { _id: id, name: "first", disabled: false };
    expect(await user.apiKeys.fetch(id)).toEqual(shown);
    expect(await user.apiKeys.fetchAll()).toEqual([shown]);
    const byKey = await new App({ id: server.appId, baseUrl: server.url }).logIn(
      Credentials.apiKey(key),
    );
    expect(byKey.id).toBe(user.id);

    await user.apiKeys.disable(id);
    expect(await user.apiKeys.fetch(id)).toEqual({ ...shown, disabled: true });
    await expect(app.logIn(Credentials.apiKey(key))).rejects.toMatchObject({ statusCode: 401 });
    await user.apiKeys.enable(id);
    await app.logIn(Credentials.apiKey(key));
    await user.apiKeys.delete(id);
    await expect(user.apiKeys.fetch(id)).rejects.toMatchObject({ statusCode: 404 });
    await expect(app.logIn(Credentials.apiKey(key))).rejects.toMatchObject({ statusCode: 401 });
  });

  test("a server API key logs in as a user of type server", async () => {
    const user = await openApp().logIn(Credentials.apiKey(server.apiKey));
    await user.refreshProfile();
    expect(user.identities).toMatchObject([{ providerType: "api-key" }]);
    expect(user.profile).toMatchObject({ name: "PETIOLE_API_KEY" });
  });

  test("a token of the app's own server logs in", async () => {
    const token = await new SignJWT({ profile: { name: "Ada" } })
      .setProtectedHeader({ alg: "HS256" })
      .setSubject("ada-1")
      .setAudience("shop")
      .setExpirationTime("1h")
      .sign(Buffer.from(jwtSecret));
    const user = await openApp().logIn(Credentials.jwt(token));
    await user.refreshProfile();
    expect(user.profile).toEqual({ name: "Ada" });
    expect(user.identities).toEqual([{ id: "ada-1", providerType: "custom-token" }]);
    expect((await app.logIn(Credentials.jwt(token))).id).toBe(user.id);
    await expect(app.logIn(Credentials.jwt(`${token}x`))).rejects.toMatchObject({
      statusCode: 401,
      error: "unauthorized",
    });
  });

  test("an anonymous user links an account and stays the same user", async () => {
    const email = newEmail();
    const password = "correct horse";
    const user = await openApp().logIn(Credentials.anonymous());
    await app.emailPasswordAuth.registerUser({ email, password });
    await app.emailPasswordAuth.confirmUser(await proofIn(email));
    await user.linkCredentials(Credentials.emailPassword(email, password));
    expect(user.identities.map(({ providerType }) => providerType)).toEqual([
      "anon-user",
      "local-userpass",
    ]);
    expect(user.profile).toEqual({ email });
    const again = await app.logIn(Credentials.emailPassword(email, password));
    expect(again.id).toBe(user.id);
  });

  test("a link that fails ends, and leaves the user logged in", async () => {
    const user = await openApp().logIn(Credentials.anonymous());
    await expect(
      user.linkCredentials(Credentials.emailPassword("nobody@example.org", "wrong password")),
    ).rejects.toMatchObject({ statusCode: 401 });
    expect(user.isLoggedIn).toBe(true);
  });

  test("an identity of another user can not be linked", async () => {
    const [, email] = await registerAndLogIn("correct horse");
    const user = await app.logIn(Credentials.anonymous());
    await expect(
      user.linkCredentials(Credentials.emailPassword(email, "correct horse")),
    ).rejects.toMatchObject({ statusCode: 401 });
  });

  describe("with the clock in hand", () => {
    let early: ClientServer;
    beforeAll(async () => {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
      early = await startClientServer(source);
    });
    afterEach(() => {
      vi.setSystemTime(Date.now());
    });
    afterAll(async () => {
      vi.useRealTimers();
      await early.close();
    });

    test("an access token that has expired is renewed on the way", async () => {
      getEnvironment().defaultStorage.clear();
      const user = await new App({ id: early.appId, baseUrl: early.url }).logIn(
        Credentials.anonymous(),
      );
      const { accessToken } = user;
      vi.setSystemTime(Date.now() + 31 * 60_000);
      const items = user.mongoClient("mongodb-atlas").db(early.database).collection("expired");
      expect(await items.count()).toBe(0);
      expect(user.accessToken).not.toBe(accessToken);
    });
  });

  test("a token that is none is renewed on the way, too", async () => {
    const user = await openApp().logIn(Credentials.anonymous());
    (user as { accessToken: string }).accessToken = "nix";
    await user.refreshProfile();
    expect(user.accessToken).not.toBe("nix");
  });

  test("who has logged out can not go on", async () => {
    const [user, email] = await registerAndLogIn();
    const { accessToken, refreshToken } = user;
    await user.logOut();
    expect(user.isLoggedIn).toBe(false);
    Object.assign(user, { accessToken, refreshToken });
    await expect(user.refreshProfile()).rejects.toMatchObject({ statusCode: 401 });
    expect(user.accessToken).toBeNull();
    expect((await app.logIn(Credentials.emailPassword(email, "correct horse"))).id).toBe(user.id);
  });

  test("who is deleted is gone", async () => {
    const [user, email] = await registerAndLogIn();
    await app.deleteUser(user);
    await expect(
      app.logIn(Credentials.emailPassword(email, "correct horse")),
    ).rejects.toMatchObject({ statusCode: 401 });
    await app.emailPasswordAuth.registerUser({ email, password: "correct horse" });
  });

  test("a provider that is off lets nobody in", async () => {
    await expect(openApp().logIn(Credentials.function({ a: 1 }))).rejects.toMatchObject({
      statusCode: 404,
      errorCode: "AuthProviderNotFound",
    });
  });

  test("an app that is not there has no place", async () => {
    const nowhere = new App({ id: "nix-abcde", baseUrl: server.url });
    await expect(nowhere.logIn(Credentials.anonymous())).rejects.toThrow("cannot find app");
  });
});
