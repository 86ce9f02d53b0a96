/** TTL indexes: takes out the documents whose time has come. */
import { Doc } from "../bson/doc.ts";
import { toDateTime } from "../bson/value.ts";
import { createPacer } from "../kit/pacer.ts";
import type { StoredCollection, StoredIndex } from "./catalog.ts";
import { constantEnvironment } from "./constant-environment.ts";
import { compileQuery } from "./query.ts";
import { readRecords } from "./read.ts";
import type { Store } from "./store.ts";
import { changeRecords } from "./write-many.ts";

/** Documents taken out of one collection before the next gets its turn. */
const roundDocs = 10_000;

/**
 * Takes out every document that has expired.
 *
 * @param now milliseconds since 1970
 * @returns how many
 */
export async function expireDocuments(
  store: Store,
  now: number,
  signal?: AbortSignal,
): Promise<number> {
  let total = 0;
  for (const collection of store.catalog
    .databases()
    .flatMap((each) => store.catalog.collections(each)))
    for (const index of collection.indexes) {
      if (index.definition.expireAfterSeconds === undefined || !index.isReady) continue;
      for (let isDone = false; !isDone;) {
        // oxlint-disable-next-line no-await-in-loop
        const count = await expireRound(store, collection, index, now, signal);
        total += count;
        isDone = count < roundDocs || signal?.aborted === true;
      }
    }
  return total;
}

async function expireRound(
  store: Store,
  collection: StoredCollection,
  index: StoredIndex,
  now: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { fields, name, expireAfterSeconds = 0, partial } = index.definition;
  const [field] = fields;
  if (field === undefined || collection.isDropped) return 0;
  const latest = toDateTime(now - expireAfterSeconds * 1000);
  const filter = Doc.fromEntries([[field.path, Doc.of({ $lte: latest })]]);
  const query = compileQuery({ filter, hint: name }, constantEnvironment);
  const records = await readRecords(store.environment, collection, query, {
    pacer: createPacer(signal),
    most: roundDocs,
  });
  const { matched } = await changeRecords(store, collection, records, {
    match: query.match,
    // A document that has left a partial index meanwhile stays.
    change: (before) => (partial === undefined || partial.holds(before) ? undefined : before),
    signal,
  });
  return matched;
}
