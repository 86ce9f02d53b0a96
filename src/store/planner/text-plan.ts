/** How a `$text` is answered: by the collection's text index, and by others where it stands among alternatives. */
import type { Collation } from "../../query/collation.ts";
import { PlanFailure } from "../../query/plan-failure.ts";
import type { FilterNode } from "../../query/filter-node.ts";
import type { StoredCollection, StoredIndex } from "../catalog.ts";
import { type IndexPlan, prefixesOf, type SortField } from "./index-plan.ts";
import { planFailure } from "./near-plan.ts";
import { predicatesOf } from "./predicates.ts";
import { point } from "./intervals.ts";
import { toStoredTerm } from "../text-keys.ts";
import type { TextIndex } from "../../query/text.ts";

export type TextNode = Extract<FilterNode, { kind: "text" }>;

export interface TextPlan {
  readonly kind: "text";
  readonly index: StoredIndex;
  readonly node: TextNode;
  /** What keys begin with that hold one of the words: a stretch each, in the order of the words. */
  readonly prefixes: readonly Buffer[];
  /** For the alternatives to the text. */
  readonly others: readonly IndexPlan[];
  readonly isSorted: boolean;
}

/** What is asked, as far as it matters here. */
interface Asked {
  readonly node: FilterNode;
  readonly text: TextNode;
  readonly sort: readonly SortField[];
  readonly limit: number | undefined;
  readonly collation: Collation | undefined;
}

/** What the planner does for other queries too. */
interface Planning<Request extends Asked> {
  readonly isUsable: (
    index: StoredIndex,
    node: FilterNode,
    request: Pick<Request, "collation">,
  ) => boolean;
  readonly planBranch: (
    indexes: readonly StoredIndex[],
    branch: FilterNode,
    request: Request,
  ) => readonly IndexPlan[] | undefined;
}

/** @throws {MongoError} 27 `IndexNotFound`, 291 `NoQueryExecutionPlans`, 2 for a language that is none */
export function planText<Request extends Asked>(
  collection: StoredCollection,
  request: Request,
  { isUsable, planBranch }: Planning<Request>,
): TextPlan {
  const { node, text, sort } = request;
  const refuse = (reason: string): never => {
    throw planFailure(291, collection, request, reason);
  };
  const index = findTextIndex(collection) ?? refuse("need exactly one text index for $text query");
  const place = placeOf(node, text) ?? refuse("no place for the text");
  text.search.bind(index.definition.text as TextIndex, place.alternatives.length === 0);
  const prefixes = isUsable(index, node, { collation: undefined })
    ? prefixesOfText(index, text, place.beside)
    : undefined;
  const others = place.alternatives.map(
    (branch) =>
      planBranch(collection.indexes, branch, request) ??
      refuse(
        "Failed to produce a solution for TEXT under OR - other non-TEXT clauses under OR have to be indexed as well.",
      ),
  );
  return {
    kind: "text",
    index,
    node: text,
    prefixes:
      prefixes ??
      refuse(
        "failed to use text index to satisfy $text query (if text index is compound, are equality predicates given for all prefix fields?)",
      ),
    others: others.flat(),
    isSorted: sort.length === 0,
  };
}

/** @throws {MongoError} 27 @returns undefined where it is hidden or not ready */
function findTextIndex(collection: StoredCollection): StoredIndex | undefined {
  const index = collection.indexes.find(({ definition }) => definition.text !== undefined);
  if (index === undefined) throw new PlanFailure(27, "text index required for $text query");
  return index.isReady && !index.definition.isHidden ? index : undefined;
}

interface TextPlace {
  /** The conditions that hold beside the text. */
  readonly beside: FilterNode;
  /** What may hold in its place. */
  readonly alternatives: readonly FilterNode[];
}

/** Where in a filter the text stands. */
function placeOf(node: FilterNode, text: TextNode): TextPlace | undefined {
  if (node === text) return { beside: { kind: "always" }, alternatives: [] };
  if (node.kind !== "and" && node.kind !== "or") return undefined;
  for (const clause of node.clauses) {
    const place = placeOf(clause, text);
    if (place === undefined) continue;
    const others = node.clauses.filter((each) => each !== clause);
    if (node.kind === "or") return { ...place, alternatives: [...place.alternatives, ...others] };
    // Conditions beside alternatives tell nothing of where the text is.
    if (place.alternatives.length > 0) return place;
    return { ...place, beside: { kind: "and", clauses: [place.beside, ...others] } };
  }
  return undefined;
}

/** What keys begin with; undefined where the fields before the text are not all held to one value. */
function prefixesOfText(
  index: StoredIndex,
  { search }: TextNode,
  beside: FilterNode,
): readonly Buffer[] | undefined {
  const { fields, text } = index.definition;
  const at = fields.findIndex((each) => each.text === "term");
  const equal = equalPaths(beside);
  if (text === undefined || !fields.slice(0, at).every(({ path }) => equal.has(path)))
    return undefined;
  const leading = prefixesOf(index, at, predicatesOf(beside).predicates);
  if (leading === undefined) return undefined;
  return search.terms.flatMap((term) => {
    const { low } = point(toStoredTerm(term), term);
    return leading.map((prefix) => Buffer.concat([prefix, low]));
  });
}

function equalPaths(node: FilterNode): ReadonlySet<string> {
  if (node.kind === "and") return new Set(node.clauses.flatMap((each) => [...equalPaths(each)]));
  return new Set(node.kind === "compare" && node.comparison === "eq" ? [node.path] : []);
}
