/** The result of a call → canonical EJSON, from stored bytes and without building objects. */
import { Doc } from "../bson/doc.ts";
import { writeDocText, writeValueText } from "../bson/stringify.ts";
import { TextWriter } from "../bson/text-writer.ts";
import { Fault } from "../kit/fault.ts";
import { createPacer } from "../kit/pacer.ts";
import type { ServiceResult } from "./mongodb-service.ts";

export interface ResultTextOptions {
  /** Counted as BSON. */
  readonly bytesMax: number;
  readonly signal: AbortSignal;
  /** The text of a document that is too big for the event loop; undefined for one that is not. */
  readonly printHeavy: (doc: Doc) => Promise<Buffer> | undefined;
}

/** As much text as costs what the pacer counts as one piece of work. */
const bytesPerWork = 16 * 1024;

/** @throws {Fault} `ReadSizeLimitExceeded`, and what reading the documents throws */
export async function printResult(
  result: ServiceResult,
  options: ResultTextOptions,
): Promise<Buffer> {
  const out = new TextWriter();
  if (result.kind === "documents") {
    await writeDocuments(out, result, options);
    return out.take();
  }
  // Any value as bytes: the only field of a document.
  const holder = Doc.fromParts([""], [result.value]).toBytes();
  if (holder.length > options.bytesMax) throw tooLarge();
  const { value } = result;
  const heavy = value instanceof Doc ? options.printHeavy(value) : undefined;
  if (heavy !== undefined) return heavy;
  writeValueText(out, value, "canonical");
  return out.take();
}

async function writeDocuments(
  out: TextWriter,
  result: Extract<ServiceResult, { kind: "documents" }>,
  options: ResultTextOptions,
): Promise<void> {
  const { signal, printHeavy } = options;
  const pacer = createPacer(signal);
  let bytesLeft = options.bytesMax;
  let count = 0;
  out.ascii("[");
  for await (const batch of result.batches) {
    for (const doc of batch) {
      count += 1;
      if (count > result.documentsMax) throw tooMany(result.documentsMax);
      if (count > 1) out.ascii(",");
      const { length } = doc.toBytes();
      bytesLeft -= length;
      if (bytesLeft < 0) throw tooLarge();
      const heavy = printHeavy(doc);
      if (heavy === undefined) writeDocText(out, doc, "canonical");
      else out.raw(await heavy);
      if (pacer.due(1 + length / bytesPerWork)) await pacer.rest();
    }
  }
  out.ascii("]");
}

function tooLarge(): Fault {
  return new Fault("ReadSizeLimitExceeded", "the answer is larger than the limit of a response");
}

function tooMany(documentsMax: number): Fault {
  return new Fault(
    "ReadSizeLimitExceeded",
    `the answer has more than ${documentsMax} documents; a $limit stage bounds it`,
  );
}
