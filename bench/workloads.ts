import { randomInt } from "node:crypto";
import type { Request } from "./loading.ts";

export const documentCount = 10_000;
const requestsPerList = 200;
const target = { dataSource: "mongodb-atlas", database: "bench", collection: "items" };

/** A document like those of an ordinary application, about 330 bytes of BSON. */
export function documentOf(index: number): object {
  return {
    _id: { $oid: idOf(index) },
    name: `Item number ${index}`,
    category: `category-${index % 20}`,
    price: index + 0.25,
    stock: index % 500,
    counter: 0,
    available: index % 3 !== 0,
    tags: ["garden", "green", `tag-${index % 50}`],
    size: { width: 12.5, height: 30.5, unit: "cm" },
    createdAt: { $date: new Date(Date.UTC(2024, 0, 1) + index * 60_000).toISOString() },
    note: "A plain sentence of some length, as people write them into such a field.",
  };
}

/** The requests that fill a server before it is measured. */
export function fillRequests(): readonly Request[] {
  const size = 500;
  return Array.from({ length: documentCount / size }, (_, batch) =>
    request("insertMany", {
      documents: Array.from({ length: size }, (_each, offset) => documentOf(batch * size + offset)),
    }),
  );
}

/** Name of a workload → how one request of it is made. */
export const workloads: ReadonlyMap<string, () => Request> = new Map([
  ["findOne by _id", findOne],
  ["find 100", () => find(100)],
  ["find 1000", () => find(1000)],
  ["aggregate", aggregate],
  ["insertOne durable", insertOne],
  ["updateOne $inc", updateOne],
  ["mix", mixed],
]);

/** Lists of requests, one for each connection. */
export function listsOf(make: () => Request, connections: number): readonly (readonly Request[])[] {
  return Array.from({ length: connections }, () => Array.from({ length: requestsPerList }, make));
}

function findOne(): Request {
  return request("findOne", { filter: { _id: { $oid: idOf(randomInt(documentCount)) } } });
}

function find(limit: number): Request {
  return request("find", { filter: {}, limit });
}

/** The stock of each category among a hundred documents. */
function aggregate(): Request {
  const first = randomInt(documentCount - 100);
  const range = { $gte: { $oid: idOf(first) }, $lt: { $oid: idOf(first + 100) } };
  const group = { _id: "$category", stock: { $sum: "$stock" }, items: { $sum: 1 } };
  return request("aggregate", {
    pipeline: [{ $match: { _id: range } }, { $group: group }, { $sort: { _id: 1 } }],
  });
}

function insertOne(): Request {
  const { _id, ...document } = documentOf(randomInt(documentCount)) as Record<string, unknown>;
  return request("insertOne", { document });
}

function updateOne(): Request {
  return request("updateOne", {
    filter: { _id: { $oid: idOf(randomInt(documentCount)) } },
    update: { $inc: { counter: 1 } },
  });
}

/** 70 % findOne, 10 % find of 20, 10 % insertOne, 10 % updateOne. */
function mixed(): Request {
  const draw = randomInt(10);
  if (draw === 0) return find(20);
  if (draw === 1) return insertOne();
  return draw === 2 ? updateOne() : findOne();
}

function request(action: string, fields: object): Request {
  return { action, body: JSON.stringify({ ...target, ...fields }) };
}

// Ids below every id made now, so that `find` with a limit meets the same documents whatever was inserted.
function idOf(index: number): string {
  return `50000000${index.toString(16).padStart(16, "0")}`;
}
