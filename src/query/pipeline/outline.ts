/**
 * What is checked of all stages before the first of them is looked at closely: that they are there, and where they keep
 * further pipelines. As on the server, so that of several faults the same one is told.
 */
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import { readFacets } from "./facet.ts";
import { mustBeGraphLookup } from "./graph-lookup.ts";
import { outlineLookup } from "./lookup.ts";
import { mustBeMerge } from "./merge-options.ts";
import { readTarget } from "./out.ts";
import { readUnion } from "./union-with.ts";

export interface StageSpec {
  readonly name: string;
  readonly spec: Value;
}

type Pipeline = readonly Value[];

/** Checks a stage's form and gives the pipelines in it. */
const innerOf: ReadonlyMap<string, (spec: Value) => readonly Pipeline[]> = new Map([
  ["$facet", (spec: Value) => readFacets(spec).map(([, pipeline]) => pipeline)],
  ["$graphLookup", (spec: Value) => without(mustBeGraphLookup(spec))],
  ["$lookup", (spec: Value) => outlineLookup(spec)],
  ["$merge", (spec: Value) => without(mustBeMerge(spec))],
  ["$out", (spec: Value) => without(readTarget(spec, ""))],
  ["$unionWith", (spec: Value) => [readUnion(spec).pipeline]],
]);

/** Whether one of some stages stands in the pipelines of a stage, however deep. */
export function hasWithin({ name, spec }: StageSpec, sought: ReadonlySet<string>): boolean {
  return (innerOf.get(name)?.(spec) ?? []).some((pipeline) =>
    outlinePipeline(pipeline, () => undefined).some(
      (each) => sought.has(each.name) || hasWithin(each, sought),
    ),
  );
}

function without(_checked: unknown): readonly Pipeline[] {
  return [];
}

/**
 * The stages of a pipeline.
 *
 * @param mustBeKnown throws for a name that is no stage's
 * @throws {MongoError} 14 and 40323 for what is no stage, and what the form of a stage gives
 */
export function outlinePipeline(
  pipeline: Pipeline,
  mustBeKnown: (name: string) => void,
): readonly StageSpec[] {
  return pipeline.map((stage) => {
    if (!(stage instanceof Doc))
      throw typeMismatch("Each element of the 'pipeline' array must be an object");
    if (stage.size !== 1)
      throw new MongoError(
        40323,
        "A pipeline stage specification object must contain exactly one field.",
      );
    const [name] = stage.keys() as [string];
    const spec = stage.valueAt(0);
    mustBeKnown(name);
    for (const inner of innerOf.get(name)?.(spec) ?? []) outlinePipeline(inner, mustBeKnown);
    return { name, spec };
  });
}
