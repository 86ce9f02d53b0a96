/**
 * `npm run bench [-- --seconds 3 --turns 3 --connections 64 --only NAME,NAME --data-root DIR --profile DIR]`:
 * Petiole and the bare peer (`bare-lmdb.mjs`) under the same load, in alternating turns; medians and ratios.
 * To add a workload, add a line to `workloads.ts` (and its action to the peer).
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { ensureBuilt } from "../tools/setup.mjs";
import type { Measurement, Request } from "./loading.ts";
import { residentMiBOf, runTurn } from "./loading.ts";
import type { Peer } from "./peers.ts";
import { ask, startBare, startPetioleAsPeer } from "./peers.ts";
import { fillRequests, listsOf, workloads } from "./workloads.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    turns: { type: "string", default: "3" },
    connections: { type: "string", default: "64" },
    only: { type: "string" },
    "data-root": { type: "string", default: tmpdir() },
    profile: { type: "string" },
  },
});
const connections = Number(options.connections);

ensureBuilt();
const work = await mkdtemp(path.join(options["data-root"], "petiole-bench-"));
const peers: Peer[] = [];
try {
  peers.push(await startBare(work));
  peers.push(await startPetioleAsPeer(work, options.profile));
  await main(peers);
} finally {
  await Promise.all(peers.map(async (peer) => peer.stop()));
  await rm(work, { recursive: true, force: true });
}

async function main(all: readonly Peer[]): Promise<void> {
  for (const peer of all) {
    console.log(
      `${peer.name}: first answer ${peer.firstAnswerMs.toFixed(0)} ms after start, idle RSS ${mib(peer)}`,
    );
  }
  for (const peer of all) for (const request of fillRequests()) await ask(peer, request);
  console.log(
    `\n${options.turns} turns of ${options.seconds} s each, ${connections} connections; medians\n`,
  );
  console.log(row("workload", "peer", "req/s", "p50 ms", "p99 ms", "CPU µs", "ratio", "by CPU"));
  for (const [name, make] of selected()) await measure(name, make, all);
  for (const peer of all) console.log(`${peer.name}: RSS at the end ${mib(peer)}`);
}

async function measure(name: string, make: () => Request, all: readonly Peer[]): Promise<void> {
  await mustAgree(make(), all);
  const measured = new Map<string, Measurement[]>(all.map((peer) => [peer.name, []]));
  const lists = listsOf(make, connections);
  for (let turn = 0; turn < Number(options.turns); turn++) {
    for (const { name: peer, url, path: prefix, headers, pid } of all) {
      const seconds = Number(options.seconds);
      const sent = { url, path: prefix, headers, connections, seconds, lists };
      measured.get(peer)?.push(await runTurn(sent, pid));
    }
  }
  const medians = all.map((peer) => ({ peer, median: medianOf(measured.get(peer.name) ?? []) }));
  const base = medians[0]?.median;
  for (const { peer, median } of medians) {
    const failed = median.failures > 0 ? `  ${median.failures} FAILURES` : "";
    console.log(
      row(
        name,
        peer.name,
        median.perSecond.toFixed(0),
        median.p50Ms.toFixed(1),
        median.p99Ms.toFixed(1),
        median.cpuMicros?.toFixed(0) ?? "–",
        ((median.perSecond / (base?.perSecond ?? 1)) * 100).toFixed(0) + " %",
        ((Number(base?.cpuMicros) / Number(median.cpuMicros)) * 100).toFixed(0) + " %",
      ) + failed,
    );
  }
}

/** A comparison of two servers that answer differently says nothing. */
async function mustAgree(request: Request, all: readonly Peer[]): Promise<void> {
  if (request.action !== "findOne" && request.action !== "find") return;
  const answers = await Promise.all(all.map(async (peer) => ask(peer, request)));
  if (new Set(answers).size > 1) {
    const shown = answers.map((answer) => answer.slice(0, 600)).join("\n");
    console.log(`! ${request.action}: the answers differ\n${shown}`);
  }
}

function selected(): readonly (readonly [string, () => Request])[] {
  const wanted = options.only?.split(",");
  return [...workloads].filter(
    ([name]) => wanted === undefined || wanted.some((word) => name.startsWith(word)),
  );
}

function medianOf(measurements: readonly Measurement[]): Measurement {
  const sorted = measurements.toSorted((a, b) => a.perSecond - b.perSecond);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) throw new Error("nothing was measured");
  return { ...median, failures: sorted.reduce((sum, { failures }) => sum + failures, 0) };
}

function mib(peer: Peer): string {
  return `${residentMiBOf(peer.pid)?.toFixed(0) ?? "–"} MiB`;
}

function row(workload: string, peer: string, ...figures: readonly string[]): string {
  return workload.padEnd(20) + peer.padEnd(9) + figures.map((each) => each.padStart(8)).join(" ");
}
