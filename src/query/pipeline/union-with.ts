import { Doc } from "../../bson/doc.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import { isUnavailableMetadata, optimizedWithin } from "../optimization-failure.ts";
import { compiledLater } from "./compiled-later.ts";
import { mustStartWithDocuments } from "./lookup.ts";
import type { CompileStage } from "./stage.ts";

export const compileUnionWith: CompileStage = (spec, context, name) => {
  const { collection, pipeline } = readUnion(spec);
  const namespace = { database: context.namespace.database, collection };
  const stages = compiledLater(
    () =>
      optimizedWithin(() =>
        context.compile(pipeline, {
          place: "unionWith",
          namespace,
          environment: { ...context.environment, metadata: new Set() },
        }),
      ),
    isUnavailableMetadata,
  );
  return {
    name,
    reads: [namespace, ...stages.reads],
    async *run(input, run) {
      yield* input;
      yield* stages.runOn(namespace, run);
    },
  };
};

/** @throws {MongoError} 9, 14 and 40415 */
export function readUnion(spec: Value): { collection: string; pipeline: readonly Value[] } {
  if (typeof spec === "string") return { collection: spec, pipeline: [] };
  if (!(spec instanceof Doc))
    throw failedToParse(
      `the $unionWith stage specification must be an object or string, but found ${typeName(spec)}`,
    );
  for (const key of spec.keys())
    if (key !== "coll" && key !== "pipeline")
      throw new MongoError(40415, `BSON field '$unionWith.${key}' is an unknown field.`);
  const collection = spec.get("coll");
  const pipeline = spec.get("pipeline") ?? [];
  if (collection !== undefined && typeof collection !== "string")
    throw typeMismatch(
      `BSON field '$unionWith.coll' is the wrong type '${typeName(collection)}', expected type 'string'`,
    );
  if (!isArray(pipeline))
    throw typeMismatch(
      `BSON field '$unionWith.pipeline' is the wrong type '${typeName(pipeline)}', expected type 'array'`,
    );
  for (const [at, stage] of pipeline.entries())
    if (!(stage instanceof Doc))
      throw typeMismatch(
        `BSON field '$unionWith.pipeline.${at}' is the wrong type '${typeName(stage)}', expected type 'object'`,
      );
  if (collection === undefined) mustStartWithDocuments(pipeline, "$unionWith");
  return { collection: collection ?? "$documents", pipeline };
}
