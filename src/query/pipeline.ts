/**
 * Aggregation pipelines: compiled once, run over batches.
 *
 * To add a stage: a file in `pipeline/`, a line in `stages` below, a row in `pipeline.test.ts`.
 */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import type { QueryEnvironment } from "./environment.ts";
import { OptimizationFailure, throwFirst, withLateMetadata } from "./optimization-failure.ts";
import { compileBucketAuto } from "./pipeline/bucket-auto.ts";
import { compileBucket } from "./pipeline/bucket.ts";
import { compileCount } from "./pipeline/count.ts";
import { compileDensify } from "./pipeline/densify.ts";
import { compileDocuments } from "./pipeline/documents.ts";
import { compileFacet } from "./pipeline/facet.ts";
import { compileFill } from "./pipeline/fill.ts";
import { compileGeoNear } from "./pipeline/geo-near.ts";
import { compileGraphLookup } from "./pipeline/graph-lookup.ts";
import { compileGroup } from "./pipeline/group.ts";
import { andFilter, takeLead } from "./pipeline/lead.ts";
import { compileLimit, compileSkip } from "./pipeline/limit.ts";
import { compileLookup } from "./pipeline/lookup.ts";
import { compileMerge } from "./pipeline/merge.ts";
import { narrowed } from "./pipeline/needed-fields.ts";
import { compileOut } from "./pipeline/out.ts";
import { hasWithin, outlinePipeline, type StageSpec } from "./pipeline/outline.ts";
import { compileRedact } from "./pipeline/redact.ts";
import { refusals, refuseStage } from "./pipeline/refused.ts";
import {
  compileAddFieldsStage,
  compileMatchStage,
  compileProject,
  compileReplaceRoot,
  compileReplaceWith,
  compileUnsetStage,
  filterStage,
} from "./pipeline/reshape.ts";
import { compileSample } from "./pipeline/sample.ts";
import { compileSetWindowFields } from "./pipeline/set-window-fields.ts";
import { compileSortByCount } from "./pipeline/sort-by-count.ts";
import { compileSortStage, createSortStage, withSortKeys } from "./pipeline/sort.ts";
import { mustHaveFewParts } from "./parts.ts";
import { PlanFailure } from "./plan-failure.ts";
import type {
  Batches,
  CompileStage,
  Namespace,
  PipelineSource,
  PipelineTarget,
  Place,
  ReadRequest,
  Run,
  Stage,
  StageContext,
  Stages,
} from "./pipeline/stage.ts";
import { compileCollStats, compileIndexStats } from "./pipeline/stats.ts";
import { compileUnionWith } from "./pipeline/union-with.ts";
import { compileUnwind } from "./pipeline/unwind.ts";

export type { Namespace, PipelineSource, PipelineTarget, ReadRequest, Run };

const stages: ReadonlyMap<string, CompileStage> = new Map([
  ["$addFields", compileAddFieldsStage],
  ["$bucket", compileBucket],
  ["$bucketAuto", compileBucketAuto],
  ["$collStats", compileCollStats],
  ["$count", compileCount],
  ["$densify", compileDensify],
  ["$documents", compileDocuments],
  ["$facet", compileFacet],
  ["$fill", compileFill],
  ["$geoNear", compileGeoNear],
  ["$graphLookup", compileGraphLookup],
  ["$group", compileGroup],
  ["$indexStats", compileIndexStats],
  ["$limit", compileLimit],
  ["$lookup", compileLookup],
  ["$match", compileMatchStage],
  ["$merge", compileMerge],
  ["$out", compileOut],
  ["$project", compileProject],
  ["$redact", compileRedact],
  ["$replaceRoot", compileReplaceRoot],
  ["$replaceWith", compileReplaceWith],
  ["$sample", compileSample],
  ["$set", compileAddFieldsStage],
  ["$setWindowFields", compileSetWindowFields],
  ["$skip", compileSkip],
  ["$sort", compileSortStage],
  ["$sortByCount", compileSortByCount],
  ["$unionWith", compileUnionWith],
  ["$unset", compileUnsetStage],
  ["$unwind", compileUnwind],
]);

const firstOnly = new Set(["$collStats", "$indexStats", "$documents", "$geoNear"]);
const lastOnly = new Set(["$out", "$merge"]);
/** Per place, the stages that may not stand there, and the server's error. */
const misplaced: ReadonlyMap<
  Place,
  { readonly names: ReadonlySet<string>; readonly code: number; readonly where: string }
> = new Map([
  [
    "facet",
    {
      names: new Set(["$out", "$merge", "$facet", ...firstOnly]),
      code: 40600,
      where: "to be used within a $facet stage",
    },
  ],
  ["lookup", { names: lastOnly, code: 51047, where: "within a $lookup's sub-pipeline" }],
  ["unionWith", { names: lastOnly, code: 31441, where: "within a $unionWith's sub-pipeline" }],
]);

const stagesMax = 1000;
const depthMax = 20;

export interface Pipeline {
  /** Other collections that it reads, sub-pipelines included. */
  readonly reads: readonly Namespace[];
  /** The target of `$out` or `$merge`. */
  readonly writes: Namespace | undefined;
  /** Whether the source does all of it: documents are only handed on. */
  readonly isLead: boolean;
  /** Runs over the collection that it was compiled for. Errors are worded as the server words those of a running plan. */
  run(run: Run): Batches;
}

/**
 * Compiles a pipeline for a collection.
 *
 * @throws {MongoError} with the server's code and wording, for what is wrong before any document is read
 */
export function compilePipeline(
  pipeline: readonly Value[],
  environment: QueryEnvironment,
  namespace: Namespace,
): Pipeline {
  mustHaveFewParts(pipeline, "pipeline");
  const compiled = compileStages(pipeline, {
    environment,
    namespace,
    place: "top",
    depth: 0,
  });
  const writes = compiled.stages.at(-1)?.writes;
  return {
    reads: compiled.reads,
    writes,
    isLead: compiled.isLead,
    run: (run) => withPlanErrors(compiled.runOn(namespace, run)),
  };
}

const planPrefix = "PlanExecutor error during aggregation :: caused by :: ";

async function* withPlanErrors(batches: Batches): Batches {
  try {
    yield* batches;
  } catch (cause) {
    if (!(cause instanceof MongoError) || cause.code === 50) throw cause;
    if (cause instanceof PlanFailure || cause.message.startsWith(planPrefix)) throw cause;
    throw new MongoError(cause.code, planPrefix + cause.message, { cause });
  }
}

type Position = Omit<StageContext, "compile" | "isFirst">;

function compileStages(pipeline: readonly Value[], position: Position): Stages {
  if (pipeline.length > stagesMax)
    throw new MongoError(7749501, `Pipeline length must be no longer than ${stagesMax} stages.`);
  if (position.depth > depthMax)
    throw new MongoError(
      232,
      `Maximum number of nested sub-pipelines exceeded. Limit is ${depthMax}`,
    );
  const failures: MongoError[] = [];
  const context: StageContext = {
    ...position,
    isFirst: true,
    environment: { ...position.environment, failures },
    compile: (inner, change) =>
      compileStages(inner, {
        environment: change.environment ?? position.environment,
        namespace: change.namespace ?? position.namespace,
        place: change.place,
        depth: position.depth + 1,
      }),
  };
  const specs = withoutEmptyMatch(outlinePipeline(pipeline, mustBeKnown));
  const compiled = specs.map(({ name, spec }, at) =>
    compileStage(name, spec, at === 0 ? context : { ...context, isFirst: false }),
  );
  checkPositions(specs.map((each) => each.name));
  throwFirst(failures);
  const limited = withSortLimits(compiled, position.environment);
  return assemble(narrowed(limited), position.environment);
}

/** A filter that lets everything through goes before the server looks whether a `$geoNear` stands first. */
function withoutEmptyMatch(specs: readonly StageSpec[]): readonly StageSpec[] {
  const [first, second] = specs;
  const isEmpty = first?.name === "$match" && first.spec instanceof Doc && first.spec.size === 0;
  return isEmpty && second?.name === "$geoNear" ? specs.slice(1) : specs;
}

/** @throws {MongoError} for a stage that no request runs, on whatever source */
export function mustServeStage(name: string): void {
  if (refusals.has(name)) refuseStage(name);
}

function mustBeKnown(name: string): void {
  if (stages.has(name)) return;
  mustServeStage(name);
  throw new MongoError(40324, `Unrecognized pipeline stage name: '${name}'`);
}

function compileStage(name: string, spec: Value, context: StageContext): Stage {
  const stage = withLateMetadata(
    () => (stages.get(name) as CompileStage)(spec, context, name),
    { name, run: nothing },
    context.environment,
  );
  const forbidden = misplaced.get(context.place);
  const isForbidden =
    forbidden?.names.has(name) === true ||
    (context.place === "facet" && hasWithin({ name, spec }, forbidden?.names ?? firstOnly));
  if (forbidden !== undefined && isForbidden)
    throw new MongoError(forbidden.code, `${name} is not allowed ${forbidden.where}`);
  return stage;
}

function checkPositions(names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    if (index > 0 && name === "$geoNear")
      throw new MongoError(
        40603,
        "$geoNear is only valid as the first stage in an optimized pipeline",
      );
    if (index > 0 && firstOnly.has(name))
      throw new MongoError(40602, `${name} is only valid as the first stage in a pipeline`);
    if (index < names.length - 1 && lastOnly.has(name))
      throw new MongoError(40601, `${name} can only be the final stage in the pipeline`);
  }
}

/** A `$sort` that a `$limit` follows keeps only so many documents. */
function withSortLimits(
  compiled: readonly Stage[],
  environment: QueryEnvironment,
): readonly Stage[] {
  return compiled.map((stage, index) => {
    const { lead } = stage;
    if (lead === undefined || !("sort" in lead)) return stage;
    let skipped = 0;
    for (const next of compiled.slice(index + 1)) {
      if (next.lead === undefined) return stage;
      if ("skip" in next.lead) skipped += next.lead.skip;
      else if ("limit" in next.lead)
        return createSortStage(lead.sort, {
          name: stage.name,
          environment,
          limit: next.lead.limit + skipped,
        });
      else return stage;
    }
    return stage;
  });
}

function assemble(compiled: readonly Stage[], environment: QueryEnvironment): Stages {
  const { request, rest } = takeLead(compiled, environment);
  const isSourceless = compiled[0] !== undefined && firstOnly.has(compiled[0].name);
  return {
    stages: compiled,
    reads: compiled.flatMap((stage) => stage.reads ?? []),
    isLead: rest.length === 0 && !isSourceless,
    run: (input, run) => chain(compiled, input, run),
    runOn(namespace, run, filter) {
      if (isSourceless)
        return runSourceless(compiled, run, filter && filterStage(filter, environment));
      const joined = filter === undefined ? request : joinFilter(request, filter);
      const { sort, skip, limit } = request;
      const isWhole = skip === undefined && limit === undefined;
      const start = sort !== undefined && isWhole ? rest[0]?.startSorted?.(sort, run) : undefined;
      if (start === undefined) {
        const read = run.source.read(namespace, joined);
        const isNoted = sort !== undefined && environment.metadata?.has("sortKey") === true;
        return chain(rest, isNoted ? withSortKeys(read, sort, environment) : read, run);
      }
      const input = run.source.read(namespace, { ...joined, keeper: start.keeper });
      return chain(rest.slice(1), start.run(input), run);
    },
  };
}

/** The first stage brings the documents; what is asked of a collection's is asked of these. */
function runSourceless(compiled: readonly Stage[], run: Run, filter: Stage | undefined): Batches {
  const [first, ...others] = compiled;
  const all = first === undefined || filter === undefined ? compiled : [first, filter, ...others];
  return chain(all, nothing(), run);
}

function chain(compiled: readonly Stage[], input: Batches, run: Run): Batches {
  let output = input;
  for (const stage of compiled) output = stage.run(output, run);
  return output;
}

async function* nothing(): Batches {
  yield* [];
}

function joinFilter(request: ReadRequest, filter: Doc): ReadRequest {
  return { ...request, filter: andFilter(filter, request.filter) };
}

/**
 * Checks a pipeline that does not run, since its stages have no place where it stands.
 *
 * @throws {MongoError} as `compilePipeline`, but not what only shows when it is optimized
 */
export function checkPipeline(pipeline: readonly Value[], environment: QueryEnvironment): void {
  try {
    compilePipeline(pipeline, environment, { database: "none", collection: "none" });
  } catch (cause) {
    if (!(cause instanceof OptimizationFailure)) throw cause;
  }
}

/**
 * The stages that are supported and those that are refused: for the documentation's table.
 *
 * @public used by `tools/`
 */
export function listStages(): {
  readonly supported: readonly string[];
  readonly refused: readonly string[];
} {
  return { supported: [...stages.keys()], refused: [...refusals.keys()] };
}
