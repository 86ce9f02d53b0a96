/** Parts of an app that are edited one by one: each change is a deployment, or goes into the open draft. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let admin: Admin;

beforeAll(async () => {
  server = await startServer();
  admin = await adminOf(server);
});
afterAll(async () => server.close());

interface Made {
  readonly _id: string;
}

async function idOf(path: string, name: string, field = "name"): Promise<string> {
  const { body } = await admin.call<readonly (Made & Record<string, unknown>)[]>("GET", path);
  return body.find((each) => each[field] === name)?._id ?? "";
}

const role = {
  name: "owner",
  apply_when: { "%%user.id": { $ne: "" } },
  document_filters: { read: { owner: "%%user.id" }, write: { owner: "%%user.id" } },
  read: true,
  write: true,
  insert: true,
  delete: true,
  search: true,
};

test("services: made, changed, deleted", async () => {
  const path = "{A}/services";
  const config = { clusterName: "Cluster1", readPreference: "primary", wireProtocolEnabled: false };
  const made = await admin.call<Made>("POST", path, {
    name: "second",
    type: "mongodb-atlas",
    config,
  });
  expect(made).toMatchObject({ status: 201, body: { name: "second", type: "mongodb-atlas" } });
  expect(
    (await admin.call("POST", path, { name: "second", type: "mongodb-atlas", config })).status,
  ).toBe(409);
  expect((await admin.call("POST", path, { name: "a/b", type: "mongodb-atlas" })).status).toBe(400);
  const one = `${path}/${made.body._id}`;
  expect(await admin.call("GET", one)).toMatchObject({
    status: 200,
    body: { name: "second", config: { clusterName: "Cluster1" } },
  });
  expect((await admin.call("PATCH", `${one}/config`, { readPreference: "nearest" })).status).toBe(
    204,
  );
  expect((await admin.call("GET", `${one}/config`)).body).toMatchObject({
    clusterName: "Cluster1",
    readPreference: "nearest",
  });
  expect((await admin.call("PATCH", `${one}/config`, { readPreference: "never" })).status).toBe(
    400,
  );
  expect((await admin.call("DELETE", one)).status).toBe(204);
  expect((await admin.call("GET", one)).status).toBe(404);
});

test("rules: of a collection", async () => {
  const service = await idOf("{A}/services", "mongodb-atlas");
  const path = `{A}/services/${service}/rules`;
  const body = {
    database: "shop",
    collection: "orders",
    roles: [{ _id: "5f", ...role }],
    filters: [],
  };
  const made = await admin.call<Made>("POST", path, body);
  expect(made).toMatchObject({
    status: 201,
    body: { database: "shop", collection: "orders", roles: [role], filters: [] },
  });
  expect(await admin.call("POST", path, body)).toMatchObject({
    status: 409,
    body: { error_code: "RuleAlreadyExists" },
  });
  const one = `${path}/${made.body._id}`;
  const changed = { ...body, roles: [{ ...role, name: "anybody" }] };
  expect(await admin.call("PUT", one, changed)).toMatchObject({
    status: 200,
    body: { roles: [{ name: "anybody" }] },
  });
  expect((await admin.call("PUT", one, { ...changed, collection: "other" })).status).toBe(400);
  const wrong = { ...body, roles: [{ ...role, apply_when: { "%%user.id": { "%nope": 1 } } }] };
  expect((await admin.call("PUT", one, wrong)).status).toBe(400);
  expect((await admin.call<readonly unknown[]>("GET", path)).body).toHaveLength(1);
  expect((await admin.call("DELETE", one)).status).toBe(204);
  expect(await admin.call("GET", one)).toMatchObject({
    status: 404,
    body: { error_code: "RuleNotFound" },
  });
});

test("rules: a name that is no file's name stays what it is", async () => {
  const service = await idOf("{A}/services", "mongodb-atlas");
  const path = `{A}/services/${service}/rules`;
  const body = { database: "a b", collection: "../../x", roles: [role], filters: [] };
  const made = await admin.call<Made>("POST", path, body);
  expect(made).toMatchObject({ status: 201, body: { database: "a b", collection: "../../x" } });
  expect((await admin.call("DELETE", `${path}/${made.body._id}`)).status).toBe(204);
});

test("default rule: made once, replaced, deleted", async () => {
  const path = `{A}/services/${await idOf("{A}/services", "mongodb-atlas")}/default_rule`;
  const former = await admin.call<Made>("GET", path);
  if (former.status === 200) await admin.call("DELETE", path);
  expect(await admin.call("GET", path)).toMatchObject({
    status: 404,
    body: { error: "default rule does not exist" },
  });
  const made = await admin.call<Made>("POST", path, { roles: [role], filters: [] });
  expect(made).toMatchObject({ status: 201, body: { roles: [{ name: "owner" }] } });
  expect((await admin.call("POST", path, { roles: [role], filters: [] })).status).toBe(400);
  const next = { _id: made.body._id, roles: [{ ...role, name: "other" }], filters: [] };
  expect((await admin.call("PUT", path, next)).status).toBe(204);
  expect(await admin.call("PUT", path, { ...next, _id: "0" })).toMatchObject({
    status: 400,
    body: { error: "service default rule id mismatch" },
  });
  expect((await admin.call("GET", path)).body).toMatchObject({ roles: [{ name: "other" }] });
  expect((await admin.call("DELETE", path)).status).toBe(204);
  expect((await admin.call("DELETE", path)).status).toBe(404);
});

test("schemas: made, listed, replaced, deleted; and the types that they make", async () => {
  const path = "{A}/schemas";
  const metadata = { data_source: "mongodb-atlas", database: "shop", collection: "items" };
  const schema = {
    title: "item",
    bsonType: "object",
    required: ["_id", "name"],
    properties: {
      _id: { bsonType: "objectId" },
      name: { bsonType: "string" },
      tags: { bsonType: "array", items: { bsonType: "string" } },
      size: {
        bsonType: "object",
        properties: { w: { bsonType: "int" }, h: { bsonType: ["int", "double"] } },
      },
    },
  };
  const made = await admin.call<Made>("POST", path, { metadata, schema });
  expect(made).toMatchObject({ status: 200, body: { metadata } });
  expect((await admin.call("POST", path, { metadata, schema })).status).toBe(400);
  const one = `${path}/${made.body._id}`;
  expect((await admin.call("GET", one)).body).toMatchObject({
    metadata,
    schema,
    relationships: {},
  });
  const models = await admin.call<readonly Record<string, unknown>[]>(
    "GET",
    "{A}/sync/client_schemas/TYPE_SCRIPT",
  );
  expect(models.body).toMatchObject([
    {
      model_name: "item",
      collection_display_name: "items",
      import_statements: ['import type * as BSON from "bson";\n'],
      schema:
        "export interface item {\n  _id: BSON.ObjectId;\n  name: string;\n  tags?: string[];\n  size?: {\n    w?: number;\n    h?: number;\n  };\n}\n",
    },
  ]);
  expect((await admin.call("GET", "{A}/sync/client_schemas/KOTLIN")).body).toEqual([]);
  expect((await admin.call("PUT", one, { schema: { ...schema, title: "thing" } })).status).toBe(
    204,
  );
  expect((await admin.call("PUT", one, { schema: { bsonType: "nonsense" } })).status).toBe(400);
  expect((await admin.call("DELETE", one)).status).toBe(204);
  expect((await admin.call("GET", path)).body).toEqual([]);
});

test("environment values: by environment", async () => {
  const path = "{A}/environment_values";
  const made = await admin.call<Made>("POST", path, {
    name: "url",
    values: { development: "http://d", production: { a: 1 }, none: null },
  });
  expect(made).toMatchObject({ status: 201, body: { name: "url" } });
  expect((await admin.call("POST", path, { name: "url", values: {} })).status).toBe(409);
  const one = `${path}/${made.body._id}`;
  expect((await admin.call("GET", one)).body).toMatchObject({
    values: { development: "http://d", production: { a: 1 }, none: null },
  });
  expect((await admin.call("PUT", one, { name: "url", values: { testing: 1 } })).status).toBe(200);
  expect((await admin.call("GET", one)).body).toEqual({
    _id: made.body._id,
    name: "url",
    values: { testing: 1 },
  });
  expect((await admin.call("PUT", one, { name: "url", values: { nowhere: 1 } })).status).toBe(400);
  expect((await admin.call("DELETE", one)).status).toBe(204);
  expect((await admin.call("GET", one)).status).toBe(404);
  expect((await admin.call("PUT", "{A}/environment", { environment: "qa" })).body).toEqual({
    environment: "qa",
  });
  expect((await admin.call("PUT", "{A}/environment", { environment: "moon" })).status).toBe(400);
});

test("log forwarders: made, switched, changed, deleted", async () => {
  const path = "{A}/log_forwarders";
  const body = {
    name: "archive",
    log_types: ["endpoint"],
    log_statuses: ["error"],
    policy: { type: "single" },
    action: {
      type: "collection",
      data_source: "mongodb-atlas",
      database: "logs",
      collection: "all",
    },
  };
  const made = await admin.call<Made>("POST", path, body);
  expect(made).toMatchObject({ status: 201, body: { ...body, disabled: false } });
  expect(
    (await admin.call("POST", path, { ...body, name: "other", log_types: ["nothing"] })).status,
  ).toBe(400);
  const one = `${path}/${made.body._id}`;
  expect((await admin.call("PUT", `${one}/disable`)).status).toBe(204);
  expect((await admin.call("GET", one)).body).toMatchObject({ disabled: true });
  expect((await admin.call("PUT", `${one}/enable`)).status).toBe(204);
  expect((await admin.call("PATCH", one, { log_statuses: ["error", "success"] })).status).toBe(200);
  expect((await admin.call("DELETE", one)).status).toBe(204);
  expect((await admin.call("GET", one)).status).toBe(404);
});

test("small settings", async () => {
  const path = "{A}/validation_settings/null_type_schema_validation";
  expect((await admin.call("GET", path)).body).toEqual({ enabled: false });
  expect((await admin.call("PUT", path, { enabled: true })).status).toBe(204);
  expect((await admin.call("GET", path)).body).toEqual({ enabled: true });
  expect((await admin.call("PUT", path, { enabled: "yes" })).status).toBe(400);
  expect((await admin.call("GET", "{A}/deploy/config")).body).toMatchObject({
    automatic_deployment: { enabled: false },
  });
  expect(
    (await admin.call("PATCH", "{A}/deploy/config", { ui_drafts_disabled: true })).status,
  ).toBe(204);
  expect(
    (await admin.call("PATCH", "{A}/deploy/config", { automatic_deployment: { enabled: true } }))
      .status,
  ).toBe(400);
  expect(
    (await admin.call<readonly { id: string }[]>("GET", "/provider_regions")).body[0],
  ).toMatchObject({ cloud_provider: "aws" });
});

test("every change is in the history", async () => {
  const { body } = await admin.call<readonly { readonly message: string }[]>(
    "GET",
    "{A}/deployments",
  );
  const messages = body.map((each) => each.message);
  for (const wanted of [
    "data source second made",
    "rules changed",
    "schema deleted",
    "log forwarder changed",
  ])
    expect(messages).toContain(wanted);
});
