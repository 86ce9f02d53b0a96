/** `$rand`, `$meta` and `$function`: what does not come out of the document's fields. */
import { Double, isArray } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { isDoc } from "./named-arguments.ts";
import type { CompileOperator } from "./operator.ts";

const compileRand: CompileOperator = (operand, { environment }) => {
  if (isArray(operand) && operand.length === 0) return () => new Double(environment.random());
  if (!isDoc(operand))
    throw new MongoError(10_065, "invalid parameter: expected an object ($rand)");
  if (operand.size > 0)
    throw new MongoError(3_040_501, "$rand does not currently accept arguments");
  return () => new Double(environment.random());
};

const metaNames = new Set([
  "textScore",
  "randVal",
  "searchScore",
  "searchHighlights",
  "searchScoreDetails",
  "searchSequenceToken",
  "geoNearDistance",
  "geoNearPoint",
  "indexKey",
  "recordId",
  "sortKey",
  "timeseriesBucketMinTime",
  "timeseriesBucketMaxTime",
  "vectorSearchScore",
]);

const sourcesOfMetadata: ReadonlyMap<string, string> = new Map([
  ["geoNearDistance", "$geoNear distance"],
  ["geoNearPoint", "$geoNear point"],
  ["textScore", "text score"],
]);

const compileMeta: CompileOperator = (operand) => {
  if (typeof operand !== "string")
    throw new MongoError(17307, "$meta only supports string arguments");
  if (!metaNames.has(operand))
    throw new MongoError(17308, `Unsupported argument to $meta: ${operand}`);
  const metadata = sourcesOfMetadata.get(operand);
  if (metadata === undefined) return () => (operand === "sortKey" ? [] : undefined);
  const failure = new MongoError(
    40_218,
    `query requires ${metadata} metadata, but it is not available`,
  );
  return Object.assign(
    (): never => {
      throw failure;
    },
    { failure },
  );
};

const compileFunction: CompileOperator = (_, { environment }, name) => {
  throw new MongoError(
    115,
    environment.allowsCode
      ? `${name} is not supported: JavaScript does not run within expressions`
      : `${name} is not allowed here`,
  );
};

export const randomOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$function", compileFunction],
  ["$meta", compileMeta],
  ["$rand", compileRand],
]);
