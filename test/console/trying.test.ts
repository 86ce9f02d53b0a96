/** Trying things before they count: the playground, the form beside the JSON, schemas on what is there. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ConsoleStage, hasBrowser, openConsoleStage, writeInto } from "../support/console.ts";

/** What the playground shows, once it says `title`. */
async function answerOf(page: Page, title: RegExp): Promise<string> {
  const answer = page.getByRole("region", { name: "Playground" }).getByRole("status");
  await answer.getByText(title).waitFor();
  return (await answer.textContent()) ?? "";
}

describe.skipIf(!hasBrowser)("trying things in the console", () => {
  let stage: ConsoleStage;
  beforeAll(async () => {
    stage = await openConsoleStage();
    const { admin, server } = stage;
    await admin.must("POST", "{A}/data/mongodb-atlas/actions/insertMany", {
      database: server.database,
      collection: "notes",
      documents: [
        { _id: 1, owner: "x", n: 1 },
        { _id: 2, owner: "y", n: "two" },
      ],
    });
    await admin.must("POST", "{A}/users", { email: "ann@example.org", password: "secret-word" });
  });
  afterAll(async () => stage?.close());

  test("the playground sends as the system, as a user and with a key", async () => {
    const { server } = stage;
    const body = JSON.stringify({
      dataSource: "mongodb-atlas",
      database: server.database,
      collection: "notes",
      filter: { _id: 2 },
    });
    await stage.visit(
      async (page) => {
        const play = page.getByRole("region", { name: "Playground" });
        const send = play.getByRole("button", { name: "Send" });
        expect(await send.isDisabled()).toBe(true);
        await play.getByText("As the system", { exact: true }).click();
        await writeInto(page, "Body, as EJSON", body);
        await send.click();
        expect(await answerOf(page, /Answer 200/)).toContain('"owner": "y"');
        await play.getByText("As a user", { exact: true }).click();
        await play.getByRole("combobox", { name: "User" }).fill("ann");
        await page.getByRole("option", { name: "ann@example.org" }).click();
        await writeInto(page, "Body, as EJSON", body.replace('{"_id":2}', '{"$where":"true"}'));
        await send.click();
        expect(await answerOf(page, /Answer 4\d\d/)).toContain("error_code");
        await play.getByText("With a key", { exact: true }).click();
        await play.getByRole("textbox", { name: "Key" }).fill(server.apiKey);
        await writeInto(page, "Body, as EJSON", body);
        await send.click();
        expect(await answerOf(page, /Answer 200/)).toContain('"owner": "y"');
      },
      { screen: "data-api" },
    );
  });

  test("form and JSON of rules show the same, whichever is changed", async () => {
    await stage.visit(
      async (page) => {
        const json = page.getByRole("textbox", { name: "Rules of shop.notes as JSON" });
        await page.getByRole("button", { name: "Add a role" }).click();
        await page.getByRole("button", { name: "role-1", exact: true }).waitFor();
        await page.getByRole("textbox", { name: "Name" }).fill("owner");
        await page
          .getByRole("radiogroup", { name: "Documents it reads" })
          .getByText("When …")
          .click();
        await page.getByRole("radiogroup", { name: "May delete" }).getByText("Never").click();
        expect(await json.textContent()).toMatch(
          /"name": "owner".*"read": \{\s*"owner_id": "%%user.id"\s*\}.*"delete": false/s,
        );
        await writeInto(
          page,
          "Rules of shop.notes as JSON",
          '{ "roles": [{ "name": "typed", "apply_when": {}, "insert": true }], "filters": [] }',
        );
        await page.getByRole("button", { name: "typed", exact: true }).waitFor();
        const insert = page.getByRole("radiogroup", { name: "May insert" });
        expect(await insert.getByRole("radio", { name: "Always" }).isChecked()).toBe(true);
        await writeInto(page, "Rules of shop.notes as JSON", '{ "roles": [');
        await page.getByText("The JSON is not whole yet").waitFor();
        expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
      },
      { screen: "rules?db=shop&coll=notes" },
    );
  });

  test("a schema is made of a sample, and tried on the documents", async () => {
    const { server } = stage;
    const label = `Schema of ${server.database}.notes as JSON`;
    await stage.visit(
      async (page) => {
        await page.getByRole("button", { name: "Generate from a sample" }).click();
        await page.getByText("Made of 2 documents").waitFor();
        const schema = page.getByRole("textbox", { name: label });
        expect(await schema.textContent()).toMatch(/"n": \{.*"int",\s*"string"/s);
        await page.getByRole("button", { name: "Validate existing documents" }).click();
        await page.getByText("2 documents in all: all fit").waitFor();
        await writeInto(
          page,
          label,
          '{ "bsonType": "object", "properties": { "n": { "bsonType": "int" } } }',
        );
        await page.getByRole("button", { name: "Validate existing documents" }).click();
        await page.getByText(/2 documents in all: 1 would be refused/).waitFor();
        await page.getByRole("cell", { name: "2", exact: true }).waitFor();
      },
      { screen: `rules?db=${server.database}&coll=notes&tab=schema` },
    );
  });

  test("a request to an endpoint is signed, answered, and found in the log", async () => {
    const { admin } = stage;
    await admin.must("POST", "{A}/secrets", { name: "signing", value: "between us two" });
    await admin.must("POST", "{A}/functions", {
      name: "echo",
      source: "exports = ({ body, headers }) => ({ got: body.text(), of: headers['X-Of'] });",
      run_as_system: true,
    });
    await admin.must("POST", "{A}/endpoints", {
      route: "/echo",
      http_method: "*",
      function_name: "echo",
      validation_method: "VERIFY_PAYLOAD",
      secret_name: "signing",
      respond_result: true,
    });
    await stage.visit(
      async (page) => {
        await page.getByRole("button", { name: "/echo" }).first().click();
        const trial = page.getByRole("region", { name: "Try it" });
        await trial.getByRole("textbox", { name: "Body" }).fill('{"n":1}');
        await trial.getByRole("textbox", { name: "Headers, one a line" }).fill("X-Of: the page");
        await trial.getByRole("button", { name: "Send the request" }).click();
        await trial.getByText(/Answer 401/).waitFor();
        await trial.getByRole("textbox", { name: "Value of the secret" }).fill("between us two");
        await trial.getByRole("button", { name: "Send the request" }).click();
        await trial.getByText(/Answer 200/).waitFor();
        const answer = await trial.getByLabel("Body of the answer").innerText();
        expect(JSON.parse(answer)).toEqual({ got: '{"n":1}', of: ["the page"] });
        await trial.getByRole("button", { name: "Copy the request as curl" }).click();
        expect(await page.evaluate("navigator.clipboard.readText()")).toMatch(
          /^curl -X POST '.*\/endpoint\/echo'.*Endpoint-Signature: sha256=[0-9a-f]{64}'/s,
        );
        await trial.getByRole("link", { name: "Its log entry" }).click();
        await page.getByRole("dialog", { name: "Log entry" }).getByText("POST /echo").waitFor();
      },
      { screen: "endpoints" },
    );
  });
});
