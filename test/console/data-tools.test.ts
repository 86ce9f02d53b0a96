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
        await stageOf(2).getByText("6", { exact: true }).waitFor();
        await page.getByRole("switch", { name: "Stage 1 is on" }).press("Space");
        await stageOf(2).getByText("11", { exact: true }).waitFor();
        await stageOf(2).getByRole("button", { name: "Move stage 2 up" }).click();
        await stageOf(1).getByText("11", { exact: true }).waitFor();
        await page.getByRole("tab", { name: "PyMongo" }).click();
        expect(await page.getByLabel("Code", { exact: true }).textContent()).toContain(
          "collection.aggregate([",
        );

        await page.getByRole("tab", { name: "Indexes" }).click();
        await page.getByRole("combobox", { name: "Field 1", exact: true }).fill("n");
        await page.getByRole("switch", { name: "Unique" }).press("Space");
        await page.getByRole("button", { name: "Create" }).click();
        await page.getByRole("cell", { name: "n_1" }).waitFor();
        await page.getByRole("cell", { name: "unique" }).waitFor();
        await page.getByRole("button", { name: "Drop …" }).last().click();
        await page.getByRole("dialog").getByRole("button", { name: "Drop" }).click();
        await page.getByText("The index n_1 is dropped").waitFor();
        await page.getByRole("cell", { name: "n_1" }).waitFor({ state: "detached" });
      },
      { screen: on.screenOf("indexed", "&tab=aggregation") },
    );
  });

  test("indexes of every kind are made", async () => {
    await on.act("insertOne", "kinds", { document: { _id: 1 } });
    await on.stage.visit(
      async (page) => {
        const form = page.getByRole("region", { name: "New index" });
        const make = async (path: string, kind?: string): Promise<void> => {
          await form.getByRole("combobox", { name: "Field 1", exact: true }).fill(path);
          if (kind !== undefined) {
            await form.getByRole("combobox", { name: "Kind of field 1" }).click();
            await page.getByRole("option", { name: kind, exact: true }).click();
          }
          await form.getByRole("button", { name: "Create" }).click();
          await page.getByRole("cell", { name: new RegExp(`^${path}_`) }).waitFor();
        };
        await form.getByRole("textbox", { name: "Documents expire after" }).fill("3600");
        await writeInto(page, "Only documents that match (partial index)", '{ status: "open" }');
        await writeInto(page, "Collation", '{ locale: "en", strength: 2 }');
        await make("at");
        await writeInto(page, "More options", '{ default_language: "none" }');
        await make("title", "text search");
        await make("place", "2dsphere");
        await make("name", "descending");
        await page.getByRole("cell", { name: "expireAfterSeconds: 3600" }).waitFor();
      },
      { screen: on.screenOf("kinds", "&tab=indexes") },
    );
    const path = `{A}/data/mongodb-atlas/databases/${on.database}/collections/kinds/indexes`;
    expect(await on.stage.admin.must("GET", path)).toMatchObject([
      { name: "_id_" },
      {
        key: { at: { $numberInt: "1" } },
        expireAfterSeconds: { $numberInt: "3600" },
        partialFilterExpression: { status: "open" },
        collation: { locale: "en", strength: { $numberInt: "2" } },
      },
      { key: { _fts: "text" }, weights: { title: { $numberInt: "1" } }, default_language: "none" },
      { key: { place: "2dsphere" } },
      { key: { name: { $numberInt: "-1" } } },
    ]);
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
        await kind.getByText("String 33 %").waitFor();
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
        await page.getByText("so every one is read").waitFor();
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

  test("an export that fails half way says why", async () => {
    const documents = Array.from({ length: 2000 }, (_, n) => ({ _id: n, n: 1999 - n }));
    await on.act("insertMany", "halfway", { documents });
    const projection = JSON.stringify(`{ text: "${"x".repeat(200)}", n: { $divide: [1, "$n"] } }`);
    await on.stage.visit(
      async (page) => {
        await page.getByRole("button", { name: "Export", exact: true }).click();
        const said = await page.getByRole("alert").textContent();
        expect(said).toMatch(/nothing was saved: \(\w+\) .*zero/);
      },
      {
        screen: on.screenOf(
          "halfway",
          `&tab=transfer&projection=${encodeURIComponent(projection)}`,
        ),
      },
    );
  });

  test("files go in and come out", async () => {
    await on.act("insertOne", "files", { document: { _id: 1 } });
    const text = '{"_id":1}\n{"_id":2,"n":{"$numberLong":"2"}}\n{"_id":\n';
    await on.stage.visit(
      async (page) => {
        const importText = async (lines: string): Promise<void> => {
          const buffer = Buffer.from(lines);
          await page
            .locator("input[type=file]")
            .setInputFiles({ name: "things.ndjson", mimeType: "application/x-ndjson", buffer });
          await page.getByRole("button", { name: "Import", exact: true }).click();
        };
        await importText(text);
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
        // What no request can carry keeps nothing else out.
        await importText(`{"_id":3}\n{"_id":4,"t":"${"x".repeat(19 * 2 ** 20)}"}\n{"_id":5}\n`);
        await page.getByText("2 inserted, 1 failed").waitFor();
        await page.getByRole("cell", { name: "the request is too large" }).waitFor();
      },
      { screen: on.screenOf("files", "&tab=transfer") },
    );
  });
});
