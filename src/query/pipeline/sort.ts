import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileSort, noteSortKeys, sortDocs } from "../sort.ts";
import { type Batches, batchesOf, type CompileStage, type Stage } from "./stage.ts";

export const compileSortStage: CompileStage = (spec, { environment }, name) =>
  createSortStage(readSortSpec(spec), { name, environment });

export interface SortStageOptions {
  readonly name: string;
  readonly environment: QueryEnvironment;
  /** A `$limit` that follows at once, so that only so many need to be kept. */
  readonly limit?: number;
}

export function createSortStage(spec: Doc, { name, environment, limit }: SortStageOptions): Stage {
  const sort = compileSort(spec, environment.collation, environment.metadata);
  return {
    name,
    lead: { sort: spec },
    async *run(input, { pacer }) {
      const options = limit === undefined ? { pacer } : { pacer, limit };
      const sorted = await sortDocs(input, sort, options);
      if (environment.metadata?.has("sortKey") === true) noteSortKeys(sorted, sort);
      yield* batchesOf(sorted);
    },
  };
}

/** Of documents that a source has sorted. */
export async function* withSortKeys(
  input: Batches,
  spec: Doc,
  { collation, metadata }: QueryEnvironment,
): Batches {
  const sort = compileSort(spec, collation, metadata);
  for await (const batch of input) {
    noteSortKeys(batch, sort);
    yield batch;
  }
}

function readSortSpec(spec: Value): Doc {
  if (!(spec instanceof Doc))
    throw new MongoError(15973, "the $sort key specification must be an object");
  if (spec.size === 0) throw new MongoError(15976, "$sort stage must have at least one sort key");
  return spec;
}
