/** One file → one collection. Done again, it finds what is there and puts in the rest. */
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import type { Collection, WriteFailure } from "../../sources/source.ts";
import { BulkWriteError } from "../../sources/write-error.ts";
import { createTallier, type Tally } from "./checksum.ts";

const documentsMax = 1000;
const bytesMax = 8 * 2 ** 20;
const duplicateKey = 11_000;

export interface ImportOptions {
  /** Whether a document takes the place of another one with its `_id`. */
  readonly replaces: boolean;
  /** Hears now and then how many documents have been read. */
  readonly onCount: (count: number) => void;
}

export interface Imported {
  readonly read: Tally;
  /** Of these, those that were there already. */
  readonly present: number;
}

/** @throws {Fault} `BadRequest` where the collection has another document in a document's place */
export async function importCollection(
  collection: Collection,
  documents: AsyncIterable<Doc>,
  options: ImportOptions,
): Promise<Imported> {
  const tallier = createTallier();
  let present = 0;
  let batch: Doc[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) present += await insertBatch(collection, batch, options);
    batch = [];
    bytes = 0;
    options.onCount(tallier.tally().count);
  };
  for await (const document of documents) {
    const own = document.toBytes();
    tallier.add(own);
    if (batch.length >= documentsMax || bytes + own.length > bytesMax) await flush();
    batch.push(document);
    bytes += own.length;
  }
  await flush();
  return { read: tallier.tally(), present };
}

/** @returns how many were there already */
async function insertBatch(
  collection: Collection,
  batch: readonly Doc[],
  { replaces }: ImportOptions,
): Promise<number> {
  try {
    await collection.insertMany(batch, { ordered: false });
    return 0;
  } catch (error) {
    if (!(error instanceof BulkWriteError)) throw error;
    const strange = error.failures.find((each) => each.code !== duplicateKey);
    if (strange !== undefined) throw refusal(collection, strange);
    return settleDuplicates(collection, batch, { failures: error.failures, replaces });
  }
}

async function settleDuplicates(
  collection: Collection,
  batch: readonly Doc[],
  options: { readonly failures: readonly WriteFailure[]; readonly replaces: boolean },
): Promise<number> {
  const { failures, replaces } = options;
  const refused = failures.map((failure) => ({ failure, document: batch[failure.index] as Doc }));
  const ids = refused.map(({ document }) => document.get("_id") ?? null);
  const found = new Map<string, Buffer>();
  const filter = Doc.of({ _id: Doc.of({ $in: ids.filter((id) => !isArray(id)) }) });
  for await (const documents of collection.find(filter))
    for (const each of documents) found.set(keyOf(each.get("_id")), each.toBytes());
  let present = 0;
  for (const { failure, document } of refused) {
    const other = found.get(keyOf(document.get("_id")));
    if (other?.equals(document.toBytes()) === true) present += 1;
    // Not the same `_id` but the same value of a unique index: nothing that could give way.
    else if (other === undefined || !replaces) throw refusal(collection, failure);
    else await collection.replaceOne(Doc.of({ _id: document.get("_id") ?? null }), document);
  }
  return present;
}

function refusal({ database, name }: Collection, failure: WriteFailure): Fault {
  const hint =
    failure.code === duplicateKey ? "; --replace overwrites a document of the same _id" : "";
  return new Fault("BadRequest", `${database}.${name}: ${failure.message}${hint}`);
}

/** The bytes of a value as text: equal for equal values of one type. */
function keyOf(id: Value | undefined): string {
  return Doc.of({ _id: id ?? null })
    .toBytes()
    .toString("latin1");
}
