import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Admin, adminOf } from "../support/admin.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let admin: Admin;

interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
  readonly "x-namespaces"?: readonly unknown[];
}

beforeAll(async () => {
  server = await startServer();
  admin = await adminOf(server);
  const schema = {
    title: "order",
    bsonType: "object",
    required: ["_id"],
    properties: {
      _id: { bsonType: "objectId" },
      total: { bsonType: ["double", "int"] },
      lines: {
        bsonType: "array",
        items: { bsonType: "object", properties: { at: { bsonType: "date" } } },
      },
    },
  };
  const metadata = { data_source: "mongodb-atlas", database: "shop", collection: "orders" };
  await admin.must("POST", "{A}/schemas", { metadata, schema });
  const source = "exports = async () => 1;";
  await admin.call("POST", "{A}/functions", {
    name: "open",
    private: false,
    source,
    run_as_system: true,
  });
  const functions = await admin.call<readonly { readonly _id: string }[]>("GET", "{A}/functions");
  for (const [route, method, disabled] of [
    ["/orders/{id}", "GET", false],
    ["/orders", "*", false],
    ["/off", "POST", true],
  ])
    await admin.call("POST", "{A}/endpoints", {
      route,
      http_method: method,
      function_id: functions.body[0]?._id,
      function_name: "open",
      validation_method: "NO_VALIDATION",
      respond_result: true,
      return_type: "JSON",
      disabled,
    });
});
afterAll(async () => server.close());

async function mustBeValid(description: unknown): Promise<void> {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(description as Record<string, unknown>);
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  expect(validator.version).toBe("3.1");
}

test("openapi: an app's document is valid, and has its endpoints, schemas and namespaces", async () => {
  const answer = await fetch(`${server.url}/app/${server.appId}/endpoint/data/v1/openapi.json`);
  expect(answer.status).toBe(200);
  const description = (await answer.json()) as Description;
  await mustBeValid(description);
  expect(Object.keys(description.paths)).toContain("/orders");
  expect(Object.keys(description.paths)).not.toContain("/off");
  expect(description.paths["/orders"]).toMatchObject({
    get: { security: [] },
    delete: { security: [] },
  });
  expect(description.components.schemas["mongodb-atlas.shop.orders"]).toEqual({
    title: "order",
    type: "object",
    required: ["_id"],
    properties: {
      _id: { type: "string", pattern: "^[0-9a-f]{24}$" },
      total: { anyOf: [{ type: "number" }, { type: "integer", format: "int32" }] },
      lines: {
        type: "array",
        items: { type: "object", properties: { at: { type: "string", format: "date-time" } } },
      },
    },
  });
  expect(description["x-namespaces"]).toEqual([
    { dataSource: "mongodb-atlas", database: "shop", collection: "orders" },
  ]);
});

test("openapi: the admin API's document is valid, and has every route", async () => {
  const { body } = await admin.call<Description>("GET", "/openapi.json");
  await mustBeValid(body);
  const path = "/groups/{groupId}/apps/{appId}/services/{serviceId}/rules/{ruleId}";
  expect(Object.keys(body.paths[path] ?? {}).toSorted()).toEqual(["delete", "get", "put"]);
  expect(Object.keys(body.paths).length).toBeGreaterThan(60);
});
