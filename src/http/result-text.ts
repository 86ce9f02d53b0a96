/** An action's result → the text of the answer, from stored bytes and without building objects. */
import type { ActionResult } from "../actions/action.ts";
import { Doc } from "../bson/doc.ts";
import { type OutputFormat, writeDocText, writeValueText } from "../bson/stringify.ts";
import type { TextWriter } from "../bson/text-writer.ts";
import type { Value } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import { createPacer } from "../kit/pacer.ts";
import { heavyBytesMin, type HeavyText } from "./heavy-text.ts";

export interface ResultTextOptions {
  readonly format: OutputFormat;
  /** Counted as BSON. */
  readonly bytesMax: number;
  readonly heavyText: HeavyText;
}

/** As much text as costs what the pacer counts as one piece of work. */
const bytesPerWork = 16 * 1024;

/** Writes every result but a stream of documents. */
export async function writeResult(
  out: TextWriter,
  result: Exclude<ActionResult, { kind: "documents" }>,
  options: ResultTextOptions,
): Promise<void> {
  const { format, bytesMax, heavyText } = options;
  switch (result.kind) {
    case "document":
      out.ascii('{"document":');
      if (result.document === null) out.ascii("null");
      else if (writeCounted(out, result.document, format, bytesMax) === undefined)
        out.raw(await heavyText.print(result.document, format));
      break;
    case "insertedId":
      out.ascii('{"insertedId":');
      writeValueText(out, result.id, format);
      break;
    case "insertedIds":
      out.ascii('{"insertedIds":[');
      writeIds(out, result.ids, format);
      out.ascii("]");
      break;
    case "updated":
      writeCount(out, '{"matchedCount":', result.matchedCount, format);
      writeCount(out, ',"modifiedCount":', result.modifiedCount, format);
      if (result.upsertedId === undefined) break;
      out.ascii(',"upsertedId":');
      writeValueText(out, result.upsertedId, format);
      break;
    case "deleted":
      writeCount(out, '{"deletedCount":', result.deletedCount, format);
      break;
  }
  out.ascii("}");
}

/**
 * Writes a stream of documents as it comes, giving the event loop its turns.
 *
 * @throws {Fault} `ReadSizeLimitExceeded`
 */
export async function writeDocuments(
  out: TextWriter,
  result: Extract<ActionResult, { kind: "documents" }>,
  options: ResultTextOptions & { readonly signal: AbortSignal },
): Promise<void> {
  const { format, bytesMax, heavyText, signal } = options;
  const pacer = createPacer(signal);
  let bytesLeft = bytesMax;
  let count = 0;
  out.ascii('{"documents":[');
  for await (const batch of result.batches) {
    for (const doc of batch) {
      count += 1;
      if (count > result.documentsMax) throw tooManyDocuments(result.documentsMax);
      if (count > 1) out.ascii(",");
      const bytes = writeCounted(out, doc, format, bytesLeft);
      if (bytes === undefined) out.raw(await heavyText.print(doc, format));
      bytesLeft -= bytes ?? doc.toBytes().length;
      if (pacer.due(1 + (bytes ?? 0) / bytesPerWork)) await pacer.rest();
    }
  }
  out.ascii("]}");
}

/**
 * Writes a document if it fits into `bytesLeft`.
 *
 * @returns its length as BSON; undefined when nothing was written, since it is heavy
 */
function writeCounted(
  out: TextWriter,
  doc: Doc,
  format: OutputFormat,
  bytesLeft: number,
): number | undefined {
  const { source } = doc;
  const bytes = source ?? doc.toBytes();
  if (bytes.length > bytesLeft)
    throw new Fault("ReadSizeLimitExceeded", "the answer is larger than the limit of a response");
  if (bytes.length >= heavyBytesMin) return undefined;
  writeDocText(out, source === undefined ? Doc.fromBytes(bytes) : doc, format);
  return bytes.length;
}

function tooManyDocuments(documentsMax: number): Fault {
  return new Fault(
    "ReadSizeLimitExceeded",
    `the answer has more than ${documentsMax} documents; a $limit stage bounds it`,
  );
}

function writeIds(out: TextWriter, ids: readonly Value[], format: OutputFormat): void {
  for (const [index, id] of ids.entries()) {
    if (index > 0) out.ascii(",");
    writeValueText(out, id, format);
  }
}

function writeCount(out: TextWriter, before: string, count: number, format: OutputFormat): void {
  out.ascii(format === "canonical" ? `${before}{"$numberInt":"${count}"}` : `${before}${count}`);
}
