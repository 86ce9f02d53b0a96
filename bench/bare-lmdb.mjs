/**
 * The bare peer: node:http and lmdb with the bson package, doing the work of the actions that the bench
 * loads. It reads the body, checks a hashed key, does the database work and encodes the answer; it has no
 * routing, logs or rules. Plain JavaScript, so that no loader runs in the measured process.
 *
 * Usage: node bench/bare-lmdb.mjs DATA_DIR; the key comes in PETIOLE_API_KEY.
 *
 * @module
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import path from "node:path";
import { BSON } from "bson";
import { open } from "lmdb";

const { EJSON, ObjectId, serialize, deserialize } = BSON;

/** @typedef {{ filter?: { _id: BSON.ObjectId }, limit?: number, document: BSON.Document, documents: BSON.Document[], update: { $inc: Record<string, number> } }} Call */

const keyHash = hash(process.env["PETIOLE_API_KEY"] ?? "");
const environment = open({
  path: path.join(process.argv[2] ?? "bare-data", "bare.mdb"),
  // As Petiole: a write is acknowledged when it is on disk.
  overlappingSync: false,
});
const items = environment.openDB({ name: "items", encoding: "binary", keyEncoding: "binary" });

/** @type {ReadonlyMap<string, (call: Call) => unknown>} */
const actions = new Map(
  Object.entries({
    findOne: (/** @type {Call} */ { filter }) => {
      const bytes = filter === undefined ? undefined : items.getBinary(keyOf(filter._id));
      return { document: bytes === undefined ? null : deserialize(bytes) };
    },
    find: (/** @type {Call} */ { limit }) => {
      const documents = [];
      for (const { value } of items.getRange({ limit: Number(limit) }))
        documents.push(deserialize(value));
      return { documents };
    },
    insertOne: async (/** @type {Call} */ { document }) => ({ insertedId: await insert(document) }),
    insertMany: async (/** @type {Call} */ { documents }) => ({
      insertedIds: await Promise.all(documents.map(insert)),
    }),
    updateOne: async (/** @type {Call} */ { filter, update }) => {
      const key = filter === undefined ? null : keyOf(filter._id);
      const matchedCount =
        key === null ? 0 : await items.transaction(() => increment(key, update.$inc));
      return { matchedCount, modifiedCount: matchedCount };
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
    environment.close().then(() => process.exit(0), fail);
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
  const result = await action(EJSON.parse(text));
  return [name.startsWith("insert") ? 201 : 200, EJSON.stringify(result, { relaxed: false })];
}

async function insert(/** @type {BSON.Document} */ document) {
  const id = document["_id"] ?? new ObjectId();
  // A document begins with its _id, wherever the sender had it.
  const bytes = serialize({ _id: id, ...document });
  await items.put(keyOf(id), Buffer.from(bytes));
  return id;
}

/** Runs inside LMDB's write transaction; returns the number of documents changed. */
function increment(/** @type {Buffer} */ key, /** @type {Record<string, number>} */ amounts) {
  const bytes = items.getBinary(key);
  if (bytes === undefined) return 0;
  const document = deserialize(bytes);
  for (const [field, amount] of Object.entries(amounts))
    document[field] = (document[field] ?? 0) + amount;
  items.put(key, Buffer.from(serialize(document))).catch(fail);
  return 1;
}

function keyOf(/** @type {BSON.ObjectId} */ id) {
  return Buffer.from(id.id);
}

function hash(/** @type {string} */ key) {
  return createHash("sha256").update(key).digest();
}

function fail(/** @type {unknown} */ cause) {
  console.error(cause);
  process.exit(1);
}
