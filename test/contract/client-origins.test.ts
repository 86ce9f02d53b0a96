/** The client API over the wire. Which pages may call, and what browsers are told. */
import { clientApp } from "../support/client-app.ts";
import {
  asUser,
  clientApi,
  clientAppPath,
  type ClientRow,
  describeClientRows,
  noHeaders,
  providersPath,
} from "../support/client-rows.ts";

const call = `${clientAppPath}/functions/call`;
const asked = (origin: string, method: string): Readonly<Record<string, string | undefined>> => ({
  ...noHeaders,
  Origin: origin,
  "Access-Control-Request-Method": method,
  "Access-Control-Request-Headers": "authorization, content-type, api-key",
});
const shop = "https://shop.example.org";
const preflighted = {
  "access-control-allow-methods": "DELETE, GET, POST, PUT",
  "access-control-allow-headers": "authorization, content-type",
  "access-control-max-age": "86400",
  "access-control-allow-credentials": undefined,
};

/** With `allowed_request_origins`: the shop alone. */
const origins: readonly ClientRow[] = [
  ...[
    ["GET", `${clientAppPath}/location`],
    ["POST", `${providersPath}/anon-user/login`],
    ["POST", `${providersPath}/local-userpass/register`],
    ["POST", call],
  ].map(([method = "", to = ""]): ClientRow => [
    `a preflight of ${to.slice(clientAppPath.length)} from a page of the app`,
    {
      method: "OPTIONS",
      to,
      headers: asked(shop, method),
      status: 204,
      answerHeaders: { ...preflighted, "access-control-allow-origin": shop, vary: "Origin" },
    },
  ]),
  ...[
    ["POST", `${clientApi}/auth/session`],
    ["GET", `${clientApi}/auth/profile`],
    ["DELETE", `${clientApi}/auth/delete`],
    ["PUT", `${clientApi}/auth/api_keys/0123456789abcdef01234567/enable`],
  ].map(([method = "", to = ""]): ClientRow => [
    `a preflight of ${to.slice(clientApi.length)}, whose app is not known yet`,
    {
      method: "OPTIONS",
      to,
      headers: asked("https://any.example.org", method),
      status: 204,
      answerHeaders: { ...preflighted, "access-control-allow-origin": "*" },
    },
  ]),
  [
    "a preflight from elsewhere",
    {
      method: "OPTIONS",
      to: call,
      headers: asked("https://evil.example.org", "POST"),
      status: 403,
      contains: ["origin not allowed"],
      answerHeaders: { "access-control-allow-origin": undefined },
    },
  ],
  [
    "OPTIONS that asks for nothing",
    {
      method: "OPTIONS",
      to: call,
      headers: noHeaders,
      status: 204,
      answerHeaders: { allow: "DELETE, GET, POST, PUT, OPTIONS" },
    },
  ],
  [
    "a page of the app may read its answer",
    {
      to: `${providersPath}/anon-user/login`,
      headers: { ...noHeaders, Origin: shop },
      status: 200,
      answerHeaders: { "access-control-allow-origin": shop, vary: "Origin" },
    },
  ],
  [
    "a page of the app may read what went wrong",
    {
      to: `${providersPath}/nix/login`,
      headers: { ...noHeaders, Origin: shop },
      status: 404,
      answerHeaders: { "access-control-allow-origin": shop },
    },
  ],
  [
    "a page from elsewhere is refused",
    {
      to: `${providersPath}/anon-user/login`,
      headers: { ...noHeaders, Origin: "https://evil.example.org" },
      status: 403,
      answerHeaders: { "access-control-allow-origin": undefined },
    },
  ],
  [
    "a page from elsewhere is refused with a token, too",
    {
      method: "GET",
      to: `${clientApi}/auth/profile`,
      headers: { ...asUser, Origin: "https://evil.example.org" },
      status: 403,
      hides: ["user_id"],
      answerHeaders: { "access-control-allow-origin": undefined },
    },
  ],
  [
    "a page of the app reads its user's profile",
    {
      method: "GET",
      to: `${clientApi}/auth/profile`,
      headers: { ...asUser, Origin: shop },
      status: 200,
      answerHeaders: { "access-control-allow-origin": shop },
    },
  ],
  [
    "any page hears of an app that there is not",
    {
      method: "GET",
      to: `${clientApi}/app/nix/location`,
      headers: { ...noHeaders, Origin: shop },
      status: 404,
      answerHeaders: { "access-control-allow-origin": "*" },
    },
  ],
];

const restrictedApp = {
  ...clientApp,
  "realm_config.json": {
    config_version: 20210101,
    name: "data",
    app_id: "data-tests",
    security: { allowed_request_origins: [shop] },
  },
};

describeClientRows("origins", restrictedApp, origins);
