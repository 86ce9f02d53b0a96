import { describeRows, type Rows } from "../support/on-sources.ts";

const link = '"link":"HOST/console/logs?co_id=*"';
const none = { apiKey: undefined };
const found = { status: 200, answer: '{"document":null}' };

const rows: Rows = [
  [
    "a body above the limit",
    {
      to: "findOne",
      body: "x".repeat(1001),
      status: 413,
      answer: `{"error":"the request is larger than 1000 bytes","error_code":"RequestTooLarge",${link}}`,
    },
  ],
  [
    "a body above the limit, without its length",
    {
      to: "findOne",
      headers: { "Transfer-Encoding": "chunked" },
      body: "x".repeat(100_000),
      status: 413,
      contains: ["RequestTooLarge"],
    },
  ],
  [
    "a body at the limit",
    { to: "findOne", body: " ".repeat(1000), status: 400, contains: ["InvalidParameter"] },
  ],
  [
    "a preflight names what may be sent, but no credentials",
    {
      method: "OPTIONS",
      to: "find",
      headers: {
        ...none,
        Origin: "https://a.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers":
          "authorization, content-type, apikey, api-key, email, password, jwttokenstring",
      },
      status: 204,
      answerHeaders: {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "authorization, content-type",
        "access-control-max-age": "86400",
        "access-control-allow-credentials": undefined,
      },
    },
  ],
  [
    "a preflight to an unknown app",
    {
      method: "OPTIONS",
      to: "/app/nix/endpoint/data/v1/action/find",
      headers: { Origin: "https://a.example", "Access-Control-Request-Method": "POST" },
      status: 404,
    },
  ],
  [
    "an answer to a page",
    {
      to: "findOne",
      headers: { Origin: "https://a.example" },
      body: {},
      ...found,
      answerHeaders: { "access-control-allow-origin": "*" },
    },
  ],
  [
    "a failure that a page can read",
    {
      to: "findOne",
      headers: { ...none, Origin: "https://a.example" },
      body: {},
      status: 400,
      answerHeaders: { "access-control-allow-origin": "*" },
    },
  ],
  [
    "a bogus preflight header on the request itself",
    {
      to: "findOne",
      headers: { "Access-Control-Request-Headers": "*" },
      body: {},
      ...found,
      answerHeaders: { "access-control-allow-origin": undefined },
    },
  ],
];

describeRows("admission", rows, () => ({ requestBytesMax: 1000 }));
