/**
 * Kills a writing process at a random moment, opens its data again, and looks for what is missing or torn.
 *
 * `node --import tsx test/crash/crash.ts 50` runs 50 rounds.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Doc } from "../../src/bson/doc.ts";
import { openEmbedded } from "../../src/sources/embedded.ts";

export interface CrashReport {
  readonly rounds: number;
  /** Writes that had been acknowledged when the process was killed. */
  readonly acknowledged: number;
  readonly problems: readonly string[];
}

/** Versions that a document may have after the crash; -1 for not being there. */
interface Expected {
  acknowledged: number;
  begun: number;
}

/** @param rounds each takes about two seconds @param seed for the moments of the kills */
export async function runCrashRounds(rounds: number, seed = Date.now()): Promise<CrashReport> {
  const directory = mkdtempSync(join(tmpdir(), "petiole-crash-"));
  const expected = new Map<string, Expected>();
  const problems: string[] = [];
  let acknowledged = 0;
  try {
    for (let round = 0; round < rounds && problems.length === 0; round += 1) {
      const delayMs = 150 + ((seed + round * 7919) % 900);
      const lines = await runWriter(directory, round, delayMs);
      acknowledged += record(lines, expected);
      problems.push(...(await check(directory, expected)));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return { rounds, acknowledged, problems };
}

/** Runs the writer until `delayMs` after its first acknowledgement, then kills it. @returns what it noted */
async function runWriter(
  directory: string,
  round: number,
  delayMs: number,
): Promise<readonly string[]> {
  const script = join(import.meta.dirname, "writer.ts");
  const file = join(directory, `notes-${round}`);
  const child = spawn(
    process.execPath,
    ["--import", "tsx", script, join(directory, "data"), String(round), file],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    complaint += chunk;
  });
  child.stdout.once("data", () => setTimeout(() => child.kill("SIGKILL"), delayMs));
  await new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (_code, signal) => {
      if (signal === "SIGKILL") resolve();
      else reject(new Error(`the writer ended by itself: ${complaint}`));
    });
  });
  // The last line may be cut off: what it says was not said.
  return readFileSync(file, "utf8").split("\n").slice(0, -1);
}

/** @returns how many writes were acknowledged */
function record(lines: readonly string[], expected: Map<string, Expected>): number {
  let count = 0;
  for (const line of lines) {
    const [kind = "", id = "", version = ""] = line.split(" ");
    const known = expected.get(id) ?? { acknowledged: -1, begun: -1 };
    known.begun = Number(version);
    if (kind === "done") {
      known.acknowledged = Number(version);
      count += 1;
    }
    expected.set(id, known);
  }
  return count;
}

async function check(
  directory: string,
  expected: Map<string, Expected>,
): Promise<readonly string[]> {
  const source = await openEmbedded(join(directory, "data"));
  try {
    const problems: string[] = [...(await source.examine()).problems];
    const found = new Map<string, number>();
    for await (const batch of source.collection("crash", "documents").find(Doc.empty))
      for (const doc of batch) {
        const id = doc.get("_id") as string;
        const version = Number(doc.get("version"));
        found.set(id, version);
        const isWhole =
          doc.get("copy") === version &&
          doc.get("code") === `${id}:${version}` &&
          (doc.get("filler") as string).length === version * 97;
        if (!isWhole) problems.push(`${id} is torn`);
        if (!expected.has(id)) problems.push(`${id} was never begun`);
      }
    for (const [id, { acknowledged, begun }] of expected) {
      const version = found.get(id) ?? -1;
      if (version !== acknowledged && version !== begun)
        problems.push(`${id} has version ${version}, acknowledged was ${acknowledged}`);
      // Whatever an unfinished write came to, it stays so.
      expected.set(id, { acknowledged: version, begun: version });
    }
    return problems;
  } finally {
    await source.close();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const report = await runCrashRounds(Number(process.argv[2] ?? "50"));
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = report.problems.length === 0 ? 0 : 1;
}
