import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Value } from "../../src/bson/value.ts";
import { type Deployed, type FunctionBench, openFunctionBench, wanted } from "./functions.ts";

/** The source of a function named `main`, and what comes of calling it. */
export type FunctionRow = readonly [
  title: string,
  source: string,
  args: readonly Value[],
  outcome: string | RegExp,
];

/** All rows are functions of one deployment: a host of its own for each would take most of the time. */
export function playFunctionRows(subject: string, rows: readonly FunctionRow[]): void {
  describe(subject, () => {
    let bench: FunctionBench;
    let deployed: Deployed;
    const nameOf = (row: FunctionRow): string => `main${rows.indexOf(row)}`;
    beforeAll(async () => {
      bench = await openFunctionBench();
      const sources = rows.map((row) => [
        nameOf(row),
        row[1].replaceAll("'main'", `'${nameOf(row)}'`),
      ]);
      deployed = bench.deploy({
        ...(Object.fromEntries(sources) as Record<string, string>),
        "utils/add": "exports = (a, b) => a + b;",
      });
    });
    afterAll(async () => {
      await bench.close();
    });
    test.for(rows)("%s", async (row) => {
      const shown = await deployed.show(nameOf(row), row[2]);
      expect(shown.replaceAll(nameOf(row), "main")).toEqual(wanted(row[3]));
    });
  });
}
