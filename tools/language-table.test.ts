import { expect, test } from "vitest";
import { readLanguagePage, renderLanguage } from "./language-table.ts";

test("docs: the table of the query language is what the code has", () => {
  expect(readLanguagePage()).toBe(renderLanguage());
});
