import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contractCases, differencesOf, runCase } from "./contract.ts";
import { type EmbeddedSource, openEmbedded } from "./embedded.ts";

const path = mkdtempSync(join(tmpdir(), "petiole-embedded-"));
let source: EmbeddedSource;
beforeAll(async () => {
  source = await openEmbedded(path, { expiryMs: 0 });
});
afterAll(async () => {
  await source.close();
  rmSync(path, { recursive: true });
});

test.for(contractCases.map((each, index) => [each.title, each, index] as const))(
  "embedded: %s",
  async ([, contractCase, index]) => {
    const collection = source.collection("contract", `case${index}`);
    const outcome = await runCase(contractCase, source, collection);
    expect(differencesOf(contractCase, outcome)).toEqual([]);
  },
);

test("embedded: the doctor finds nothing after all of that", async () => {
  expect((await source.examine()).problems).toEqual([]);
});
