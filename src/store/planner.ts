/**
 * Picks how a query is answered: which index, which stretches of it, or the whole collection.
 *
 * Candidates are weighed by the keys that they would visit, counted up to a bound; what can not be counted so is guessed.
 */
import type { FilterNode } from "../query/filter-node.ts";
import { Doc } from "../bson/doc.ts";
import { isNumber, type Value } from "../bson/value.ts";
import { badValue, failedToParse } from "../kit/mongo-error.ts";
import { toDouble } from "../query/number.ts";
import { findIndex, type StoredCollection, type StoredIndex } from "./catalog.ts";
import { implies } from "./planner/implies.ts";
import { type IndexPlan, planIndex, type SortField } from "./planner/index-plan.ts";
import { type Predicate, predicatesOf } from "./planner/predicates.ts";

export type { IndexPlan, SortField } from "./planner/index-plan.ts";

export interface CollectionPlan {
  readonly kind: "collection";
  readonly isReverse: boolean;
  readonly isSorted: boolean;
}

/** Several indexes one after the other; a document may come more than once. */
export interface UnionPlan {
  readonly kind: "union";
  readonly plans: readonly IndexPlan[];
  readonly isSorted: boolean;
}

export type Plan = CollectionPlan | IndexPlan | UnionPlan;

export interface PlanRequest {
  readonly node: FilterNode;
  readonly sort: readonly SortField[];
  /** Documents wanted, those to skip included; undefined for all. */
  readonly limit: number | undefined;
  readonly hint: Value | undefined;
  /** Counts the keys of a plan, but not beyond `most`. */
  readonly countKeys: (plan: IndexPlan, most: number) => number;
}

/** @throws {MongoError} 2 for a hint that names no index, 9 for one that is neither name nor pattern */
export function planQuery(collection: StoredCollection, request: PlanRequest): Plan {
  const { node, sort, hint } = request;
  if (hint !== undefined) return planHint(collection, request, hint);
  const usable = collection.indexes.filter((each) => isUsable(each, node));
  const { predicates, isWhole } = predicatesOf(node);
  if (predicates.length === 0 && sort.length === 0)
    return planUnion(collection.indexes, request) ?? wholeCollection(sort);
  const candidates = usable.flatMap((index) => {
    const plan = planIndex(index, predicates, isWhole, sort);
    return plan !== undefined && isWorthwhile(plan, sort) ? [plan] : [];
  });
  const unique = candidates.find((each) => isSingleKey(each));
  if (unique !== undefined) return unique;
  if (!candidates.some((each) => each.isBounded)) {
    const union = planUnion(collection.indexes, request);
    if (union !== undefined) return union;
  }
  return cheapest(collection, candidates, request);
}

function isUsable(index: StoredIndex, node: FilterNode): boolean {
  if (!index.isReady || index.definition.isHidden) return false;
  const { partial } = index.definition;
  return partial === undefined || implies(node, partial.node);
}

function isWorthwhile(plan: IndexPlan, sort: readonly SortField[]): boolean {
  return plan.isBounded || (sort.length > 0 && plan.isSorted);
}

/** At most one document can match: nothing is better. */
function isSingleKey(plan: IndexPlan): boolean {
  return (
    plan.index.definition.isUnique &&
    plan.equalFields === plan.index.definition.fields.length &&
    plan.ranges.length <= 1
  );
}

function wholeCollection(sort: readonly SortField[]): CollectionPlan {
  return { kind: "collection", isReverse: false, isSorted: sort.length === 0 };
}

/** Keys of a candidate are counted up to here. */
const countedKeysMax = 400;

interface Weighed {
  readonly plan: Plan;
  readonly cost: number;
}

function cheapest(
  collection: StoredCollection,
  candidates: readonly IndexPlan[],
  request: PlanRequest,
): Plan {
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1 && only.isBounded && only.isSorted) return only;
  const whole: Weighed = {
    plan: wholeCollection(request.sort),
    cost: collection.count * (request.sort.length > 0 ? sortCost : 1),
  };
  let best = whole;
  for (const plan of candidates) {
    const cost = costOf(collection, plan, request);
    // Of equals, an index is the better choice: the collection only grows.
    if (cost < best.cost || (cost === best.cost && best === whole)) best = { plan, cost };
  }
  // A bounded index wins against the whole collection however the guess stands, as MongoDB has it.
  const bounded = candidates.find((each) => each.isBounded);
  return best === whole && bounded !== undefined ? bounded : best.plan;
}

/** Sorting costs about as much again as fetching. */
const sortCost = 2;
/** Documents looked at for one that matches, when a sorted index is scanned up to a limit: a guess. */
const visitsPerMatch = 10;

function costOf(collection: StoredCollection, plan: IndexPlan, request: PlanRequest): number {
  const { count } = collection;
  const counted = plan.isBounded ? request.countKeys(plan, countedKeysMax) : count;
  const keys = counted < countedKeysMax ? counted : guessKeys(count, plan);
  if (!plan.isSorted) return keys * sortCost;
  if (request.limit === undefined) return keys;
  const isAnswer = request.node.kind === "always" || plan.isExact;
  return Math.min(keys, isAnswer ? request.limit : request.limit * visitsPerMatch);
}

function guessKeys(count: number, plan: IndexPlan): number {
  const equal = count / 10 ** Math.min(plan.equalFields, 3);
  return Math.max(countedKeysMax, plan.equalFields > 0 ? equal : count / 2);
}

/** `$or`, alone or among clauses that have no index: every branch must have one of its own. */
function planUnion(indexes: readonly StoredIndex[], request: PlanRequest): UnionPlan | undefined {
  const { node, sort } = request;
  const clauses = node.kind === "and" ? node.clauses : [node];
  for (const clause of clauses) {
    if (clause.kind !== "or") continue;
    const plans = clause.clauses.map((branch) => planBranch(indexes, branch, request));
    if (plans.every((each) => each !== undefined))
      return { kind: "union", plans: plans.flat(), isSorted: sort.length === 0 };
  }
  return undefined;
}

function planBranch(
  indexes: readonly StoredIndex[],
  branch: FilterNode,
  request: PlanRequest,
): readonly IndexPlan[] | undefined {
  const { predicates } = predicatesOf(branch);
  const usable = indexes.filter((each) => isUsable(each, branch) || isUsable(each, request.node));
  const candidates = usable.flatMap((index) => planIndex(index, predicates, false, []) ?? []);
  const bounded = candidates.filter((each) => each.isBounded);
  const [first, ...others] = bounded;
  if (first === undefined) {
    const nested = planUnion(indexes, { ...request, node: branch });
    return nested?.plans;
  }
  if (others.length === 0) return [first];
  const counts = bounded.map((each) => request.countKeys(each, countedKeysMax));
  return [bounded[counts.indexOf(Math.min(...counts))] as IndexPlan];
}

function planHint(collection: StoredCollection, request: PlanRequest, hint: Value): Plan {
  const { sort, node } = request;
  if (hint instanceof Doc && hint.keys()[0] === "$natural") {
    const direction = hint.valueAt(0);
    const isReverse = isNumber(direction) && toDouble(direction) < 0;
    return { kind: "collection", isReverse, isSorted: sort.length === 0 };
  }
  if (typeof hint !== "string" && !(hint instanceof Doc))
    throw failedToParse("Hint must be a string or an object");
  const index = findIndex(collection, hint);
  if (index === undefined || !index.isReady || index.definition.isHidden)
    throw badValue(
      `error processing query: ns=${collection.database}.${collection.name}: planner returned error :: caused by :: hint provided does not correspond to an existing index`,
    );
  const { predicates, isWhole } = predicatesOf(node);
  const needed: readonly Predicate[] = index.definition.isSparse
    ? [...predicates, ...presenceOf(index)]
    : predicates;
  return (
    planIndex(index, needed, isWhole && !index.definition.isSparse, sort) ?? wholeCollection(sort)
  );
}

/** A hint forces a sparse index, although it lacks documents. */
function presenceOf(index: StoredIndex): readonly Predicate[] {
  return index.definition.fields.map(({ path }) => ({
    path,
    intervals: [{ low: Buffer.alloc(0), high: Buffer.from([0xff]), isPoint: false, text: "" }],
    isExact: false,
    group: undefined,
    needsField: true,
  }));
}
