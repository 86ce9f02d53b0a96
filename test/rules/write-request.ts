/** Random writes, as they are asked for and as they are done under the rules. */
import { Doc } from "../../src/bson/doc.ts";
import type { Value } from "../../src/bson/value.ts";
import type { BulkOperation, Collection } from "../../src/sources/source.ts";
import type { Random } from "../differential/random.ts";
import { owners, randomValue } from "./expression.ts";
import { only, randomFilter } from "./request.ts";
import { randomDocument } from "./world.ts";

export type Operation =
  | { readonly verb: "insertOne"; readonly document: Doc }
  | {
      readonly verb: "updateOne" | "updateMany";
      readonly filter: Doc;
      readonly update: Doc;
      readonly upsert: boolean;
    }
  | {
      readonly verb: "replaceOne";
      readonly filter: Doc;
      readonly replacement: Doc;
      readonly upsert: boolean;
    }
  | { readonly verb: "deleteOne" | "deleteMany"; readonly filter: Doc };

export type WriteRequest =
  | Operation
  | { readonly verb: "insertMany"; readonly documents: readonly Doc[] }
  | {
      readonly verb: "findOneAndUpdate";
      readonly filter: Doc;
      readonly update: Doc;
      readonly returnDocument: "before" | "after";
    }
  | { readonly verb: "findOneAndDelete"; readonly filter: Doc }
  | { readonly verb: "bulkWrite"; readonly operations: readonly Operation[] };

export function randomWrite(random: Random): WriteRequest {
  if (random.chance(0.1))
    return { verb: "insertMany", documents: [0, 1].map(() => randomInsert(random)) };
  if (random.chance(0.15))
    return {
      verb: "findOneAndUpdate",
      filter: randomFilter(random, 1),
      update: randomUpdate(random),
      returnDocument: random.pick(["before", "after"]),
    };
  if (random.chance(0.05)) return { verb: "findOneAndDelete", filter: randomFilter(random, 1) };
  if (random.chance(0.15))
    return { verb: "bulkWrite", operations: random.many(1, 3, () => randomOperation(random)) };
  return randomOperation(random);
}

function randomOperation(random: Random): Operation {
  const filter = random.chance(0.4) ? only("_id", random.below(12)) : randomFilter(random, 1);
  const upsert = random.chance(0.1);
  const makers: readonly (() => Operation)[] = [
    () => ({ verb: "insertOne", document: randomInsert(random) }),
    () => ({ verb: "updateOne", filter, update: randomUpdate(random), upsert }),
    () => ({ verb: "updateOne", filter, update: randomUpdate(random), upsert }),
    () => ({ verb: "updateMany", filter, update: randomUpdate(random), upsert }),
    () => ({ verb: "updateMany", filter, update: randomUpdate(random), upsert }),
    () => ({ verb: "replaceOne", filter, replacement: withoutId(randomInsert(random)), upsert }),
    () => ({ verb: "deleteOne", filter }),
    () => ({ verb: "deleteMany", filter }),
  ];
  return random.pick(makers)();
}

function randomInsert(random: Random): Doc {
  return randomDocument(random, random.below(30));
}

function withoutId(doc: Doc): Doc {
  return Doc.fromEntries([...doc.entries()].filter(([name]) => name !== "_id"));
}

function randomUpdate(random: Random): Doc {
  const parts = random.many(1, 2, (): [string, Doc] =>
    random.pick<() => [string, Doc]>([
      () => ["$set", only(random.pick(["a", "b.c", "b.d", "gone", "s.0.p"]), randomValue(random))],
      () => ["$set", only("owner", random.pick<Value>(owners))],
      () => ["$set", only("b", Doc.of({ c: random.below(4) }))],
      () => ["$unset", only(random.pick(["a", "b", "b.d", "owner", "gone"]), "")],
      () => ["$inc", only(random.pick(["a", "b.c"]), random.pick([0, 1]))],
      () => ["$min", only("a", random.pick<Value>([0, 2]))],
      () => ["$rename", only("a", "gone")],
      () => ["$push", only("l", randomValue(random))],
      () => ["$pull", only("s", Doc.of({ p: random.below(3) }))],
      () => ["$setOnInsert", only("a", 3)],
    ])(),
  );
  // Of two that name one operator, or one field, the server would have something to say.
  const [first, second] = parts as [[string, Doc], [string, Doc]?];
  const meets =
    second === undefined ||
    second[0] === first[0] ||
    namesOf(first).some((each) => namesOf(second).includes(each));
  return Doc.fromEntries(meets ? [first] : [first, second]);
}

function namesOf([operator, fields]: [string, Doc]): readonly string[] {
  const names = [...fields.keys(), ...(operator === "$rename" ? ["gone"] : [])];
  return names.map((each) => each.split(".")[0] as string);
}

/** What a write gives, as values. */
export async function doWrite(to: Collection, request: WriteRequest): Promise<readonly Value[]> {
  switch (request.verb) {
    case "insertOne":
      return [await to.insertOne(request.document)];
    case "insertMany":
      return to.insertMany(request.documents);
    case "updateOne":
    case "updateMany": {
      const { verb, filter, update, upsert } = request;
      return countsOf(await to[verb](filter, update, { upsert }));
    }
    case "replaceOne": {
      const { filter, replacement, upsert } = request;
      return countsOf(await to.replaceOne(filter, replacement, { upsert }));
    }
    case "deleteOne":
    case "deleteMany":
      return [await to[request.verb](request.filter)];
    case "findOneAndUpdate": {
      const { filter, update, returnDocument } = request;
      return [await to.findOneAndUpdate(filter, update, { returnDocument })];
    }
    case "findOneAndDelete":
      return [await to.findOneAndDelete(request.filter)];
    case "bulkWrite": {
      const result = await to.bulkWrite(request.operations.map(toBulk));
      const { insertedCount, matchedCount, modifiedCount, deletedCount, upsertedCount } = result;
      return [insertedCount, matchedCount, modifiedCount, deletedCount, upsertedCount];
    }
  }
}

function countsOf({
  matchedCount,
  modifiedCount,
  upsertedId,
}: {
  readonly matchedCount: number;
  readonly modifiedCount: number;
  readonly upsertedId?: Value;
}): readonly Value[] {
  return [matchedCount, modifiedCount, ...(upsertedId === undefined ? [] : [upsertedId])];
}

function toBulk(operation: Operation): BulkOperation {
  const { verb, ...fields } = operation;
  return { [verb]: fields } as unknown as BulkOperation;
}
