import type { IncomingHttpHeaders } from "node:http";
import { expect, test } from "vitest";
import { type Credentials, readCredentials } from "./credentials.ts";

test.for<[title: string, headers: IncomingHttpHeaders, credentials: Credentials]>([
  ["nothing", {}, { kind: "none" }],
  ["a bearer token", { authorization: "Bearer a.b.c" }, { kind: "bearer", token: "a.b.c" }],
  ["any case of the scheme", { authorization: "bearer  t" }, { kind: "bearer", token: "t" }],
  ["an empty token, which is one", { authorization: "Bearer" }, { kind: "bearer", token: "" }],
  ["another scheme, which is none", { authorization: "Basic x" }, { kind: "none" }],
  ["api-key", { "api-key": "k" }, { kind: "apiKey", key: "k" }],
  ["apiKey", { apikey: "k" }, { kind: "apiKey", key: "k" }],
  ["an empty key, which is none", { apikey: "" }, { kind: "none" }],
  ["a pair", { email: "a", password: "p" }, { kind: "password", email: "a", password: "p" }],
  ["half a pair", { email: "a" }, { kind: "incomplete" }],
  ["the other half", { password: "p" }, { kind: "incomplete" }],
  ["a JWT", { jwttokenstring: "a.b.c" }, { kind: "jwt", token: "a.b.c" }],
  [
    "a token before all others",
    { authorization: "Bearer t", apikey: "k", email: "a", password: "p" },
    { kind: "bearer", token: "t" },
  ],
  [
    "a pair before a key before a JWT",
    { apikey: "k", email: "a", password: "p", jwttokenstring: "j" },
    { kind: "password", email: "a", password: "p" },
  ],
  ["a key before a JWT", { apikey: "k", jwttokenstring: "j" }, { kind: "apiKey", key: "k" }],
])("credentials: %s", ([, headers, credentials]) => {
  expect(readCredentials(headers)).toEqual(credentials);
});
