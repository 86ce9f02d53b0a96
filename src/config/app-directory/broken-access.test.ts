import { expect, test } from "vitest";
import { v20180301, v20200603 } from "../../../test/support/app-samples.ts";
import { type Breaking, findProblems } from "../../../test/support/broken-app.ts";

const rules = "data_sources/mongodb-atlas/shop/orders/rules.json";
const role = { name: "r", apply_when: {} };
const source = { name: "mongodb-atlas", type: "mongodb-atlas" };

/** One fault each, in who may do what: what is put into a sound directory, and the one message that must come of it. */
const rows: readonly Breaking[] = [
  [
    "an unknown provider",
    { "auth/providers.json": { ldap: { name: "ldap", type: "ldap" } } },
    'auth/providers.json:4:17 ldap.type: expected one of anon-user, api-key, local-userpass, custom-token, custom-function, oauth2-google, oauth2-facebook, oauth2-apple, oauth2-oidc, found "ldap"',
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
    "an OpenID provider without an address",
    {
      "auth/providers.json": {
        "oauth2-oidc": { type: "oauth2-oidc", config: { clientId: "c", issuer: "id.example.org" } },
      },
    },
    'auth/providers.json:6:23 oauth2-oidc.config.issuer: expected the URL that the provider calls itself, found "id.example.org"',
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
];

test.for(rows)("%s", ([, changes, problem, sample]) => {
  expect(findProblems(changes, sample).problems).toEqual([problem]);
});
