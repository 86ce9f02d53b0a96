/** The setting that lets null stand for a value of any type in optional fields: on, and off again, at once. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startUsersApp, type UsersApp } from "../support/users-app.ts";

const key = "k".repeat(40);
let app: UsersApp;
beforeAll(async () => {
  app = await startUsersApp({
    apiKey: key,
    files: {
      "data_sources/mongodb-atlas/nulls/c/schema.json": {
        title: "c",
        bsonType: "object",
        properties: { text: { bsonType: "string" } },
      },
    },
  });
});
afterAll(async () => app.close());

async function insert(): Promise<number> {
  const { url, appId } = app.server;
  const response = await fetch(`${url}/app/${appId}/endpoint/data/v1/action/insertOne`, {
    method: "POST",
    headers: { apiKey: key, "Content-Type": "application/json" },
    body: JSON.stringify({
      dataSource: "mongodb-atlas",
      database: "nulls",
      collection: "c",
      document: { text: null },
    }),
  });
  return response.status;
}

test("null for a text is refused, taken when the setting is on, and refused again", async () => {
  const path = "{A}/validation_settings/null_type_schema_validation";
  expect(await insert()).toBe(400);
  expect((await app.admin("PUT", path, { enabled: true })).status).toBe(204);
  expect(await insert()).toBe(201);
  expect((await app.admin("PUT", path, { enabled: false })).status).toBe(204);
  expect(await insert()).toBe(400);
});
