/** Reads of a user: documents that they may not see are not there, nor are fields. */
import { Doc } from "../bson/doc.ts";
import { ObjectId, toDateTime, type Value } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import { createPacer, type Pacer } from "../kit/pacer.ts";
import { collectDistinct } from "../query/distinct.ts";
import type { QueryEnvironment } from "../query/environment.ts";
import { compileMatch, type Match } from "../query/match.ts";
import { compileProjection } from "../query/projection.ts";
import { compileSort, sortDocs } from "../query/sort.ts";
import type { Batches, CallOptions, Collection, FindOptions } from "../sources/source.ts";
import { compileFilter } from "./expression/filter-test.ts";
import { allFilters } from "./expression/filter.ts";
import { sortsBy, splitFilter } from "./filter-paths.ts";
import type { ReadPlan } from "./read-plan.ts";
import { mustHoldPlainOperators } from "./refused-operators.ts";

/** One user's reads of one collection, of which everything is asked as they see it. */
export type Reads = Pick<Collection, "find" | "findOne" | "countDocuments" | "distinct">;

export function createReads(raw: Collection, plan: ReadPlan): Reads {
  return {
    find: (filter, options = {}) => findVisible(raw, plan, filter, options),

    async findOne(filter, options = {}) {
      if (asksForId(filter) && options.projection === undefined && plan.asksStored("_id"))
        return findById(raw, plan, filter, withoutCollation(options));
      for await (const batch of findVisible(raw, plan, filter, { ...options, limit: 1 }))
        return batch[0] ?? null;
      return null;
    },

    async countDocuments(filter, options = {}) {
      mustHoldPlainOperators(filter);
      if (plan.filter === false) return 0;
      if (splitFilter(filter, plan.asksStored).isWhole && plan.isExact && !plan.mayVanish)
        return raw.countDocuments(joinFilters(plan, filter), withoutCollation(options));
      let count = 0;
      for await (const batch of findVisible(raw, plan, filter, options)) count += batch.length;
      return count;
    },

    async distinct(field, filter, options = {}) {
      mustHoldPlainOperators(filter);
      if (plan.filter === false) return [];
      if (splitFilter(filter, plan.asksStored).isWhole && plan.isExact && plan.shows(field))
        return raw.distinct(field, joinFilters(plan, filter), withoutCollation(options));
      const values = collectDistinct(field, undefined);
      for await (const batch of findVisible(raw, plan, filter, options))
        for (const doc of batch) values.add(doc);
      return values.values();
    },
  };
}

/** Whether a user sees all there is, so that nothing has to be asked. */
export function isFree(plan: ReadPlan): boolean {
  return plan.filter === true && plan.isExact && plan.view === undefined;
}

/** Whether a filter names one document, which is found faster than by a filter of two parts. */
export function asksForId(filter: Doc): boolean {
  if (filter.size !== 1 || filter.keys()[0] !== "_id") return false;
  const id = filter.valueAt(0);
  return typeof id !== "object" || id instanceof ObjectId;
}

async function findById(
  raw: Collection,
  plan: ReadPlan,
  filter: Doc,
  options: FindOptions,
): Promise<Doc | null> {
  if (plan.filter === false) return null;
  const doc = await raw.findOne(filter, options);
  if (doc === null || !compileFilter(plan.filter)(doc)) return null;
  return plan.view === undefined ? doc : ((await plan.view(doc)) ?? null);
}

/**
 * Atlas: the original left collations to the system. A rule would be compared by it, too: "Ann" may not see what is
 * "ann"'s.
 */
export function withoutCollation<T extends CallOptions>(options: T): T {
  if (options.collation === undefined || options.collation.size === 0) return options;
  throw new Fault(
    "InvalidParameter",
    "a collation is not allowed for users whose rules have conditions",
  );
}

/** Joined with `$and`: merging the two would let the names in the user's filter take the place of a rule's. */
export function joinFilters({ filter }: ReadPlan, own: Doc): Doc {
  if (filter === false) return Doc.of({ $alwaysFalse: 1 });
  const both = allFilters([filter, ...(own.size === 0 ? [] : [own])]);
  return both instanceof Doc ? both : Doc.empty;
}

async function* findVisible(
  raw: Collection,
  plan: ReadPlan,
  filter: Doc,
  given: FindOptions,
): Batches {
  mustHoldPlainOperators(filter, given.projection);
  const options = withoutCollation(given);
  if (plan.filter === false) return;
  const { view } = plan;
  if (view === undefined) {
    yield* raw.find(joinFilters(plan, filter), options);
    return;
  }
  yield* findShaped(raw, plan, filter, options, view);
}

type View = NonNullable<ReadPlan["view"]>;

async function* findShaped(
  raw: Collection,
  plan: ReadPlan,
  filter: Doc,
  options: FindOptions,
  view: View,
): Batches {
  const { limit = 0, skip = 0, projection } = options;
  const sort = givenSort(options);
  const pacer = createPacer(options.signal);
  const environment = createEnvironment();
  const split = splitFilter(filter, plan.asksStored);
  const match = compileMatch(filter, environment);
  mustGoTogether(projection, plan.projections, environment);
  // A source that sorts, or counts, by what the user does not see would tell of it.
  const isSorted = sortsBy(sort, plan.asksStored);
  const isPaged = split.isWhole && isSorted && plan.isExact && !plan.mayVanish;
  const stored = raw.find(joinFilters(plan, split.pushed), {
    ...commonOptions(options),
    ...(isSorted && sort !== undefined && { sort }),
    ...(isPaged && { limit, skip }),
  });
  let shown = showAll(stored, view, split.isWhole ? undefined : match, pacer);
  if (!isSorted && sort !== undefined)
    shown = sorted(shown, sort, limit === 0 ? undefined : skip + limit, pacer);
  if (!isPaged) shown = page(shown, skip, limit);
  yield* projected(shown, projection, { environment, match, pacer });
}

function givenSort({ sort }: FindOptions): Doc | undefined {
  return sort?.size === 0 ? undefined : sort;
}

function commonOptions({ signal, hint, comment }: FindOptions): FindOptions {
  return {
    ...(signal !== undefined && { signal }),
    ...(hint !== undefined && { hint }),
    ...(comment !== undefined && { comment }),
  };
}

async function* showAll(
  stored: Batches,
  view: View,
  match: Match | undefined,
  pacer: Pacer,
): Batches {
  for await (const batch of stored) {
    const shown: Doc[] = [];
    for (const doc of batch) {
      const given = view(doc);
      const seen = given instanceof Promise ? await given : given;
      if (seen !== undefined && match?.matches(seen) !== false) shown.push(seen);
      if (pacer.due()) await pacer.rest();
    }
    if (shown.length > 0) yield shown;
  }
}

const batchDocs = 256;

async function* sorted(
  input: Batches,
  spec: Doc,
  limit: number | undefined,
  pacer: Pacer,
): Batches {
  const all = await sortDocs(input, compileSort(spec), {
    pacer,
    ...(limit !== undefined && { limit }),
  });
  for (let at = 0; at < all.length; at += batchDocs) yield all.slice(at, at + batchDocs);
}

/** @param limit 0: no limit */
async function* page(input: Batches, skip: number, limit: number): Batches {
  let toSkip = skip;
  let left = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  for await (const batch of input) {
    const from = Math.min(toSkip, batch.length);
    toSkip -= from;
    const taken = batch.slice(from, Math.min(batch.length, from + left));
    left -= taken.length;
    if (taken.length > 0) yield taken;
    if (left <= 0) return;
  }
}

async function* projected(
  input: Batches,
  spec: Doc | undefined,
  context: {
    readonly environment: QueryEnvironment;
    readonly match: Match;
    readonly pacer: Pacer;
  },
): Batches {
  if (spec === undefined || spec.size === 0) {
    yield* input;
    return;
  }
  const { environment, match, pacer } = context;
  const projection = compileProjection(spec, environment, "find", match);
  for await (const batch of input) {
    const made: Doc[] = [];
    for (const doc of batch) {
      made.push(projection.apply(doc));
      if (pacer.due()) await pacer.rest();
    }
    yield made;
  }
}

/** A filter's projection and the user's are one to the original: they may not be of two kinds. */
function mustGoTogether(
  own: Doc | undefined,
  others: readonly Doc[],
  environment: QueryEnvironment,
): void {
  if (others.length === 0 || own === undefined || own.size === 0) return;
  const fields = new Map<string, Value>();
  for (const each of [...others, own])
    for (const [key, value] of each.entries()) fields.set(key, value);
  compileProjection(Doc.fromEntries(fields), environment, "aggregate");
}

export function createEnvironment(): QueryEnvironment {
  return {
    now: toDateTime(Date.now()),
    random: Math.random,
    variables: new Map<string, Value | undefined>(),
    metadata: new Set(),
    allowsCode: false,
  };
}
