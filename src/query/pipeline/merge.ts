/** `$merge`: each document of the pipeline is written into a collection, by one of 5 × 3 modes. */
import { Doc } from "../../bson/doc.ts";
import { isArray, Undefined, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { hasManyFields } from "../parts.ts";
import { PlanFailure } from "../plan-failure.ts";
import { weightOf } from "../weight.ts";
import { getNested } from "./nested.ts";
import { type Batches, batchSize, type CompileStage, type PipelineTarget } from "./stage.ts";
import { type Merge, readMerge } from "./merge-options.ts";

export const compileMerge: CompileStage = (spec, context, name) => {
  const merge = readMerge(spec, context);
  return {
    name,
    writes: merge.target,
    async *run(input, { source, pacer }) {
      const target = source.target(merge.target);
      if (
        !(merge.on.length === 1 && merge.on[0] === "_id") &&
        !(await target.hasUniqueIndex(merge.on))
      )
        throw new PlanFailure(51183, "Cannot find index to verify that join fields will be unique");
      for await (const batch of writeBatches(input)) {
        // What is wrong with any of them is told before the first is written.
        const filters = batch.map((doc) => onFilter(doc, merge.on));
        for (let start = 0; start < batch.length; start += batchSize) {
          // Some at once: their writes share what making them durable costs.
          const some = batch.slice(start, start + batchSize);
          const ends = await Promise.allSettled(
            some.map(async (doc, at) => mergeOne(doc, filters[start + at] as Doc, merge, target)),
          );
          // Only when all have ended: nothing may be written any more once the failure has been told.
          const failed = ends.find((each) => each.status === "rejected");
          if (failed !== undefined) throw failed.reason;
          if (pacer.due(some.length)) await pacer.rest();
        }
      }
      yield* [];
    },
  };
};

/** As many as the server writes in one batch: where the pipeline fails before, none of them is written. */
const writtenMax = 100_000;
const writtenBytesMax = 16 * 2 ** 20;

async function* writeBatches(input: Batches): Batches {
  let batch: Doc[] = [];
  let bytes = 0;
  for await (const docs of input)
    for (const doc of docs) {
      const weight = weightOf(doc);
      if (batch.length >= writtenMax || (batch.length > 0 && bytes + weight > writtenBytesMax)) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      batch.push(doc);
      bytes += weight;
    }
  if (batch.length > 0) yield batch;
}

async function mergeOne(
  doc: Doc,
  filter: Doc,
  merge: Merge,
  target: PipelineTarget,
): Promise<void> {
  const { whenMatched, whenNotMatched } = merge;
  if (whenMatched === "fail") {
    await insertNew(doc, target);
    return;
  }
  const upsert = whenNotMatched === "insert";
  let matched: number;
  try {
    matched = await writeMatched(doc, filter, merge, target, upsert);
  } catch (cause) {
    throw asMergeFailure(cause);
  }
  if (matched === 0 && whenNotMatched === "fail") throw noMatch();
}

/** What the server says before the failure of a write. */
const words: ReadonlyMap<number, string> = new Map([
  [
    66,
    "$merge failed to update the matching document, did you attempt to modify the _id or the shard key?",
  ],
  [11_000, "$merge failed due to a DuplicateKey error"],
]);

function asMergeFailure(cause: unknown): unknown {
  const said = cause instanceof MongoError ? words.get(cause.code) : undefined;
  if (said === undefined || !(cause instanceof MongoError)) return cause;
  return new MongoError(cause.code, `${said} :: caused by :: ${cause.message}`, { cause });
}

function noMatch(): MongoError {
  return new MongoError(
    13113,
    "$merge could not find a matching document in the target collection for at least one document in the source collection",
  );
}

async function insertNew(doc: Doc, target: PipelineTarget): Promise<void> {
  try {
    await target.insert(doc);
  } catch (cause) {
    if (!(cause instanceof MongoError) || cause.code !== 11_000) throw cause;
    throw new MongoError(
      cause.code,
      `$merge with whenMatched: fail found an existing document with the same values for the 'on' fields :: caused by :: ${cause.message}`,
      { cause },
    );
  }
}

async function writeMatched(
  doc: Doc,
  filter: Doc,
  merge: Merge,
  target: PipelineTarget,
  upsert: boolean,
): Promise<number> {
  const { whenMatched } = merge;
  if (whenMatched === "replace") return target.replace(filter, doc, { upsert });
  if (typeof whenMatched === "string" && hasManyFields(doc))
    return mergeWhole(doc, filter, whenMatched, { target, upsert });
  if (whenMatched === "keepExisting")
    return target.update(filter, Doc.fromParts(["$setOnInsert"], [doc]), { upsert });
  if (whenMatched === "merge")
    return target.update(filter, Doc.fromParts(["$set"], [doc]), { upsert });
  const variables = new Map<string, Value>();
  for (const [name, expression] of merge.variables) {
    const value = expression.evaluate(doc);
    // They are sent with the update, which does not know a variable that has no value.
    if (value !== undefined) variables.set(name, value);
  }
  return target.update(filter, whenMatched as readonly Value[], {
    upsert,
    upsertDocument: doc,
    variables,
  });
}

/** A document with more fields than an update may name. */
async function mergeWhole(
  doc: Doc,
  filter: Doc,
  whenMatched: Merge["whenMatched"],
  { target, upsert }: { readonly target: PipelineTarget; readonly upsert: boolean },
): Promise<number> {
  const stages =
    whenMatched === "keepExisting" ? "$$ROOT" : Doc.of({ $mergeObjects: ["$$ROOT", "$$new"] });
  return target.update(filter, [Doc.of({ $replaceWith: stages })], {
    upsert,
    upsertDocument: doc,
    variables: new Map([["new", doc]]),
  });
}

function onFilter(doc: Doc, on: readonly string[]): Doc {
  const values = on.map((path) => {
    const value = getNested(doc, path.split("."));
    if (value === undefined && path === "_id") return undefined;
    if (value === undefined || value === null || value === Undefined || isArray(value))
      throw new MongoError(
        isArray(value) ? 51185 : 51132,
        isArray(value)
          ? `$merge write error: 'on' field '${path}' is an array`
          : `$merge write error: 'on' field '${path}' cannot be missing, null, undefined or an array`,
      );
    return Doc.fromParts(["$eq"], [value]);
  });
  const present = values.filter((each) => each !== undefined);
  // A document without an `_id` matches none; the target gives it one.
  return present.length === on.length ? Doc.fromParts(on, present) : Doc.of({ $alwaysFalse: 1 });
}
