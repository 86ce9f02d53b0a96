/** Documents in the console's Data screen, in a real browser. */
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ConsoleStage, hasBrowser, openConsoleStage, writeInto } from "../support/console.ts";

/** One of each type that documents are made of today. */
const everyType = {
  _id: "typed",
  objectId: { $oid: "64b7f0c2a1d3e4f5a6b7c8d9" },
  int: { $numberInt: "7" },
  long: { $numberLong: "7" },
  double: { $numberDouble: "7.0" },
  decimal: { $numberDecimal: "7.00" },
  date: { $date: { $numberLong: "0" } },
  binary: { $binary: { base64: "AQI=", subType: "80" } },
  timestamp: { $timestamp: { t: 5, i: 6 } },
  regex: { $regularExpression: { pattern: "^a", options: "i" } },
  code: { $code: "return 1" },
  least: { $minKey: 1 },
  greatest: { $maxKey: 1 },
  nothing: null,
  yes: true,
  list: [{ $numberInt: "1" }, { $numberLong: "2" }],
  inner: { a: { $numberDouble: "1.5" } },
};

const hostile =
  '{"_id":"hostile","<script>alert(1)</script>":"<img src=x onerror=alert(1)>","__proto__":{"polluted":"yes"},' +
  '"constructor":"c","rtl":"\\u202egnp.exe","nul":"a\\u0000b","long":"' +
  `${"w".repeat(5000)}"}`;

function article(page: Page, id: string): Locator {
  return page.getByRole("article", { name: `Document ${id}` });
}

describe.skipIf(!hasBrowser)("the console's Data screen", () => {
  let stage: ConsoleStage;
  let database: string;

  beforeAll(async () => {
    stage = await openConsoleStage();
    database = stage.server.database;
  });
  afterAll(async () => stage?.close());

  const act = async <T>(action: string, collection: string, body: object): Promise<T> =>
    stage.admin.must<T>("POST", `{A}/data/mongodb-atlas/actions/${action}`, {
      database,
      collection,
      ...body,
    });
  const found = async (collection: string, id: string): Promise<object | null> => {
    const filter = { _id: id };
    return (await act<{ document: object | null }>("findOne", collection, { filter })).document;
  };
  const screenOf = (collection: string, more = ""): string =>
    `data?db=${database}&coll=${collection}${more}`;

  test("a document is inserted, found, cloned and deleted", async () => {
    await stage.admin.must("POST", `{A}/data/mongodb-atlas/databases/${database}/collections`, {
      name: "flow",
    });
    await stage.visit(
      async (page) => {
        await page.getByRole("heading", { name: "No document" }).waitFor();
        await page.getByRole("button", { name: "Insert", exact: true }).click();
        const dialog = page.getByRole("dialog");
        await writeInto(page, "Document", JSON.stringify(everyType));
        await dialog.getByRole("button", { name: "Insert", exact: true }).click();
        await article(page, "typed").waitFor();
        for (const type of ["Int32", "Int64", "Double", "Decimal128", "ObjectId", "Binary"])
          await article(page, "typed").getByText(type, { exact: true }).first().waitFor();
        await page.getByRole("textbox", { name: "Filter" }).fill('{ "_id": "nobody" }');
        await page.getByRole("button", { name: "Find" }).click();
        await page.getByText("None matches the filter.").waitFor();
        await page.getByRole("textbox", { name: "Filter" }).fill('{ "long": { "$gt": 6 } }');
        await page.getByRole("button", { name: "Find" }).click();
        await article(page, "typed").getByRole("button", { name: "Clone" }).click();
        await dialog.getByRole("button", { name: "Insert", exact: true }).click();
        await page.getByText("2 documents").waitFor();
        await article(page, "typed").getByRole("button", { name: "Delete …" }).click();
        await dialog.getByRole("button", { name: "Delete" }).click();
        await page.getByText("The document is deleted").waitFor();
        await article(page, "typed").waitFor({ state: "detached" });
      },
      { screen: screenOf("flow") },
    );
    expect(await found("flow", "typed")).toBe(null);
  });

  test("an edit keeps every type, and says when another was faster", async () => {
    await act("insertOne", "edits", { document: everyType });
    await stage.visit(
      async (page) => {
        const dialog = page.getByRole("dialog");
        await article(page, "typed").getByRole("button", { name: "Edit" }).click();
        const { int: _, ...others } = everyType;
        await writeInto(page, "Document", JSON.stringify({ ...others, added: "by hand" }));
        await dialog.getByRole("button", { name: "Save" }).click();
        await article(page, "typed").getByText("by hand").waitFor();
        expect(await found("edits", "typed")).toEqual({ ...others, added: "by hand" });

        await article(page, "typed").getByRole("button", { name: "Edit" }).click();
        await act("updateOne", "edits", {
          filter: { _id: "typed" },
          update: { $set: { added: "by another" } },
        });
        await dialog.getByRole("button", { name: "Save" }).click();
        await dialog.getByRole("alert").getByText("Somebody changed or deleted").waitFor();
        await dialog.getByRole("button", { name: "Cancel" }).click();
        await article(page, "typed").getByText("by another").waitFor();
      },
      { screen: screenOf("edits") },
    );
    expect(await found("edits", "typed")).toMatchObject({ added: "by another" });
  });

  test("deleting all that match shows how many they are", async () => {
    const documents = Array.from({ length: 120 }, (_, at) => ({ _id: at, even: at % 2 === 0 }));
    await act("insertMany", "many", { documents });
    await stage.visit(
      async (page) => {
        await page.getByText("1 – 50 of 60").waitFor();
        await page.getByRole("button", { name: "Next" }).click();
        await page.getByText("51 – 60 of 60").waitFor();
        await page.getByRole("button", { name: "Delete all that match …" }).click();
        await page.getByRole("dialog", { name: "Delete 60 documents?" }).waitFor();
        await page.getByRole("button", { name: "Delete them" }).click();
        await page.getByText("They are deleted").waitFor();
      },
      {
        screen: screenOf("many", `&filter=${encodeURIComponent(JSON.stringify('{"even":true}'))}`),
      },
    );
    expect(await act("countDocuments", "many", {})).toEqual({ count: { $numberInt: "60" } });
  });

  test("hostile data is text", async () => {
    await act("insertOne", "hostile", { document: JSON.parse(hostile) as object });
    await act("insertOne", "hostile", {
      document: Object.fromEntries(
        Array.from({ length: 10_000 }, (_, at) => [at === 0 ? "_id" : `f${at}`, at]),
      ),
    });
    for (const view of ["cards", "table", "json"])
      await stage.visit(
        async (page) => {
          page.on("dialog", () => {
            throw new Error("a script of the data ran");
          });
          await page.getByText("<script>alert(1)</script>").first().waitFor();
          await page.getByText("<img src=x onerror=alert(1)>").first().waitFor();
          await page.getByText("__proto__").first().waitFor();
          expect(await page.locator("img[src=x]").count()).toBe(0);
          expect(await page.evaluate("({}).polluted")).toBe(undefined);
        },
        { screen: screenOf("hostile", `&view=${view}`) },
      );
    await stage.visit(
      async (page) => {
        await article(page, "hostile").getByRole("button", { name: "Edit" }).click();
        await page.getByRole("dialog").getByRole("textbox", { name: "Document" }).waitFor();
        await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
        await page.getByText("The document is saved").waitFor();
      },
      { screen: screenOf("hostile") },
    );
    expect(JSON.stringify(await found("hostile", "hostile"))).toBe(
      hostile.replace("\\u202e", "\u202e"),
    );
  });

  test("a pipeline is looked at stage by stage; an index is made and dropped", async () => {
    await act("insertMany", "indexed", {
      documents: [
        { _id: 1, n: 5 },
        { _id: 2, n: 6 },
      ],
    });
    await stage.visit(
      async (page) => {
        await writeInto(page, "Operand of stage 1", '{ "n": 6 }');
        await page.getByRole("button", { name: "Preview" }).click();
        await page.getByRole("region", { name: "Stage 1" }).getByText(/"6"/).first().waitFor();
        await page.getByRole("tab", { name: "Indexes" }).click();
        await page.getByRole("textbox", { name: "Keys" }).fill('{ "n": 1 }');
        await page.getByRole("button", { name: "Create" }).click();
        await page.getByRole("cell", { name: "n_1" }).waitFor();
        await page.getByRole("button", { name: "Drop …" }).last().click();
        await page.getByRole("dialog").getByRole("button", { name: "Drop" }).click();
        await page.getByText("The index n_1 is dropped").waitFor();
        expect(await page.getByRole("cell", { name: "n_1" }).count()).toBe(0);
      },
      { screen: screenOf("indexed", "&tab=aggregation") },
    );
  });
});
