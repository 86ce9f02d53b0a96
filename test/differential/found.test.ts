import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DataSource } from "../../src/sources/source.ts";
import { compareOutcomes } from "./compare.ts";
import { printDoc, printOutcome, readRow } from "./row.ts";
import { openScratchSource } from "./scratch-source.ts";
import { createSide } from "./side.ts";
import type { Case, Outcome } from "./case.ts";

// Every difference that was found once, with the server's answer. Rows are what the judge prints.
const rows = readFileSync(path.join(import.meta.dirname, "found.jsonl"), "utf8")
  .split("\n")
  .filter((line) => line !== "");

let source: DataSource;
beforeAll(async () => {
  source = await openScratchSource();
});
afterAll(async () => {
  await source.close();
});

test.for(rows)("ends as on the server: %s", async (line) => {
  const { batch, expected } = readRow(line);
  const side = createSide(source, "found");
  const [outcome] = await side.run(batch);
  const difference = compareOutcomes(batch.cases[0] as Case, outcome as Outcome, expected);
  expect(`${difference}: ${printDoc(printOutcome(outcome as Outcome))}`).toMatch(/^null:/);
});
