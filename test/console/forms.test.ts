/** Triggers, log forwarders, schemas and settings as forms, in a real browser, by what is to be seen on the page. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ConsoleStage,
  findBarriers,
  hasBrowser,
  type OpenConsole,
  openConsoleStage,
  writeInto,
} from "../support/console.ts";
import { choose, deploy, flip } from "../support/console-steps.ts";

describe.skipIf(!hasBrowser)("forms of the console", () => {
  let stage: ConsoleStage;
  let opened: OpenConsole;
  beforeAll(async () => {
    stage = await openConsoleStage();
    await stage.admin.must("POST", "{A}/functions", {
      name: "sweep",
      source: "exports = () => 1;",
      run_as_system: true,
    });
    opened = await stage.open();
  });
  afterAll(async () => {
    await opened?.close();
    await stage?.close();
  });

  async function at(work: (page: Page) => Promise<void>, { screen }: { readonly screen: string }) {
    await opened.go(screen);
    await work(opened.page);
    opened.expectWell();
  }

  test("a schedule says when it fires next, is kept, and its deletion taken back", async () => {
    const { admin } = stage;
    await admin.must("POST", "{A}/triggers", {
      name: "onLogin",
      type: "AUTHENTICATION",
      config: { operation_type: "LOGIN", providers: ["anon-user"] },
      function_name: "sweep",
    });
    await at(
      async (page) => {
        await page.getByRole("row").filter({ hasText: "onLogin" }).getByText("not running").hover();
        await page.getByText("This server runs triggers by the clock").waitFor();
        await page.getByRole("button", { name: "New trigger" }).click();
        const form = page.getByRole("region", { name: "New trigger" });
        await form.getByRole("textbox", { name: "Name" }).fill("nightly");
        await choose(form, "Function", "sweep");
        await form.getByRole("textbox", { name: "Schedule" }).fill("0 25 * * *");
        await form.getByText("expected an hour of 0 to 23").waitFor();
        await form.getByRole("textbox", { name: "Schedule" }).fill("0 0 29 2 *");
        const next = form.getByRole("list", { name: "Fires next" }).getByRole("listitem");
        await next.filter({ hasText: "(2028-02-29T00:00:00.000Z)" }).waitFor();
        expect(await next.count()).toBe(5);
        await choose(form, "Or one of these", "Every hour");
        expect(await findBarriers(page)).toEqual([]);
        await form.getByRole("button", { name: "Save" }).click();
        await page.getByText("The trigger nightly is saved in your draft").waitFor();
        await page.getByRole("button", { name: "nightly" }).click();
        await page.getByRole("button", { name: "Delete", exact: true }).click();
        await page.getByText("The trigger nightly is deleted in your draft").waitFor();
        await page.getByRole("button", { name: "Undo" }).click();
        await page.getByRole("button", { name: "nightly" }).waitFor();
        await deploy(page);
      },
      { screen: "triggers" },
    );
    expect(await admin.must("GET", "{A}/triggers")).toMatchObject([
      { name: "nightly", runs: true, config: { schedule: "0 * * * *" }, function_name: "sweep" },
      { name: "onLogin", runs: false },
    ]);
  });

  test("a log forwarder is made, changed and switched off", async () => {
    const { admin } = stage;
    await at(
      async (page) => {
        await page.getByText("No log forwarder yet").waitFor();
        await page.getByRole("button", { name: "New log forwarder" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("textbox", { name: "Name" }).fill("not a name");
        await dialog.getByRole("checkbox", { name: "auth" }).check();
        await dialog.getByRole("checkbox", { name: "function" }).uncheck();
        await dialog.getByRole("textbox", { name: "Database" }).fill("ops");
        await dialog.getByRole("textbox", { name: "Collection" }).fill("errors");
        await dialog.getByRole("button", { name: "Save" }).click();
        await dialog.getByRole("alert").getByText("name").waitFor();
        await dialog.getByRole("textbox", { name: "Name" }).fill("errors");
        await dialog.getByRole("button", { name: "Save" }).click();
        await page.getByText("The log forwarder errors is saved in your draft").waitFor();
        await page.getByRole("cell", { name: "mongodb-atlas: ops.errors" }).waitFor();
        await page.getByRole("button", { name: "errors", exact: true }).click();
        await dialog.getByText("A function", { exact: true }).click();
        await choose(dialog, "Function", "sweep");
        await dialog.getByText("One by one").click();
        expect(await findBarriers(page)).toEqual([]);
        await dialog.getByRole("button", { name: "Save" }).click();
        await page.getByRole("cell", { name: "sweep()" }).waitFor();
        await page.getByRole("switch", { name: "errors is on" }).press(" ");
        await page.getByText("errors is off in your draft").waitFor();
        await page.getByText("disabled", { exact: true }).waitFor();
        await deploy(page);
      },
      { screen: "logs?tab=forwarders" },
    );
    expect(await admin.must("GET", "{A}/log_forwarders")).toMatchObject([
      {
        name: "errors",
        disabled: true,
        log_types: ["endpoint", "auth"],
        log_statuses: ["error"],
        policy: { type: "single" },
        action: { type: "function", name: "sweep" },
      },
    ]);
  });

  test("a schema as a form and as JSON is the same, whichever is changed", async () => {
    const label = "Schema of shop.orders as JSON";
    await at(
      async (page) => {
        const json = page.getByRole("textbox", { name: label });
        await page.getByRole("button", { name: "Add a field" }).first().click();
        await page.getByRole("textbox", { name: "Name" }).last().fill("_id");
        await page.getByText("There is a field of this name").waitFor();
        await page.getByRole("textbox", { name: "Name" }).last().fill("lines");
        await page.keyboard.press("Tab");
        await page.getByRole("button", { name: "lines string" }).waitFor();
        const panel = page.getByRole("region", { name: "lines string" });
        await flip(panel, "Required");
        await writeInto(
          page,
          label,
          JSON.stringify({
            bsonType: "object",
            required: ["lines", "elsewhere"],
            properties: {
              lines: {
                bsonType: "array",
                minItems: 1,
                items: { bsonType: "object", properties: { n: { bsonType: "int" } } },
              },
            },
          }),
        );
        await page.getByRole("button", { name: "lines array, required" }).waitFor();
        await page.getByRole("button", { name: "n int" }).waitFor();
        await page.getByLabel("Description").first().fill("what was ordered");
        await page
          .getByRole("switch", { name: "Fields that are not described are let through" })
          .first()
          .click();
        expect(JSON.parse((await json.innerText()).replaceAll("\n", " "))).toEqual({
          bsonType: "object",
          required: ["lines", "elsewhere"],
          properties: {
            lines: {
              bsonType: "array",
              minItems: 1,
              items: {
                bsonType: "object",
                properties: { n: { bsonType: "int" } },
                additionalProperties: false,
              },
              description: "what was ordered",
            },
          },
        });
        expect(await findBarriers(page)).toEqual([]);
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("Schema of shop.orders: saved in your draft").waitFor();
        await page.getByRole("button", { name: "Delete", exact: true }).click();
        await page.getByText("Schema of shop.orders: deleted in your draft").waitFor();
        await page.getByRole("button", { name: "Undo" }).click();
        await page.getByText("Undone").waitFor();
        await deploy(page);
      },
      { screen: "rules?db=shop&coll=orders&tab=schema" },
    );
    expect(await stage.admin.must("GET", "{A}/schemas")).toMatchObject([
      { metadata: { database: "shop", collection: "orders" } },
    ]);
  });

  test("settings of rules, data sources and the environment", async () => {
    const { admin } = stage;
    await at(
      async (page) => {
        await page.getByText("Is looked at, as in the original").click();
        await page.getByText("The settings of rules are saved in your draft").waitFor();
        await page.getByRole("switch", { name: /may use \$regex/ }).click();
        await page.getByRole("switch", { name: /may be null/ }).click();
        await page.getByText("Null passes from now on").waitFor();
        await choose(page, "Read preference of mongodb-atlas", "nearest");
        await page.getByText("mongodb-atlas reads from nearest in your draft").waitFor();
        await page.getByRole("link", { name: "Values & secrets" }).click();
        await page.getByRole("button", { name: "New environment value" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("textbox", { name: "Name" }).fill("base");
        await flip(dialog, "Has a value in: qa");
        await dialog.getByLabel("Value in: qa, as JSON").fill('"https://qa.example.org"');
        await dialog.getByRole("button", { name: "Save" }).click();
        await page.getByText("The environment value base is saved in your draft").waitFor();
        await choose(page, "This app is in", "qa");
        await page.getByText("The environment qa is chosen in your draft").waitFor();
        await deploy(page);
      },
      { screen: "settings?tab=data" },
    );
    expect(await admin.must("GET", "{A}/rules/settings")).toEqual({
      hidden_fields: "stored",
      user_regex: "refused",
    });
    expect(await admin.must("GET", "{A}/environment")).toEqual({ environment: "qa" });
    expect(await admin.must("GET", "{A}/validation_settings/null_type_schema_validation")).toEqual({
      enabled: true,
    });
    expect(await admin.must("GET", "{A}/services")).toMatchObject([
      { config: { readPreference: "nearest" } },
    ]);
  });

  test("users: sessions, custom data, who waits; and as whom the Data API runs", async () => {
    const { admin } = stage;
    await at(
      async (page) => {
        await page.getByRole("textbox", { name: "Days" }).fill("7");
        await page.getByRole("button", { name: "Save the length" }).click();
        await page.getByText("Sessions that begin from now on last so long").waitFor();
        await page.getByRole("tab", { name: "To be confirmed" }).click();
        await page.getByText("Nobody waits").waitFor();
        await page.getByRole("tab", { name: "Custom data" }).click();
        await flip(page, "Custom data is loaded");
        await choose(page, "Data source", "mongodb-atlas");
        await page.getByRole("textbox", { name: "Database" }).fill("shop");
        await page.getByRole("textbox", { name: "Collection" }).fill("profiles");
        await page.getByRole("textbox", { name: "Field that holds the user's id" }).fill("owner");
        await page.getByRole("button", { name: "Save" }).click();
        await page.getByText("Where custom data lies is saved in your draft").waitFor();
        await page.getByRole("link", { name: "Data API" }).click();
        const access = page.getByRole("region", { name: "Authentication" });
        await flip(access, /^Make a user of a caller/);
        await flip(access, /^Everybody with good/);
        await access.getByRole("button", { name: "Save who may call" }).click();
        await page.getByText("Who may call the Data API is saved in your draft").waitFor();
        await deploy(page);
      },
      { screen: "users?tab=sessions" },
    );
    expect(await admin.must("GET", "{A}/security/refresh_token_expiration")).toEqual({
      expiration_time_seconds: 604_800,
    });
    expect(await admin.must("GET", "{A}/custom_user_data")).toMatchObject({
      enabled: true,
      database_name: "shop",
      collection_name: "profiles",
      user_id_field: "owner",
    });
    expect(await admin.must("GET", "{A}/data_api/config")).toMatchObject({
      create_user_on_auth: true,
      can_evaluate: { "%%user.type": "normal" },
    });
  });

  test("a provider's settings as a form", async () => {
    const { admin } = stage;
    await admin.must("POST", "{A}/secrets", { name: "signing", value: "a secret of some length" });
    await at(
      async (page) => {
        await page.getByRole("switch", { name: "custom-token is on" }).press(" ");
        const dialog = page.getByRole("dialog", { name: "Settings of custom-token" });
        await choose(dialog, "Algorithm", "HS512");
        await choose(dialog, "Secrets that hold the keys", "signing");
        await page.keyboard.press("Escape");
        await dialog.getByRole("combobox", { name: "Audiences" }).fill("shop");
        await page.keyboard.press("Enter");
        await flip(dialog, "Keys come from an address (JWKS)");
        await dialog.getByRole("textbox", { name: "Address of the keys" }).waitFor();
        await flip(dialog, "Keys come from an address (JWKS)");
        expect(await findBarriers(page)).toEqual([]);
        await dialog.getByRole("button", { name: "Save" }).click();
        await page.getByText("The settings of custom-token are saved in your draft").waitFor();
        await deploy(page);
      },
      { screen: "users?tab=providers" },
    );
    const all = await admin.must<readonly { readonly _id: string; readonly type: string }[]>(
      "GET",
      "{A}/auth_providers",
    );
    const made = all.find(({ type }) => type === "custom-token");
    expect(await admin.must("GET", `{A}/auth_providers/${made?._id}`)).toMatchObject({
      disabled: false,
      config: { signingAlgorithm: "HS512", audience: ["shop"] },
      secret_config: { signingKeys: ["signing"] },
    });
  });
});
