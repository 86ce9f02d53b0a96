/** Settings, administrators, rules and schemas in the console, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ConsoleStage, hasBrowser, openConsoleStage, writeInto } from "../support/console.ts";
import { deploy } from "../support/console-steps.ts";

describe.skipIf(!hasBrowser)("the console's settings", () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openConsoleStage();
  });
  afterAll(async () => stage?.close());

  test("limits, origins and addresses", async () => {
    const { admin } = stage;
    await stage.visit(
      async (page) => {
        await page.getByLabel("Documents of one answer").fill("77");
        await page.getByRole("button", { name: "Save the limits" }).click();
        await page.getByText("The limits hold from now on").waitFor();
        await page.getByLabel("Origins, one a line").fill("https://shop.example.org");
        await page.getByRole("button", { name: "Save the origins" }).click();
        await page.getByText("The origins are saved in your draft").waitFor();
        await page.getByLabel("Address or range").fill("not an address");
        await page.getByRole("button", { name: "Add the address" }).click();
        await page.getByText("This did not work").waitFor();
        await page.getByLabel("Address or range").fill("203.0.113.0/24");
        await page.getByRole("button", { name: "Add the address" }).click();
        await page.getByRole("cell", { name: "203.0.113.0/24" }).waitFor();
        await page.getByRole("tab", { name: "Audit log" }).click();
        await page.getByText("PATCH /limits").waitFor();
        await deploy(page);
      },
      { screen: "settings" },
    );
    expect((await admin.call("GET", "{A}/limits")).body).toMatchObject({
      own: { documentsMax: 77 },
    });
    expect((await admin.call("GET", "{A}/security/allowed_request_origins")).body).toEqual([
      "https://shop.example.org",
    ]);
  });

  test("administrators: one is made, and gets a new password", async () => {
    const { admin } = stage;
    await stage.visit(
      async (page) => {
        const dialog = page.getByRole("dialog");
        await page.getByRole("button", { name: "New administrator" }).click();
        await dialog.getByRole("textbox", { name: "E-mail" }).fill("grace@example.org");
        await dialog.getByRole("textbox", { name: "Password" }).fill("the first password");
        await dialog.getByRole("button", { name: "Make the administrator" }).click();
        await page.getByRole("cell", { name: "grace@example.org" }).waitFor();
        const row = page.getByRole("row").filter({ hasText: "grace@example.org" });
        await row.getByRole("button", { name: "Set a password …" }).click();
        await dialog.getByRole("textbox", { name: "Password" }).fill("the second password");
        await dialog.getByRole("button", { name: "Set the password" }).click();
        await page.getByText("grace@example.org has a new password").waitFor();
      },
      { screen: "settings?tab=administrators" },
    );
    for (const [password, status] of [
      ["the first password", 401],
      ["the second password", 200],
    ] as const)
      expect(
        (
          await admin.call("POST", "/auth/providers/local-userpass/login", {
            username: "grace@example.org",
            password,
          })
        ).status,
      ).toBe(status);
  });

  test("rules from a template, a schema, and why something is allowed", async () => {
    await stage.visit(
      async (page) => {
        await page.getByLabel("Another collection").fill("shop.orders");
        await page.getByRole("button", { name: "Open" }).click();
        await page.getByRole("heading", { name: "Rules of shop.orders" }).waitFor();
        await page.getByRole("combobox", { name: "Add a role from a template" }).click();
        await page.getByRole("option", { name: "users read and write all data" }).click();
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("Rules of shop.orders: saved in your draft").waitFor();
        await page.getByRole("tab", { name: "Schema" }).click();
        await writeInto(
          page,
          "Schema of shop.orders as JSON",
          '{ "title": "order", "bsonType": "object", "required": ["n"], "properties": { "n": { "bsonType": "int" } } }',
        );
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("Schema of shop.orders: saved in your draft").waitFor();
        await deploy(page);
        await page.getByRole("link", { name: "Rules & schema" }).click();
        await page.getByRole("button", { name: "shop.orders" }).click();
        await page.getByRole("tab", { name: "Simulator" }).click();
        await page.getByRole("button", { name: "Explain" }).click();
        await page.getByRole("status").getByText("Allowed", { exact: true }).waitFor();
      },
      { screen: "rules" },
    );
    const rules = await stage.admin.must("GET", "{A}/services/mongodb-atlas/rules");
    expect(rules).toMatchObject([{ database: "shop", roles: [{ name: "readAndWriteAll" }] }]);
  });
});
