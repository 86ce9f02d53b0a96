/**
 * The bare peer on MongoDB: node:http and the official driver with EJSON, doing the work of the actions that the bench
 * loads. It reads the body, checks a hashed key, calls the driver and encodes the answer; it has no routing, logs or
 * rules. Plain JavaScript, so that no loader runs in the measured process.
 *
 * Usage: node bench/bare-mongodb.mjs URI; the key comes in PETIOLE_API_KEY.
 *
 * @module
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { BSON, MongoClient } from "mongodb";

const { EJSON } = BSON;

/** @typedef {{ database: string, collection: string, filter: BSON.Document, limit: number, document: BSON.Document, documents: BSON.Document[], update: BSON.Document, pipeline: BSON.Document[] }} Call */
/** @typedef {import("mongodb").Collection} Collection */

const keyHash = hash(process.env["PETIOLE_API_KEY"] ?? "");
const client = await MongoClient.connect(process.argv[2] ?? "");

/** @type {ReadonlyMap<string, (items: Collection, call: Call) => Promise<unknown>>} */
const actions = new Map(
  Object.entries({
    findOne: async (/** @type {Collection} */ items, /** @type {Call} */ { filter }) => ({
      document: await items.findOne(filter),
    }),
    find: async (/** @type {Collection} */ items, /** @type {Call} */ { filter, limit }) => ({
      documents: await items.find(filter, { limit }).toArray(),
    }),
    aggregate: async (/** @type {Collection} */ items, /** @type {Call} */ { pipeline }) => ({
      documents: await items.aggregate(pipeline).toArray(),
    }),
    insertOne: async (/** @type {Collection} */ items, /** @type {Call} */ { document }) => {
      const { insertedId } = await items.insertOne(document);
      return { insertedId };
    },
    updateOne: async (/** @type {Collection} */ items, /** @type {Call} */ { filter, update }) => {
      const { matchedCount, modifiedCount } = await items.updateOne(filter, update);
      return { matchedCount, modifiedCount };
    },
  }),
);

const server = createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = [];
  request.on("data", (/** @type {Buffer} */ chunk) => chunks.push(chunk));
  request.on("end", () => {
    answer(request, Buffer.concat(chunks).toString("utf8")).then(
      ([status, text]) => {
        response.writeHead(status, {
          "Content-Type": "application/ejson",
          "Content-Length": Buffer.byteLength(text),
        });
        response.end(text);
      },
      (/** @type {unknown} */ cause) => response.writeHead(500).end(String(cause)),
    );
  });
});
server.keepAliveTimeout = 75_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  console.log(JSON.stringify({ event: "listening", url: `http://127.0.0.1:${port}` }));
});
process.once("SIGTERM", () => {
  server.close(() => {
    void client.close().finally(() => process.exit(0));
  });
  server.closeIdleConnections();
});

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {string} text
 * @returns {Promise<[status: number, text: string]>}
 */
async function answer(request, text) {
  if (!timingSafeEqual(hash(String(request.headers["apikey"])), keyHash)) return [401, "{}"];
  const url = request.url ?? "";
  const name = url.slice(url.lastIndexOf("/") + 1);
  const action = actions.get(name);
  if (action === undefined) return [404, "{}"];
  const call = EJSON.parse(text);
  const result = await action(client.db(call.database).collection(call.collection), call);
  return [name.startsWith("insert") ? 201 : 200, EJSON.stringify(result, { relaxed: false })];
}

function hash(/** @type {string} */ key) {
  return createHash("sha256").update(key).digest();
}
