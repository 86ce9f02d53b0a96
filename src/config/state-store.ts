/** Petiole's own state: a database behind the `DataSource` interface, and who tells what others changed in it. */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import type { Collection, DataSource } from "../sources/source.ts";
import type { StateChanges } from "./state-changes.ts";

export interface StateStore {
  readonly source: DataSource;
  readonly database: string;
  collection(name: string): Collection;
  readonly changes: StateChanges;
}

/** Reads a collection, or those of its documents that have one of the ids, in the order of their ids. */
export async function readState(
  collection: Collection,
  ids: readonly Value[] | undefined,
): Promise<readonly Doc[]> {
  const filter = ids === undefined ? Doc.empty : Doc.of({ _id: Doc.of({ $in: ids }) });
  const found: Doc[] = [];
  for await (const batch of collection.find(filter, { sort: Doc.of({ _id: 1 }) }))
    found.push(...batch);
  return found;
}

/** The name of the unique index that refused a write; undefined when the write failed for another reason. */
export function duplicateIndexOf(error: unknown): string | undefined {
  if (!(error instanceof MongoError) || error.code !== 11_000) return undefined;
  return /index: (\S+) dup key/.exec(error.message)?.[1] ?? "";
}
