/** A query's documents as a text that is written while it is read. */
import type { Doc } from "../../bson/doc.ts";
import { parseEjson } from "../../bson/parse-ejson.ts";
import { writeDocText } from "../../bson/stringify.ts";
import { TextWriter } from "../../bson/text-writer.ts";
import { Fault } from "../../kit/fault.ts";
import type { Collection, FindOptions } from "../../sources/source.ts";
import { csvCells, csvLine } from "./csv.ts";

export type ExportFormat = "ndjson" | "ejson" | "csv";

export const contentTypes: Readonly<Record<ExportFormat, string>> = {
  ndjson: "application/x-ndjson",
  ejson: "application/json",
  csv: "text/csv; charset=utf-8",
};

const chunkBytes = 256 * 1024;
const columnsMax = 5000;
const dollar = 0x24;

export interface ExportWanted {
  readonly format: ExportFormat;
  readonly filter: Doc;
  readonly options: FindOptions;
}

/**
 * Begins, so that what is wrong with the query is said before anything is sent.
 *
 * @throws {Fault} `BadRequest` for CSV with more than 5,000 columns
 */
export async function beginExport(
  collection: Collection,
  wanted: ExportWanted,
): Promise<AsyncIterable<Buffer>> {
  const columns = wanted.format === "csv" ? await findColumns(collection, wanted) : [];
  const batches = collection.find(wanted.filter, wanted.options)[Symbol.asyncIterator]();
  const first = await batches.next();
  const rest = { [Symbol.asyncIterator]: () => batches };
  return write(wanted.format, columns, follow(first.done === true ? undefined : first.value, rest));
}

async function* follow(
  first: readonly Doc[] | undefined,
  rest: AsyncIterable<readonly Doc[]>,
): AsyncGenerator<readonly Doc[]> {
  if (first === undefined) return;
  yield first;
  yield* rest;
}

async function findColumns(
  collection: Collection,
  { filter, options }: ExportWanted,
): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const batch of collection.find(filter, options))
    for (const document of batch) {
      for (const name of document.keys()) names.add(name);
      if (names.size > columnsMax)
        throw new Fault(
          "BadRequest",
          `the documents have more than ${columnsMax} fields: too many columns for CSV`,
        );
    }
  return [...names];
}

async function* write(
  format: ExportFormat,
  columns: readonly string[],
  batches: AsyncIterable<readonly Doc[]>,
): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  const put = (part: Buffer): void => {
    parts.push(part);
    bytes += part.length;
  };
  const known = new Set(columns);
  if (format === "csv") put(Buffer.from(csvLine(columns)));
  if (format === "ejson") put(Buffer.from("["));
  let isFirst = true;
  for await (const batch of batches)
    for (const document of batch) {
      if (format === "csv") put(csvRow(document, columns, known));
      else {
        put(Buffer.from(format === "ndjson" || isFirst ? "" : ","));
        if (format === "ejson") put(lineFeed);
        put(lineOf(document));
        if (format === "ndjson") put(lineFeed);
      }
      isFirst = false;
      if (bytes < chunkBytes) continue;
      yield Buffer.concat(parts);
      [parts, bytes] = [[], 0];
    }
  if (format === "ejson") put(Buffer.from("\n]\n"));
  yield Buffer.concat(parts);
}

const lineFeed = Buffer.from("\n");

function csvRow(document: Doc, columns: readonly string[], known: ReadonlySet<string>): Buffer {
  const strange = document.keys().find((name) => !known.has(name));
  if (strange !== undefined)
    throw new Fault("BadRequest", `the field '${strange}' came while the columns were written`);
  return Buffer.from(csvLine(csvCells(document, columns)));
}

/** @throws {Fault} `BadRequest` for a document whose text would be read as another: nothing is to be lost unsaid */
function lineOf(document: Doc): Buffer {
  const out = new TextWriter();
  writeDocText(out, document, "canonical");
  const text = out.take();
  const bytes = document.toBytes();
  if (bytes.includes(dollar) && !isSame(text, bytes))
    throw new Fault("BadRequest", "a document has fields that EJSON takes for its own");
  return text;
}

function isSame(text: Buffer, bytes: Buffer): boolean {
  try {
    return parseEjson(text).toBytes().equals(bytes);
  } catch (cause) {
    if (cause instanceof Fault) return false;
    throw cause;
  }
}
