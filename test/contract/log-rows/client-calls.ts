/** Entries of the client API, and of what administrators try out. */
import {
  called,
  device,
  fromDevice,
  id,
  metrics,
  tally,
  text,
} from "../../support/log-expected.ts";
import type { LogRow } from "../../support/log-stage.ts";

export const clientCalls: readonly LogRow[] = [
  [
    "a function",
    async (s) =>
      s.client(
        "POST",
        "APP/functions/call",
        { name: "greet", arguments: ["Ann"] },
        s.member.access_token,
      ),
    "FUNCTION",
    200,
    (s) => ({
      user_id: s.member.user_id,
      ...called("greet", ["Ann"]),
      function_id: id,
      messages: ["hello Ann"],
    }),
  ],
  [
    "a function that reads under rules",
    async (s) =>
      s.client("POST", "APP/functions/call", { name: "pets", arguments: [] }, s.guest.access_token),
    "FUNCTION",
    200,
    (s) => ({
      user_id: s.guest.user_id,
      ...called("pets", []),
      function_id: id,
      ...metrics({ guest: tally(2, 7, 1) }),
    }),
  ],
  [
    "a function as a stream",
    async (s) => {
      const call = { name: "pets", arguments: [] };
      const encoded = Buffer.from(JSON.stringify(call)).toString("base64url");
      const to = `APP/functions/call?baas_request=${encoded}`;
      return s.client("GET", to, undefined, s.member.access_token);
    },
    "STREAM_FUNCTION",
    200,
    (s) => ({ user_id: s.member.user_id, ...called("pets", []), function_id: id }),
  ],
  [
    "a function without a token",
    async (s) => s.client("POST", "APP/functions/call", { name: "greet", arguments: [] }),
    "FUNCTION",
    401,
    () => ({ error: "must authenticate first", error_code: "InvalidSession" }),
  ],
  [
    "an operation on a data source",
    async (s) => {
      const argument = { database: "shop", collection: "pets", query: { shown: true } };
      const call = { name: "find", service: "mongodb-atlas", arguments: [argument] };
      return s.client("POST", "APP/functions/call", call, s.guest.access_token);
    },
    "SERVICE_FUNCTION",
    200,
    (s) => ({
      user_id: s.guest.user_id,
      ...called(
        "find",
        [{ database: "shop", collection: "pets", query: { shown: true } }],
        "mongodb-atlas",
      ),
      service_id: id,
      ...metrics({ guest: tally(2, 7, 1) }),
    }),
  ],
  [
    "a write on a data source, without what is written",
    async (s) => {
      const document = { _id: { $numberInt: "10" }, name: "Zoe" };
      const argument = { database: "shop", collection: "pets", document };
      const call = { name: "insertOne", service: "mongodb-atlas", arguments: [argument] };
      return s.client("POST", "APP/functions/call", call, s.member.access_token);
    },
    "SERVICE_FUNCTION",
    200,
    (s) => ({
      user_id: s.member.user_id,
      ...called("insertOne", [{ database: "shop", collection: "pets" }], "mongodb-atlas"),
      service_id: id,
      ...metrics({ staff: tally(1) }),
    }),
  ],
  [
    "a login",
    async (s) => s.client("POST", "APP/auth/providers/anon-user/login", { options: { device } }),
    "AUTH",
    200,
    () => ({
      user_id: id,
      auth_event: { type: "login", provider: "anon-user", failed: false },
      ...fromDevice,
    }),
  ],
  [
    "a login that fails",
    async (s) =>
      s.client("POST", "APP/auth/providers/local-userpass/login", {
        username: s.email,
        password: "not the password",
        options: { device: { ...device, sdk: "Realm Swift" } },
      }),
    "AUTH",
    401,
    () => ({
      auth_event: { type: "login", provider: "local-userpass", failed: true },
      ...fromDevice,
      sdk_name: "Realm Swift",
      error: "unauthorized (wrong password)",
      error_code: "InvalidPassword",
      auth_failure: text,
    }),
  ],
  [
    "a registration",
    async (s) =>
      s.client("POST", "APP/auth/providers/local-userpass/register", {
        email: "new@example.com",
        password: "a long password",
      }),
    "AUTH",
    201,
    () => ({ auth_event: { type: "register", provider: "local-userpass", failed: false } }),
  ],
  [
    "a login by a function",
    async (s) => s.client("POST", "APP/auth/providers/custom-function/login", { id: "joe" }),
    "AUTH",
    200,
    () => ({
      user_id: id,
      auth_event: { type: "login", provider: "custom-function", failed: false },
      messages: ["somebody comes"],
    }),
  ],
  [
    "a login that a function refuses",
    async (s) => s.client("POST", "APP/auth/providers/custom-function/login", { id: "no" }),
    "AUTH",
    401,
    () => ({
      auth_event: { type: "login", provider: "custom-function", failed: true },
      messages: ["somebody comes"],
      error: "unauthorized (the authentication function failed)",
      error_code: "AuthError",
      auth_failure: "the authentication function failed",
    }),
  ],
  [
    "a user's key",
    async (s) => s.client("POST", "/auth/api_keys", { name: "phone" }, s.member.refresh_token),
    "API_KEY",
    201,
    (s) => ({ user_id: s.member.user_id }),
  ],
  [
    "a profile",
    async (s) => s.client("GET", "/auth/profile", undefined, s.member.access_token),
    "API",
    200,
    (s) => ({ user_id: s.member.user_id }),
  ],
  [
    "the end of a session",
    async (s) => {
      const session = await s.app.logIn("anon-user", {});
      return s.client("DELETE", "/auth/session", undefined, session.refresh_token);
    },
    "AUTH",
    204,
    () => ({
      user_id: id,
      auth_event: { type: "logout", provider: "anon-user", failed: false },
    }),
  ],
  [
    "the end of an account",
    async (s) => {
      const session = await s.app.logIn("anon-user", {});
      return s.client("DELETE", "/auth/delete", undefined, session.access_token);
    },
    "AUTH",
    204,
    () => ({
      user_id: id,
      auth_event: { type: "delete", provider: "anon-user", failed: false },
    }),
  ],
  [
    "a function that an administrator runs",
    async (s) => {
      const answer = await s.app.admin(
        "POST",
        `{A}/debug/execute_function?user_id=${s.guest.user_id}`,
        { name: "pets", arguments: [] },
      );
      return answer.headers.get("x-request-id") ?? "";
    },
    "FUNCTION",
    200,
    (s) => ({
      user_id: s.guest.user_id,
      ...called("pets", null),
      function_id: id,
      ...metrics({ guest: tally(2, 7, 1) }),
      platform: "node",
      platform_version: "",
    }),
  ],
];
