/**
 * Which other namespaces a pipeline touches, read off its text before anything runs.
 *
 * To add a stage that reaches into another collection: a line in `targets`. What is not recognised here is
 * refused by the pipeline's own compiler.
 */
import { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import { mustServeStage } from "../query/pipeline.ts";

export interface Touched {
  /** The database of the aggregation itself where the stage names none. */
  readonly database: string;
  readonly collection: string;
  readonly writes: boolean;
}

interface Target {
  /** The field of the stage that names the namespace; undefined: the stage's value itself may do so. */
  readonly field?: string;
  readonly writes: boolean;
}

const targets: ReadonlyMap<string, Target> = new Map([
  ["$lookup", { field: "from", writes: false }],
  ["$graphLookup", { field: "from", writes: false }],
  ["$unionWith", { field: "coll", writes: false }],
  ["$out", { field: "coll", writes: true }],
  ["$merge", { field: "into", writes: true }],
]);

/**
 * Walks all stages, those of nested pipelines and facets too.
 *
 * @throws {MongoError} for a stage that no request runs: a MongoDB would
 */
export function findTouched(pipeline: readonly Value[], database: string): readonly Touched[] {
  const found: Touched[] = [];
  walk(pipeline, database, found);
  return found;
}

function walk(pipeline: readonly Value[], database: string, found: Touched[]): void {
  for (const stage of pipeline) {
    if (!(stage instanceof Doc)) continue;
    for (const [name, spec] of stage.entries()) {
      mustServeStage(name);
      const target = targets.get(name);
      if (target !== undefined) found.push(...namespacesOf(spec, target, database));
      walkNested(name, spec, database, found);
    }
  }
}

function walkNested(name: string, spec: Value, database: string, found: Touched[]): void {
  if (!(spec instanceof Doc)) return;
  if (name === "$facet") {
    for (const nested of spec.values()) if (isArray(nested)) walk(nested, database, found);
    return;
  }
  if (name !== "$lookup" && name !== "$unionWith") return;
  const nested = spec.get("pipeline");
  if (isArray(nested)) walk(nested, database, found);
}

/** `"coll"`, `{ db, coll }`, or either of them in the stage's field. */
function namespacesOf(spec: Value, target: Target, database: string): readonly Touched[] {
  const { writes } = target;
  if (typeof spec === "string") return [{ database, collection: spec, writes }];
  if (!(spec instanceof Doc)) return [];
  const named = target.field === undefined ? spec : spec.get(target.field);
  const holder = named instanceof Doc ? named : spec;
  const db = holder.get("db");
  const collection = named instanceof Doc ? named.get("coll") : named;
  return [
    {
      database: typeof db === "string" ? db : database,
      collection: typeof collection === "string" ? collection : "",
      writes,
    },
  ];
}
