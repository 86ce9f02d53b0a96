// `npm test [-- VITEST ARGUMENTS]`: installs and builds when that is due, runs the whole suite, and ends
// with the line 'N passed, N failed, N skipped', which CI reads.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkNode, ensureBuilt, ensureInstalled, root } from "./setup.mjs";

checkNode();
ensureInstalled();
ensureBuilt();

const folder = mkdtempSync(path.join(tmpdir(), "petiole-test-"));
const reportFile = path.join(folder, "report.json");
const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
const child = spawn(
  process.execPath,
  [
    vitest,
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${reportFile}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit" },
);
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.on(signal, () => child.kill(signal));
}
await once(child, "exit");
const status = child.exitCode;
const { passed, failed, skipped } = readReport();
rmSync(folder, { recursive: true, force: true });

const mustNotSkip = process.env["CI"] === "true" && skipped > 0;
if (mustNotSkip) console.error("CI=true: a skipped test counts as a failure.");
process.exitCode = status === 0 && mustNotSkip ? 1 : (status ?? 1);
// A file that does not load, or an error outside of any test, fails the run without a failed test.
const failedAtLeast = status === 0 ? failed : Math.max(failed, 1);
console.log(`${passed} passed, ${failedAtLeast} failed, ${skipped} skipped`);

function readReport() {
  if (!existsSync(reportFile)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(reportFile, "utf8"));
  return {
    passed: Number(report.numPassedTests),
    failed: Number(report.numFailedTests),
    skipped: Number(report.numPendingTests) + Number(report.numTodoTests),
  };
}
