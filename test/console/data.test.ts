/** Documents in the console's Data screen, in a real browser. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, writeInto } from "../support/console.ts";
import { article, type DataStage, everyType, openDataStage } from "../support/data-screen.ts";

const hostile =
  '{"_id":"hostile","<script>alert(1)</script>":"<img src=x onerror=alert(1)>","__proto__":{"polluted":"yes"},' +
  '"constructor":"c","rtl":"\\u202egnp.exe","nul":"a\\u0000b","long":"' +
  `${"w".repeat(5000)}"}`;

describe.skipIf(!hasBrowser)("documents in the console", () => {
  let on: DataStage;
  beforeAll(async () => {
    on = await openDataStage();
  });
  afterAll(async () => on?.stage.close());

  test("a document is inserted, found, cloned, deleted and had back", async () => {
    await on.stage.admin.must(
      "POST",
      `{A}/data/mongodb-atlas/databases/${on.database}/collections`,
      {
        name: "flow",
      },
    );
    await on.stage.visit(
      async (page) => {
        await page.getByRole("heading", { name: "No document" }).waitFor();
        await page.getByRole("button", { name: "Insert", exact: true }).click();
        const dialog = page.getByRole("dialog");
        await writeInto(page, "Document", `{ _id: "typed", n: 5, d: 5.0, at: `);
        await dialog.getByRole("button", { name: "Insert a value" }).click();
        await page.getByRole("menuitem", { name: "Decimal128" }).click();
        await page.keyboard.insertText(" }");
        await dialog.getByRole("button", { name: "Insert", exact: true }).click();
        await article(page, "typed").waitFor();
        for (const type of ["Int32", "Double", "Decimal128"])
          await article(page, "typed").getByText(type, { exact: true }).first().waitFor();
        for (const [typed, offered] of [
          ["_i", "_id"],
          ["$g", "$gte"],
        ] as const) {
          await writeInto(page, "Filter", "{ ");
          await page.keyboard.type(typed);
          await page.getByRole("option", { name: offered, exact: true }).waitFor();
          await page.keyboard.press("Escape");
        }
        await writeInto(page, "Filter", "{ n: { $gt: }");
        await page.keyboard.press("Enter");
        await page.getByText("Filter, character 13: a value is expected").waitFor();
        await writeInto(page, "Filter", '{ _id: "nobody" }');
        await page.keyboard.press("Enter");
        await page.getByText("None matches the filter.").waitFor();
        await writeInto(page, "Filter", "{ n: { $gt: 4 } }");
        await page.getByRole("button", { name: "Find" }).click();
        await article(page, "typed").getByRole("button", { name: "Clone" }).click();
        await dialog.getByRole("button", { name: "Insert", exact: true }).click();
        await page.getByRole("status").getByText("1 – 2 of 2").waitFor();
        await article(page, "typed").getByRole("button", { name: "Delete …" }).click();
        await dialog.getByRole("button", { name: "Delete" }).click();
        await page.getByText("The document is deleted").waitFor();
        await article(page, "typed").waitFor({ state: "detached" });
        expect(await on.found("flow", "typed")).toBe(null);
        const notice = page.getByRole("alert").filter({ hasText: "The document is deleted" });
        await notice.getByRole("button", { name: "Undo" }).click();
        await article(page, "typed").waitFor();
        await page.getByRole("button", { name: "History" }).click();
        await page.getByRole("menuitem", { name: "nobody" }).click();
        await page.getByText("None matches the filter.").waitFor();
      },
      { screen: on.screenOf("flow") },
    );
    expect(await on.found("flow", "typed")).toEqual({
      _id: "typed",
      n: { $numberInt: "5" },
      d: { $numberDouble: "5.0" },
      at: { $numberDecimal: "0.00" },
    });
  });

  test("an edit keeps every type, and shows what another saved first", async () => {
    await on.act("insertOne", "edits", { document: everyType });
    const change = async (added: string): Promise<void> =>
      on.act("updateOne", "edits", { filter: { _id: "typed" }, update: { $set: { added } } });
    await on.stage.visit(
      async (page) => {
        const dialog = page.getByRole("dialog");
        const row = article(page, "typed");
        const editor = dialog.getByRole("textbox", { name: "Document", exact: true });
        const append = async (text: string): Promise<void> => {
          await editor.focus();
          await page.keyboard.press("ControlOrMeta+End");
          await page.keyboard.press("Backspace");
          await page.keyboard.insertText(`, ${text} }`);
        };
        await row.getByRole("button", { name: "Edit" }).click();
        await append('added: "by hand"');
        await page.keyboard.press("Escape");
        await page.keyboard.press("ControlOrMeta+Enter");
        await row.getByText("by hand").waitFor();
        expect(await on.found("edits", "typed")).toEqual({ ...everyType, added: "by hand" });

        await row.getByRole("button", { name: "Edit" }).click();
        await editor.waitFor();
        await change("by another");
        await append("mine: true");
        await dialog.getByRole("button", { name: "Save" }).click();
        await dialog.getByRole("alert").getByText("Somebody changed this document").waitFor();
        await dialog.getByRole("textbox", { name: "Their version" }).waitFor();
        await dialog.getByRole("button", { name: "Save mine over it" }).click();
        await row.getByText("mine").waitFor();
        expect(await on.found("edits", "typed")).toMatchObject({ added: "by hand", mine: true });
      },
      { screen: on.screenOf("edits") },
    );
  });

  test("pages follow one another, and deleting all that match shows how many they are", async () => {
    const documents = Array.from({ length: 120 }, (_, at) => ({ _id: at, even: at % 2 === 0 }));
    await on.act("insertMany", "many", { documents });
    await on.stage.visit(
      async (page) => {
        await page.getByText("1 – 50 of 60").waitFor();
        await page.getByRole("button", { name: "Next" }).click();
        await page.getByText("51 – 60 of 60").waitFor();
        await article(page, "100").waitFor();
        await page.reload();
        await page.getByText("51 – 60 of 60").waitFor();
        await page.getByRole("button", { name: "Back" }).click();
        await page.getByText("1 – 50 of 60").waitFor();
        await page.getByRole("button", { name: "Delete all that match …" }).click();
        await page.getByRole("dialog", { name: "Delete 60 documents?" }).waitFor();
        await page.getByRole("button", { name: "Delete them" }).click();
        await page.getByText("60 documents are deleted").waitFor();
      },
      {
        screen: on.screenOf(
          "many",
          `&filter=${encodeURIComponent(JSON.stringify('{"even":true}'))}`,
        ),
      },
    );
    expect(await on.act("countDocuments", "many", {})).toEqual({ count: { $numberInt: "60" } });
  });

  test("hostile data is text", async () => {
    await on.act("insertOne", "hostile", { document: JSON.parse(hostile) as object });
    await on.act("insertOne", "hostile", {
      document: Object.fromEntries(
        Array.from({ length: 10_000 }, (_, at) => [at === 0 ? "_id" : `f${at}`, at]),
      ),
    });
    await on.stage.visit(
      async (page) => {
        page.on("dialog", () => {
          throw new Error("a script of the data ran");
        });
        const rows = page.getByRole("region", { name: "Documents" });
        await rows.getByText("<script>alert(1)</script>").first().waitFor({ state: "attached" });
        for (const view of ["Table", "Tree"]) {
          await page.getByText(view, { exact: true }).click();
          if (view === "Tree") await page.getByRole("button", { name: "Open hostile" }).click();
          await rows.getByText("<img src=x onerror=alert(1)>").first().waitFor();
          await rows.getByText("__proto__").first().waitFor({ state: "attached" });
          expect(await page.locator("img[src=x]").count()).toBe(0);
        }
        expect(await page.evaluate("({}).polluted")).toBe(undefined);
        const dialog = page.getByRole("dialog");
        await article(page, "hostile").getByRole("button", { name: "Edit" }).click();
        await dialog.getByRole("button", { name: "Save" }).click();
        await dialog.waitFor({ state: "detached" });
      },
      { screen: on.screenOf("hostile") },
    );
    expect(JSON.stringify(await on.found("hostile", "hostile"))).toBe(
      hostile.replace("\\u202e", "\u202e"),
    );
  });

  test("hostile data is text in plans, pipelines, analysis, indexes, names and files", async () => {
    const collection = "<img src=x onerror=alert(2)>";
    await on.act("insertOne", collection, { document: JSON.parse(hostile) as object });
    await on.act("insertOne", collection, {
      document: Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`f${at}`, at])),
    });
    const place = `databases/${on.database}/collections/${encodeURIComponent(collection)}`;
    await on.stage.admin.must("POST", `{A}/data/mongodb-atlas/${place}/indexes`, {
      keys: { "<script>alert(1)</script>": 1 },
    });
    await on.stage.visit(
      async (page) => {
        page.on("dialog", () => {
          throw new Error("a script of the data ran");
        });
        await page.getByRole("button", { name: collection, exact: true }).last().click();
        await writeInto(page, "Filter", '{ "<script>alert(1)</script>": { $gt: "<i>" } }');
        await page.getByRole("button", { name: "Explain", exact: true }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("article", { name: "Stage IXSCAN" }).waitFor();
        await page.keyboard.press("Escape");
        await page.getByRole("tab", { name: "Aggregation" }).click();
        const preview = page.getByRole("group", { name: "Documents behind this stage" });
        await preview.getByText("<img src=x onerror=alert(1)>").waitFor();
        await page.getByRole("tab", { name: "Indexes" }).click();
        await page.getByRole("cell", { name: "<script>alert(1)</script>_1" }).waitFor();
        await page.getByRole("tab", { name: "Import & export" }).click();
        const save = page.getByRole("button", { name: "Export", exact: true });
        const [download] = await Promise.all([page.waitForEvent("download"), save.click()]);
        expect(readFileSync(await download.path(), "utf8")).toContain(
          '"<script>alert(1)</script>":"<img src=x onerror=alert(1)>","__proto__":{"polluted":"yes"}',
        );
        await page.getByRole("combobox", { name: "Format of the file" }).click();
        await page.getByRole("option", { name: "CSV" }).click();
        await save.click();
        await page.getByText("more than 5000 fields").waitFor();
        await page.getByRole("tab", { name: "Documents" }).click();
        await writeInto(page, "Filter", '{ _id: "hostile" }');
        await page.keyboard.press("Enter");
        await page.getByText("Delete all that match …").waitFor();
        await page.getByRole("tab", { name: "Analysis" }).click();
        await page.getByRole("article", { name: "Field <script>" }).waitFor();
        expect(await page.locator("img[src=x]").count()).toBe(0);
      },
      { screen: `data?db=${on.database}` },
    );
  });

  test(
    "a document of nearly 16 MB is shown in part, and edited as a whole",
    { timeout: 90_000 },
    async () => {
      const text = "x".repeat(15 * 2 ** 20);
      await on.act("insertOne", "big", { document: { _id: "big", text } });
      await on.stage.visit(
        async (page) => {
          for (const view of ["Table", "Tree", "Cards"]) {
            await page.getByText(view, { exact: true }).click();
            await page.getByText("Only the beginning of 15.0 MB").waitFor();
          }
          await article(page, "big").getByRole("button", { name: "Edit" }).click();
          const dialog = page.getByRole("dialog");
          await dialog.getByRole("textbox", { name: "Document" }).focus();
          await page.keyboard.press("ControlOrMeta+Home");
          await page.keyboard.press("ArrowRight");
          await page.keyboard.insertText(" added: 1, ");
          await dialog.getByRole("button", { name: "Save" }).click();
          await dialog.waitFor({ state: "detached" });
          await article(page, "big").getByText("added").waitFor();
        },
        { screen: on.screenOf("big") },
      );
      const isWhole = { $eq: [{ $strLenBytes: "$text" }, text.length] };
      const asked = { filter: { _id: "big", added: 1, $expr: isWhole } };
      expect(await on.act("countDocuments", "big", asked)).toEqual({ count: { $numberInt: "1" } });
    },
  );
});
