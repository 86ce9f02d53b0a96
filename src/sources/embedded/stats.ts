/** What `$collStats` and `$indexStats` tell. */
import { hostname } from "node:os";
import { Doc } from "../../bson/doc.ts";
import { DateTime, toInteger, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { StoredCollection } from "../../store/catalog.ts";
import { type CollectionContext, findCollection } from "./context.ts";

/** @throws {MongoError} 26 for storage statistics of a collection that is not there */
export function collectionStats(context: CollectionContext, options: Doc): Doc {
  const collection = findCollection(context);
  const { database, name, store } = context;
  const parts: [string, Value][] = [
    ["ns", `${database}.${name}`],
    ["host", hostname()],
    ["localTime", new DateTime(store.now())],
  ];
  if (options.has("storageStats")) parts.push(["storageStats", storageStats(collection)]);
  if (options.has("count")) {
    if (collection === undefined)
      throw new MongoError(
        26,
        `Unable to retrieve count in $collStats stage :: caused by :: Collection [${database}.${name}] not found.`,
      );
    parts.push(["count", toInteger(collection.committedCount)]);
  }
  return Doc.fromEntries(parts);
}

function storageStats(collection: StoredCollection | undefined): Doc {
  const count = collection?.committedCount ?? 0;
  const bytes = collection?.bytes ?? 0;
  const indexes = collection?.indexes ?? [];
  return Doc.of({
    size: toInteger(bytes),
    count: toInteger(count),
    ...(count > 0 && { avgObjSize: toInteger(Math.round(bytes / count)) }),
    numOrphanDocs: 0,
    // Collections share one file: what one of them takes is about the size of its documents.
    storageSize: toInteger(bytes),
    freeStorageSize: 0,
    capped: false,
    nindexes: indexes.length,
    indexBuilds: indexes.filter((each) => !each.isReady).map((each) => each.definition.name),
    totalIndexSize: 0,
    totalSize: toInteger(bytes),
    indexSizes: Doc.fromEntries(indexes.map((each) => [each.definition.name, 0])),
    scaleFactor: 1,
  });
}

export function indexStats(context: CollectionContext): readonly Doc[] {
  const collection = findCollection(context);
  return (collection?.indexes ?? []).map(({ definition, uses }) =>
    Doc.of({
      name: definition.name,
      key: definition.keyPattern,
      host: hostname(),
      accesses: Doc.of({ ops: BigInt(uses), since: new DateTime(context.store.now()) }),
      spec: definition.spec,
    }),
  );
}
