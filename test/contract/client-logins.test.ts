/** The client API over the wire. Logging in, and what is needed before it. */
import { clientApp } from "../support/client-app.ts";
import {
  asUser,
  clientApi,
  clientAppPath,
  type ClientRow,
  describeClientRows,
  failure,
  jsonHeaders,
  noHeaders,
  providersPath,
} from "../support/client-rows.ts";

const noApp = `{"error":"cannot find app using Client App ID 'nix'"}`;
const noToken = failure("must authenticate first", "InvalidSession");
const places: readonly ClientRow[] = [
  [
    "location says where the app is",
    {
      method: "GET",
      to: `${clientAppPath}/location`,
      headers: noHeaders,
      status: 200,
      contains: [
        '"deployment_model":"GLOBAL"',
        '"location":"US-VA"',
        '"hostname":"http://',
        '"ws_hostname":"ws://',
      ],
      answerHeaders: jsonHeaders,
    },
  ],
  [
    "location of an app that there is not",
    {
      method: "GET",
      to: `${clientApi}/app/nix/location`,
      headers: noHeaders,
      status: 404,
      answer: noApp,
    },
  ],
  [
    "a login to an app that there is not",
    {
      to: `${clientApi}/app/nix/auth/providers/anon-user/login`,
      headers: noHeaders,
      status: 404,
      answer: noApp,
    },
  ],
  [
    "a path that there is not",
    {
      method: "GET",
      to: `${clientAppPath}/nix`,
      headers: noHeaders,
      status: 404,
      answer: failure("not found", "NotFound"),
    },
  ],
  [
    "a method that there is not",
    {
      method: "PUT",
      to: `${clientAppPath}/location`,
      headers: noHeaders,
      status: 404,
      contains: ["NotFound"],
    },
  ],
  [
    "a slash at the end is nothing",
    { method: "GET", to: `${clientAppPath}/location/`, headers: noHeaders, status: 200 },
  ],
];

const logins: readonly ClientRow[] = [
  [
    "an anonymous login needs no body",
    {
      to: `${providersPath}/anon-user/login`,
      headers: noHeaders,
      status: 200,
      contains: [
        '{"access_token":"',
        '"refresh_token":"',
        '"user_id":"',
        '"device_id":"000000000000000000000000"',
      ],
      answerHeaders: jsonHeaders,
    },
  ],
  [
    "a device gets an id",
    {
      to: `${providersPath}/anon-user/login`,
      headers: noHeaders,
      body: '{"options":{"device":{"platform":"tests"}}}',
      status: 200,
      hides: ["000000000000000000000000"],
    },
  ],
  [
    "a body that is no JSON",
    {
      to: `${providersPath}/anon-user/login`,
      headers: noHeaders,
      body: '{"a":',
      status: 400,
      contains: ['"error_code":"InvalidParameter"'],
    },
  ],
  [
    "a body that is a list",
    { to: `${providersPath}/anon-user/login`, headers: noHeaders, body: "[]", status: 400 },
  ],
  [
    "a device that is a text",
    {
      to: `${providersPath}/anon-user/login`,
      headers: noHeaders,
      body: '{"options":{"device":"phone"}}',
      status: 400,
      contains: ["device"],
    },
  ],
  [
    "a body of form fields is no JSON",
    {
      to: `${providersPath}/local-userpass/login`,
      headers: { ...noHeaders, "Content-Type": "application/x-www-form-urlencoded" },
      body: "username=a&password=b",
      status: 400,
    },
  ],
  [
    "a wrong password",
    {
      to: `${providersPath}/local-userpass/login`,
      headers: noHeaders,
      body: '{"username":"nobody@example.org","password":"secret1"}',
      status: 401,
      answer: failure("unauthorized", "InvalidPassword"),
      hides: ["secret1", "nobody"],
    },
  ],
  [
    "a wrong key",
    {
      to: `${providersPath}/api-key/login`,
      headers: noHeaders,
      body: '{"key":"nix"}',
      status: 401,
      answer: failure("unauthorized", "AuthError"),
    },
  ],
  ...["custom-function", "oauth2-google", "constructor", "__proto__"].map((name): ClientRow => [
    `the provider ${name}, which is not on`,
    {
      to: `${providersPath}/${name}/login`,
      headers: noHeaders,
      body: "{}",
      status: 404,
      answer: failure(`auth provider not found: '${name}'`, "AuthProviderNotFound"),
    },
  ]),
  [
    "a link without a token",
    {
      to: `${providersPath}/local-userpass/login?link=true`,
      headers: noHeaders,
      body: '{"username":"a@b.c","password":"secret1"}',
      status: 401,
      answer: noToken,
    },
  ],
  [
    "a link with wrong credentials is not answered as an expired session",
    {
      to: `${providersPath}/local-userpass/login?link=true`,
      headers: asUser,
      body: '{"username":"a@b.c","password":"secret1"}',
      status: 401,
      answer: failure("the identity could not be linked: unauthorized", "InvalidPassword"),
    },
  ],
];

describeClientRows("places", clientApp, places);
describeClientRows("logins", clientApp, logins);
