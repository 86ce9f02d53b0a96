/** `explain` of a find, in the server's shape: the plan, and what running it looked at. */
import { compileProjection } from "../../query/projection.ts";
import { Doc } from "../../bson/doc.ts";
import { toInteger, type Value } from "../../bson/value.ts";
import { createPacer } from "../../kit/pacer.ts";
import type { IndexPlan, Plan, TextPlan } from "../../store/planner.ts";
import { turned } from "../../store/bounds-text.ts";
import { compileQuery, type CompiledQuery, idOf } from "../../store/query.ts";
import { readDocs } from "../../store/read.ts";
import type { ScanCounts } from "../../store/scan.ts";
import type { FindOptions } from "../source.ts";
import { type CollectionContext, createEnvironment, findCollection } from "./context.ts";

const memoryBytesMax = 104_857_600;

export async function explain(
  context: CollectionContext,
  filter: Doc,
  options: FindOptions = {},
): Promise<Doc> {
  const environment = createEnvironment(context, options);
  const { skip = 0 } = options;
  const limit = options.limit === undefined || options.limit === 0 ? undefined : options.limit;
  const wanted = limit === undefined ? undefined : skip + limit;
  const query = compileQuery(
    { filter, sort: options.sort, hint: options.hint, limit: wanted },
    environment,
  );
  if (options.projection !== undefined)
    compileProjection(options.projection, environment, "find", query.match);
  const collection = findCollection(context);
  let plan: Plan | undefined;
  let counts: ScanCounts = { keysExamined: 0, docsExamined: 0 };
  let returned = 0;
  const startedAt = performance.now();
  if (collection !== undefined) {
    const batches = readDocs(context.store.environment, collection, query, {
      skip,
      limit,
      pacer: createPacer(options.signal),
      onScan(used, running) {
        plan = used;
        counts = running;
      },
    });
    for await (const batch of batches) returned += batch.length;
  }
  const stages = describePlan(plan, { query, filter, options, wanted });
  return Doc.of({
    explainVersion: "1",
    queryPlanner: Doc.of({
      namespace: `${context.database}.${context.name}`,
      indexFilterSet: false,
      parsedQuery: filter,
      maxIndexedOrSolutionsReached: false,
      maxIndexedAndSolutionsReached: false,
      maxScansToExplodeReached: false,
      winningPlan: stages,
      rejectedPlans: [],
    }),
    executionStats: Doc.of({
      executionSuccess: true,
      nReturned: returned,
      executionTimeMillis: toInteger(Math.round(performance.now() - startedAt)),
      totalKeysExamined: counts.keysExamined,
      totalDocsExamined: counts.docsExamined,
      executionStages: stages.with("nReturned", returned),
    }),
    ok: 1,
  });
}

interface Asked {
  readonly query: CompiledQuery;
  readonly filter: Doc;
  readonly options: FindOptions;
  readonly wanted: number | undefined;
}

function stage(
  name: string,
  fields: Readonly<Record<string, Value | undefined>>,
  input?: Doc,
): Doc {
  const entries = Object.entries(fields).filter(
    (entry): entry is [string, Value] => entry[1] !== undefined,
  );
  return Doc.fromEntries([
    ["stage", name],
    ...entries,
    ...(input === undefined ? [] : [["inputStage", input] as [string, Value]]),
  ]);
}

/** From the inside out: scan, fetch, sort, skip, limit, projection. */
function describePlan(plan: Plan | undefined, asked: Asked): Doc {
  if (plan === undefined) return stage("EOF", {});
  const { query, options, wanted } = asked;
  const { skip = 0, limit = 0, projection } = options;
  let node = describeScan(plan, asked);
  if (query.sort !== undefined && !plan.isSorted) {
    const limitAmount = wanted === undefined ? undefined : toInteger(wanted);
    node = stage(
      "SORT",
      { sortPattern: options.sort, memLimit: memoryBytesMax, limitAmount, type: "simple" },
      node,
    );
  } else if (limit !== 0) node = stage("LIMIT", { limitAmount: toInteger(Math.abs(limit)) }, node);
  if (skip > 0) node = stage("SKIP", { skipAmount: toInteger(skip) }, node);
  if (projection === undefined || projection.size === 0) return node;
  return stage("PROJECTION_DEFAULT", { transformBy: projection }, node);
}

function describeScan(plan: Plan, { filter, query }: Asked): Doc {
  const rest = query.match === undefined ? undefined : filter;
  if (plan.kind === "collection")
    return stage("COLLSCAN", {
      filter: rest,
      direction: plan.isReverse ? "backward" : "forward",
    });
  if (plan.kind === "near") {
    const { keyPattern, name, geo } = plan.index.definition;
    const kind = geo?.kind === "2d" ? "GEO_NEAR_2D" : "GEO_NEAR_2DSPHERE";
    return stage(kind, { filter: rest, keyPattern, indexName: name, indexVersion: 2 });
  }
  if (plan.kind === "text") return describeText(plan);
  if (plan.kind === "union") {
    const inputStages = plan.plans.map((each) => describeIndex(each));
    return stage("SUBPLAN", {}, stage("FETCH", { filter: rest }, stage("OR", { inputStages })));
  }
  if (idOf(filter) !== undefined && plan.index.definition.name === "_id_")
    return stage("IDHACK", {});
  return stage("FETCH", { filter: plan.isExact ? undefined : rest }, describeIndex(plan));
}

function describeText({ index, node }: TextPlan): Doc {
  const { name, text } = index.definition;
  const { terms, negatedTerms, phrases, negatedPhrases } = node.search.parsed;
  return stage("TEXT_MATCH", {
    indexPrefix: Doc.empty,
    indexName: name,
    parsedTextQuery: Doc.of({ terms, negatedTerms, phrases, negatedPhrases }),
    textIndexVersion: text?.version ?? 3,
  });
}

function describeIndex({ index, bounds, isReverse }: IndexPlan): Doc {
  const { definition, multikey } = index;
  const { fields } = definition;
  const text = (field: number): Value[] => {
    const isTurned = isReverse !== (fields[field]?.isDescending === true);
    const texts = (bounds[field] ?? []).map((each) => (isTurned ? turned(each.text) : each.text));
    return isTurned ? texts.toReversed() : texts;
  };
  return stage("IXSCAN", {
    keyPattern: definition.keyPattern,
    indexName: definition.name,
    collation: definition.collation?.spec,
    isMultiKey: multikey.includes(true),
    multiKeyPaths: Doc.fromEntries(
      fields.map(({ path }, field) => [path, multikey[field] === true ? [path] : []]),
    ),
    isUnique: definition.isUnique,
    isSparse: definition.isSparse,
    isPartial: definition.partial !== undefined,
    indexVersion: 2,
    direction: isReverse ? "backward" : "forward",
    indexBounds: Doc.fromEntries(fields.map(({ path }, field) => [path, text(field)])),
  });
}
