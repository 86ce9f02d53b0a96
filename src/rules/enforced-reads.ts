/** Reads of a user: documents that they may not see are not there, nor are fields. */
import { Doc } from "../bson/doc.ts";
import { ObjectId, type Value } from "../bson/value.ts";
import { createPacer, type Pacer } from "../kit/pacer.ts";
import { collectDistinct } from "../query/distinct.ts";
import type { QueryEnvironment } from "../query/environment.ts";
import { compileMatch, type Match } from "../query/match.ts";
import { compileProjection } from "../query/projection.ts";
import { compileSort, type Sort, sortDocs } from "../query/sort.ts";
import type { Batches, Collection, FindOptions } from "../sources/source.ts";
import type { DocumentView } from "./document-view.ts";
import { sortsBy, splitFilter } from "./filter-paths.ts";
import { counted, noteQuery, type ReadFindings } from "./read-findings.ts";
import { createEnvironment, hasCollation, withoutCollation } from "./query-environment.ts";
import { type ReadPlan, showDocument } from "./read-plan.ts";
import { mustHoldPlainOperators } from "./refused-operators.ts";

/** One user's reads of one collection, of which everything is asked as they see it. */
export type Reads = Pick<Collection, "find" | "findOne" | "countDocuments" | "distinct">;

export function createReads(raw: Collection, plan: ReadPlan, findings?: ReadFindings): Reads {
  const reading: Reading = { raw, plan, findings };
  return {
    find: (filter, options = {}) => findVisible(reading, filter, options),

    async findOne(filter, options = {}) {
      const isPlain = options.projection === undefined && !hasCollation(options);
      if (isPlain && asksForId(filter) && plan.asksStored("_id"))
        return findById(reading, filter, options);
      for await (const batch of findVisible(reading, filter, { ...options, limit: 1 }))
        return batch[0] ?? null;
      return null;
    },

    async countDocuments(filter, options = {}) {
      mustHoldPlainOperators(plan, filter);
      if (plan.filter === false) return 0;
      const isWhole = plan.isExact && !plan.mayVanish;
      if (isWhole && splitFilter(filter, asksOf(plan, options)).isWhole)
        return raw.countDocuments(joinFilters(plan, filter), withoutCollation(options));
      let count = 0;
      for await (const batch of findVisible(reading, filter, options)) count += batch.length;
      return count;
    },

    async distinct(field, filter, options = {}) {
      mustHoldPlainOperators(plan, filter);
      findings?.noteUse?.("distinct", [field]);
      if (plan.filter === false) return [];
      const isShown = plan.isExact && plan.shows(field) && !hasCollation(options);
      if (isShown && splitFilter(filter, plan.asksStored).isWhole)
        return raw.distinct(field, joinFilters(plan, filter), options);
      const { collation } = createEnvironment(options.collation);
      const values = collectDistinct(field, collation);
      for await (const batch of findVisible(reading, filter, options))
        for (const doc of batch) values.add(doc);
      return values.values();
    },
  };
}

/** A collection, how a user reads it, and who is told of it. */
interface Reading {
  readonly raw: Collection;
  readonly plan: ReadPlan;
  readonly findings: ReadFindings | undefined;
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
  { raw, plan, findings }: Reading,
  filter: Doc,
  options: FindOptions,
): Promise<Doc | null> {
  if (plan.filter === false) return null;
  const doc = await raw.findOne(filter, options);
  return doc === null ? null : ((await showDocument(plan, doc, findings?.tally)) ?? null);
}

/** Joined with `$and`: merging the two would let the names in the user's filter take the place of a rule's. */
export function joinFilters({ filter }: ReadPlan, own: Doc): Doc {
  if (filter === false) return Doc.of({ $alwaysFalse: 1 });
  if (filter === true) return own;
  return own.size === 0 ? filter : Doc.of({ $and: [filter, own] });
}

async function* findVisible(reading: Reading, filter: Doc, options: FindOptions): Batches {
  const { raw, plan, findings } = reading;
  mustHoldPlainOperators(plan, filter, options.projection);
  if (plan.filter === false) return;
  noteQuery(findings, filter, options);
  const { view, count } = plan;
  if (view === undefined && !hasCollation(options)) {
    yield* counted(raw.find(joinFilters(plan, filter), options), plan, findings?.tally);
    return;
  }
  const whole: DocumentView = (doc, tally) => {
    if (tally !== undefined) count([doc], tally);
    return doc;
  };
  yield* findShaped(reading, filter, options, view ?? whole);
}

/** Which paths the source may be asked about, in the way that the call wants to be compared. */
export function asksOf({ asksStored }: ReadPlan, options: FindOptions): ReadPlan["asksStored"] {
  return hasCollation(options) ? (): boolean => false : asksStored;
}

type ViewOne = (doc: Doc) => ReturnType<DocumentView>;

async function* findShaped(
  { raw, plan, findings }: Reading,
  filter: Doc,
  options: FindOptions,
  view: DocumentView,
): Batches {
  const { limit = 0, skip = 0, projection } = options;
  const sort = givenSort(options);
  const pacer = createPacer(options.signal);
  const environment = createEnvironment(options.collation);
  const asks = asksOf(plan, options);
  const split = splitFilter(filter, asks);
  const match = compileMatch(filter, environment);
  mustGoTogether(projection, plan.projections, environment);
  // A source that sorts, or counts, by what the user does not see would tell of it.
  const isSorted = sortsBy(sort, asks);
  const isPaged = split.isWhole && isSorted && plan.isExact && !plan.mayVanish;
  const stored = raw.find(joinFilters(plan, split.pushed), {
    ...commonOptions(options),
    ...(isSorted && sort !== undefined && { sort }),
    ...(isPaged && { limit, skip }),
  });
  const see: ViewOne = (doc) => view(doc, findings?.tally);
  let shown = showAll(stored, see, split.isWhole ? undefined : match, pacer);
  if (!isSorted && sort !== undefined)
    shown = sorted(shown, compileSort(sort, environment.collation), {
      limit: limit === 0 ? undefined : skip + limit,
      pacer,
    });
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
  view: ViewOne,
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
  sort: Sort,
  { limit, pacer }: { readonly limit: number | undefined; readonly pacer: Pacer },
): Batches {
  const all = await sortDocs(input, sort, {
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
  compileProjection(Doc.fromEntries(fields), environment, "find");
}
