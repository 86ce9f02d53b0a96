import { expect, test } from "vitest";
import {
  type Sample,
  sampleWith,
  toFiles,
  v20180301,
  v20200603,
  v20210101,
  v20230101,
} from "../../../test/support/app-samples.ts";
import { formatProblem } from "../app-problem.ts";
import { readFiles } from "./read.ts";

type Changes = Readonly<Record<string, string | object | null | undefined>>;
type Row = readonly [title: string, changes: Changes, problem: string, sample?: Sample];

const endpoint = { route: "/a", http_method: "GET", function_name: "sum" };
const functions = [
  { name: "sum" },
  { name: "auth/confirm" },
  { name: "auth/logIn" },
  { name: "onCreate" },
];
const rules = "data_sources/mongodb-atlas/shop/orders/rules.json";
const role = { name: "r", apply_when: {} };
const source = { name: "mongodb-atlas", type: "mongodb-atlas" };
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

/** One fault each: what is put into a sound directory, and the one message that must come of it. */
const rows: readonly Row[] = [
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
    "an unknown provider",
    { "auth/providers.json": { ldap: { name: "ldap", type: "ldap" } } },
    'auth/providers.json:4:17 ldap.type: expected one of anon-user, api-key, local-userpass, custom-token, custom-function, oauth2-google, oauth2-facebook, oauth2-apple, found "ldap"',
  ],
  [
    "a provider under another's name",
    { "auth/providers.json": { "anon-user": { name: "api-key", type: "api-key" } } },
    'auth/providers.json:4:17 anon-user.type: expected "anon-user", the provider\'s name, found "api-key"',
  ],
  [
    "token signing without a key",
    { "auth/providers.json": { "custom-token": { name: "custom-token", type: "custom-token" } } },
    "auth/providers.json:2:21 custom-token.secret_config.signingKeys: expected the name of at least one secret, since useJWKURI is not true, found nothing",
  ],
  [
    "keys from a URI that is none",
    {
      "auth/providers.json": {
        "custom-token": { type: "custom-token", config: { useJWKURI: true, jwkURI: "keys.json" } },
      },
    },
    'auth/providers.json:6:23 custom-token.config.jwkURI: expected a URL, since useJWKURI is true, found "keys.json"',
  ],
  [
    "a confirmation function that is not named",
    {
      "auth/providers.json": {
        "local-userpass": { type: "local-userpass", config: { runConfirmationFunction: true } },
      },
    },
    "auth/providers.json:4:19 local-userpass.config.confirmationFunctionName: expected the name of a function, found nothing",
  ],
  [
    "a log-in function that is not there",
    {
      "auth/providers.json": {
        "custom-function": { type: "custom-function", config: { authFunctionName: "nowhere" } },
      },
    },
    'auth/providers.json:5:33 custom-function.config.authFunctionName: expected the name of a function, found "nowhere", which there is not',
  ],
  [
    "OAuth without a client",
    {
      "auth/providers.json": { "oauth2-apple": { type: "oauth2-apple", config: { clientId: "" } } },
    },
    'auth/providers.json:5:25 oauth2-apple.config.clientId: expected the client id that the provider gave, found ""',
  ],
  [
    "custom user data without a field",
    {
      "auth/custom_user_data.json": {
        enabled: true,
        mongo_service_name: "mongodb-atlas",
        database_name: "shop",
        collection_name: "users",
      },
    },
    "auth/custom_user_data.json:1:1 user_id_field: expected the name of the field that holds the user's id, found nothing",
  ],
  [
    "custom user data in a source that is not there",
    {
      "auth/custom_user_data.json": {
        enabled: true,
        mongo_service_name: "mongodb-atlass",
        database_name: "shop",
        collection_name: "users",
        user_id_field: "userId",
      },
    },
    'auth/custom_user_data.json:3:27 mongo_service_name: expected the name of a data source (did you mean "mongodb-atlas"?), found "mongodb-atlass", which there is not',
  ],
  [
    "a data source without its configuration",
    { "data_sources/second/shop/a/rules.json": { roles: [] } },
    "data_sources/second/config.json: expected the configuration of the data source, found no file",
  ],
  [
    "two data sources of one name",
    { "data_sources/second/config.json": source },
    'data_sources/second/config.json:2:13 name: expected a name that no other data source has, found "mongodb-atlas", as in data_sources/mongodb-atlas',
  ],
  [
    "an unknown read preference",
    { "data_sources/mongodb-atlas/config.json": { ...source, config: { readPreference: "fast" } } },
    'data_sources/mongodb-atlas/config.json:5:27 config.readPreference: expected one of "primary", "primaryPreferred", "secondary", "secondaryPreferred", "nearest", "", found "fast"',
  ],
  [
    "a role without a name",
    { [rules]: { roles: [{ apply_when: {} }] } },
    `${rules}:3:9 roles[0].name: expected a name of 1 to 100 characters, found nothing`,
  ],
  [
    "a role that does not say when it applies",
    { [rules]: { roles: [{ name: "r", read: true }] } },
    `${rules}:3:9 roles[0].apply_when: expected an expression: true, false or an object, found nothing`,
  ],
  [
    "a field's permission deep inside",
    { [rules]: { roles: [{ ...role, fields: { a: { fields: { b: { read: 1 } } } } }] } },
    `${rules}:10:37 roles[0].fields.a.fields.b.read: expected an expression: true, false or an object, found 1`,
  ],
  [
    "a rule's function that is not there",
    { [rules]: { roles: [{ ...role, read: { "%%true": { "%function": { name: "may" } } } }] } },
    `${rules}:9:33 roles[0].read.%%true.%function.name: expected the name of a function, found "may", which there is not`,
  ],
  [
    "a filter's query that is a text",
    { [rules]: { filters: [{ ...role, query: "{}" }] } },
    `${rules}:6:22 filters[0].query: expected an object, found "{}"`,
  ],
  [
    "a schema of something else than documents",
    { "data_sources/mongodb-atlas/shop/orders/schema.json": { bsonType: "array" } },
    'data_sources/mongodb-atlas/shop/orders/schema.json:2:17 bsonType: expected "object", as a document is one, found "array"',
  ],
  [
    "a relationship that leads nowhere",
    {
      "data_sources/mongodb-atlas/shop/orders/relationships.json": {
        a: { ref: "items", foreign_key: "_id" },
      },
    },
    'data_sources/mongodb-atlas/shop/orders/relationships.json:3:16 a.ref: expected #/relationship/DATA_SOURCE/DATABASE/COLLECTION, found "items"',
  ],
  [
    "two files about one collection",
    {
      "data_sources/mongodb-atlas/shop/other/rules.json": {
        database: "shop",
        collection: "orders",
      },
    },
    "data_sources/mongodb-atlas/shop/other: expected a collection that no other file is about, found shop.orders for the second time",
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
    "an old directory: rules that do not say of what",
    { "services/mongodb-atlas/rules/shop.orders.json": { database: "shop", roles: [] } },
    "services/mongodb-atlas/rules/shop.orders.json:1:1 collection: expected the name of a collection, found nothing",
    v20200603,
  ],
  [
    "an old directory: two providers of one type",
    { "auth_providers/second.json": { type: "api-key" } },
    'auth_providers/second.json:2:13 type: expected a type that no other provider has, found "api-key", as in auth_providers/api-key.json',
    v20180301,
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

test.for(rows)("%s", ([, changes, problem, sample = v20210101]) => {
  const files = toFiles(sampleWith(sample, changes));
  if (files.has("values/latin.json"))
    files.set("values/latin.json", Buffer.from([0x22, 0xe4, 0x22]));
  const { problems } = readFiles(files, undefined);
  expect(problems.map(formatProblem)).toEqual([problem]);
});

test("all faults are found at once, in the order of files and lines", () => {
  const changes: Changes = {
    "values/payKey.json": { value: 1 },
    "http_endpoints/config.json": [
      { ...endpoint, http_method: "x" },
      { ...endpoint, route: 5 },
    ],
    "functions/config.json": "[",
  };
  const { problems } = readFiles(toFiles(sampleWith(v20210101, changes)), undefined);
  const places = problems.map(({ file, path }) => `${file} ${path}`.trim());
  expect(places.filter((place) => !/name$|Name$/.test(place))).toEqual([
    "functions/config.json",
    "http_endpoints/config.json [0].http_method",
    "http_endpoints/config.json [1].route",
  ]);
  expect(places).toContain("values/payKey.json name");
});

const warnings: readonly Row[] = [
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
  const { problems, warnings: found } = readFiles(
    toFiles(sampleWith(v20210101, changes)),
    undefined,
  );
  expect(problems.map(formatProblem)).toEqual([]);
  expect(found.map(formatProblem)).toContain(warning);
});

test("a sound directory gives no warning at all", () => {
  for (const sample of [v20210101, v20230101])
    expect(
      readFiles(toFiles(sampleWith(sample, { "functions/config.json": functions })), undefined),
    ).toMatchObject({
      problems: [],
      warnings: sample === v20230101 ? [{ path: "[0].futureField" }] : [],
    });
});
