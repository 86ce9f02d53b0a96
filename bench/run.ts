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
import { measure, printHeading } from "./comparison.ts";
import type { Request } from "./loading.ts";
import { residentMiBOf } from "./loading.ts";
import type { Peer } from "./peers.ts";
import { ask, startBare, startPetioleAsPeer } from "./peers.ts";
import { fillRequests, workloads } from "./workloads.ts";

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
  const turnOptions = {
    turns: Number(options.turns),
    seconds: Number(options.seconds),
    connections: Number(options.connections),
  };
  printHeading(turnOptions);
  for (const [name, make] of selected()) await measure(name, make, all, turnOptions);
  for (const peer of all) console.log(`${peer.name}: RSS at the end ${mib(peer)}`);
}

/** The bare peer, a key-value store, has no pipelines. */
const beyondBare = "aggregate";

function selected(): readonly (readonly [string, () => Request])[] {
  const wanted = options.only?.split(",");
  return [...workloads].filter(([name]) =>
    wanted === undefined ? name !== beyondBare : wanted.some((word) => name.startsWith(word)),
  );
}

function mib(peer: Peer): string {
  return `${residentMiBOf(peer.pid)?.toFixed(0) ?? "–"} MiB`;
}
