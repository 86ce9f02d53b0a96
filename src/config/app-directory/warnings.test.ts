import { expect, test } from "vitest";
import { sampleWith, toFiles, v20210101, v20230101 } from "../../../test/support/app-samples.ts";
import { type Breaking, findProblems } from "../../../test/support/broken-app.ts";
import { readAppDirectory } from "../app-directory.ts";

const endpoint = { route: "/a", http_method: "GET", function_name: "sum" };
const functions = [
  { name: "sum" },
  { name: "auth/confirm" },
  { name: "auth/logIn" },
  { name: "onCreate" },
];
const role = { name: "r", apply_when: {} };

const warnings: readonly Breaking[] = [
  [
    "an unknown field, with the one that was meant",
    { "functions/config.json": [...functions.slice(1), { name: "sum", privat: true }] },
    'functions/config.json:13:19 [3].privat: an unknown field, kept and not used; did you mean "private"?',
  ],
  [
    "a key that comes twice",
    { "values/greeting.json": '{"name": "greeting", "value": 1, "value": {"n": 2}}' },
    'values/greeting.json:1:34: the field "value" comes twice; the last one counts',
  ],
  [
    "a source without an entry",
    { "functions/loose.js": "exports = () => 1;" },
    "functions/loose.js: has no entry in functions/config.json, so clients may call it, as themselves",
  ],
  [
    "an endpoint where the Data API is",
    {
      "http_endpoints/config.json": [
        { route: "/data/v1/action/find", http_method: "POST", function_name: "sum" },
      ],
    },
    "http_endpoints/config.json:3:18 [0].route: is a path of the Data API, which stands before it: the endpoint is never called",
  ],
  [
    "custom resolvers",
    { "graphql/custom_resolvers/a.json": { on_type: "Query" } },
    "graphql: GraphQL is not served: requests to it, and the app's custom resolvers (1), have no answer; kept",
  ],
  [
    "Device Sync",
    { "sync/config.json": { state: "enabled" } },
    "sync/config.json:2:14 state: Device Sync is not served: apps that synchronize can not connect; kept",
  ],
  [
    "hosted files",
    { "hosting/files/index.html": "<p>" },
    "hosting: static hosting is not served: serve these files (1) with a web server; kept",
  ],
  [
    "secrets in a file",
    { "secrets.json": { auth_providers: { "oauth2-google": { clientSecret: "abc" } } } },
    "secrets.json: is no part of an app: the secrets in it (1) are not taken over; set them with `petiole secrets`",
  ],
  [
    "a misspelt file of rules",
    { "data_sources/mongodb-atlas/shop/orders/rule.json": { roles: [role] } },
    "data_sources/mongodb-atlas/shop/orders/rule.json: no part of an app; kept and not used; did you mean rules.json?",
  ],
  [
    "an environment that no app has",
    { "environments/staging.json": { values: {} } },
    "environments/staging.json: no environment of an app (no-environment, development, testing, qa, production); kept and not used",
  ],
  [
    "an origin with a slash at its end",
    {
      "realm_config.json": {
        name: "shop",
        environment: "development",
        allowed_request_origins: ["https://a.example/"],
      },
    },
    "realm_config.json:5:9 allowed_request_origins[0]: matches no browser: an origin is scheme://host[:port], without a path or slash at its end",
  ],
  [
    "an expression's value that is not there",
    {
      "functions/config.json": [
        ...functions.slice(1),
        { name: "sum", can_evaluate: { "%%values.greetin": 1 } },
      ],
    },
    'functions/config.json:14:33 [3].can_evaluate["%%values.greetin"]: there is no value "greetin" (did you mean "greeting"?)',
  ],
  [
    "a database trigger",
    {
      "triggers/nightly.json": {
        name: "nightly",
        type: "DATABASE",
        config: { service_name: "mongodb-atlas" },
        function_name: "sum",
      },
    },
    'triggers/nightly.json:3:13 type: database triggers are kept and do not run: "nightly" never fires',
  ],
  [
    "files of another version",
    { "auth_providers/api-key.json": { type: "api-key" } },
    "auth_providers: belongs to another version of the configuration: in this one it is auth/providers.json; kept and not used",
  ],
  [
    "the README of a repository",
    { "README.md": "# Shop", "docs/a.md": "", "docs/b.md": "" },
    "README.md: no part of an app; kept and not used",
  ],
];

test.for(warnings)("warns of %s", ([, changes, warning]) => {
  const found = findProblems(changes);
  expect(found.problems).toEqual([]);
  expect(found.warnings).toContain(warning);
});

test("a sound directory gives no warning, but for a field that is not known yet", () => {
  expect(findProblems({})).toEqual({ problems: [], warnings: [] });
  expect(findProblems({}, v20230101)).toEqual({
    problems: [],
    warnings: [
      "https_endpoints/config.json:13:24 [0].futureField: an unknown field, kept and not used",
    ],
  });
});

test("all faults are found at once, in the order of files and lines", () => {
  const changes = {
    "values/payKey.json": { value: 1 },
    "http_endpoints/config.json": [
      { ...endpoint, http_method: "x" },
      { ...endpoint, route: 5 },
    ],
    "functions/config.json": "[",
  };
  const { problems } = readAppDirectory(toFiles(sampleWith(v20210101, changes)));
  const places = problems.map(({ file, path }) => `${file} ${path}`.trim());
  expect(places.filter((place) => !/name$|Name$/.test(place))).toEqual([
    "functions/config.json",
    "http_endpoints/config.json [0].http_method",
    "http_endpoints/config.json [1].route",
  ]);
  expect(places).toContain("values/payKey.json name");
});
