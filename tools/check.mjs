// `npm run check`: what CI checks before the tests of the whole, in the same order; stops at the first failure.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { checkNode, ensureInstalled, fail, root } from "./setup.mjs";

checkNode();
ensureInstalled();

/** @type {readonly (readonly [title: string, command: string, ...args: string[]])[]} */
const steps = [
  ["types", "tsc", "-p", "."],
  ["types of the console", "tsc", "-p", "console"],
  ["lint", "oxlint", "--quiet"],
  ["format", "oxfmt", "--check", "."],
  ["layers", "tsx", "tools/layers.ts"],
  ["unused", "knip"],
  ["unused in the product", "knip", "--production"],
  ["unit tests", "vitest", "run", "--project", "unit"],
];

const begun = performance.now();
for (const [title, command, ...args] of steps) {
  const stepBegun = performance.now();
  console.log(`\n── ${title}`);
  const file = path.join(root, "node_modules", ".bin", command);
  const { status } = spawnSync(file, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) fail(`── ${title}: failed after ${secondsSince(stepBegun)} s`);
  console.log(`── ${title}: ${secondsSince(stepBegun)} s`);
}
console.log(`\ncheck: all well, ${secondsSince(begun)} s`);

function secondsSince(/** @type {number} */ moment) {
  return ((performance.now() - moment) / 1000).toFixed(1);
}
