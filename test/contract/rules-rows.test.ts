/**
 * Rules, row by row: who calls what under which rules, and exactly what comes of it, on both data sources.
 *
 * To add a row: a line in one of the files of `rule-rows/`; its fields are those of `RuleScenario`.
 */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describeRules, type RuleScenario } from "../support/rule-scenario.ts";

const folder = path.join(import.meta.dirname, "rule-rows");

for (const file of readdirSync(folder)) {
  const lines = readFileSync(path.join(folder, file), "utf8").trimEnd().split("\n");
  const rows = lines.map((line) => {
    const row = JSON.parse(line) as RuleScenario & { readonly title: string };
    return [row.title, row] as const;
  });
  describeRules(`rules, ${path.basename(file, ".jsonl")}`, rows);
}
