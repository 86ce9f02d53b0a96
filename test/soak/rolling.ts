/**
 * `node --import tsx test/soak/rolling.ts [--minutes 10 --nodes 4 --clients 16]`: nodes that share a state on MongoDB
 * behind a small round-robin proxy, under mixed load, each restarted in turn, over and over. Ends with the number of
 * requests that failed, which has to be 0. Not part of `npm test`; uses the built program and the MongoDB that
 * `test/support/mongod.ts` finds.
 *
 * @module
 */
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { Agent, createServer, request as sendRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { MongoClient } from "mongodb";
import { startMongod } from "../support/mongod.ts";
import { type Petiole, startPetiole } from "../support/petiole.ts";

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    nodes: { type: "string", default: "4" },
    clients: { type: "string", default: "16" },
  },
});
const nodeCount = Number(options.nodes);
const endsAt = performance.now() + Number(options.minutes) * 60_000;
const apiKey = randomBytes(32).toString("hex");
const run = randomBytes(4).toString("hex");
const [database, stateDatabase] = [`soak_${run}`, `soak_state_${run}`];
const actionsPath = "/app/data-soak/endpoint/data/v1/action";

const mongod = await startMongod();
const client = await MongoClient.connect(mongod.uri);
const nodes: Petiole[] = [];
/** Those that the proxy sends requests to. */
let open: readonly Petiole[] = [];
const failures: string[] = [];
const counts = { requests: 0, inserted: 0, increments: 0, restarts: 0 };

try {
  for (let count = 0; count < nodeCount; count += 1) nodes.push(await startNode());
  open = [...nodes];
  const proxy = await startProxy();
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  await Promise.all([
    ...Array.from({ length: Number(options.clients) }, async (_, each) => load(url, each)),
    restartInTurn(),
  ]);
  proxy.close();
  await compare();
  const summary = JSON.stringify({ ...counts, failed: failures.length });
  process.stdout.write(`${[summary, ...failures.slice(0, 20)].join("\n")}\n`);
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await Promise.all(nodes.map(async (node) => node.stop()));
  await client.db(database).dropDatabase();
  await client.db(stateDatabase).dropDatabase();
  await client.close();
  await mongod.close();
}

async function startNode(): Promise<Petiole> {
  const place = ["--state", mongod.uri, "--state-database", stateDatabase];
  return startPetiole({
    args: [...place, "--source", `mongodb-atlas=${mongod.uri}`, "--app-id", "data-soak"],
    environment: { PETIOLE_API_KEY: apiKey, PETIOLE_MASTER_KEY: "0".repeat(64) },
    startMsMax: 60_000,
  });
}

/** Hands each request to the next node; a node on its way out gets no new ones. */
async function startProxy(): Promise<Server> {
  const agent = new Agent({ keepAlive: true });
  let turn = 0;
  const proxy = createServer((request, response) => {
    const node = open[(turn += 1) % open.length];
    if (node === undefined) throw new Error("no node is open");
    const { method = "GET", url = "/", headers } = request;
    const passed = sendRequest(`${node.url}${url}`, { method, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", (error) => response.writeHead(502).end(String(error)));
    request.pipe(passed);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return proxy;
}

async function restartInTurn(): Promise<void> {
  for (let turn = 0; performance.now() < endsAt; turn += 1) {
    const at = turn % nodes.length;
    const old = nodes[at] as Petiole;
    open = nodes.filter((each) => each !== old);
    // At once, with requests in flight on it.
    const code = await old.stop();
    if (code !== 0) failures.push(`a node ended with ${String(code)}`);
    nodes[at] = await startNode();
    open = [...nodes];
    counts.restarts += 1;
    await new Promise((resolve) => {
      setTimeout(resolve, 2000);
    });
  }
}

async function load(url: string, writer: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let count = 1; performance.now() < endsAt; count += 1) {
    const filter = { writer, count };
    const document = { ...filter, text: "x".repeat(randomInt(2000)) };
    await expectAnswer(agent, url, "insertOne", { document }, /^201 /);
    counts.inserted += 1;
    await expectAnswer(agent, url, "findOne", { filter }, /^200 \{"document":\{/);
    const update = { $inc: { n: 1 } };
    const sum = { filter: { _id: writer }, update, upsert: true };
    await expectAnswer(agent, url, "updateOne", sum, /^200 \{"matchedCount":/);
    counts.increments += 1;
    await expectAnswer(agent, url, "find", { filter: { writer }, limit: 20 }, /^200 /);
    const pipeline = [{ $match: { writer } }, { $count: "n" }];
    const counted = new RegExp(`^200 \\{"documents":\\[\\{"n":${count}\\}\\]\\}$`);
    await expectAnswer(agent, url, "aggregate", { pipeline }, counted);
  }
  agent.destroy();
}

async function expectAnswer(
  agent: Agent,
  url: string,
  action: string,
  fields: object,
  wanted: RegExp,
): Promise<void> {
  counts.requests += 1;
  const names = { dataSource: "mongodb-atlas", database, collection: "c" };
  const body = JSON.stringify({ ...names, ...fields });
  const headers = { apiKey, "Content-Type": "application/json" };
  const answer = await new Promise<string>((resolve) => {
    const sent = sendRequest(
      `${url}${actionsPath}/${action}`,
      { method: "POST", headers, agent },
      (response) => {
        const { statusCode = 0 } = response;
        text(response).then(
          (content) => {
            resolve(`${statusCode} ${content}`);
          },
          (error: unknown) => {
            resolve(String(error));
          },
        );
      },
    );
    sent.on("error", (error) => {
      resolve(String(error));
    });
    sent.end(body);
  });
  if (!wanted.test(answer)) failures.push(`${action}: ${answer.slice(0, 300)}`);
}

/** What was acknowledged is there, once. */
async function compare(): Promise<void> {
  const collection = client.db(database).collection("c");
  const inserted = await collection.countDocuments({ writer: { $exists: true } });
  const sums = await collection.find({ n: { $exists: true } }).toArray();
  const increments = sums.reduce((sum, each) => sum + Number(each["n"]), 0);
  if (inserted !== counts.inserted)
    failures.push(`${inserted} documents of ${counts.inserted} that were inserted`);
  if (increments !== counts.increments)
    failures.push(`${increments} increments of ${counts.increments}`);
}
