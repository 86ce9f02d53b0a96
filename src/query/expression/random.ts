/** `$rand`, `$createObjectId` and `$meta`: what does not come out of the document's fields. */
import { randomBytes } from "node:crypto";
import { createObjectIdFactory } from "../../bson/object-id.ts";
import { Double, isArray, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError } from "../../kit/mongo-error.ts";
import { type Metadata, metadataOf } from "../metadata.ts";
import { isDoc } from "./named-arguments.ts";
import type { CompileOperator } from "./operator.ts";

const compileRand: CompileOperator = (operand, { environment }) => {
  if (!isDoc(operand) && !isArray(operand))
    throw new MongoError(10_065, "invalid parameter: expected an object ($rand)");
  if ((isArray(operand) ? operand.length : operand.size) > 0)
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

interface CarriedMetadata {
  readonly name: keyof Metadata;
  /** In messages. */
  readonly words: string;
  readonly read: (metadata: Metadata) => Value | undefined;
}

const carriedMetadata: ReadonlyMap<string, CarriedMetadata> = new Map(
  (
    [
      {
        name: "geoNearDistance",
        words: "$geoNear distance",
        read: ({ geoNearDistance }) => doubleOf(geoNearDistance),
      },
      {
        name: "geoNearPoint",
        words: "$geoNear point",
        read: ({ geoNearPoint }) => geoNearPoint,
      },
      {
        name: "textScore",
        words: "text score",
        read: ({ textScore }) => doubleOf(textScore),
      },
    ] satisfies CarriedMetadata[]
  ).map((each) => [each.name, each]),
);

function doubleOf(value: number | undefined): Double | undefined {
  return value === undefined ? undefined : new Double(value);
}

const compileMeta: CompileOperator = (operand, { environment }) => {
  if (typeof operand !== "string")
    throw new MongoError(17307, "$meta only supports string arguments");
  if (!metaNames.has(operand))
    throw new MongoError(17308, `Unsupported argument to $meta: ${operand}`);
  const carried = carriedMetadata.get(operand);
  if (operand === "sortKey") {
    environment.metadata?.add("sortKey");
    return ({ root }) => (isDoc(root) ? metadataOf(root)?.sortKey : undefined) ?? [];
  }
  if (carried === undefined) return () => undefined;
  const { name, words, read } = carried;
  if (environment.metadata?.has(name) === true)
    return ({ root }) => {
      const metadata = isDoc(root) ? metadataOf(root) : undefined;
      return metadata === undefined ? undefined : read(metadata);
    };
  const failure = new MongoError(
    40_218,
    `query requires ${words} metadata, but it is not available`,
  );
  return Object.assign(
    (): never => {
      throw failure;
    },
    { failure },
  );
};

const newObjectId = createObjectIdFactory({ now: Date.now, random: randomBytes });

/** Of MongoDB 8.3. */
const compileCreateObjectId: CompileOperator = (operand, _compiler, name) => {
  if (!isDoc(operand) || operand.size > 0)
    throw failedToParse(`${name} takes an empty object as its argument`);
  return () => newObjectId();
};

export const randomOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$createObjectId", compileCreateObjectId],
  ["$meta", compileMeta],
  ["$rand", compileRand],
]);
