import { Doc } from "../../bson/doc.ts";
import { printValue } from "../../bson/print-value.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { compileStageExpression } from "../expression.ts";
import { batchesOf, type CompileStage } from "./stage.ts";

/** `$documents`: literal documents in place of a collection's. Only in sub-pipelines, as all pipelines here have a collection. */
export const compileDocuments: CompileStage = (spec, { environment, place }, name) => {
  if (place === "top") throw new MongoError(73, "'$documents' can only be run with {aggregate: 1}");
  const expression = compileStageExpression(spec, environment);
  return {
    name,
    async *run() {
      const value = expression.evaluate(Doc.empty);
      if (!isArray(value))
        throw new MongoError(
          5858203,
          `an array is expected for $documents, found ${typeName(value)}`,
        );
      yield* batchesOf(value.map(mustBeDoc));
    },
  };
};

function mustBeDoc(value: Value): Doc {
  if (value instanceof Doc) return value;
  throw new MongoError(
    40228,
    `$documents elements must be objects, but one is ${printValue(value)} of type ${typeName(value)}`,
  );
}
