/**
 * `npm run conformance -- DIR [RUNNER OPTIONS]`: puts every case file of DIR to a Petiole that it starts
 * itself, with the runner that lies beside them (`DIR/run.mjs`), on each data source there is. Everything
 * after DIR goes to the runner (`--filter`, `--name`, `--verbose` …), but `--only embedded|mongodb`.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { findMongod, mongodMissing, startMongod } from "../test/support/mongod.ts";
import { startPetiole } from "../test/support/petiole.ts";
import { checkNode, ensureBuilt, ensureInstalled, fail, root } from "./setup.mjs";

const appId = "data-confo";
const apiKey = "conformance-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";

interface Source {
  readonly name: "embedded" | "mongodb";
  /** The name that requests use. */
  readonly dataSource: string;
  readonly serveArgs: readonly string[];
  close(): Promise<void>;
}

const { folder, only, runnerArgs } = readArguments(process.argv.slice(2));
checkNode();
ensureInstalled();
ensureBuilt();
process.exitCode = await main();

async function main(): Promise<number> {
  const verdicts: string[] = [];
  let worst = 0;
  for (const open of [openEmbedded, openMongodb]) {
    const source = await open();
    if (source === null) continue;
    try {
      const status = await runOn(source);
      verdicts.push(`${source.name}: ${status.summary}`);
      worst = Math.max(worst, status.code);
    } finally {
      await source.close();
    }
  }
  console.log(`\n${verdicts.join("\n")}`);
  return worst;
}

async function runOn(source: Source): Promise<{ readonly code: number; readonly summary: string }> {
  console.log(`\n=== ${source.name}`);
  const work = await mkdtemp(path.join(tmpdir(), "petiole-conformance-"));
  // Kept, for a look at the failures that were not printed.
  const report = path.join(root, ".scratch", `conformance-${source.name}.json`);
  await mkdir(path.dirname(report), { recursive: true });
  await rm(report, { force: true });
  // Some cases hold code, which the system alone may send.
  const appDirectory = path.join(work, "app");
  await writeSystemApp(appDirectory, source.dataSource);
  const petiole = await startPetiole({
    args: [
      appDirectory,
      "--allow-code",
      "--data",
      path.join(work, "data"),
      "--app-id",
      appId,
      ...source.serveArgs,
    ],
    environment: { PETIOLE_API_KEY: apiKey },
  });
  try {
    // Not in step: a server that prints must be read from meanwhile.
    const runner = spawn(
      process.execPath,
      [
        path.join(folder, "run.mjs"),
        `--base-url=${petiole.url}/app/${appId}/endpoint/data/v1`,
        `--header=apiKey: ${apiKey}`,
        `--data-source=${source.dataSource}`,
        `--report=${report}`,
        ...caseFilesOf(folder).map((file) => `--cases=${file}`),
        ...runnerArgs,
      ],
      { stdio: "inherit" },
    );
    await once(runner, "exit");
    return { code: runner.exitCode ?? 1, summary: summaryOf(report) };
  } finally {
    const code = await petiole.stop();
    if (code !== 0) console.error(`the server ended with ${code}`);
    await rm(work, { recursive: true, force: true });
  }
}

/** An app whose Data API runs as the system, who needs no rules. */
async function writeSystemApp(directory: string, dataSource: string): Promise<void> {
  const files: Readonly<Record<string, object>> = {
    "realm_config.json": { config_version: 20_210_101, name: "conformance", app_id: appId },
    "auth/providers.json": { "api-key": { name: "api-key", type: "api-key", disabled: false } },
    [`data_sources/${dataSource}/config.json`]: { name: dataSource, type: "mongodb-atlas" },
    "http_endpoints/data_api_config.json": {
      disabled: false,
      versions: ["v1"],
      return_type: "EJSON",
      run_as_system: true,
    },
  };
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(content));
  }
}

function summaryOf(report: string): string {
  if (!existsSync(report)) return "no report";
  const { totals } = JSON.parse(readFileSync(report, "utf8")) as {
    readonly totals: { readonly passed: number; readonly failed: number; readonly errored: number };
  };
  return `${totals.passed} passed, ${totals.failed} wrong, ${totals.errored} errored`;
}

async function openEmbedded(): Promise<Source | null> {
  if (only === "mongodb") return null;
  return { name: "embedded", dataSource: "mongodb-atlas", serveArgs: [], close: async () => {} };
}

async function openMongodb(): Promise<Source | null> {
  if (only === "embedded") return null;
  if (!existsSync(path.join(root, "dist", "sources", "mongodb.js"))) return null;
  if (findMongod() === null) {
    console.error(`mongodb is left out: ${mongodMissing}`);
    return null;
  }
  const mongod = await startMongod();
  return {
    name: "mongodb",
    dataSource: "cluster",
    serveArgs: ["--source", `cluster=${mongod.uri}`],
    close: async () => mongod.close(),
  };
}

// A case file is a list; what else lies there (a report, a package file) is an object.
function caseFilesOf(directory: string): readonly string[] {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => path.join(directory, name))
    .filter((file) => readFileSync(file, "utf8").trimStart().startsWith("["));
  if (files.length === 0) fail(`${directory} holds no case files`);
  return files;
}

function readArguments(args: readonly string[]): {
  readonly folder: string;
  readonly only: string | undefined;
  readonly runnerArgs: readonly string[];
} {
  const [directory, ...others] = args;
  if (directory === undefined || !existsSync(path.join(directory, "run.mjs"))) {
    fail("usage: npm run conformance -- DIR [--only embedded|mongodb] [options of DIR/run.mjs]");
  }
  const at = others.indexOf("--only");
  return {
    folder: path.resolve(directory ?? "."),
    only: at === -1 ? undefined : others[at + 1],
    runnerArgs: at === -1 ? others : others.toSpliced(at, 2),
  };
}
