/** One collection → one file, gone on with where an earlier attempt broke off. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import type { Collection } from "../../sources/source.ts";
import { createTallier, type Tallier, type Tally } from "./checksum.ts";
import { cutAt, type FileFormat, openWriter, readDocuments } from "./document-file.ts";

/**
 * Writes a collection's documents in the order of their `_id`s.
 *
 * @param file without the format's ending
 * @param filter which of the documents
 * @param onCount hears now and then how many there are
 */
export async function exportCollection(
  collection: Collection,
  file: string,
  options: {
    readonly format: FileFormat;
    readonly filter?: Doc;
    /** Whether what an earlier attempt wrote is of no use. */
    readonly isFresh?: boolean;
    readonly onCount: (count: number) => void;
  },
): Promise<Tally> {
  const { format, filter = Doc.empty, onCount } = options;
  const target = `${file}.${format}`;
  mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
  const tallier = createTallier();
  if (options.isFresh === true) rmSync(target, { force: true });
  const last = await takeUp(target, format, tallier);
  const writer = openWriter(target, format);
  try {
    const wanted = last === undefined ? filter : after(filter, last);
    for await (const batch of collection.find(wanted, { sort: Doc.of({ _id: 1 }) })) {
      for (const document of batch) {
        await writer.write(document).catch((error: unknown) => {
          throw namePlace(error, collection);
        });
        tallier.add(document.toBytes());
      }
      onCount(tallier.tally().count);
    }
  } finally {
    await writer.close();
  }
  return tallier.tally();
}

/** Counts what is in the file already. @returns the last document's `_id` */
async function takeUp(
  file: string,
  format: FileFormat,
  tallier: Tallier,
): Promise<Value | undefined> {
  if (!existsSync(file)) return undefined;
  let last: Value | undefined;
  let length = 0;
  for await (const { document, end } of readDocuments(file, format, { isPartial: true })) {
    tallier.add(document.toBytes());
    last = document.get("_id");
    length = end;
  }
  await cutAt(file, length);
  return last;
}

/** Of every type in its order: `$gt` in a filter would only find those of the same type. */
function after(filter: Doc, last: Value): Doc {
  const isLater = Doc.of({ $gt: ["$_id", Doc.of({ $literal: last })] });
  return Doc.of({ $and: [filter, Doc.of({ $expr: isLater })] });
}

function namePlace(error: unknown, { database, name }: Collection): unknown {
  if (!(error instanceof Fault)) return error;
  return new Fault(error.code, `${database}.${name}: ${error.message}`, { cause: error });
}
