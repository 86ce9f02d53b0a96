/**
 * `npm run bench:hostile`: requests made to stop the server, and for how long its event loop stood still under each.
 *
 * The loop is watched from outside: a health check every few milliseconds, whose slowest answer is printed.
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { startPetiole } from "../test/support/petiole.ts";

const appId = "data-bench";
const key = "b".repeat(64);

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function send(url: string, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { apiKey: key, "Content-Type": "application/json" };
    const call = request(url, { method: body === undefined ? "GET" : "POST", headers }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on("data", (chunk: Buffer) => chunks.push(chunk));
      reply.on("end", () => {
        resolve({ status: reply.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      });
    });
    call.on("error", reject);
    call.end(body);
  });
}

/** The slowest health check while the work goes on, in milliseconds. */
async function slowest(url: string, work: Promise<unknown>): Promise<number> {
  const state = { isDone: false };
  let worst = 0;
  void work.finally(() => {
    state.isDone = true;
  });
  while (!state.isDone) {
    const startedAt = performance.now();
    await send(`${url}/healthz`);
    worst = Math.max(worst, performance.now() - startedAt);
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
  }
  return worst;
}

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const range = (count: number): string => `{"$range":[0,${count}]}`;

const requests: readonly (readonly [title: string, action: string, fields: string])[] = [
  ["catastrophic pattern", "find", '"filter":{"s":{"$regex":"^(a+)+$"}}'],
  ["pattern with a back reference", "find", '"filter":{"s":{"$regex":"^(a*)*\\\\1b$"}}'],
  ["pattern with lookahead", "find", '"filter":{"s":{"$regex":"(?=(a+)+b)c"}}'],
  ["nested filter", "find", `"filter":${'{"$and":['.repeat(60)}{"a":1}${"]}".repeat(60)}`],
  [
    "wide $in",
    "find",
    `"filter":{"n":{"$in":[${Array.from({ length: 100_000 }, (_, i) => i).join()}]}}`,
  ],
  ["deep document", "insertOne", `"document":${nested(150)}`],
  ["too deep document", "insertOne", `"document":${nested(250)}`],
  ["16 MB document", "insertOne", `"document":{"s":"${"x".repeat(15 * 2 ** 20)}"}`],
  [
    "document of a million numbers",
    "insertOne",
    `"document":{"_id":"numbers","n":[${"1,".repeat(999_999)}1]}`,
  ],
  ["17 MB of text", "insertOne", `"document":{"s":"${"x".repeat(17.5 * 2 ** 20)}"}`],
  [
    "half a million keys",
    "insertOne",
    `"document":{"_id":"keys",${Array.from({ length: 500_000 }, (_, i) => `"k${i}":1`).join()}}`,
  ],
  [
    "300,000 documents in one",
    "insertOne",
    `"document":{"_id":"parts","n":[${'{"a":1,"b":"x"},'.repeat(299_999)}{"a":2}]}`,
  ],
  ["update of a big array", "updateOne", '"filter":{"_id":"numbers"},"update":{"$push":{"n":2}}'],
  ["update with $[]", "updateOne", '"filter":{"_id":"numbers"},"update":{"$inc":{"n.$[]":1}}'],
  [
    "sorting push",
    "updateOne",
    '"filter":{"_id":"numbers"},"update":{"$push":{"n":{"$each":[],"$sort":-1}}}',
  ],
  ["update of all parts", "updateOne", '"filter":{"_id":"parts"},"update":{"$set":{"n.$[].a":3}}'],
  ["update of one of many keys", "updateOne", '"filter":{"_id":"keys"},"update":{"$set":{"k7":2}}'],
  [
    "update of many keys",
    "updateOne",
    `"filter":{"_id":"keys"},"update":{"$set":{${Array.from({ length: 200_000 }, (_, i) => `"k${i}":1`).join()}}}`,
  ],
  ["filter on big arrays", "find", '"filter":{"n.a":-1}'],
  ["sort by big arrays", "find", '"filter":{},"sort":{"n":-1},"projection":{"_id":1},"limit":3'],
  [
    "big values as groups",
    "aggregate",
    '"pipeline":[{"$match":{"_id":{"$in":["numbers","parts","keys"]}}},{"$group":{"_id":"$n"}},{"$count":"n"}]',
  ],
  [
    "new fields in all parts",
    "aggregate",
    '"pipeline":[{"$match":{"_id":"parts"}},{"$set":{"n.x":1}},{"$project":{"n":{"$size":"$n"}}}]',
  ],
  ["reading the 16 MB document", "find", '"filter":{"s":{"$exists":true}}'],
  [
    "cross join",
    "aggregate",
    '"pipeline":[{"$lookup":{"from":"many","pipeline":[],"as":"x"}},{"$unwind":"$x"},{"$lookup":{"from":"many","pipeline":[],"as":"y"}},{"$unwind":"$y"},{"$count":"n"}]',
  ],
  [
    "exploding $unwind",
    "aggregate",
    `"pipeline":[{"$limit":1},{"$addFields":{"x":${range(1000)},"y":${range(1000)},"z":${range(1000)}}},{"$unwind":"$x"},{"$unwind":"$y"},{"$unwind":"$z"},{"$count":"n"}]`,
  ],
  [
    "map over a million",
    "aggregate",
    `"pipeline":[{"$limit":1},{"$project":{"x":{"$size":{"$map":{"input":${range(1_000_000)},"in":{"$add":["$$this",1]}}}}}}]`,
  ],
  [
    "reduce over maps",
    "aggregate",
    `"pipeline":[{"$limit":1},{"$project":{"x":{"$reduce":{"input":${range(100_000)},"initialValue":0,"in":{"$size":{"$map":{"input":${range(1000)},"in":1}}}}}}}]`,
  ],
  [
    "doubling $set",
    "aggregate",
    `"pipeline":[{"$limit":1},${Array.from({ length: 40 }, () => '{"$set":{"a":{"x":"$a","y":"$a"}}}').join()}]`,
  ],
  ["sort of everything", "aggregate", '"pipeline":[{"$sort":{"z":1,"_id":-1}},{"$count":"n"}]'],
  ["group by everything", "aggregate", '"pipeline":[{"$group":{"_id":"$$ROOT"}},{"$count":"n"}]'],
  [
    "$jsonSchema, nested",
    "find",
    `"filter":{"$jsonSchema":${'{"anyOf":['.repeat(50)}{}${"]}".repeat(50)}}`,
  ],
  ["update of everything", "updateMany", '"filter":{},"update":{"$inc":{"c":1}}'],
];

const directory = await mkdtemp(path.join(tmpdir(), "petiole-hostile-"));
const server = await startPetiole({
  args: ["--data", path.join(directory, "data"), "--app-id", appId],
  environment: { PETIOLE_API_KEY: key },
});
const action = (name: string): string =>
  `${server.url}/app/${appId}/endpoint/data/v1/action/${name}`;
const common = '"dataSource":"mongodb-atlas","database":"hostile","collection":"many"';
try {
  const small = Array.from(
    { length: 2000 },
    (_, i) => `{"n":${i},"s":"${"a".repeat(40)}!","z":${i % 7}}`,
  );
  for (let turn = 0; turn < 10; turn += 1)
    await send(action("insertMany"), `{${common},"documents":[${small.join()}]}`);
  const quiet = await slowest(
    server.url,
    new Promise((resolve) => {
      setTimeout(resolve, 2000);
    }),
  );
  console.log(`without any work: health check at worst ${quiet.toFixed(0)} ms`);
  for (const [title, name, fields] of requests) {
    const startedAt = performance.now();
    const work = send(action(name), `{${common},${fields}}`).catch((cause: unknown) => ({
      status: 0,
      text: String(cause),
    }));
    const timeout = setTimeout(() => {
      console.log(`  … ${title} takes its time`);
    }, 30_000);
    const worst = await slowest(server.url, work);
    clearTimeout(timeout);
    const { status, text } = await work;
    const ms = performance.now() - startedAt;
    console.log(
      `${title.padEnd(32)} ${String(status).padStart(3)} ${ms.toFixed(0).padStart(6)} ms, health check at worst ${worst.toFixed(0).padStart(4)} ms  ${text.slice(0, 110)}`,
    );
  }
} finally {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}
