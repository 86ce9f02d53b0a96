/** A replica set of three loses its primary under load: nothing wrong is answered, and service comes back soon. */
import { randomBytes } from "node:crypto";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findMongod, mongodMissing, type RunningMongod, startMongod } from "../support/mongod.ts";
import { type Answer, send } from "../support/scenario.ts";
import { startServer, type TestServer } from "../support/server.ts";

const loadMsBefore = 1000;
const loadMsAfter = 2000;
const recoveryMsMax = 15_000;
const writersMax = 8;
const mongod = findMongod();
/** A server that runs already is nobody's to kill. */
const canKill = mongod?.kind === "binary";

describe.skipIf(!canKill)(`failover${canKill ? "" : ` (skipped: ${mongodMissing})`}`, () => {
  let replicaSet: RunningMongod;
  let client: MongoClient;
  const nodes: TestServer[] = [];
  const database = `failover_${randomBytes(4).toString("hex")}`;

  beforeAll(async () => {
    replicaSet = await startMongod({ members: 3 });
    client = await MongoClient.connect(replicaSet.uri);
    const flags = { source: `mongodb-atlas=${replicaSet.uri}`, state: replicaSet.uri };
    const apiKey = randomBytes(32).toString("hex");
    for (const _ of ["first", "second"]) nodes.push(await startServer(flags, apiKey));
  }, 120_000);
  afterAll(async () => {
    await Promise.all(nodes.map(async (node) => node.close()));
    await client.close();
    await replicaSet.close();
  }, 60_000);

  async function call(index: number, action: string, body: object, key?: string): Promise<Answer> {
    const node = nodes[index % nodes.length] as TestServer;
    const headers = key === undefined ? {} : { "Idempotency-Key": key };
    return send(node, { to: action, headers, body: { database, ...body } }, "c");
  }

  async function killPrimary(): Promise<void> {
    const { primary } = await client.db("admin").command({ hello: 1 });
    const pid = replicaSet.members.get(Number(String(primary).split(":")[1]));
    if (pid === undefined || pid === 0) throw new Error(`no member is ${String(primary)}`);
    process.kill(pid, "SIGKILL");
  }

  test("killed under load: only failures to be retried, each write once, back in time", async () => {
    await call(0, "insertOne", { document: { _id: "warm" } });
    const strange: string[] = [];
    let stopAt = Number.POSITIVE_INFINITY;
    let lastFailureAt = 0;
    let writes = 0;

    /** Asks until the answer is no failure that passes; every other node, as a proxy would. */
    async function persist(action: string, body: object, key: string): Promise<Answer> {
      for (let attempt = 0; ; attempt += 1) {
        const answer = await call(attempt, action, body, key);
        if (answer.status !== 503) return answer;
        lastFailureAt = performance.now();
        if (answer.headers["retry-after"] === undefined) strange.push("503 without Retry-After");
      }
    }

    async function write(writer: number): Promise<void> {
      for (let count = 1; performance.now() < stopAt; count += 1) {
        const name = `${writer}-${count}`;
        const inserted = await persist("insertOne", { document: { writer, count } }, `i-${name}`);
        const update = { $inc: { n: 1 } };
        const filter = { _id: `sum-${writer}` };
        const changed = await persist("updateOne", { filter, update, upsert: true }, `u-${name}`);
        const found = await persist("findOne", { filter: { writer, count } }, "");
        writes += 2;
        for (const [answer, wanted] of [
          [inserted, /^201 \{"insertedId":"\w{24}"\}$/],
          [changed, /^200 \{"matchedCount":[01],"modifiedCount":[01](,"upsertedId":"[^"]+")?\}$/],
          // What was acknowledged is there, whoever is the primary now.
          [found, new RegExp(`^200 .*"writer":${writer},"count":${count}\\}\\}$`)],
        ] as const) {
          const text = `${answer.status} ${answer.body}`;
          if (!wanted.test(text)) strange.push(text);
        }
      }
    }

    const writing = Array.from({ length: writersMax }, async (_, writer) => write(writer));
    await elapse(loadMsBefore);
    await killPrimary();
    const killedAt = performance.now();
    await persist("insertOne", { document: { after: "the election" } }, "after");
    const recoveredAfterMs = performance.now() - killedAt;
    stopAt = performance.now() + loadMsAfter;
    await Promise.all(writing);

    expect(strange).toEqual([]);
    expect(recoveredAfterMs).toBeLessThan(recoveryMsMax);
    expect(lastFailureAt - killedAt).toBeLessThan(recoveryMsMax);
    expect(writes).toBeGreaterThan(2 * writersMax);
    const collection = client.db(database).collection("c");
    expect(await collection.countDocuments({ count: { $exists: true } })).toBe(writes / 2);
    const sums = await collection.find({ n: { $exists: true } }).toArray();
    expect(sums.reduce((sum, each) => sum + Number(each["n"]), 0)).toBe(writes / 2);
  }, 90_000);
});

/** The load has to last some time before and after; nothing is to be waited for. */
async function elapse(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
