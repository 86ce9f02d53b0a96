/** Providers and custom user data, as administrators change them: each change is a deployment. */
import { hash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startUsersApp, type UsersApp } from "../support/users-app.ts";

let app: UsersApp;
beforeAll(async () => {
  app = await startUsersApp();
});
afterAll(async () => {
  await app.close();
});

interface ProviderRow {
  readonly _id: string;
  readonly type: string;
  readonly disabled: boolean;
}
const path = "{A}/auth_providers";

async function idOf(type: string): Promise<string> {
  const { body } = await app.admin<readonly ProviderRow[]>("GET", path);
  return body.find((each) => each.type === type)?._id ?? "";
}

test("providers are listed, made, changed, switched and deleted", async () => {
  expect((await app.admin("GET", path)).body).toMatchObject([
    { name: "anon-user", type: "anon-user", disabled: false },
    { type: "api-key" },
    { type: "local-userpass" },
  ]);
  const made = await app.admin<ProviderRow>("POST", path, {
    name: "custom-function",
    type: "custom-function",
    config: { authFunctionName: "" },
    disabled: true,
  });
  expect(made).toMatchObject({ status: 201, body: { type: "custom-function", disabled: true } });
  expect((await app.admin("GET", `${path}/${made.body._id}`)).body).toMatchObject({
    config: { authFunctionName: "" },
  });
  expect(await app.admin("POST", path, { type: "custom-function" })).toMatchObject({
    status: 409,
    body: { error_code: "AuthProviderAlreadyExists" },
  });
  expect(await app.admin("PUT", `${path}/${made.body._id}/enable`)).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining("authFunctionName") },
  });
  expect((await app.admin("DELETE", `${path}/${made.body._id}`)).status).toBe(204);
  expect(await app.admin("GET", `${path}/${made.body._id}`)).toMatchObject({
    status: 404,
    body: { error_code: "AuthProviderNotFound" },
  });
});

test("a provider that is switched off refuses at once", async () => {
  const id = await idOf("anon-user");
  expect((await app.admin("PUT", `${path}/${id}/disable`)).status).toBe(204);
  const login = "APP/auth/providers/anon-user/login";
  expect((await app.client("POST", login, {})).status).toBe(404);
  expect((await app.admin("PATCH", `${path}/${id}`, { disabled: false })).status).toBe(204);
  expect((await app.client("POST", login, {})).status).toBe(200);
});

test.for<[title: string, body: object]>([
  ["an unknown type", { type: "magic" }],
  ["no type", { disabled: false }],
  ["a typo", { type: "custom-function", configuration: {} }],
  ["a number", { type: 1 }],
])("%s makes no provider", async ([, body]) => {
  expect((await app.admin("POST", path, body)).status).toBe(400);
});

test("custom user data is read and changed, and is in the next token", async () => {
  const where = "{A}/custom_user_data";
  expect((await app.admin("GET", where)).body).toMatchObject({ enabled: false });
  const config = {
    enabled: true,
    mongo_service_name: "mongodb-atlas",
    database_name: "app",
    collection_name: "people",
    user_id_field: "owner",
  };
  expect((await app.admin("PATCH", where, config)).status).toBe(204);
  const { body } = await app.admin<typeof config & { mongo_service_id: string }>("GET", where);
  expect(body).toMatchObject(config);
  expect(body.mongo_service_id).toBe(hash("sha256", "service\0mongodb-atlas", "hex").slice(0, 24));
  const session = await app.logIn("anon-user", {});
  await fetch(`${app.server.actions}/insertOne`, {
    method: "POST",
    headers: { apiKey: app.server.apiKey, "Content-Type": "application/json" },
    body: JSON.stringify({
      dataSource: "mongodb-atlas",
      database: "app",
      collection: "people",
      document: { owner: session.user_id, color: "red", n: { $numberLong: "5" } },
    }),
  });
  const renewed = await app.client("POST", "/auth/session", undefined, session.refresh_token);
  const { access_token: token } = JSON.parse(renewed.body) as { readonly access_token: string };
  const claims = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  expect(JSON.parse(claims)).toMatchObject({
    user_data: { owner: session.user_id, color: "red", n: 5 },
  });
  expect(await app.admin("PATCH", where, { mongo_service_name: "nowhere" })).toMatchObject({
    status: 400,
  });
});
