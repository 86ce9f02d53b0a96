/**
 * Measures the codecs of `src/bson` against `JSON.parse` and the bson package's EJSON.
 *
 * `node --import tsx bench/codec.ts`; prints microseconds per document, the best of five rounds.
 */
import { BSON, EJSON } from "bson";
import { parseEjson } from "../src/bson/parse-ejson.ts";
import { type OutputFormat, writeDocText } from "../src/bson/stringify.ts";
import { TextWriter } from "../src/bson/text-writer.ts";
import type { Doc } from "../src/bson/doc.ts";
import { readBson } from "../src/bson/validate.ts";

const roundMs = 300;
const rounds = 5;

function order(index: number): string {
  return `{"sku":"item-${index}","count":${index % 17},"price":${index * 7 + 0.25},"shipped":${index % 2 === 0},"at":{"$date":"2024-03-0${(index % 9) + 1}T10:20:30.456Z"}}`;
}

/** A document of about `bytes` bytes of relaxed text, with the types that applications use. */
function sample(bytes: number): string {
  const head = `"_id":{"$oid":"65f0c0ffee65f0c0ffee65f0"},"name":"Ada Lovelace","email":"ada@example.com","age":36,"balance":{"$numberLong":"1234567890123"},"note":"Zeile eins \\"zitiert\\" – ü"`;
  const orders: string[] = [];
  let length = head.length;
  while (length < bytes) {
    const next = order(orders.length);
    orders.push(next);
    length += next.length + 1;
  }
  return `{${head},"orders":[${orders.join(",")}]}`;
}

/** Microseconds of one call. */
function measure(work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    let calls = 0;
    let elapsed = 0;
    while (elapsed < roundMs) {
      for (let call = 0; call < 20; call += 1) work();
      calls += 20;
      elapsed = performance.now() - startedAt;
    }
    best = Math.min(best, (elapsed * 1000) / calls);
  }
  return best;
}

function write(doc: Doc, format: OutputFormat): Buffer {
  const out = new TextWriter();
  writeDocText(out, doc, format);
  return out.take();
}

for (const bytes of [300, 20_000]) {
  const relaxed = sample(bytes);
  const doc = parseEjson(Buffer.from(relaxed));
  const bson = doc.toBytes();
  const canonical = write(doc, "canonical");
  const text = Buffer.from(relaxed);
  const rows: [string, () => unknown][] = [
    ["parse relaxed: parseEjson", () => parseEjson(text)],
    ["parse relaxed: JSON.parse", () => JSON.parse(text.toString()) as unknown],
    ["parse relaxed: bson EJSON.parse", () => EJSON.parse(text.toString()) as unknown],
    [
      "parse relaxed: EJSON.parse + serialize",
      () => BSON.serialize(EJSON.parse(text.toString(), { relaxed: false }) as object),
    ],
    ["parse canonical: parseEjson", () => parseEjson(canonical)],
    ["parse canonical: JSON.parse", () => JSON.parse(canonical.toString()) as unknown],
    [
      "parse canonical: EJSON.parse + serialize",
      () => BSON.serialize(EJSON.parse(canonical.toString(), { relaxed: false }) as object),
    ],
    ["validate: readBson", () => readBson(bson)],
    ["write json: writeDocText", () => write(doc, "json")],
    ["write canonical: writeDocText", () => write(doc, "canonical")],
    [
      "write: deserialize + JSON.stringify",
      () => Buffer.from(JSON.stringify(BSON.deserialize(bson))),
    ],
    [
      "write canonical: deserialize + EJSON.stringify",
      () =>
        Buffer.from(
          EJSON.stringify(BSON.deserialize(bson, { promoteValues: false }), { relaxed: false }),
        ),
    ],
  ];
  console.log(`\n${text.length} bytes relaxed, ${canonical.length} canonical, ${bson.length} BSON`);
  for (const [title, work] of rows) {
    work();
    const micros = measure(work);
    console.log(`${micros.toFixed(2).padStart(9)} µs  ${title}`);
  }
}
