/**
 * Files of documents: NDJSON (canonical EJSON, one document a line) or BSON (one document after another, as `mongodump`
 * writes them). Read and written piece by piece.
 */
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { truncate } from "node:fs/promises";
import { once } from "node:events";
import type { Doc } from "../../bson/doc.ts";
import { parseEjson } from "../../bson/parse-ejson.ts";
import { writeDocText } from "../../bson/stringify.ts";
import { TextWriter } from "../../bson/text-writer.ts";
import { readBson } from "../../bson/validate.ts";
import { Fault } from "../../kit/fault.ts";
import { MongoError } from "../../kit/mongo-error.ts";

export type FileFormat = "ndjson" | "bson";

/** Of one document, in bytes: 16 MB and what the server itself adds; as text up to seven times that. */
const documentBytesMax = 17 * 2 ** 20;
const lineBytesMax = 8 * documentBytesMax;
const chunkBytes = 2 ** 20;
const lineFeed = 0x0a;

export interface DocumentWriter {
  /** Resolves when there is room for more. */
  write(document: Doc): Promise<void>;
  close(): Promise<void>;
}

/** Writes at the end of a file, which is made where there is none. */
export function openWriter(file: string, format: FileFormat): DocumentWriter {
  const stream = createWriteStream(file, {
    flags: "a",
    highWaterMark: 4 * chunkBytes,
    mode: 0o600,
  });
  let failure: Error | undefined;
  stream.on("error", (error) => {
    failure = error;
  });
  return {
    async write(document) {
      if (failure !== undefined) throw failure;
      const bytes = format === "bson" ? document.toBytes() : toLine(document);
      if (!stream.write(bytes)) await Promise.race([once(stream, "drain"), once(stream, "close")]);
    },
    async close() {
      stream.end();
      if (!stream.closed) await once(stream, "close");
      if (failure !== undefined) throw failure;
    },
  };
}

/** @throws {Fault} when the text would not be read as the same document */
function toLine(document: Doc): Buffer {
  const out = new TextWriter();
  writeDocText(out, document, "canonical");
  const text = out.take();
  // A stored field like { "$date": "x" } is a document's own and would come back as something else.
  if (!isSame(document, text))
    throw new Fault(
      "BadRequest",
      "a document has fields that EJSON takes for its own; --format bson keeps them",
    );
  return Buffer.concat([text, Buffer.of(lineFeed)]);
}

function isSame(document: Doc, text: Buffer): boolean {
  try {
    return parseEjson(text).toBytes().equals(document.toBytes());
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

export interface FileDocument {
  readonly document: Doc;
  /** Where it ends, in bytes from the file's beginning. */
  readonly end: number;
}

/**
 * Reads a file's documents in their order.
 *
 * @param options.isPartial whether the last one may be cut off; it is left out then
 * @throws {Fault} `BadRequest` with file and place for what is no document
 */
export async function* readDocuments(
  file: string,
  format: FileFormat,
  options: { readonly isPartial: boolean },
): AsyncGenerator<FileDocument> {
  const measure = format === "bson" ? bsonLength : lineLength;
  const read = format === "bson" ? readBson : readLine;
  let waiting: Buffer = Buffer.alloc(0);
  /** Bytes of `waiting` that are known to hold no end, so that a long line is not looked through again and again. */
  let searched = 0;
  let start = 0;
  const where = (): string => `${file}, byte ${start}`;
  for await (const chunk of createReadStream(file, { highWaterMark: chunkBytes })) {
    waiting = waiting.length === 0 ? (chunk as Buffer) : Buffer.concat([waiting, chunk as Buffer]);
    for (;;) {
      const length = measure(waiting, searched, where);
      if (length === undefined || length > waiting.length) break;
      const bytes = waiting.subarray(0, length);
      const end = start + length;
      const document = readAt(read, bytes, where);
      if (document !== undefined) yield { document, end };
      start = end;
      searched = 0;
      waiting = waiting.subarray(length);
    }
    searched = waiting.length;
  }
  if (waiting.length === 0 || options.isPartial) return;
  // The last line may lack its line feed.
  if (format === "bson")
    throw new Fault("BadRequest", `${where()}: the file ends within a document`);
  const document = readAt(read, waiting, where);
  if (document !== undefined) yield { document, end: start + waiting.length };
}

function bsonLength(bytes: Buffer, _searched: number, where: () => string): number | undefined {
  if (bytes.length < 4) return undefined;
  const length = bytes.readInt32LE(0);
  if (length < 5 || length > documentBytesMax)
    throw new Fault("BadRequest", `${where()}: ${length} is no length of a document`);
  return length;
}

function lineLength(bytes: Buffer, searched: number, where: () => string): number | undefined {
  const at = bytes.indexOf(lineFeed, searched);
  if (at < 0 && bytes.length > lineBytesMax)
    throw new Fault("BadRequest", `${where()}: the line is too long for a document`);
  return at < 0 ? undefined : at + 1;
}

function readLine(bytes: Buffer): Doc | undefined {
  return isBlank(bytes) ? undefined : parseEjson(bytes);
}

function isBlank(bytes: Buffer): boolean {
  return bytes.length <= 2 && bytes.toString("latin1").trim() === "";
}

function readAt(
  read: (bytes: Buffer) => Doc | undefined,
  bytes: Buffer,
  where: () => string,
): Doc | undefined {
  try {
    // Of its own bytes: those of the chunk go on to the next document.
    return read(Buffer.from(bytes));
  } catch (error) {
    if (error instanceof Fault || error instanceof MongoError)
      throw new Fault("BadRequest", `${where()}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Cuts off what comes after the last whole document. */
export async function cutAt(file: string, length: number): Promise<void> {
  if (existsSync(file)) await truncate(file, length);
}
