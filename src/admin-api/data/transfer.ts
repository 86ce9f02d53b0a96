/** Files of documents into a collection and out of it. */
import { Readable } from "node:stream";
import { Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { mustText, optionalCount, optionalDoc, readableDoc } from "../../actions/fields.ts";
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import type { FindOptions } from "../../sources/source.ts";
import type { AdminServices } from "../admin-services.ts";
import { beginExport, contentTypes, type ExportFormat } from "./export-text.ts";
import { importLines, readLines, readOnPresent } from "./import-lines.ts";
import {
  answerEjson,
  callSignal,
  type CollectionParams,
  collectionRoute,
  goneSignal,
  mustBody,
  mustOpenCollection,
  worded,
  wordedFailure,
} from "./place.ts";

const document = Type.Record(Type.String(), Type.Unknown());
const importWanted = Type.Object({
  lines: Type.Array(Type.String()),
  onPresent: Type.Optional(
    Type.Union([Type.Literal("fail"), Type.Literal("replace"), Type.Literal("skip")]),
  ),
});
const exportWanted = Type.Object({
  format: Type.Union([Type.Literal("ndjson"), Type.Literal("ejson"), Type.Literal("csv")]),
  filter: Type.Optional(document),
  projection: Type.Optional(document),
  sort: Type.Optional(document),
  collation: Type.Optional(document),
  skip: Type.Optional(Type.Integer()),
  limit: Type.Optional(Type.Integer()),
  tellsFailure: Type.Optional(Type.Boolean()),
});

export function transferRoutes(instance: FastifyInstance, services: AdminServices): void {
  instance.post<{ Params: CollectionParams }>(
    `${collectionRoute}/import`,
    { schema: { body: importWanted } },
    async ({ params, body }, reply) => {
      const wanted = mustBody(body);
      const lines = readLines(wanted.get("lines"));
      const onPresent = readOnPresent(wanted.get("onPresent"));
      const collection = mustOpenCollection(services, params);
      const options = { signal: callSignal(reply) };
      return answerEjson(
        reply,
        await worded(importLines(collection, { lines, onPresent }, options)),
      );
    },
  );
  instance.post<{ Params: CollectionParams }>(
    `${collectionRoute}/export`,
    { schema: { body: exportWanted } },
    async ({ params, body }, reply) => {
      const wanted = mustBody(body);
      const format = readFormat(mustText(wanted, "format"));
      const filter = readableDoc(wanted, "filter") ?? Doc.empty;
      // However long it takes: whoever waits for it sees it come.
      const options = readOptions(wanted, goneSignal(reply));
      const collection = mustOpenCollection(services, params);
      const begun = await worded(beginExport(collection, { format, filter, options }));
      const text = wanted.get("tellsFailure") === true ? toldWithin(begun) : begun;
      return reply
        .header("Content-Type", contentTypes[format])
        .header("Content-Disposition", `attachment; filename="${fileName(params)}.${format}"`)
        .send(Readable.from(text, { objectMode: false }));
    },
  );
}

/** No text of JSON has it unescaped; CSV may, but without such quotes behind it. */
const recordSeparator = "\u001E";

/**
 * A failure on the way is the last line, after a record separator, of a text that then ends as if all were well: a
 * browser is not told why a connection broke off. Who does not ask for it gets the broken connection, which no program
 * takes for the end of a file.
 */
async function* toldWithin(text: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* text;
  } catch (cause) {
    const failure = wordedFailure(cause);
    if (!(failure instanceof Fault)) throw cause;
    const { message: error, code: error_code } = failure;
    yield Buffer.from(`\n${recordSeparator}${JSON.stringify({ error, error_code })}\n`);
  }
}

function fileName({ collection }: CollectionParams): string {
  return collection.replaceAll(/[^\w.-]/g, "_").slice(0, 100);
}

function readFormat(format: string): ExportFormat {
  if (Object.hasOwn(contentTypes, format)) return format as ExportFormat;
  throw new Fault("InvalidParameter", '"format" argument must be "ndjson", "ejson" or "csv"');
}

function readOptions(wanted: Doc, signal: AbortSignal): FindOptions {
  const given: [string, Value | number | undefined][] = [
    ["projection", readableDoc(wanted, "projection")],
    ["sort", readableDoc(wanted, "sort")],
    ["collation", optionalDoc(wanted, "collation")],
    ["skip", optionalCount(wanted, "skip")],
    ["limit", optionalCount(wanted, "limit")],
  ];
  return { signal, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
}
