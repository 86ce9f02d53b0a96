/**
 * What the request log costs: findOne by `_id`, with the log and without, in turns. Run: `npm run bench:logs [TURNS]`.
 *
 * Besides requests a second it tells the processor time per request, of all threads: on a machine that is busy with
 * other things, only that says anything.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import autocannon from "autocannon";

const turns = Number(process.argv[2] ?? 6);
const key = "k".repeat(64);

interface Side {
  readonly child: ChildProcess;
  readonly actions: string;
  readonly data: string;
  readonly rates: number[];
  readonly micros: number[];
}

async function start(port: number, logDays: string): Promise<Side> {
  const data = mkdtempSync(path.join(tmpdir(), "petiole-logs-"));
  const args = ["--import", "tsx", "src/cli/main.ts", "serve", "--port", String(port)];
  const child = spawn(
    process.execPath,
    [...args, "--data", data, "--app-id", "data-bench", "--log-days", logDays],
    { env: { ...process.env, PETIOLE_API_KEY: key }, stdio: "ignore" },
  );
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const isReady = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const actions = `${url}/app/data-bench/endpoint/data/v1/action`;
  const documents = Array.from({ length: 100 }, (_, _id) => ({ _id, text: "x".repeat(100) }));
  await fetch(`${actions}/insertMany`, { method: "POST", headers, body: bodyOf({ documents }) });
  return { child, actions, data, rates: [], micros: [] };
}

const headers = { apiKey: key, "Content-Type": "application/json" };

function bodyOf(fields: object): string {
  return JSON.stringify({
    dataSource: "mongodb-atlas",
    database: "d",
    collection: "c",
    ...fields,
  });
}

/** Milliseconds of processor time, of all threads. */
function cpuOf({ child }: Side): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function load(side: Side): Promise<void> {
  const before = cpuOf(side);
  const { requests } = await autocannon({
    url: `${side.actions}/findOne`,
    connections: 64,
    duration: 4,
    method: "POST",
    headers,
    body: bodyOf({ filter: { _id: 42 } }),
  });
  side.rates.push(requests.average);
  side.micros.push(((cpuOf(side) - before) * 1000) / requests.total);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const logged = await start(7791, "30");
const silent = await start(7792, "0");
try {
  for (const side of [logged, silent]) {
    await load(side);
    side.rates.length = 0;
    side.micros.length = 0;
  }
  for (let turn = 0; turn < turns; turn += 1)
    // Whoever goes first in a turn has it easier or harder: both do.
    for (const side of turn % 2 === 0 ? [logged, silent] : [silent, logged]) await load(side);
  const report = ({ rates, micros }: Side): object => ({
    requestsPerSecond: Math.round(median(rates)),
    cpuMicrosPerRequest: Math.round(median(micros) * 10) / 10,
  });
  console.log(
    JSON.stringify({
      logged: report(logged),
      silent: report(silent),
      rateKept: Math.round((median(logged.rates) / median(silent.rates)) * 1000) / 1000,
    }),
  );
} finally {
  for (const { child, data } of [logged, silent]) {
    child.kill("SIGKILL");
    rmSync(data, { recursive: true, force: true });
  }
}
