/** The indexes of a collection, with how often each was used, and whether it still is being built. */
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { Collection } from "../../sources/source.ts";

/** As the server lists them, each with `accesses` `{ ops, since }` where it counts them. */
export async function indexesWithUsage(collection: Collection): Promise<readonly Doc[]> {
  const [indexes, usage] = await Promise.all([collection.listIndexes(), usageOf(collection)]);
  return indexes.map((each) => {
    const accesses = usage.get(nameOf(each));
    return accesses === undefined ? each : each.with("accesses", accesses);
  });
}

function nameOf(index: Doc): string {
  const name = index.get("name");
  return typeof name === "string" ? name : "";
}

async function usageOf(collection: Collection): Promise<ReadonlyMap<string, Value>> {
  const usage = new Map<string, Value>();
  try {
    for await (const batch of collection.aggregate([Doc.of({ $indexStats: Doc.empty })]))
      for (const each of batch) {
        const accesses = each.get("accesses");
        if (accesses !== undefined) usage.set(nameOf(each), accesses);
      }
  } catch (cause) {
    // Views have none, and not every user of a database may ask.
    if (!(cause instanceof MongoError)) throw cause;
  }
  return usage;
}
