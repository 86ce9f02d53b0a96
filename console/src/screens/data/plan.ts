/** A plan as `explain` tells it, for people: what each stage does, and what it cost. */
import { printEjson } from "../../ejson/print.ts";
import { countOf, type Ejson, EjsonObject, isEjsonArray, textOf } from "../../ejson/value.ts";

export interface PlanStage {
  readonly name: string;
  readonly words: string;
  readonly tone: "good" | "bad" | "plain";
  /** Name of an index, bounds, a filter. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly returned: number | undefined;
  readonly inputs: readonly PlanStage[];
}

export interface Plan {
  readonly returned: number;
  readonly keys: number;
  readonly documents: number;
  readonly ms: number;
  readonly stage: PlanStage | undefined;
}

const meanings: ReadonlyMap<string, readonly [words: string, tone?: PlanStage["tone"]]> = new Map([
  ["COLLSCAN", ["reads every document of the collection", "bad"] as const],
  ["IXSCAN", ["reads a stretch of an index", "good"] as const],
  ["IDHACK", ["finds one document by its _id", "good"] as const],
  ["EXPRESS_IXSCAN", ["finds documents by one key", "good"] as const],
  ["EXPRESS_CLUSTERED_IXSCAN", ["finds one document by its _id", "good"] as const],
  ["COUNT_SCAN", ["counts keys of an index", "good"] as const],
  ["DISTINCT_SCAN", ["skips from key to key of an index", "good"] as const],
  ["FETCH", ["gets the documents, and tests what the index does not say"] as const],
  ["SORT", ["sorts in memory", "bad"] as const],
  ["SORT_MERGE", ["puts sorted inputs together"] as const],
  ["LIMIT", ["stops after so many"] as const],
  ["SKIP", ["leaves out the first ones"] as const],
  ["OR", ["puts inputs together, each document once"] as const],
  ["AND_SORTED", ["keeps what all inputs have"] as const],
  ["AND_HASH", ["keeps what all inputs have"] as const],
  ["SUBPLAN", ["plans each branch of an $or by itself"] as const],
  ["PROJECTION_SIMPLE", ["keeps the fields that are wanted"] as const],
  ["PROJECTION_DEFAULT", ["makes the fields that are wanted"] as const],
  ["PROJECTION_COVERED", ["takes the fields from the index alone", "good"] as const],
  ["TEXT_MATCH", ["searches a text index", "good"] as const],
  ["GEO_NEAR_2DSPHERE", ["reads a geographical index, the nearest first", "good"] as const],
  ["GEO_NEAR_2D", ["reads a geographical index, the nearest first", "good"] as const],
  ["EOF", ["has nothing to read"] as const],
]);

export function readPlan(explained: EjsonObject): Plan {
  const stats = explained.get("executionStats");
  const planner = explained.get("queryPlanner");
  const found = objectAt(stats, "executionStages") ?? winningPlan(planner);
  const number = (name: string): number =>
    countOf(stats instanceof EjsonObject ? stats.get(name) : undefined);
  return {
    returned: number("nReturned"),
    keys: number("totalKeysExamined"),
    documents: number("totalDocsExamined"),
    ms: number("executionTimeMillis"),
    stage: found === undefined ? undefined : readStage(found),
  };
}

/** Plans of the newer engine keep the readable one within. */
function winningPlan(planner: Ejson | undefined): EjsonObject | undefined {
  const winning = objectAt(planner, "winningPlan");
  return objectAt(winning, "queryPlan") ?? winning;
}

function objectAt(value: Ejson | undefined, name: string): EjsonObject | undefined {
  const found = value instanceof EjsonObject ? value.get(name) : undefined;
  return found instanceof EjsonObject ? found : undefined;
}

function readStage(stage: EjsonObject): PlanStage {
  const name = textOf(stage.get("stage"));
  const [words, tone = "plain"] = meanings.get(name) ?? [""];
  const returned = stage.get("nReturned");
  return {
    name,
    words,
    tone,
    facts: factsOf(stage),
    returned: returned === undefined ? undefined : countOf(returned),
    inputs: inputsOf(stage).map(readStage),
  };
}

function inputsOf(stage: EjsonObject): readonly EjsonObject[] {
  const many = ["inputStages", "shards"].flatMap((name) => {
    const value = stage.get(name);
    return isEjsonArray(value) ? value.filter((each) => each instanceof EjsonObject) : [];
  });
  const one = ["inputStage", "thenStage", "outerStage", "innerStage", "executionStages"].flatMap(
    (name) => objectAt(stage, name) ?? [],
  );
  return [...one, ...many];
}

const shownFacts: readonly (readonly [field: string, label: string])[] = [
  ["indexName", "index"],
  ["indexBounds", "from – to"],
  ["direction", "direction"],
  ["filter", "tests"],
  ["sortPattern", "by"],
  ["limitAmount", "most"],
  ["skipAmount", "leaves out"],
  ["keysExamined", "keys read"],
  ["docsExamined", "documents read"],
];

function factsOf(stage: EjsonObject): readonly (readonly [string, string])[] {
  return shownFacts.flatMap(([field, label]) => {
    const value = stage.get(field);
    if (value === undefined) return [];
    const text = typeof value === "string" ? value : printEjson(value);
    return [[label, text.replaceAll(/\{"\$number\w+":"([^"]*)"\}/g, "$1").slice(0, 300)] as const];
  });
}
