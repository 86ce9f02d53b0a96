import { expect, test } from "vitest";
import { v20180301, v20200603, v20230101 } from "../../../test/support/app-samples.ts";
import { type Breaking, findProblems } from "../../../test/support/broken-app.ts";

const endpoint = { route: "/a", http_method: "GET", function_name: "sum" };
const functions = [
  { name: "sum" },
  { name: "auth/confirm" },
  { name: "auth/logIn" },
  { name: "onCreate" },
];
const forwarder = {
  name: "f",
  log_types: ["auth"],
  log_statuses: ["error"],
  policy: { type: "single" },
  action: { type: "function", name: "sum" },
};
const trigger = {
  name: "t",
  type: "SCHEDULED",
  function_name: "sum",
  config: { schedule: "0 3 * * *" },
};

/** One fault each, in what can be called: what is put into a sound directory, and the one message that must come of it. */
const rows: readonly Breaking[] = [
  [
    "no root file",
    { "realm_config.json": undefined },
    "expected a root configuration file: root_config.json, realm_config.json, config.json or stitch.json, found none",
  ],
  [
    "a root file that is a list",
    { "realm_config.json": "[]" },
    "realm_config.json:1:1: expected an object, found an empty list",
  ],
  [
    "an empty root file",
    { "realm_config.json": " \n" },
    "realm_config.json: expected an object, found an empty file",
  ],
  [
    "an unknown version",
    { "realm_config.json": '{\n    "name": "shop",\n    "config_version": 20250101\n}' },
    "realm_config.json:3:23 config_version: expected 20180301, 20200603, 20210101 or 20230101, found 20250101",
  ],
  [
    "a version as text",
    { "realm_config.json": '{"name": "shop", "config_version": "20210101"}' },
    'realm_config.json:1:36 config_version: expected 20180301, 20200603, 20210101 or 20230101, found "20210101"',
  ],
  [
    "an app's name with a space",
    { "realm_config.json": { name: "my shop" } },
    `realm_config.json:2:13 name: expected 1 to 32 letters, digits, '_' or '-', found "my shop"`,
  ],
  [
    "an unknown deployment model",
    { "realm_config.json": { name: "shop", deployment_model: "REGIONAL" } },
    'realm_config.json:3:25 deployment_model: expected one of "GLOBAL", "LOCAL", "", found "REGIONAL"',
  ],
  [
    "an unknown environment",
    { "realm_config.json": { name: "shop", environment: "staging" } },
    'realm_config.json:3:20 environment: expected one of "", "no-environment", "none", "development", "testing", "qa", "production", found "staging"',
  ],
  [
    "origins that are no list",
    { "realm_config.json": { name: "shop", allowed_request_origins: "https://a.example" } },
    'realm_config.json:3:32 allowed_request_origins: expected a list, found "https://a.example"',
  ],
  [
    "a comma too many",
    { "values/greeting.json": '{\n    "name": "greeting",\n    "value": 1,\n}\n' },
    "values/greeting.json:4:1: no valid JSON: expected a field name in double quotes, found '}'",
  ],
  [
    "a comment",
    { "functions/config.json": '[\n    // mine\n    { "name": "sum" }\n]' },
    "functions/config.json:2:5: no valid JSON: expected a value, found a comment",
  ],
  [
    "a text that does not end",
    { "values/greeting.json": '{"name": "greeting}' },
    "values/greeting.json:1:20: no valid JSON: expected the '\"' that ends the text, found the end of the file",
  ],
  [
    "a file that is not UTF-8",
    { "values/greeting.json": undefined, "values/latin.json": "LATIN1" },
    "values/latin.json: expected text in UTF-8, found bytes that are not",
  ],
  [
    "a value without a name",
    { "values/greeting.json": { value: 1 } },
    "values/greeting.json:1:1 name: expected a name: 1 to 64 letters, digits, '_' or '-', beginning with a letter or digit, found nothing",
  ],
  [
    "a value without a value",
    { "values/other.json": { name: "other" } },
    "values/other.json:1:1 value: expected a value, found nothing",
  ],
  [
    "a value from a secret that is not named by a text",
    { "values/payKey.json": { name: "payKey", from_secret: true, value: { a: 1 } } },
    "values/payKey.json:4:14 value: expected the name of a secret: 1 to 64 letters, digits, '_' or '-', found an object",
  ],
  [
    "a secret itself in place of its name is not shown",
    { "values/payKey.json": { name: "payKey", from_secret: true, value: "s3cr3t/+==" } },
    "values/payKey.json:4:14 value: expected the name of a secret: 1 to 64 letters, digits, '_' or '-', found another text, of 10 characters",
  ],
  [
    "two values of one name",
    { "values/other.json": { name: "greeting", value: 1 } },
    'values/other.json:2:13 name: expected a name that no other value has, found "greeting", as in values/greeting.json',
  ],
  [
    "a template without a value",
    { "values/other.json": { name: "other", value: "%(%%environment.values.none)" } },
    'values/other.json:3:14 value: expected a text "none" in environments/development.json for %(%%environment.values.none), found nothing',
  ],
  [
    "a template of something else",
    { "values/other.json": { name: "other", value: "%(%%user.id)" } },
    'values/other.json:3:14 value: expected %(%%environment.values.NAME) or %(%%environment.tag), found "%(%%user.id)"',
  ],
  [
    "values of an environment that are a list",
    { "environments/qa.json": { values: [] } },
    "environments/qa.json:2:15 values: expected an object, found an empty list",
  ],
  [
    "a function without its source",
    { "functions/config.json": [...functions, { name: "gone" }] },
    'functions/config.json:15:17 [4].name: expected the name of a source file: there is no functions/gone.js, found "gone"',
  ],
  [
    "two functions of one name",
    { "functions/config.json": [...functions, { name: "sum" }] },
    'functions/config.json:15:17 [4].name: expected a name that no other function has, found "sum" for the second time',
  ],
  [
    "a function that runs as two",
    {
      "functions/config.json": [
        ...functions.slice(1),
        { name: "sum", run_as_user_id: "a", run_as_user_id_script_source: "exports = () => 'b'" },
      ],
    },
    "functions/config.json:14:41 [3].run_as_user_id_script_source: expected nothing, since run_as_user_id is there, found a script",
  ],
  [
    "an expression that is a text",
    { "functions/config.json": [...functions.slice(1), { name: "sum", can_evaluate: "true" }] },
    'functions/config.json:13:25 [3].can_evaluate: expected an expression: true, false or an object, found "true"',
  ],
  [
    "an expression that is no EJSON",
    {
      "functions/config.json": [
        ...functions.slice(1),
        { name: "sum", can_evaluate: { a: { $oid: "12" } } },
      ],
    },
    'functions/config.json:13:25 [3].can_evaluate: expected a value in EJSON, found at a: "$oid" must be 24 hex digits',
  ],
  [
    "an endpoint with an unknown method",
    { "http_endpoints/config.json": [{ ...endpoint, http_method: "FETCH" }] },
    'http_endpoints/config.json:4:24 [0].http_method: expected one of "GET", "POST", "PUT", "PATCH", "DELETE", "*", found "FETCH"',
  ],
  [
    "a route without its slash",
    { "http_endpoints/config.json": [{ ...endpoint, route: "a" }] },
    `http_endpoints/config.json:3:18 [0].route: expected a path that begins with '/', in ASCII, found "a"`,
  ],
  [
    "two endpoints of one route and method",
    { "http_endpoints/config.json": [endpoint, endpoint] },
    "http_endpoints/config.json:8:18 [1].route: expected a route that no other endpoint has with this method, found GET /a for the second time",
  ],
  [
    "two endpoints of one route, spelt otherwise",
    { "http_endpoints/config.json": [endpoint, { ...endpoint, route: "//%61/" }] },
    "http_endpoints/config.json:8:18 [1].route: expected a route that no other endpoint has with this method, found GET /a for the second time",
  ],
  [
    "an endpoint whose function is not there",
    { "http_endpoints/config.json": [{ ...endpoint, function_name: "sun" }] },
    'http_endpoints/config.json:5:26 [0].function_name: expected the name of a function (did you mean "sum"?), found "sun", which there is not',
  ],
  [
    "an endpoint that needs a secret and names none",
    { "http_endpoints/config.json": [{ ...endpoint, validation_method: "VERIFY_PAYLOAD" }] },
    "http_endpoints/config.json:2:5 [0].secret_name: expected the name of a secret, since validation_method is VERIFY_PAYLOAD, found nothing",
  ],
  [
    "two names for one method that differ",
    {
      "http_endpoints/config.json": [
        {
          ...endpoint,
          validation_method: "NO_VALIDATION",
          verification_method: "VERIFY_PAYLOAD",
          secret_name: "s",
        },
      ],
    },
    'http_endpoints/config.json:7:32 [0].verification_method: expected the same as validation_method, or nothing, found "VERIFY_PAYLOAD"',
  ],
  [
    "endpoints in two folders",
    { "https_endpoints/config.json": [] },
    "https_endpoints: expected endpoints in one folder, http_endpoints/, found two",
  ],
  [
    "Data API versions out of order",
    { "http_endpoints/data_api_config.json": { versions: ["v1", "beta"] } },
    'http_endpoints/data_api_config.json:4:9 versions[1]: expected versions in ascending order (beta, v1), each once, found "beta" after "v1"',
  ],
  [
    "an unknown Data API version",
    { "http_endpoints/data_api_config.json": { versions: ["v2"] } },
    'http_endpoints/data_api_config.json:3:9 versions[0]: expected one of "beta", "v1", found "v2"',
  ],
  [
    "an unknown return type",
    { "http_endpoints/data_api_config.json": { versions: ["v1"], return_type: "XML" } },
    'http_endpoints/data_api_config.json:5:20 return_type: expected one of "JSON", "EJSON", "", found "XML"',
  ],
  [
    "a schedule of four fields",
    { "triggers/nightly.json": { ...trigger, config: { schedule: "0 3 * *" } } },
    'triggers/nightly.json:6:21 config.schedule: expected a CRON expression of five fields, found "0 3 * *"',
  ],
  [
    "a trigger of an unknown type",
    { "triggers/nightly.json": { ...trigger, type: "TIMER" } },
    'triggers/nightly.json:3:13 type: expected one of "DATABASE", "AUTHENTICATION", "SCHEDULED", found "TIMER"',
  ],
  [
    "a trigger without a function",
    { "triggers/nightly.json": { ...trigger, function_name: undefined } },
    "triggers/nightly.json:1:1 function_name: expected the name of a function, found nothing",
  ],
  [
    "a log forwarder of an unknown type",
    { "log_forwarders/toCollection.json": { ...forwarder, log_types: ["auths"] } },
    'log_forwarders/toCollection.json:4:9 log_types[0]: expected one of "auth", "endpoint", "function", "graphql", "push", "schema", "service", "sync", "trigger", "trigger_error_handler", found "auths"',
  ],
  [
    "a log forwarder to a source that is not there",
    {
      "log_forwarders/toCollection.json": {
        ...forwarder,
        action: { type: "collection", data_source: "logs", database: "a", collection: "b" },
      },
    },
    'log_forwarders/toCollection.json:14:24 action.data_source: expected the name of a data source, found "logs", which there is not',
  ],
  [
    "a newer directory: endpoints in another form",
    { "https_endpoints/config.json": { "/a": endpoint } },
    "https_endpoints/config.json:1:1: expected a list, found an object",
    v20230101,
  ],
  [
    "an old directory: a function without its source",
    { "functions/sum/source.js": undefined },
    "functions/sum/source.js: expected the source of the function, found no file",
    v20200603,
  ],
  [
    "an old directory: the root's origins are no texts",
    {
      "stitch.json": {
        config_version: 20180301,
        name: "shop",
        security: { allowed_request_origins: [1] },
      },
    },
    "stitch.json:6:13 security.allowed_request_origins[0]: expected a text, found 1",
    v20180301,
  ],
];

test.for(rows)("%s", ([, changes, problem, sample]) => {
  expect(findProblems(changes, sample).problems).toEqual([problem]);
});
