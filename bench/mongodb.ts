/**
 * `node --import tsx bench/mongodb.ts [--uri mongodb://… --seconds 3 --turns 3 --connections 64 --only NAME,NAME --profile DIR]`:
 * on one and the same MongoDB, in alternating turns: the bare driver handler, Petiole, and Express with Mongoose.
 * Without a URI it starts a replica set of one (see `test/support/mongod.ts`). The database `bench` is dropped.
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { MongoClient } from "mongodb";
import { startMongod } from "../test/support/mongod.ts";
import { ensureBuilt } from "../tools/setup.mjs";
import { measure, printHeading } from "./comparison.ts";
import type { Peer } from "./peers.ts";
import { ask, startBareMongodb, startExpress, startPetioleAsPeer } from "./peers.ts";
import { fillRequests, workloads } from "./workloads.ts";

const { values: options } = parseArgs({
  options: {
    uri: { type: "string" },
    seconds: { type: "string", default: "3" },
    turns: { type: "string", default: "3" },
    connections: { type: "string", default: "64" },
    only: { type: "string" },
    profile: { type: "string" },
  },
});
/** What the bare peer of the embedded store does not know. */
const left = new Set(["mix"]);

ensureBuilt();
const mongod = options.uri === undefined ? await startMongod() : undefined;
const uri = options.uri ?? mongod?.uri ?? "";
const work = await mkdtemp(path.join(tmpdir(), "petiole-bench-"));
const peers: Peer[] = [];
try {
  peers.push(await startBareMongodb(uri));
  peers.push(await startPetioleAsPeer(work, options.profile, ["--source", `mongodb-atlas=${uri}`]));
  peers.push(await startExpress(uri));
  await main(peers);
} finally {
  await Promise.all(peers.map(async (peer) => peer.stop()));
  await dropData();
  await rm(work, { recursive: true, force: true });
  await mongod?.close();
}

async function main(all: readonly Peer[]): Promise<void> {
  await dropData();
  const filler = all.find(({ name }) => name === "petiole");
  if (filler === undefined) throw new Error("no peer to fill the collection with");
  for (const request of fillRequests()) await ask(filler, request);
  const turnOptions = {
    turns: Number(options.turns),
    seconds: Number(options.seconds),
    connections: Number(options.connections),
  };
  printHeading(turnOptions);
  const wanted = options.only?.split(",");
  for (const [name, make] of workloads)
    if (!left.has(name) && (wanted?.some((word) => name.startsWith(word)) ?? true))
      await measure(name, make, all, turnOptions);
  console.log(
    `load average ${loadavg()
      .map((each) => each.toFixed(1))
      .join(" ")}`,
  );
}

async function dropData(): Promise<void> {
  const client = await MongoClient.connect(uri);
  await client.db("bench").dropDatabase();
  await client.close();
}
