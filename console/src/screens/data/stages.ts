/** The stages of a pipeline as they are built, and the texts that a new one begins with. */
import { EjsonError, parseEjson } from "../../ejson/parse.ts";
import { printForPeople } from "../../ejson/print.ts";
import { EjsonObject, type Ejson } from "../../ejson/value.ts";
import { describeFault } from "./query-text.ts";

export interface StageDraft {
  readonly id: number;
  readonly name: string;
  readonly text: string;
  /** Left out of the pipeline, but kept. */
  readonly isOff?: boolean;
}

/** The most used ones first; those that write come last. */
export const firstTexts: ReadonlyMap<string, string> = new Map([
  ["$match", '{ field: "value" }'],
  ["$group", '{ _id: "$field", count: { $sum: 1 } }'],
  ["$sort", "{ field: -1 }"],
  ["$project", "{ field: 1 }"],
  ["$limit", "10"],
  ["$addFields", '{ total: { $add: ["$a", "$b"] } }'],
  ["$unwind", '"$field"'],
  [
    "$lookup",
    '{\n  from: "collection",\n  localField: "field",\n  foreignField: "_id",\n  as: "found"\n}',
  ],
  ["$count", '"count"'],
  ["$skip", "10"],
  ["$set", '{ field: "value" }'],
  ["$unset", '["field"]'],
  ["$sortByCount", '"$field"'],
  ["$bucket", '{ groupBy: "$field", boundaries: [0, 10, 100], default: "other" }'],
  ["$bucketAuto", '{ groupBy: "$field", buckets: 5 }'],
  ["$facet", "{\n  first: [{ $limit: 1 }]\n}"],
  ["$replaceRoot", '{ newRoot: "$field" }'],
  ["$replaceWith", '"$field"'],
  ["$sample", "{ size: 10 }"],
  ["$redact", '{ $cond: [{ $eq: ["$public", true] }, "$$DESCEND", "$$PRUNE"] }'],
  ["$unionWith", '{ coll: "collection" }'],
  [
    "$graphLookup",
    '{\n  from: "collection",\n  startWith: "$field",\n  connectFromField: "field",\n  connectToField: "_id",\n  as: "found"\n}',
  ],
  ["$setWindowFields", "{ sortBy: { field: 1 }, output: { rank: { $rank: {} } } }"],
  ["$densify", '{ field: "n", range: { step: 1, bounds: "full" } }'],
  ["$fill", "{ output: { field: { value: 0 } } }"],
  [
    "$geoNear",
    '{ near: { type: "Point", coordinates: [0, 0] }, distanceField: "distance", spherical: true }',
  ],
  ["$out", '"collection"'],
  ["$merge", '{ into: "collection" }'],
]);

const writing: ReadonlySet<string> = new Set(["$out", "$merge"]);

export function writes({ name }: StageDraft): boolean {
  return writing.has(name);
}

export const expressionWords: readonly string[] = [
  "$sum",
  "$avg",
  "$min",
  "$max",
  "$first",
  "$last",
  "$push",
  "$addToSet",
  "$cond",
  "$ifNull",
  "$switch",
  "$concat",
  "$toString",
  "$toDate",
  "$dateToString",
  "$dateTrunc",
  "$map",
  "$filter",
  "$reduce",
  "$size",
  "$arrayElemAt",
  "$mergeObjects",
  "$multiply",
  "$divide",
  "$subtract",
  "$add",
  "$round",
  "$$ROOT",
  "$$NOW",
];

/** @returns what is wrong with it, in place of the operand */
export function readStage({ name, text }: StageDraft): {
  readonly stage?: EjsonObject;
  readonly problem?: string;
} {
  try {
    return { stage: new EjsonObject([name], [parseEjson(text)]) };
  } catch (cause) {
    if (!(cause instanceof EjsonError)) throw cause;
    return { problem: describeFault(text, cause) };
  }
}

/** Those that are on. @returns undefined where one of them is no EJSON */
export function readPipeline(stages: readonly StageDraft[]): readonly Ejson[] | undefined {
  const read = stages.filter(({ isOff }) => isOff !== true).map(readStage);
  const found = read.flatMap(({ stage }) => (stage === undefined ? [] : [stage]));
  return found.length === read.length ? found : undefined;
}

/** The whole text of a pipeline, as stages. @throws {EjsonError} */
export function stagesOf(text: string, firstId: number): readonly StageDraft[] {
  const value = parseEjson(text);
  if (!Array.isArray(value)) throw new EjsonError("a pipeline is expected: [ … ]", 0);
  return (value as readonly Ejson[]).map((each, at) => {
    const name = each instanceof EjsonObject && each.size === 1 ? each.names[0] : undefined;
    if (name === undefined || !(each instanceof EjsonObject))
      throw new EjsonError(`stage ${at + 1} must have one name`, 0);
    return { id: firstId + at, name, text: printForPeople(each.values[0] ?? null) };
  });
}
