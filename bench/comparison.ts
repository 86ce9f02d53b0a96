/**
 * Several servers under the same load in alternating turns: medians, and ratios to the first of them.
 *
 * @module
 */
import type { Measurement, Request } from "./loading.ts";
import { runTurn } from "./loading.ts";
import type { Peer } from "./peers.ts";
import { ask } from "./peers.ts";
import { listsOf } from "./workloads.ts";

export interface TurnOptions {
  readonly turns: number;
  readonly seconds: number;
  readonly connections: number;
}

/** Prints the heading of what `measure` prints. */
export function printHeading({ turns, seconds, connections }: TurnOptions): void {
  console.log(`\n${turns} turns of ${seconds} s each, ${connections} connections; medians\n`);
  console.log(row("workload", "peer", "req/s", "p50 ms", "p99 ms", "CPU µs", "ratio", "by CPU"));
}

/** Measures one workload on all peers and prints a line for each. */
export async function measure(
  name: string,
  make: () => Request,
  all: readonly Peer[],
  { turns, seconds, connections }: TurnOptions,
): Promise<void> {
  await mustAgree(make(), all);
  const measured = new Map<string, Measurement[]>(all.map((peer) => [peer.name, []]));
  const lists = listsOf(make, connections);
  const listsFor = (toBody: Peer["toBody"]): typeof lists =>
    toBody === undefined
      ? lists
      : lists.map((list) => list.map((each) => ({ ...each, body: toBody(each.body) })));
  for (let turn = 0; turn < turns; turn++) {
    for (const { name: peer, url, path: prefix, headers, pid, toBody } of all) {
      const sent = { url, path: prefix, headers, connections, seconds, lists: listsFor(toBody) };
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
  const alike = all.filter((peer) => peer.toBody === undefined);
  const answers = await Promise.all(alike.map(async (peer) => ask(peer, request)));
  if (new Set(answers).size > 1) {
    const shown = answers.map((answer) => answer.slice(0, 600)).join("\n");
    console.log(`! ${request.action}: the answers differ\n${shown}`);
  }
}

function medianOf(measurements: readonly Measurement[]): Measurement {
  const sorted = measurements.toSorted((a, b) => a.perSecond - b.perSecond);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) throw new Error("nothing was measured");
  return { ...median, failures: sorted.reduce((sum, { failures }) => sum + failures, 0) };
}

function row(workload: string, peer: string, ...figures: readonly string[]): string {
  return workload.padEnd(20) + peer.padEnd(9) + figures.map((each) => each.padStart(8)).join(" ");
}
