/** The client API over the wire. Accounts, sessions and the keys of users. */
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

const noToken = failure("must authenticate first", "InvalidSession");
/** What the original's client for browsers needs of an answer without a body. */
const empty = { answer: "", answerHeaders: { "content-type": undefined } };
const accounts: readonly ClientRow[] = [
  [
    "registering is answered with nothing",
    {
      to: `${providersPath}/local-userpass/register`,
      headers: noHeaders,
      body: '{"email":"new@example.org","password":"secret1"}',
      status: 201,
      ...empty,
    },
  ],
  [
    "sending the confirmation again is answered with nothing",
    {
      to: `${providersPath}/local-userpass/confirm/send`,
      headers: noHeaders,
      body: '{"email":"new@example.org"}',
      status: 204,
      ...empty,
    },
  ],
  [
    "registering twice",
    {
      to: `${providersPath}/local-userpass/register`,
      headers: noHeaders,
      body: '{"email":"new@example.org","password":"secret1"}',
      status: 409,
      answer: failure("name already in use", "AccountNameInUse"),
    },
  ],
  [
    "registering without a password",
    {
      to: `${providersPath}/local-userpass/register`,
      headers: noHeaders,
      body: '{"email":"other@example.org"}',
      status: 400,
      answer: failure("must provide a 'password' field", "MissingParameter"),
    },
  ],
  [
    "registering with a number for a password",
    {
      to: `${providersPath}/local-userpass/register`,
      headers: noHeaders,
      body: '{"email":"other@example.org","password":123456}',
      status: 400,
      contains: ["InvalidParameter"],
    },
  ],
  [
    "confirming with a proof that is none",
    {
      to: `${providersPath}/local-userpass/confirm`,
      headers: noHeaders,
      body: '{"token":"a","tokenId":"0123456789abcdef01234567"}',
      status: 400,
    },
  ],
  [
    "a reset with arguments that are no list",
    {
      to: `${providersPath}/local-userpass/reset/call`,
      headers: noHeaders,
      body: '{"email":"a@b.c","password":"secret1","arguments":{}}',
      status: 400,
      contains: ["InvalidParameter"],
    },
  ],
];

const sessions: readonly ClientRow[] = [
  [
    "a profile",
    {
      method: "GET",
      to: `${clientApi}/auth/profile`,
      headers: asUser,
      status: 200,
      contains: [
        '"user_id":"',
        '"domain_id":"',
        '"type":"normal"',
        '"data":{}',
        '"provider_type":"anon-user"',
      ],
      answerHeaders: jsonHeaders,
    },
  ],
  [
    "a profile without a token",
    {
      method: "GET",
      to: `${clientApi}/auth/profile`,
      headers: noHeaders,
      status: 401,
      answer: noToken,
    },
  ],
  [
    "a profile with a password",
    {
      method: "GET",
      to: `${clientApi}/auth/profile`,
      headers: { ...noHeaders, Authorization: "Basic YTpi" },
      status: 401,
      answer: noToken,
    },
  ],
  [
    "a profile with an API key",
    { method: "GET", to: `${clientApi}/auth/profile`, headers: { "api-key": "KEY" }, status: 401 },
  ],
  [
    "a profile with a refresh token",
    {
      method: "GET",
      to: `${clientApi}/auth/profile`,
      headers: { ...noHeaders, Authorization: "Bearer REFRESH" },
      status: 401,
      answer: failure("invalid access token: incorrect token type", "InvalidSession"),
    },
  ],
  [
    "a profile with a text for a token",
    {
      method: "GET",
      to: `${clientApi}/auth/profile`,
      headers: { ...noHeaders, Authorization: "Bearer nix" },
      status: 401,
      answer: failure("signing method (alg) is unspecified.", "InvalidSession"),
    },
  ],
  [
    "a new access token",
    {
      to: `${clientApi}/auth/session`,
      headers: { ...noHeaders, Authorization: "Bearer REFRESH" },
      status: 201,
      contains: ['{"access_token":"'],
      hides: ["refresh_token"],
    },
  ],
  [
    "a new access token, by the app's own path",
    {
      to: `${clientAppPath}/auth/session`,
      headers: { ...noHeaders, Authorization: "Bearer REFRESH" },
      status: 201,
    },
  ],
  [
    "a new access token for an access token",
    {
      to: `${clientApi}/auth/session`,
      headers: asUser,
      status: 401,
      answer: failure("invalid refresh token: incorrect token type", "InvalidSession"),
    },
  ],
  [
    "the keys of a user",
    {
      method: "GET",
      to: `${clientApi}/auth/api_keys`,
      headers: { ...noHeaders, Authorization: "Bearer REFRESH" },
      status: 200,
      answer: "[]",
      answerHeaders: jsonHeaders,
    },
  ],
  [
    "the keys of a user are not shown to an access token",
    {
      method: "GET",
      to: `${clientApi}/auth/api_keys`,
      headers: asUser,
      status: 401,
    },
  ],
  [
    "a key that there is not",
    {
      method: "PUT",
      to: `${clientApi}/auth/api_keys/0123456789abcdef01234567/disable`,
      headers: { ...noHeaders, Authorization: "Bearer REFRESH" },
      status: 404,
      contains: ["APIKeyNotFound"],
    },
  ],
  [
    "a key without a name",
    {
      to: `${clientApi}/auth/api_keys`,
      headers: { ...noHeaders, Authorization: "Bearer REFRESH" },
      body: "{}",
      status: 400,
    },
  ],
];

describeClientRows("accounts", clientApp, accounts);
describeClientRows("sessions", clientApp, sessions);
