/** Pipelines of a user: every namespace that they read is as the user sees it. */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import { createPacer } from "../kit/pacer.ts";
import { compileExpression } from "../query/expression.ts";
import type { QueryEnvironment } from "../query/environment.ts";
import {
  compilePipeline,
  type Namespace,
  type PipelineSource,
  type ReadRequest,
} from "../query/pipeline.ts";
import type { Findings } from "../config/findings.ts";
import type { Batches, CallOptions, Collection, FindOptions } from "../sources/source.ts";
import { createReads } from "./enforced-reads.ts";
import { createEnvironment, hasCollation } from "./query-environment.ts";
import { pathsOfPipeline, readFindingsOf } from "./read-findings.ts";
import type { ReadPlan } from "./read-plan.ts";
import { mustHoldPlainOperators } from "./refused-operators.ts";

/** What a pipeline may reach: how each namespace is read, found out before anything runs. */
export interface Reachable {
  readonly namespace: Namespace;
  /** By `db.collection`; undefined: all of it. */
  readonly plans: ReadonlyMap<string, ReadPlan | undefined>;
  readonly open: (namespace: Namespace) => Collection;
  /** Whether a stage within reads the namespace of the aggregation itself. */
  readonly readsAgain: boolean;
  readonly writes: boolean;
  readonly findings: Findings | undefined;
}

export function keyOf({ database, collection }: Namespace): string {
  return `${database}.${collection}`;
}

export async function* runPipeline(
  reachable: Reachable,
  pipeline: readonly Value[],
  options: CallOptions = {},
): Batches {
  const { namespace, plans, open } = reachable;
  const own = plans.get(keyOf(namespace));
  // What is joined is read by the stage itself, to which a filter in front of the pipeline says nothing.
  const joined = [...plans].filter(([key]) => key !== keyOf(namespace) || reachable.readsAgain);
  const isFree = joined.every(([, plan]) => plan === undefined);
  if (own === undefined && isFree) {
    yield* open(namespace).aggregate(pipeline, options);
    return;
  }
  const refusesRegex = [...plans.values()].some((plan) => plan?.refusesRegex === true);
  mustHoldPlainOperators({ refusesRegex }, pipeline);
  if (own?.view === undefined && isFree && !hasCollation(options)) {
    yield* open(namespace).aggregate([...leadOf(own), ...pipeline], options);
    return;
  }
  if (reachable.writes)
    throw new Fault(
      "InvalidParameter",
      "$out and $merge are not allowed for users whose rules hide fields, or ask functions, nor with a collation",
    );
  yield* runHere(reachable, pipeline, options);
}

/** The server finds the documents by index, since it joins filters that follow each other. */
function leadOf(plan: ReadPlan | undefined): readonly Doc[] {
  if (plan === undefined || plan.filter === true) return [];
  const filter = plan.filter === false ? Doc.of({ $alwaysFalse: 1 }) : plan.filter;
  return [Doc.of({ $match: filter })];
}

/** In this process, over documents as the user sees them, whatever source they come from. */
function runHere(
  { namespace, plans, open, findings }: Reachable,
  pipeline: readonly Value[],
  options: CallOptions,
): Batches {
  const { signal, collation } = options;
  const own = plans.get(keyOf(namespace));
  if (own !== undefined)
    readFindingsOf(findings, namespace, own)?.noteUse?.("the pipeline", pathsOfPipeline(pipeline));
  const compiled = compilePipeline(pipeline, environmentOf(options), namespace);
  let { hint } = options;
  const source: PipelineSource = {
    read(target, request) {
      const found: FindOptions = {
        ...toOptions(request),
        ...(hint !== undefined && { hint }),
        ...(signal !== undefined && { signal }),
        ...(collation !== undefined && { collation }),
      };
      hint = undefined;
      if (!plans.has(keyOf(target))) return unreachable();
      const plan = plans.get(keyOf(target));
      const raw = open(target);
      return plan === undefined
        ? raw.find(request.filter, found)
        : createReads(raw, plan, readFindingsOf(findings, target, plan)).find(
            request.filter,
            found,
          );
    },
    target: unreachable,
    collectionStats: unreachable,
    indexStats: unreachable,
  };
  const pacer = createPacer(signal);
  return compiled.run({ source, pacer, ...(signal !== undefined && { signal }) });
}

function unreachable(): never {
  throw new Fault(
    "InvalidParameter",
    "a stage is not allowed for users whose rules have conditions",
  );
}

function toOptions({ sort, skip, limit }: ReadRequest): FindOptions {
  return {
    ...(sort !== undefined && { sort }),
    ...(skip !== undefined && { skip }),
    ...(limit !== undefined && { limit }),
  };
}

function environmentOf({ let: variables, collation }: CallOptions): QueryEnvironment {
  const environment = createEnvironment(collation);
  for (const [name, spec] of variables?.entries() ?? [])
    environment.variables.set(name, compileExpression(spec, environment).evaluate(Doc.empty));
  return environment;
}
