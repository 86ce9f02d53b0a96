/** App directories as the original wrote them, one per version of the configuration, for tests to break and change. */

type Content = string | object | null;

/** Paths and contents; what is no text is written as the original's tools write JSON. */
export type Sample = Readonly<Record<string, Content>>;

export function toFiles(sample: Sample): Map<string, Uint8Array> {
  return new Map(
    Object.entries(sample).map(([path, content]) => [
      path,
      Buffer.from(typeof content === "string" ? content : `${JSON.stringify(content, null, 4)}\n`),
    ]),
  );
}

/** A sample with some files put in place of others; undefined takes one away. */
export function sampleWith(
  sample: Sample,
  changes: Readonly<Record<string, Content | undefined>>,
): Sample {
  const all = Object.entries({ ...sample, ...changes });
  return Object.fromEntries(
    all.flatMap(([path, content]) => (content === undefined ? [] : [[path, content]])),
  );
}

const role = {
  name: "owner",
  apply_when: { "%%user.type": "normal" },
  document_filters: { read: { ownerId: "%%user.id" }, write: { ownerId: "%%user.id" } },
  read: true,
  write: true,
  insert: true,
  delete: false,
  search: true,
};

const schema = {
  title: "order",
  bsonType: "object",
  required: ["_id", "ownerId"],
  properties: {
    _id: { bsonType: "objectId" },
    ownerId: { bsonType: "string" },
    total: { bsonType: "decimal" },
  },
};

const relationships = {
  items: {
    ref: "#/relationship/mongodb-atlas/shop/items",
    source_key: "items",
    foreign_key: "_id",
    is_list: true,
  },
};

const providers = {
  "anon-user": { name: "anon-user", type: "anon-user", disabled: true },
  "api-key": { name: "api-key", type: "api-key", disabled: false },
  "custom-token": {
    name: "custom-token",
    type: "custom-token",
    config: {
      audience: ["shop"],
      requireAnyAudience: true,
      signingAlgorithm: "HS256",
      useJWKURI: false,
    },
    secret_config: { signingKeys: ["jwtKey"] },
    metadata_fields: [{ required: true, name: "user\\.name.first", field_name: "first" }],
    disabled: false,
  },
  "custom-function": {
    name: "custom-function",
    type: "custom-function",
    config: { authFunctionName: "auth/logIn" },
    disabled: false,
  },
  "local-userpass": {
    name: "local-userpass",
    type: "local-userpass",
    config: {
      autoConfirm: false,
      runConfirmationFunction: true,
      confirmationFunctionName: "auth/confirm",
      resetPasswordUrl: "https://shop.example.com/reset",
      resetPasswordSubject: "Reset",
      runResetFunction: false,
    },
    disabled: false,
  },
  "oauth2-google": {
    name: "oauth2-google",
    type: "oauth2-google",
    config: { clientId: "%(%%environment.values.clientId)" },
    secret_config: { clientSecret: "googleSecret" },
    metadata_fields: [{ required: false, name: "email" }],
    redirect_uris: ["https://shop.example.com/%(%%environment.tag)/back"],
    domain_restrictions: ["example.com"],
    disabled: false,
  },
};

const customUserData = {
  enabled: true,
  mongo_service_name: "mongodb-atlas",
  database_name: "shop",
  collection_name: "users",
  user_id_field: "userId",
  on_user_creation_function_name: "onCreate",
};

const parts: Sample = {
  "environments/development.json": { values: { clientId: "dev-client", cluster: "Dev" } },
  "environments/no-environment.json": { values: { clientId: "client", cluster: "Cluster0" } },
  "environments/production.json": {
    values: { clientId: "live-client", cluster: "Live" },
  },
  "log_forwarders/toCollection.json": {
    name: "toCollection",
    log_types: ["endpoint", "function"],
    log_statuses: ["error"],
    policy: { type: "batch" },
    action: {
      type: "collection",
      data_source: "mongodb-atlas",
      database: "logs",
      collection: "entries",
    },
    disabled: false,
  },
  "triggers/nightly.json": {
    name: "nightly",
    type: "SCHEDULED",
    config: { schedule: "0 3 * * *" },
    disabled: false,
    event_processors: { FUNCTION: { config: { function_name: "sum" } } },
  },
  "values/greeting.json": {
    name: "greeting",
    value: { text: "hello", n: 1.0 },
    from_secret: false,
  },
  "values/payKey.json": { name: "payKey", value: "payKeySecret", from_secret: true, private: true },
  "graphql/config.json": { use_natural_pluralization: true },
  "functions/package.json": { dependencies: { ulid: "2.3.0" } },
};

const functions = [
  { name: "auth/confirm", private: true },
  { name: "auth/logIn", private: true, run_as_system: true },
  { name: "onCreate", private: true, run_as_user_id: "5f0000000000000000000001" },
  {
    name: "sum",
    private: false,
    can_evaluate: { "%%user.type": { "%in": ["normal", "server"] }, "%%values.greeting.n": 1 },
    disable_arg_logs: true,
  },
];

const endpoint = {
  route: "/sum",
  http_method: "POST",
  function_name: "sum",
  validation_method: "SECRET_AS_QUERY_PARAM",
  secret_name: "endpointSecret",
  respond_result: true,
  fetch_custom_user_data: false,
  create_user_on_auth: false,
  disabled: false,
  return_type: "EJSON",
};

const dataApi = {
  disabled: false,
  versions: ["v1"],
  run_as_user_id: "",
  run_as_user_id_script_source: "",
  can_evaluate: {},
  log_function_arguments: true,
  validation_method: "",
  secret_name: "",
  fetch_custom_user_data: false,
  create_user_on_auth: true,
  return_type: "EJSON",
};

const sourceConfig = {
  name: "mongodb-atlas",
  type: "mongodb-atlas",
  config: {
    clusterName: "%(%%environment.values.cluster)",
    readPreference: "secondaryPreferred",
    wireProtocolEnabled: false,
  },
  version: 1,
};

/** The layout of 20210101 and later, without a root file and endpoints. */
const modern: Sample = {
  ...parts,
  "auth/custom_user_data.json": customUserData,
  "auth/providers.json": providers,
  "data_sources/mongodb-atlas/config.json": sourceConfig,
  // As somebody formats by hand; it comes back as it is.
  "data_sources/mongodb-atlas/default_rule.json":
    '{\n  "roles": [ { "name": "none", "apply_when": false, "read": false } ],\n  "filters": []\n}',
  "data_sources/mongodb-atlas/shop/orders/rules.json": {
    collection: "orders",
    database: "shop",
    roles: [
      role,
      {
        name: "clerk",
        apply_when: { "%%user.custom_data.kind": "clerk" },
        fields: { "10": { read: true }, "2": { write: { "%function": { name: "sum" } } } },
        additional_fields: { read: true },
      },
    ],
    filters: [
      { name: "hideOld", apply_when: {}, query: { old: { $ne: true } }, projection: { note: 0 } },
    ],
  },
  "data_sources/mongodb-atlas/shop/orders/schema.json": schema,
  "data_sources/mongodb-atlas/shop/orders/relationships.json": relationships,
  "data_sources/mongodb-atlas/shop/items/schema.json": {},
  "data_sources/mongodb-atlas/shop/items/relationships.json": {},
  "functions/config.json": functions,
  "functions/auth/confirm.js": "exports = () => ({ status: 'success' });\n",
  "functions/auth/logIn.js": "exports = ({ id }) => id;\n",
  "functions/onCreate.js": "exports = async function (user) {};",
  "functions/sum.js": "exports = (a, b) => a + b; // €\n",
};

export const v20210101: Sample = {
  ...modern,
  "realm_config.json": {
    app_id: "shop-abcde",
    config_version: 20210101,
    name: "shop",
    location: "US-VA",
    deployment_model: "GLOBAL",
    environment: "development",
    allowed_request_origins: ["https://shop.example.com"],
  },
  "http_endpoints/config.json": [endpoint, { ...endpoint, http_method: "GET" }],
  "http_endpoints/data_api_config.json": dataApi,
};

export const v20230101: Sample = {
  ...modern,
  "root_config.json": {
    name: "shop",
    provider_region: "aws-us-east-1",
    deployment_model: "LOCAL",
    environment: "production",
  },
  "https_endpoints/config.json": [{ ...endpoint, futureField: { kept: [1, 2.5] } }],
  "https_endpoints/data_api_config.json": dataApi,
};

const legacyRules = {
  id: "5f00000000000000000000aa",
  database: "shop",
  collection: "orders",
  roles: [role],
  filters: [],
  schema,
  relationships,
};

function legacy(root: object): Sample {
  return {
    ...parts,
    "auth_providers/api-key.json": { id: "5f01", ...providers["api-key"] },
    "auth_providers/oauth2-google.json": { id: "5f02", ...providers["oauth2-google"] },
    "data_api_config.json": dataApi,
    "functions/sum/config.json": { id: "5f03", name: "sum", private: false },
    "functions/sum/source.js": "exports = (a, b) => a + b;\n",
    "services/mongodb-atlas/config.json": { id: "5f04", ...sourceConfig },
    "services/mongodb-atlas/rules/shop.orders.json": legacyRules,
    "services/twilio/config.json": { name: "twilio", type: "twilio", config: { sid: "AC1" } },
    "services/twilio/incoming_webhooks/onText/config.json": { name: "onText" },
    "services/twilio/incoming_webhooks/onText/source.js": "exports = () => {};\n",
    ...(root as Sample),
  };
}

const legacyRoot = {
  app_id: "shop-abcde",
  name: "shop",
  location: "IE",
  deployment_model: "LOCAL",
  security: { allowed_request_origins: ["http://localhost:3000"] },
  hosting: { enabled: false },
  custom_user_data_config: {
    enabled: true,
    mongo_service_id: "5f04",
    database_name: "shop",
    collection_name: "users",
    user_id_field: "userId",
  },
  sync: { development_mode_enabled: false },
};

export const v20200603: Sample = legacy({
  "config.json": { ...legacyRoot, config_version: 20200603, environment: "none" },
});

export const v20180301: Sample = legacy({
  "stitch.json": { ...legacyRoot, config_version: 20180301 },
});

/** What the original's tool makes for `apps init`. */
export const freshlyMade: Sample = {
  "realm_config.json": { config_version: 20210101, name: "fresh", location: "US-VA" },
  "auth/custom_user_data.json": { enabled: false },
  "auth/providers.json": { "api-key": { disabled: true, name: "api-key", type: "api-key" } },
  "environments/development.json": { values: {} },
  "environments/no-environment.json": { values: {} },
  "environments/production.json": { values: {} },
  "environments/testing.json": { values: {} },
  "functions/config.json": [],
  "graphql/config.json": { use_natural_pluralization: true },
  "http_endpoints/config.json": null,
  "sync/config.json": { development_mode_enabled: false },
};
