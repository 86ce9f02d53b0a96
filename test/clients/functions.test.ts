/** realm-web calls the functions of an app, and logs in with their help. */
import { App, BSON, Credentials, getEnvironment, type User } from "realm-web";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Sample } from "../support/app-samples.ts";
import {
  type ClientServer,
  clientApp,
  dropDatabase,
  sourcesHere,
  startClientServer,
} from "../support/client-app.ts";

const sources: Readonly<Record<string, string>> = {
  sum: "exports = (a, b) => a + b;",
  echo: "exports = (...values) => values;",
  nothing: "exports = () => {};",
  fails: "exports = () => { throw new Error('no such luck'); };",
  hidden: "exports = () => 'secret';",
  guarded: "exports = () => 'only for Ada';",
  whoami:
    "exports = () => ({ id: context.user.id, type: context.user.type, data: context.user.data, custom: context.user.custom_data });",
  stock: `exports = async (name) => {
    const items = context.services.get("mongodb-atlas").db("DATABASE").collection("stock");
    await items.insertOne({ name, owner: context.user.id });
    return items.count({ name });
  };`,
  logIn: `exports = ({ name, magic }) => {
    if (magic !== "sesame") throw new Error("wrong word");
    return { id: "fn-" + name, name };
  };`,
  confirm: `exports = ({ token, tokenId, username }) =>
    ({ status: username.startsWith("good") ? "success" : username.startsWith("later") ? "pending" : "fail" });`,
  reset: `exports = ({ username, password, currentPasswordValid }, answer) =>
    ({ status: answer === "blue" ? "success" : "fail" });`,
  welcome: `exports = async (user) => {
    if ((user.data.email || "").startsWith("good-but-unwelcome")) throw new Error("go away");
    await context.services.get("mongodb-atlas").db("DATABASE").collection("people")
      .insertOne({ userId: user.id, level: 7 });
  };`,
};

const settings: Readonly<Record<string, object>> = {
  hidden: { private: true },
  guarded: { can_evaluate: { "%%user.data.name": "Ada" } },
  welcome: { run_as_system: true },
};

function appIn(database: string): Sample {
  return {
    ...clientApp,
    "auth/providers.json": {
      "anon-user": { name: "anon-user", type: "anon-user" },
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
      },
      "custom-function": {
        name: "custom-function",
        type: "custom-function",
        config: { authFunctionName: "logIn" },
      },
    },
    "auth/custom_user_data.json": {
      enabled: true,
      mongo_service_name: "mongodb-atlas",
      database_name: database,
      collection_name: "people",
      user_id_field: "userId",
      on_user_creation_function_name: "welcome",
    },
    "functions/config.json": Object.keys(sources).map((name) => ({
      name,
      private: false,
      ...settings[name],
    })),
    ...Object.fromEntries(
      Object.entries(sources).map(([name, source]) => [
        `functions/${name}.js`,
        source.replaceAll("DATABASE", database),
      ]),
    ),
  };
}

describe.for(sourcesHere())("functions on %s", (source) => {
  let server: ClientServer;
  const database = `e_functions_${source}_${process.pid}`;
  beforeAll(async () => {
    server = await startClientServer(source, appIn(database));
  });
  afterAll(async () => {
    await server.close();
    if (source === "mongodb") await dropDatabase(database);
  });
  const openApp = (): App => {
    getEnvironment().defaultStorage.clear();
    return new App({ id: server.appId, baseUrl: server.url });
  };

  describe("called", () => {
    let user: User;
    beforeAll(async () => {
      user = await openApp().logIn(Credentials.anonymous());
    });

    test("a function gets its arguments and gives its result", async () => {
      expect(await user.functions["sum"]?.(1, 2)).toBe(3);
      expect(await user.callFunction("nothing")).toBeNull();
    });

    test("values of every kind go there and back", async () => {
      const values = [
        { a: [1, "two", null, { b: true }] },
        new Date("2026-01-02T03:04:05.678Z"),
        new BSON.ObjectId("0123456789abcdef01234567"),
        1.5,
        "ü €",
      ];
      expect(await user.callFunction("echo", ...values)).toEqual(values);
    });

    test("a function runs as its caller, with the custom data of it", async () => {
      expect(await user.callFunction("whoami")).toEqual({
        id: user.id,
        type: "normal",
        data: {},
        custom: expect.objectContaining({ userId: user.id, level: 7 }),
      });
      expect(user.customData).toMatchObject({ userId: user.id, level: 7 });
    });

    test("a function reaches the data source", async () => {
      expect(await user.callFunction("stock", "apple")).toBe(1);
      expect(await user.callFunction("stock", "apple")).toBe(2);
    });

    test.for<[title: string, name: string, error: object]>([
      [
        "one that throws",
        "fails",
        { statusCode: 400, errorCode: "FunctionExecutionError", error: "no such luck" },
      ],
      ["one that is private", "hidden", { statusCode: 404, errorCode: "FunctionNotFound" }],
      ["one that there is not", "constructor", { statusCode: 404, errorCode: "FunctionNotFound" }],
      [
        "one that is not for this user",
        "guarded",
        { errorCode: "FunctionExecutionError", error: 'rule not matched for function "guarded"' },
      ],
    ])("%s says so", async ([, name, error]) => {
      await expect(user.callFunction(name)).rejects.toMatchObject(error);
    });

    test("a function may be streamed", async () => {
      const stream = await user.functions.callFunctionStreaming("echo", "50 %\n");
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString()).toBe('data: ["50 %25\\n"]\n\n');
    });
  });

  describe("as a way in", () => {
    test("a function of the app logs in, and says who it is", async () => {
      const payload = { name: "Ada", magic: "sesame" };
      const user = await openApp().logIn(Credentials.function(payload));
      await user.refreshProfile();
      expect(user.identities).toMatchObject([{ id: "fn-Ada", providerType: "custom-function" }]);
      expect(user.profile).toMatchObject({ name: "Ada" });
      expect(await user.callFunction("guarded")).toBe("only for Ada");
      expect((await openApp().logIn(Credentials.function(payload))).id).toBe(user.id);
    });

    test("a function that throws lets nobody in, and tells nobody why", async () => {
      await expect(
        openApp().logIn(Credentials.function({ name: "Eve", magic: "guess" })),
      ).rejects.toMatchObject({ statusCode: 401, error: "unauthorized" });
    });

    test("a confirmation function decides", async () => {
      const app = openApp();
      const password = "correct horse";
      await app.emailPasswordAuth.registerUser({ email: "good@example.org", password });
      await app.logIn(Credentials.emailPassword("good@example.org", password));
      await app.emailPasswordAuth.registerUser({ email: "later@example.org", password });
      await expect(
        app.logIn(Credentials.emailPassword("later@example.org", password)),
      ).rejects.toMatchObject({ statusCode: 401 });
      await app.emailPasswordAuth.retryCustomConfirmation({ email: "later@example.org" });
      await expect(
        app.emailPasswordAuth.registerUser({ email: "bad@example.org", password }),
      ).rejects.toMatchObject({
        statusCode: 400,
        error: 'failed to confirm user "bad@example.org"',
      });
    });

    test("a reset function decides", async () => {
      const app = openApp();
      const email = "good-reset@example.org";
      await app.emailPasswordAuth.registerUser({ email, password: "old password" });
      await expect(
        app.emailPasswordAuth.callResetPasswordFunction({ email, password: "new password" }, "red"),
      ).rejects.toMatchObject({
        statusCode: 400,
        error: `failed to reset password for user "${email}"`,
      });
      await app.emailPasswordAuth.callResetPasswordFunction(
        { email, password: "new password" },
        "blue",
      );
      await app.logIn(Credentials.emailPassword(email, "new password"));
    });

    test("a creation function that throws makes no user", async () => {
      const app = openApp();
      const email = "good-but-unwelcome@example.org";
      await app.emailPasswordAuth.registerUser({ email, password: "correct horse" });
      await expect(
        app.logIn(Credentials.emailPassword(email, "correct horse")),
      ).rejects.toMatchObject({ statusCode: 401, error: "unauthorized" });
    });
  });
});
