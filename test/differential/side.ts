/** One of the two stores that are compared: fills it, runs cases, tells how they ended. */
import { identityOf } from "../../src/bson/compare.ts";
import { Doc } from "../../src/bson/doc.ts";
import { DateTime, isArray, ObjectId, Timestamp, type Value } from "../../src/bson/value.ts";
import { MongoError } from "../../src/kit/mongo-error.ts";
import type { Batches, Collection, DataSource } from "../../src/sources/source.ts";
import type { Batch, Call, Case, Outcome } from "./case.ts";

/** Only what the cases need of a data source. */
export type Compared = Pick<DataSource, "collection">;

export interface Side {
  /** Fills the store with the batch's documents and runs its cases. */
  run(batch: Batch): Promise<readonly Outcome[]>;
}

/** Cases in flight at once; they do not touch each other's documents. */
const atOnce = 8;

type UpdateCall = Extract<Call, { verb: "update" }>;

export function createSide(source: Compared, database: string): Side {
  const documents = source.collection(database, "documents");
  const places = source.collection(database, "places");
  const other = source.collection(database, "other");
  const target = source.collection(database, "target");
  /** What the batch's cases are about. */
  let subject = documents;
  return {
    async run(batch): Promise<readonly Outcome[]> {
      await fill(batch);
      const outcomes: Outcome[] = [];
      for (let start = 0; start < batch.cases.length; start += atOnce) {
        const few = batch.cases.slice(start, start + atOnce);
        // Those that write the same collection take turns.
        const isWriting = few.some((each) => each.call.verb === "write");
        const run = async (each: Case): Promise<Outcome> => settle(async () => runCase(each));
        if (isWriting) for (const each of few) outcomes.push(await run(each));
        else outcomes.push(...(await Promise.all(few.map(run))));
      }
      return batch.family === "update" ? withAfterImages(batch, outcomes) : outcomes;
    },
  };

  async function fill({ family, documents: given, others }: Batch): Promise<void> {
    subject = documents;
    if (family === "geo") {
      subject = places;
      await refillPlaces(places, given);
    } else if (family === "text") {
      const [index] = others;
      subject = source.collection(database, index?.get("name") as string);
      await refillIndexed(subject, index as Doc, given);
    } else {
      await refill(documents, given);
      await refill(other, others);
    }
  }

  async function runCase({ call }: Case): Promise<Outcome> {
    switch (call.verb) {
      case "find": {
        const { filter, projection, sort, skip, limit, collation } = call;
        const found = subject.find(filter, {
          ...(projection !== undefined && { projection }),
          ...(sort !== undefined && { sort }),
          ...(skip !== undefined && { skip }),
          ...(limit !== undefined && { limit }),
          ...(collation !== undefined && { collation }),
        });
        return { kind: "documents", documents: await collect(found) };
      }
      case "aggregate": {
        const { pipeline, collation } = call;
        const found = subject.aggregate(pipeline, {
          ...(collation !== undefined && { collation }),
        });
        return { kind: "documents", documents: await collect(found) };
      }
      case "write": {
        await refill(target, seedOfTarget);
        const failure = await settle(async () => ({
          kind: "documents",
          documents: await collect(documents.aggregate(call.pipeline)),
        }));
        if (failure.kind === "failure") return failure;
        const after = await collect(target.find(Doc.empty));
        return { kind: "documents", documents: after.map(withoutClock) };
      }
      case "update":
        return runUpdate(call);
    }
  }

  async function runUpdate(call: UpdateCall): Promise<Outcome> {
    const { filter, update, upsert, arrayFilters } = call;
    const options = { upsert, ...(arrayFilters !== undefined && { arrayFilters }) };
    const result =
      call.isReplacement && update instanceof Doc
        ? await documents.replaceOne(filter, update, options)
        : await documents.updateOne(filter, update, options);
    const { matchedCount, modifiedCount, upsertedId } = result;
    const counts = [matchedCount, modifiedCount, upsertedId === undefined ? 0 : 1];
    return { kind: "documents", documents: [], counts };
  }

  async function withAfterImages(
    batch: Batch,
    outcomes: readonly Outcome[],
  ): Promise<readonly Outcome[]> {
    const after = new Map<unknown, Doc>();
    for (const document of await collect(documents.find(Doc.empty)))
      after.set(identityOf(document.get("_id") as Value), document);
    return outcomes.map((outcome, index) => {
      const { call } = batch.cases[index] as Case;
      if (outcome.kind === "failure" || call.verb !== "update") return outcome;
      const image = after.get(identityOf(call.own));
      return { ...outcome, documents: image === undefined ? [] : [withoutClock(image)] };
    });
  }
}

/** What `$merge` finds in its target. */
const seedOfTarget: readonly Doc[] = [0, 1, 2].map((id) =>
  Doc.fromEntries([
    ["_id", id],
    ["a", "old"],
    ["n", id],
  ]),
);

async function refill(collection: Collection, documents: readonly Doc[]): Promise<void> {
  await collection.deleteMany(Doc.empty);
  if (documents.length > 0) await collection.insertMany(documents);
}

async function refillPlaces(places: Collection, documents: readonly Doc[]): Promise<void> {
  await places.createIndex(Doc.of({ s: "2dsphere" }));
  await places.createIndex(Doc.of({ f: "2d" }));
  await refillWhatFits(places, documents);
}

async function refillIndexed(
  collection: Collection,
  index: Doc,
  documents: readonly Doc[],
): Promise<void> {
  await collection.createIndex(index.get("keys") as Doc, index.get("options") as Doc);
  await refillWhatFits(collection, documents);
}

/** A document that can not be indexed, as one that was made smaller may be, is left out. */
async function refillWhatFits(collection: Collection, documents: readonly Doc[]): Promise<void> {
  await collection.deleteMany(Doc.empty);
  if (documents.length === 0) return;
  try {
    await collection.insertMany(documents, { ordered: false });
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
  }
}

export async function collect(batches: Batches): Promise<Doc[]> {
  const found: Doc[] = [];
  for await (const batch of batches) found.push(...batch);
  return found;
}

async function settle(run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof MongoError) {
      const { code, message } = error;
      return { kind: "failure", code, codeName: codeNameOf(error), message: timeless(message) };
    }
    // A fault of the product, not of the case; it is never what a server answers.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: "failure", code: -1, codeName: "", message };
  }
}

/** What the server said, where it said it; the wire leaves it out of write errors. */
function codeNameOf(error: MongoError): string {
  const { cause } = error;
  if (typeof cause === "object" && cause !== null && "codeName" in cause)
    return String(cause.codeName);
  return error.codeName;
}

const clockMs = 3_600_000;

function isNow(ms: number | bigint): boolean {
  return typeof ms === "number" && Math.abs(ms - Date.now()) < clockMs;
}

/** The same text with dates of right now made one. */
function timeless(message: string): string {
  return message.replaceAll(/new Date\((\d+)\)/g, (date, ms: string) =>
    isNow(Number(ms)) ? "new Date(1)" : date,
  );
}

/** The same document with times of right now, those in new ObjectIds too, made one. */
function withoutClock(document: Doc): Doc {
  const replace = (value: Value): Value => {
    if (value instanceof DateTime) return isNow(value.ms) ? new DateTime(1) : value;
    if (value instanceof ObjectId) return isNow(value.a * 1000) ? new ObjectId(1, 1, 1) : value;
    if (value instanceof Timestamp) return isNow(value.t * 1000) ? new Timestamp(1, 1) : value;
    if (isArray(value)) return value.map(replace);
    if (!(value instanceof Doc)) return value;
    return Doc.fromEntries(
      [...value.entries()].map(([key, each]) => [key, replace(each)] as const),
    );
  };
  return replace(document) as Doc;
}
