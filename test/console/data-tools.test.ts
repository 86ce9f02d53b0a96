/** What the console's Data screen has besides documents: pipelines, indexes, plans, analysis, files. */
import { readFileSync } from "node:fs";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tokenOfReader } from "../support/admin.ts";
import { findBarriers, hasBrowser, overhangOf, writeInto } from "../support/console.ts";
import { article, type DataStage, everyType, openDataStage } from "../support/data-screen.ts";

describe.skipIf(!hasBrowser)("tools of the console's Data screen", () => {
  let on: DataStage;
  beforeAll(async () => {
    on = await openDataStage();
  });
  afterAll(async () => on?.stage.close());

  test("a pipeline is built, previewed and exported; an index is made and dropped", async () => {
    await on.act("insertMany", "indexed", {
      documents: [
        { _id: 1, n: 5 },
        { _id: 2, n: 6 },
      ],
    });
    await on.stage.visit(
      async (page) => {
        const stageOf = (number: number): Locator =>
          page.getByRole("region", { name: `Stage ${number}`, exact: true });
        await writeInto(page, "Operand of stage 1", "{ n: 6 }");
        await stageOf(1).getByText("1 document", { exact: true }).waitFor();
        await page.getByRole("button", { name: "Add a stage" }).click();
        await writeInto(page, "Operand of stage 2", "{ _id: null, sum: { $sum: '$n' } }");
        await stageOf(2).getByText('"sum": 6').waitFor();
        await page.getByRole("switch", { name: "Stage 1 is on" }).press("Space");
        await stageOf(2).getByText('"sum": 11').waitFor();
        await stageOf(2).getByRole("button", { name: "Move stage 2 up" }).click();
        await stageOf(1).getByText('"sum": 11').waitFor();
        await page.getByRole("tab", { name: "PyMongo" }).click();
        await page.getByText("collection.aggregate([").waitFor();

        await page.getByRole("tab", { name: "Indexes" }).click();
        await page.getByRole("combobox", { name: "Field 1", exact: true }).fill("n");
        await page.getByRole("switch", { name: "Unique" }).press("Space");
        await page.getByRole("button", { name: "Create" }).click();
        await page.getByRole("cell", { name: "n_1" }).waitFor();
        await page.getByRole("cell", { name: "unique" }).waitFor();
        await page.getByRole("button", { name: "Drop …" }).last().click();
        await page.getByRole("dialog").getByRole("button", { name: "Drop" }).click();
        await page.getByText("The index n_1 is dropped").waitFor();
        expect(await page.getByRole("cell", { name: "n_1" }).count()).toBe(0);
      },
      { screen: on.screenOf("indexed", "&tab=aggregation") },
    );
  });

  test("a query is explained, and what the documents hold is analyzed", async () => {
    await on.act("insertMany", "explained", {
      documents: Array.from({ length: 30 }, (_, n) => ({
        _id: n,
        n,
        kind: n % 3 === 0 ? "<b>" : n,
      })),
    });
    await on.stage.visit(
      async (page) => {
        await writeInto(page, "Filter", "{ n: { $lt: 5 } }");
        await page.getByRole("button", { name: "Explain", exact: true }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("article", { name: "Stage COLLSCAN" }).waitFor();
        expect(await dialog.innerText()).toMatch(
          /5\s*returned\s*0\s*keys read\s*30\s*documents read/,
        );
        await page.keyboard.press("Escape");
        await page.getByRole("tab", { name: "Analysis" }).click();
        const kind = page.getByRole("article", { name: "Field kind" });
        await kind.getByText("string 33 %").waitFor();
        await kind.getByRole("button", { name: "<b>" }).click();
        await page.getByText("1 – 10 of 10").waitFor();
      },
      { screen: on.screenOf("explained") },
    );
  });

  test("who may only look is offered no change", async () => {
    await on.act("insertOne", "looked", { document: { _id: "seen" } });
    const token = await tokenOfReader(on.stage.admin);
    await on.stage.visit(
      async (page) => {
        await article(page, "seen").getByRole("button", { name: "View" }).click();
        await page.getByRole("dialog").getByText('"_id": "seen"').waitFor();
        await page.keyboard.press("Escape");
        for (const name of ["Insert", "Clone", "Delete …", "Drop …", "New"])
          expect([name, await page.getByRole("button", { name, exact: true }).count()]).toEqual([
            name,
            0,
          ]);
        await page.getByRole("tab", { name: "Indexes" }).click();
        await page.getByRole("cell", { name: "_id_", exact: true }).waitFor();
        expect(await page.getByRole("button", { name: "Create" }).count()).toBe(0);
      },
      { screen: on.screenOf("looked"), token },
    );
  });

  test("each state fits all widths and bars nobody", { timeout: 90_000 }, async () => {
    await on.act("insertMany", "states", {
      documents: [everyType, { _id: "long", text: "w".repeat(500), ["n".repeat(90)]: [[1], {}] }],
    });
    await on.stage.visit(
      async (page) => {
        const look = async (state: string): Promise<void> => {
          for (const colorScheme of ["dark", "light"] as const) {
            await page.emulateMedia({ colorScheme });
            await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
            await expect
              .poll(async () => [state, colorScheme, await findBarriers(page)])
              .toEqual([state, colorScheme, []]);
          }
          for (const width of [360, 768, 1440]) {
            await page.setViewportSize({ width, height: 900 });
            await expect
              .poll(async () => [state, width, await overhangOf(page)])
              .toEqual([state, width, 0]);
          }
        };
        const press = async (name: string): Promise<void> =>
          page.getByRole("button", { name, exact: true }).first().click();
        await article(page, "typed").waitFor();
        await press("Options");
        await writeInto(page, "Sort", "{ n: }");
        await press("Find");
        await page.getByText("Sort, character 6").waitFor();
        await look("a query with a mistake");
        await press("Reset");
        await page.getByText("Tree", { exact: true }).click();
        await press("Open typed");
        await press("Explain");
        await page.getByText("Nothing stands out.").waitFor();
        await look("tree and explain");
        await page.keyboard.press("Escape");
        await press("Edit");
        await page.getByRole("dialog").getByRole("textbox", { name: "Document" }).waitFor();
        await look("editor");
        await press("Cancel");
        await page.getByRole("tab", { name: "Analysis" }).click();
        await page.getByRole("article", { name: "Field _id" }).waitFor();
        await look("analysis");
        await page.getByRole("tab", { name: "Import & export" }).click();
        await page.getByRole("region", { name: "Export" }).waitFor();
        await look("files");
      },
      { screen: on.screenOf("states") },
    );
  });

  test("files go in and come out", async () => {
    await on.act("insertOne", "files", { document: { _id: 1 } });
    const text = '{"_id":1}\n{"_id":2,"n":{"$numberLong":"2"}}\n{"_id":\n';
    await on.stage.visit(
      async (page) => {
        const name = "things.ndjson";
        const buffer = Buffer.from(text);
        await page
          .locator("input[type=file]")
          .setInputFiles({ name, mimeType: "application/x-ndjson", buffer });
        await page.getByRole("button", { name: "Import", exact: true }).click();
        await page.getByText("1 inserted, 2 failed").waitFor();
        await page.getByRole("cell", { name: "3", exact: true }).waitFor();
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("button", { name: "Export", exact: true }).click(),
        ]);
        expect(download.suggestedFilename()).toBe(`${on.database}.files.ndjson`);
        expect(readFileSync(await download.path(), "utf8")).toBe(
          '{"_id":{"$numberInt":"1"}}\n{"_id":{"$numberInt":"2"},"n":{"$numberLong":"2"}}\n',
        );
      },
      { screen: on.screenOf("files", "&tab=transfer") },
    );
  });
});
