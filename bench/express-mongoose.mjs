/**
 * The peer that many people write instead: Express with a Mongoose model, in the manner of the usual templates
 * (`express.json()`, one middleware for the key, hydrated documents, `res.json`). Plain JSON in and out.
 *
 * Usage: node bench/express-mongoose.mjs URI; the key comes in PETIOLE_API_KEY.
 *
 * @module
 */
import { createHash, timingSafeEqual } from "node:crypto";
import express from "express";
import mongoose from "mongoose";

const keyHash = hash(process.env["PETIOLE_API_KEY"] ?? "");
await mongoose.connect(process.argv[2] ?? "", { dbName: "bench" });

const itemSchema = new mongoose.Schema(
  {
    name: String,
    category: String,
    price: Number,
    stock: Number,
    counter: { type: Number, default: 0 },
    available: Boolean,
    tags: [String],
    size: { width: Number, height: Number, unit: String },
    createdAt: Date,
    note: String,
  },
  { collection: "items", versionKey: false },
);
const Item = mongoose.model("Item", itemSchema);

const app = express();
app.use(express.json({ limit: "18mb" }));
app.use((request, response, next) => {
  if (timingSafeEqual(hash(String(request.headers["apikey"])), keyHash)) next();
  else response.status(401).json({});
});
const path = "/app/:app/endpoint/data/v1/action";
app.post(`${path}/findOne`, async (request, response) => {
  response.json({ document: await Item.findOne(request.body.filter) });
});
app.post(`${path}/find`, async (request, response) => {
  const { filter, limit } = request.body;
  response.json({ documents: await Item.find(filter).limit(limit) });
});
app.post(`${path}/aggregate`, async (request, response) => {
  const [{ $match: match }, ...stages] = request.body.pipeline;
  // Mongoose casts filters, but no pipelines.
  const range = Object.fromEntries(
    Object.entries(match._id).map(([operator, id]) => [
      operator,
      new mongoose.Types.ObjectId(String(id)),
    ]),
  );
  response.json({ documents: await Item.aggregate([{ $match: { _id: range } }, ...stages]) });
});
app.post(`${path}/insertOne`, async (request, response) => {
  const item = await Item.create(request.body.document);
  response.status(201).json({ insertedId: item._id });
});
app.post(`${path}/updateOne`, async (request, response) => {
  const { filter, update } = request.body;
  const { matchedCount, modifiedCount } = await Item.updateOne(filter, update);
  response.json({ matchedCount, modifiedCount });
});

const server = app.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  console.log(JSON.stringify({ event: "listening", url: `http://127.0.0.1:${port}` }));
});
server.keepAliveTimeout = 75_000;
process.once("SIGTERM", () => {
  server.close(() => {
    void mongoose.disconnect().finally(() => process.exit(0));
  });
  server.closeIdleConnections();
});

function hash(/** @type {string} */ key) {
  return createHash("sha256").update(key).digest();
}
