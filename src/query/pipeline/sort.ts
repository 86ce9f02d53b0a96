import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { compileSort, sortDocs } from "../sort.ts";
import { batchesOf, type CompileStage, type Stage } from "./stage.ts";

export const compileSortStage: CompileStage = (spec, _context, name) =>
  createSortStage(readSortSpec(spec), name, undefined);

/** `limit`: a `$limit` that follows at once, so that only so many need to be kept. */
export function createSortStage(spec: Doc, name: string, limit: number | undefined): Stage {
  const sort = compileSort(spec);
  return {
    name,
    lead: { sort: spec },
    async *run(input, { pacer }) {
      const options = limit === undefined ? { pacer } : { pacer, limit };
      yield* batchesOf(await sortDocs(input, sort, options));
    },
  };
}

function readSortSpec(spec: Value): Doc {
  if (!(spec instanceof Doc))
    throw new MongoError(15973, "the $sort key specification must be an object");
  if (spec.size === 0) throw new MongoError(15976, "$sort stage must have at least one sort key");
  return spec;
}
