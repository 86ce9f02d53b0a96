/**
 * Picks how a query is answered: which index, which stretches of it, or the whole collection.
 *
 * Candidates are weighed by the keys that they would visit, counted up to a bound; what can not be counted so is guessed.
 */
import type { FilterNode } from "../query/filter-node.ts";
import { Doc } from "../bson/doc.ts";
import { isNumber, type Value } from "../bson/value.ts";
import type { Collation } from "../query/collation.ts";
import { toDouble } from "../query/number.ts";
import { PlanFailure } from "../query/plan-failure.ts";
import { findIndex, type StoredCollection, type StoredIndex } from "./catalog.ts";
import { implies } from "./planner/implies.ts";
import { type IndexPlan, planIndex, type SortField } from "./planner/index-plan.ts";
import {
  type NearNode,
  type NearPlan,
  planFailure,
  planNear,
  refuseNear,
} from "./planner/near-plan.ts";
import { type Predicate, predicatesOf, type Texts } from "./planner/predicates.ts";
import { planText, type TextNode, type TextPlan } from "./planner/text-plan.ts";

export type { IndexPlan, SortField } from "./planner/index-plan.ts";
export type { NearNode, NearPlan } from "./planner/near-plan.ts";
export type { TextNode, TextPlan } from "./planner/text-plan.ts";

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

export type Plan = CollectionPlan | IndexPlan | UnionPlan | NearPlan | TextPlan;

export interface PlanRequest {
  readonly node: FilterNode;
  /** The filter's `$near`, if it has one. */
  readonly near: NearNode | undefined;
  /** The filter's `$text`, if it has one. */
  readonly text: TextNode | undefined;
  readonly sort: readonly SortField[];
  /** Documents wanted, those to skip included; undefined for all. */
  readonly limit: number | undefined;
  readonly hint: Value | undefined;
  readonly collation: Collation | undefined;
  /** Counts the keys of a plan, but not beyond `most`. */
  readonly countKeys: (plan: IndexPlan, most: number) => number;
}

/**
 * @throws {MongoError} 2 for a hint that names no index, 9 for one that is neither name nor pattern, 27 for a `$text`
 *   without an index, 291 for one, or a `$near`, that no index can answer
 */
export function planQuery(collection: StoredCollection, request: PlanRequest): Plan {
  const { node, sort, hint, near } = request;
  if (near !== undefined) return planNearQuery(collection, request, near);
  if (request.text !== undefined)
    return planText(collection, { ...request, text: request.text }, { isUsable, planBranch });
  if (isHint(hint)) return planHint(collection, request, hint);
  const usable = collection.indexes.filter(
    (each) => each.definition.text === undefined && isUsable(each, node, request),
  );
  const read = predicateReader(node, request.collation);
  if (sort.length === 0 && predicatesOf(node).predicates.length === 0)
    return planUnion(collection.indexes, request) ?? wholeCollection(sort);
  const candidates = usable.flatMap((index) => {
    const { predicates, isWhole } = read(index);
    const plan = planFor(index, predicates, isWhole, request);
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

function planNearQuery(
  collection: StoredCollection,
  request: PlanRequest,
  near: NearNode,
): NearPlan {
  const { node, sort, hint } = request;
  if (hint instanceof Doc && hint.keys()[0] === "$natural")
    throw new PlanFailure(2, "geoNear expression not allowed with $natural hint");
  const hinted = isHint(hint) ? mustFindHinted(collection, request, hint) : undefined;
  const usable = collection.indexes.filter(
    (each) => (hinted ?? each) === each && isUsable(each, node, request),
  );
  // Fields before the shape's have their own texts; a collation makes nothing of them but what the filter tests.
  const { predicates } = predicatesOf(node, request.collation === undefined ? "plain" : "unknown");
  return planNear(usable, near, predicates, sort) ?? refuseNear(collection, request);
}

/** What a filter says to an index, which depends on whether both have the same collation. */
function predicateReader(
  node: FilterNode,
  collation: Collation | undefined,
): (index: StoredIndex) => ReturnType<typeof predicatesOf> {
  const known = new Map<string, ReturnType<typeof predicatesOf>>();
  return ({ definition }) => {
    const texts = textsFor(definition.collation, collation);
    const key = typeof texts === "string" ? texts : texts.name;
    const found = known.get(key) ?? predicatesOf(node, texts);
    known.set(key, found);
    return found;
  };
}

function textsFor(own: Collation | undefined, asked: Collation | undefined): Texts {
  if (own?.name !== asked?.name) return "unknown";
  return own ?? "plain";
}

/** Keys of a collation are in no order that means anything, and those of another one are in the wrong order. */
function planFor(
  index: StoredIndex,
  predicates: readonly Predicate[],
  isWhole: boolean,
  { sort, collation }: Pick<PlanRequest, "sort" | "collation">,
): IndexPlan | undefined {
  const isPlain = index.definition.collation === undefined && collation === undefined;
  if (isPlain) return planIndex(index, predicates, isWhole, sort);
  const plan = planIndex(index, predicates, isWhole, []);
  return plan === undefined ? undefined : { ...plan, isSorted: sort.length === 0 };
}

function isUsable(
  index: StoredIndex,
  node: FilterNode,
  { collation }: Pick<PlanRequest, "collation">,
): boolean {
  if (!index.isReady || index.definition.isHidden) return false;
  const { partial } = index.definition;
  if (partial === undefined) return true;
  return (
    index.definition.collation?.name === collation?.name && implies(node, partial.node, collation)
  );
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
  if (only !== undefined && candidates.length === 1 && only.isBounded) return only;
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
  const read = predicateReader(branch, request.collation);
  const usable = indexes.filter(
    (each) =>
      each.definition.text === undefined &&
      (isUsable(each, branch, request) || isUsable(each, request.node, request)),
  );
  const unsorted = { sort: [], collation: request.collation };
  const candidates = usable.flatMap(
    (index) => planFor(index, read(index).predicates, false, unsorted) ?? [],
  );
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

function planHint(stored: StoredCollection, request: PlanRequest, hint: Value): Plan {
  const { sort, node, collation } = request;
  if (hint instanceof Doc && hint.keys()[0] === "$natural") {
    const direction = hint.valueAt(0);
    const isReverse = isNumber(direction) && toDouble(direction) < 0;
    return { kind: "collection", isReverse, isSorted: sort.length === 0 };
  }
  const index = mustFindHinted(stored, request, hint);
  const { predicates, isWhole } = predicateReader(node, collation)(index);
  const isPartly =
    index.definition.isSparse ||
    index.definition.geo !== undefined ||
    index.definition.text !== undefined;
  const needed: readonly Predicate[] = isPartly
    ? [...predicates, ...presenceOf(index)]
    : predicates;
  return planFor(index, needed, isWhole && !isPartly, request) ?? wholeCollection(sort);
}

/** An empty document asks for nothing. */
function isHint(hint: Value | undefined): hint is Value {
  return hint !== undefined && !(hint instanceof Doc && hint.size === 0);
}

function mustFindHinted(stored: StoredCollection, request: PlanRequest, hint: Value): StoredIndex {
  if (typeof hint !== "string" && !(hint instanceof Doc))
    throw new PlanFailure(9, "Hint must be a string or an object");
  const index = findIndex(stored, hint);
  if (index === undefined || !index.isReady || index.definition.isHidden)
    throw planFailure(2, stored, request, "hint provided does not correspond to an existing index");
  return index;
}

/** A hint forces a sparse index, although it lacks documents. */
function presenceOf(index: StoredIndex): readonly Predicate[] {
  return index.definition.fields.map(({ path }) => ({
    path,
    intervals: [{ low: Buffer.alloc(0), high: Buffer.from([0xff]), isPoint: false, text: "" }],
    isExact: false,
    group: undefined,
    needsField: true,
    isForced: true,
  }));
}
