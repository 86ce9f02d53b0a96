import { describeRows, type Rows } from "../support/on-sources.ts";

const link = '"link":"HOST/console/logs?co_id=*"';
const none = { apiKey: undefined };
const noEndpoint = '{"error":"no matching endpoint found"}';
const found = { status: 200, answer: '{"document":null}' };

const rows: Rows = [
  [
    "an unknown App ID is named",
    {
      to: "/app/nix-abcde/endpoint/data/v1/action/find",
      status: 404,
      answer: `{"error":"cannot find app using Client App ID 'nix-abcde'"}`,
    },
  ],
  [
    "an unknown action is no endpoint",
    { to: "listCollections", body: {}, status: 404, answer: noEndpoint },
  ],
  ["the case of an action matters", { to: "findone", body: {}, status: 404, answer: noEndpoint }],
  [
    "a name that every object has is no action",
    { to: "constructor", body: {}, status: 404, answer: noEndpoint },
  ],
  [
    "an unknown version is no endpoint",
    { to: "/app/data-tests/endpoint/data/v2/action/find", status: 404, answer: noEndpoint },
  ],
  ["GET is no endpoint", { method: "GET", to: "find", status: 404, answer: noEndpoint }],
  ["PUT is no endpoint", { method: "PUT", to: "find", body: {}, status: 404, answer: noEndpoint }],
  ["HEAD is no endpoint", { method: "HEAD", to: "find", status: 404 }],
  [
    "a route of an app that is not there",
    { to: "/app/data-tests/endpoint/hello", status: 404, answer: noEndpoint },
  ],
  [
    "beta has the same actions",
    { to: "/app/data-tests/endpoint/data/beta/action/findOne", body: {}, ...found },
  ],
  ["a slash at the end is nothing", { to: "findOne/", body: {}, ...found }],
  [
    "doubled slashes are nothing",
    { to: `//app//data-tests/endpoint/data/v1//action/findOne`, body: {}, ...found },
  ],
  ["a query is nothing to an action", { to: "findOne?x=1", body: {}, ...found }],
  [
    "an unknown path answers JSON",
    {
      method: "GET",
      to: "/nix",
      status: 404,
      answer: `{"error":"not found","error_code":"NotFound",${link}}`,
    },
  ],
  [
    "the root leads to the console",
    { method: "GET", to: "/", status: 302, answerHeaders: { location: "./console/" } },
  ],
  [
    "healthz tells that it lives",
    { method: "GET", to: "/healthz", headers: none, status: 200, answer: '{"status":"ok"}' },
  ],
  [
    "readyz tells that it serves",
    { method: "GET", to: "/readyz", headers: none, status: 200, answer: '{"status":"ready"}' },
  ],
  [
    "openapi.json lists the actions",
    {
      method: "GET",
      to: "/app/data-tests/endpoint/data/v1/openapi.json",
      headers: none,
      status: 200,
      contains: ['"openapi":"3.1.0"', '"/action/insertMany"'],
    },
  ],
];

describeRows("routes", rows, () => ({}));
