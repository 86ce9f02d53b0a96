/** Inserts. */
import type { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import { toStorable } from "../../store/storable.ts";
import type { CallOptions, WriteFailure } from "../source.ts";
import { BulkWriteError } from "../write-error.ts";
import { type CollectionContext, mustFitJob } from "./context.ts";

/** How long one job may take, in milliseconds. */
const jobMs = 3;

export async function insertOne(context: CollectionContext, document: Doc): Promise<Value> {
  const { environment, catalog, writer, stamps } = context.store;
  const doc = toStorable(document, stamps);
  await environment.write(() => {
    writer.insert(catalog.ensure(context.database, context.name), doc);
    context.seal?.(doc.get("_id"));
  });
  return doc.get("_id") as Value;
}

export interface Inserted {
  /** Place in the call → `_id`. */
  readonly ids: ReadonlyMap<number, Value>;
  readonly failures: readonly WriteFailure[];
}

/** Inserts what can be; when `ordered`, up to the first that can not. */
export async function insertAll(
  { store, database, name, seal }: CollectionContext,
  documents: readonly Doc[],
  { ordered, signal }: { readonly ordered: boolean; readonly signal?: AbortSignal | undefined },
): Promise<Inserted> {
  const { environment, catalog, writer, stamps } = store;
  const ids = new Map<number, Value>();
  const failures: WriteFailure[] = [];
  let next = 0;

  function insertNext(): void {
    const index = next;
    next += 1;
    try {
      const doc = toStorable(documents[index] as Doc, stamps);
      writer.insert(catalog.ensure(database, name), doc);
      ids.set(index, doc.get("_id") as Value);
    } catch (cause) {
      // Known before anything of the document is written.
      if (!(cause instanceof MongoError)) throw cause;
      failures.push({ index, code: cause.code, message: cause.message });
    }
  }

  function isDone(): boolean {
    return next >= documents.length || (ordered && failures.length > 0);
  }

  while (!isDone()) {
    if (signal?.aborted === true && next > 0) break;
    // oxlint-disable-next-line no-await-in-loop
    await environment.write(() => {
      const startedAt = performance.now();
      const from = { next, failures: failures.length };
      environment.onUndo(() => {
        for (let index = from.next; index < next; index += 1) ids.delete(index);
        next = from.next;
        failures.length = from.failures;
      });
      const endsAt = seal === undefined ? startedAt + jobMs : Number.POSITIVE_INFINITY;
      while (!isDone() && performance.now() < endsAt) insertNext();
      if (seal === undefined) return;
      // Thrown within the job, it undoes the inserts before it.
      if (failures.length > 0) throw new BulkWriteError(failures, { insertedIds: new Map() });
      seal([...ids.values()]);
    });
  }
  return { ids, failures };
}

export async function insertMany(
  context: CollectionContext,
  documents: readonly Doc[],
  options?: CallOptions & { readonly ordered?: boolean },
): Promise<readonly Value[]> {
  if (documents.length === 0)
    throw badValue("Write batch sizes must be between 1 and 100000. Got 0 operations.");
  mustFitJob(context, documents.length);
  const { ids, failures } = await insertAll(context, documents, {
    ordered: options?.ordered !== false,
    signal: options?.signal,
  });
  if (failures.length > 0) throw new BulkWriteError(failures, { insertedIds: ids });
  return [...ids.values()];
}
