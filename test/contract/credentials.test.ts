import { describeRows, type Rows } from "../support/on-sources.ts";

const link = '"link":"HOST/console/logs?co_id=*"';
const none = { apiKey: undefined };
const invalidSession = `{"error":"invalid session: error finding user for endpoint","error_code":"InvalidSession",${link}}`;
const found = { status: 200, answer: '{"document":null}' };

const rows: Rows = [
  [
    "without credentials",
    {
      to: "findOne",
      headers: none,
      body: {},
      status: 400,
      answer: `{"error":"no authentication methods were specified","error_code":"InvalidParameter",${link}}`,
    },
  ],
  [
    "an email without a password",
    {
      to: "findOne",
      headers: { ...none, email: "a@b.c" },
      body: {},
      status: 400,
      answer: `{"error":"must specify some form of authentication (either email+password, api-key, or jwt) in the request header or body","error_code":"MissingParameter",${link}}`,
    },
  ],
  [
    "a wrong key",
    {
      to: "findOne",
      headers: { apiKey: "wrong" },
      body: {},
      status: 401,
      answer: invalidSession,
      hides: ["wrong"],
    },
  ],
  [
    "a wrong password",
    {
      to: "findOne",
      headers: { ...none, email: "a@b.c", password: "secret" },
      body: {},
      status: 401,
      answer: invalidSession,
    },
  ],
  [
    "a wrong JWT",
    {
      to: "findOne",
      headers: { ...none, jwtTokenString: "a.b.c" },
      body: {},
      status: 401,
      answer: invalidSession,
    },
  ],
  [
    "a wrong bearer token, whatever else is there",
    {
      to: "findOne",
      headers: { Authorization: "Bearer nix" },
      body: {},
      status: 401,
      answer: invalidSession,
    },
  ],
  [
    "another scheme than Bearer counts for nothing",
    { to: "findOne", headers: { Authorization: "Basic bml4" }, body: {}, ...found },
  ],
  ...["apiKey", "api-key", "Api-Key", "apikey", "API-KEY"].map(
    (name) =>
      [
        `the key as ${name}`,
        { to: "findOne", headers: { ...none, [name]: "KEY" }, body: {}, ...found },
      ] as const,
  ),
];

describeRows("credentials", rows, () => ({}));
