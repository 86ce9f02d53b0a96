/** A filter, sort and hint, compiled and planned for one collection. */
import { compileMatchNode, type Match } from "../query/match.ts";
import { findNear, findText, parseFilter } from "../query/filter.ts";
import { compileSort, type Sort, type SortKey } from "../query/sort.ts";
import type { FilterNode } from "../query/filter-node.ts";
import { type Collation, holdsText } from "../query/collation.ts";
import type { QueryEnvironment } from "../query/environment.ts";
import { compare } from "../bson/compare.ts";
import { Doc } from "../bson/doc.ts";
import { printBson } from "../bson/print.ts";
import type { Value } from "../bson/value.ts";
import type { StoredCollection } from "./catalog.ts";
import type { Environment } from "./environment.ts";
import { type HeavyHelp, heavySortKey, postponeHeavy } from "./heavy-query.ts";
import { findEqual } from "./collated-unique.ts";
import { toStoredKey } from "./index-keys.ts";
import { type NearNode, type Plan, planQuery, type SortField, type TextNode } from "./planner.ts";
import { badValue } from "../kit/mongo-error.ts";
import { countKeys } from "./scan.ts";

export interface QuerySpec {
  readonly filter: Doc;
  readonly sort?: Doc | undefined;
  readonly hint?: Value | undefined;
  /** Documents wanted at most, those to skip included. */
  readonly limit?: number | undefined;
  /** Whether it is a stage of a pipeline: there is no `$where` in those. */
  readonly isStage?: boolean;
  /** Absent where big documents are tested like all others. */
  readonly heavy?: HeavyHelp | undefined;
}

export interface CompiledQuery {
  /** Set when the filter asks for this `_id` and nothing else, and no hint stands against using it. */
  readonly id: Value | undefined;
  readonly collation: Collation | undefined;
  readonly node: FilterNode;
  /** The filter's `$near`, if it has one. */
  readonly near: NearNode | undefined;
  /** The filter's `$text`, if it has one. */
  readonly text: TextNode | undefined;
  /** Undefined when every document matches. Throws `Postponed` for a document that a thread has to test. */
  readonly match: Match | undefined;
  /** Undefined for the order of the plan. */
  readonly sort: Sort | undefined;
  /** In place of the sort's own, where a thread helps. */
  readonly sortKeyOf?: (doc: Doc) => SortKey | Promise<SortKey>;
  /** What an index would have to give to spare the sorting. */
  readonly order: readonly SortField[];
  readonly hint: Value | undefined;
  readonly limit: number | undefined;
}

/** @throws {MongoError} for what is wrong with the filter or the sort */
export function compileQuery(spec: QuerySpec, environment: QueryEnvironment): CompiledQuery {
  const { filter, sort, limit } = spec;
  const node = parseFilter(filter, environment, {
    allowsNear: true,
    allowsWhere: spec.isStage !== true,
    text: "allowed",
  });
  const near = findNear(node);
  if (near !== undefined) environment.metadata?.add("geoNearDistance").add("geoNearPoint");
  const text = findText(node);
  if (text !== undefined) {
    mustSearchAlone(spec, near);
    environment.metadata?.add("textScore");
  }
  const natural = naturalOf(sort, "sort");
  mustAgree(natural, spec.hint);
  const isSorted = sort !== undefined && sort.size > 0 && natural === undefined;
  const compiledSort = isSorted
    ? compileSort(sort, environment.collation, environment.metadata)
    : undefined;
  // The distance of a document is noted where it is measured, and only here is it known which index holds its words.
  const isElsewhere = near === undefined && text === undefined;
  return {
    id: spec.hint === undefined && natural === undefined ? idOf(filter) : undefined,
    collation: environment.collation,
    node,
    near,
    text,
    match: compileTest(node, filter, environment, isElsewhere ? spec.heavy : undefined),
    sort: compiledSort,
    ...sortKeyFor(compiledSort, spec, environment),
    order: orderOf(sort, compiledSort),
    // Sorting by $natural is hinting it.
    hint: natural ?? spec.hint,
    limit,
  };
}

function compileTest(
  node: FilterNode,
  filter: Doc,
  environment: QueryEnvironment,
  heavy: HeavyHelp | undefined,
): Match | undefined {
  if (node.kind === "always") return undefined;
  const match = compileMatchNode(node, environment);
  return heavy === undefined ? match : postponeHeavy(match, filter, environment, heavy);
}

/** @throws {MongoError} 2 for what does not go together with `$text` */
function naturalOf(spec: Doc | undefined, what: string): Doc | undefined {
  if (spec?.has("$natural") !== true) return undefined;
  if (spec.size > 1)
    throw badValue(`Cannot include '$natural' in compound ${what}: ${printBson(spec)}`);
  return spec;
}

function mustAgree(sort: Doc | undefined, hint: Value | undefined): void {
  const hinted = hint instanceof Doc ? naturalOf(hint, "hint") : undefined;
  if (sort === undefined || hint === undefined || (hint instanceof Doc && hint.size === 0)) return;
  if (hinted === undefined) throw badValue("index hint not allowed with $natural sort order");
  if (compare(hinted, sort) !== 0)
    throw badValue("$natural hint must be in the same direction as $natural sort order");
}

function mustSearchAlone({ hint, sort }: QuerySpec, near: NearNode | undefined): void {
  if (near !== undefined) throw badValue("text and geoNear not allowed in same query");
  if (hint !== undefined) throw badValue("text and hint not allowed in same query");
  if (sort?.keys()[0] === "$natural")
    throw badValue("text expression not allowed with $natural sort order");
}

/** What a document carries beside its fields does not come along to a thread. */
function sortKeyFor(
  compiled: Sort | undefined,
  { sort, heavy }: QuerySpec,
  environment: QueryEnvironment,
): Pick<CompiledQuery, "sortKeyOf"> {
  if (compiled === undefined || sort === undefined || heavy === undefined) return {};
  if (compiled.paths.length !== sort.size) return {};
  return { sortKeyOf: heavySortKey(compiled, sort, environment, heavy) };
}

/** A random order is in no index: it is written as a path that none can have. */
const noPath: SortField = { path: "\0", direction: 1 };

function orderOf(spec: Doc | undefined, sort: Sort | undefined): readonly SortField[] {
  if (sort === undefined) return [];
  return sort.paths.length === spec?.size ? sort.paths : [noPath];
}

export function planFor(
  environment: Environment,
  collection: StoredCollection,
  query: CompiledQuery,
): Plan {
  return planQuery(collection, {
    node: query.node,
    near: query.near,
    text: query.text,
    sort: query.order,
    limit: query.limit,
    hint: query.hint,
    collation: query.collation,
    countKeys: (plan, most) => countKeys(environment, plan, most),
  });
}

/**
 * The `_id` that a filter asks for and nothing else: the commonest query, which needs no compiling.
 *
 * @returns undefined for every other filter
 */
export function idOf(filter: Doc): Value | undefined {
  if (filter.size !== 1 || filter.keys()[0] !== "_id") return undefined;
  const id = filter.valueAt(0);
  if (typeof id !== "object") return id;
  if (id === null || Array.isArray(id)) return undefined;
  if (!("bsonType" in id)) return undefined;
  if (id.bsonType === 3) return id.size > 0 && !id.keys()[0]?.startsWith("$") ? id : undefined;
  // A pattern matches texts, undefined also a missing field.
  return id.bsonType === 11 || id.bsonType === 6 ? undefined : id;
}

/** Whether looking an `_id` up gives what a filter of this collation would. */
export function isIdLookup(
  collection: StoredCollection,
  id: Value,
  collation: Collation | undefined,
): boolean {
  return collation?.name === collection.indexes[0]?.definition.collation?.name || !holdsText(id);
}

/** The record of the document with that `_id`. */
export function recordOfId(
  environment: Environment,
  collection: StoredCollection,
  id: Value | undefined,
): number | undefined {
  const [idIndex] = collection.indexes;
  if (idIndex === undefined) return undefined;
  idIndex.uses += 1;
  if (!idIndex.definition.isDirect) return findEqual(environment, collection, idIndex, [id]);
  return environment.entries.get(toStoredKey(idIndex, [id], 0));
}

/** The document with that `_id`. */
export function getById(
  environment: Environment,
  collection: StoredCollection,
  id: Value,
): Doc | undefined {
  const record = recordOfId(environment, collection, id);
  return record === undefined ? undefined : environment.records.get(collection.id, record);
}
