/** Stages that tell about a collection. */
import { Doc } from "../../bson/doc.ts";
import { printBson } from "../../bson/print.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { batchesOf, type CompileStage } from "./stage.ts";

const collectionStatsOptions = new Set(["latencyStats", "storageStats", "count", "queryExecStats"]);

export const compileCollStats: CompileStage = (spec, { namespace }, name) => {
  if (!(spec instanceof Doc))
    throw new MongoError(
      5447000,
      `$collStats must take a nested object but found: $collStats: ${printBson(spec)}`,
    );
  for (const key of spec.keys())
    if (!collectionStatsOptions.has(key))
      throw new MongoError(40415, `BSON field '$collStats.${key}' is an unknown field.`);
  return {
    name,
    async *run(_input, { source }) {
      yield [await source.collectionStats(namespace, spec)];
    },
  };
};

export const compileIndexStats: CompileStage = (spec, { namespace }, name) => {
  if (!(spec instanceof Doc) || spec.size > 0)
    throw new MongoError(28803, "The $indexStats stage specification must be an empty object");
  return {
    name,
    async *run(_input, { source }) {
      yield* batchesOf(await source.indexStats(namespace));
    },
  };
};
