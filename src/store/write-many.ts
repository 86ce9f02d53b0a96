/** Changes of many documents: record by record, in jobs short enough to let others in between. */
import type { Match } from "../query/match.ts";
import type { Doc } from "../bson/doc.ts";
import { MongoError } from "../kit/mongo-error.ts";
import type { StoredCollection } from "./catalog.ts";
import { Postponed } from "./postponed.ts";
import type { Store } from "./store.ts";

/** How long one job may take, in milliseconds. */
const jobMs = 3;

/**
 * What becomes of a document: another one, the same (nothing to do), or undefined (taken out).
 *
 * @throws {MongoError} when it can not be; the documents before it stay changed
 */
export type Change = (before: Doc) => Doc | undefined;

export interface Changed {
  readonly matched: number;
  readonly modified: number;
}

/**
 * Changes the records that still match, in their order. Stops at the first failure.
 *
 * @throws {Postponed} only where all is to be done in one job
 */
export async function changeRecords(
  store: Store,
  collection: StoredCollection,
  records: readonly number[],
  {
    match,
    change,
    signal,
    seal,
  }: {
    readonly match: Match | undefined;
    readonly change: Change;
    readonly signal?: AbortSignal | undefined;
    /** All is done in one job then, or nothing; this is called at its end. */
    readonly seal?: (changed: Changed) => void;
  },
): Promise<Changed> {
  let [matched, modified, next] = [0, 0, 0];
  let late: Postponed | undefined;

  function changeNext(): void {
    const record = records[next] as number;
    const before = store.environment.records.get(collection.id, record);
    if (before !== undefined && match?.matches(before) !== false) {
      const after = change(before);
      if (after !== before) applyChange(store, collection, { record, before, after });
      matched += 1;
      if (after !== before) modified += 1;
    }
    next += 1;
  }

  function runSlice(): { readonly failure: MongoError | undefined } {
    const startedAt = performance.now();
    const from = { matched, modified, next };
    store.environment.onUndo(() => {
      ({ matched, modified, next } = from);
    });
    try {
      while (next < records.length && !collection.isDropped) {
        changeNext();
        if (seal === undefined && performance.now() - startedAt > jobMs) break;
      }
      seal?.({ matched, modified });
      return { failure: undefined };
    } catch (cause) {
      if (cause instanceof Postponed && seal === undefined) {
        late = cause;
        return { failure: undefined };
      }
      // The failure is known before anything of its document is written: what came before it is kept.
      if (cause instanceof MongoError && seal === undefined) return { failure: cause };
      throw cause;
    }
  }

  while (next < records.length && !collection.isDropped) {
    // A write that has begun is finished document by document, but goes no further once nobody waits for it.
    if (signal?.aborted === true && next > 0) break;
    // oxlint-disable-next-line no-await-in-loop
    const { failure } = await store.environment.write(runSlice);
    if (failure !== undefined) throw failure;
    // oxlint-disable-next-line no-await-in-loop
    await late?.settle();
    late = undefined;
  }
  return { matched, modified };
}

/** Within a job. */
export function applyChange(
  store: Store,
  collection: StoredCollection,
  change: {
    readonly record: number;
    readonly before: Doc;
    readonly after: Doc | undefined;
    /** Whether all of the document was given anew. */
    readonly isReplacement?: boolean | undefined;
  },
): void {
  const { record, before, after } = change;
  if (after === undefined) store.writer.remove(collection, record, before);
  else {
    const kind = change.isReplacement === true ? "replace" : "update";
    store.writer.replace(collection, record, { kind, before, after });
  }
}
