/**
 * `node --import tsx bench/watch.ts [--saves 20]`: how soon a save is live under `serve APP_DIR --watch`. Each save changes
 * the format of the Data API's answers; it is live when an answer has that format. Uses the built program.
 *
 * @module
 */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startPetiole } from "../test/support/petiole.ts";

const { values: options } = parseArgs({ options: { saves: { type: "string", default: "20" } } });
const secondsMax = 10;
const pollMs = 10;
const example = path.resolve(import.meta.dirname, "../examples/quickstart");
const apiKey = "0123456789abcdef0123456789abcdef";

const folder = await mkdtemp(path.join(tmpdir(), "petiole-watch-"));
const directory = path.join(folder, "app");
await cp(example, directory, { recursive: true });
const petiole = await startPetiole({
  args: [directory, "--watch", "--data", path.join(folder, "data"), "--app-id", "watch-abcde"],
  environment: { PETIOLE_API_KEY: apiKey },
});
try {
  const file = path.join(directory, "http_endpoints", "data_api_config.json");
  const config = JSON.parse(await readFile(file, "utf8")) as object;
  const times: number[] = [];
  for (let save = 0; save < Number(options.saves); save += 1) {
    const format = save % 2 === 0 ? "EJSON" : "JSON";
    await writeFile(file, JSON.stringify({ ...config, return_type: format }, null, 2));
    times.push(await msUntil(`application/${format.toLowerCase()}`));
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(times[Math.floor(share * (times.length - 1))] ?? 0);
  process.stdout.write(
    `a save is live after ${at(0.5)} ms (median), ${at(1)} ms (longest of ${times.length})\n`,
  );
} finally {
  await petiole.stop();
  await rm(folder, { recursive: true, force: true });
}

async function msUntil(wanted: string): Promise<number> {
  const startedAt = performance.now();
  const url = `${petiole.url}/app/watch-abcde/endpoint/data/v1/action/findOne`;
  const body = JSON.stringify({ dataSource: "mongodb-atlas", database: "d", collection: "c" });
  for (;;) {
    const answer = await fetch(url, { method: "POST", headers: { apiKey }, body });
    await answer.arrayBuffer();
    const ms = performance.now() - startedAt;
    if (answer.headers.get("content-type") === wanted) return ms;
    // So that looking does not slow down what is looked at.
    await setTimeout(pollMs);
    if (ms > secondsMax * 1000)
      throw new Error(`not live within ${secondsMax} s: ${answer.status}`);
  }
}
