/** Reads of single documents and streams of them. */
import { collectDistinct, distinctTooBig } from "../../query/distinct.ts";
import { nearNotAllowed } from "../../query/filter.ts";
import type { QueryEnvironment } from "../../query/environment.ts";
import type { FilterNode } from "../../query/filter-node.ts";
import { compileMatchAsWritten, type Match } from "../../query/match.ts";
import { compileProjection } from "../../query/projection.ts";
import { keyWithoutSort, noteSortKeys } from "../../query/sort.ts";
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { createPacer } from "../../kit/pacer.ts";
import { heavyBytesMin } from "../../store/postponed.ts";
import { compileQuery, type CompiledQuery, getById, idOf } from "../../store/query.ts";
import { countDocs, readDocs } from "../../store/read.ts";
import { keepDoc } from "../../store/tables.ts";
import { visitDocs, type Visitor } from "../../store/visit.ts";
import type { Batches, CallOptions, FindOptions } from "../source.ts";
import { type CollectionContext, createEnvironment, findCollection, heavyHelp } from "./context.ts";
import { createProjecting, type Projecting } from "./heavy-project.ts";
import { asExecutorError, type Command } from "./executor-error.ts";

/** A whole query, compiled. */
interface Reading {
  readonly query: CompiledQuery;
  readonly projection: Projecting | undefined;
  readonly skip: number;
  readonly limit: number | undefined;
}

function compileReading(
  context: CollectionContext,
  filter: Doc,
  options: FindOptions | undefined,
  { isStage }: { readonly isStage: boolean } = { isStage: false },
): Reading {
  const environment = createEnvironment(context, options);
  const skip = options?.skip ?? 0;
  const limit = readLimit(options?.limit);
  if (skip < 0)
    throw new MongoError(51024, `BSON field 'skip' value must be >= 0, actual value '${skip}'`);
  const query = compileQuery(
    {
      filter,
      sort: options?.sort,
      hint: options?.hint,
      isStage,
      limit: limit === undefined ? undefined : skip + limit,
      ...heavyHelp(context, options, environment),
    },
    environment,
  );
  const spec = options?.projection;
  if (spec === undefined || spec.size === 0) return { query, projection: undefined, skip, limit };
  const projection = createProjecting(
    compileProjection(spec, environment, "find", matchFor(spec, query, environment)),
    { filter, projection: spec },
    environment,
    heavyHelp(context, options, environment).heavy,
  );
  const asksForKey = environment.metadata?.has("sortKey") === true;
  return {
    query,
    projection: asksForKey ? withSortKey(projection, query) : projection,
    skip,
    limit,
  };
}

/** For a projection that shows what was sorted by. */
function withSortKey(projection: Projecting, { sort }: CompiledQuery): Projecting {
  if (sort === undefined) throw keyWithoutSort();
  return (doc) => {
    noteSortKeys([doc], sort);
    return projection(doc);
  };
}

/** A negative limit is a limit for one batch; 0 is none. */
function readLimit(limit: number | undefined): number | undefined {
  return limit === undefined || limit === 0 ? undefined : Math.abs(limit);
}

function matchFor(spec: Doc, query: CompiledQuery, environment: QueryEnvironment): Match {
  const isPositional = spec.keys().some((each) => each.endsWith(".$"));
  if (!isPositional) return query.match ?? matchAll;
  refuseUnplaced(query.node);
  return compileMatchAsWritten(query.node, environment);
}

/** What looks at documents as a whole tells no position. @throws {MongoError} 224 */
function refuseUnplaced(node: FilterNode): void {
  if (node.kind === "document")
    throw new MongoError(224, `${node.name} is not allowed in this context`);
  if (node.kind === "and" || node.kind === "or" || node.kind === "nor")
    for (const clause of node.clauses) refuseUnplaced(clause);
}

/** An empty filter matches, without going through an array. */
const matchAll: Match = { matches: () => true, position: () => undefined };

export function find(context: CollectionContext, filter: Doc, options?: FindOptions): Batches {
  return read(context, filter, { options, command: "find" });
}

async function* read(
  context: CollectionContext,
  filter: Doc,
  { options, command }: { readonly options: FindOptions | undefined; readonly command: Command },
): Batches {
  const { query, projection, skip, limit } = compileReading(context, filter, options);
  const collection = findCollection(context, query);
  if (collection === undefined) return;
  const pacer = createPacer(options?.signal);
  const batches = readDocs(context.store.environment, collection, query, { skip, limit, pacer });
  try {
    for await (const batch of batches) {
      if (projection === undefined) yield batch;
      else {
        const projected: Doc[] = [];
        for (const doc of batch) {
          const done = projection(doc);
          projected.push(done instanceof Doc ? done : await done);
          if (pacer.due()) await pacer.rest();
        }
        yield projected;
      }
    }
  } catch (cause) {
    throw asExecutorError(cause, command);
  }
}

export async function findOne(
  context: CollectionContext,
  filter: Doc,
  options?: FindOptions,
): Promise<Doc | null> {
  const id = isPlain(options) ? idOf(filter) : undefined;
  if (id !== undefined) {
    const collection = findCollection(context);
    if (collection === undefined) return null;
    return getById(context.store.environment, collection, id) ?? null;
  }
  for await (const batch of find(context, filter, { ...options, limit: 1 }))
    return batch[0] ?? null;
  return null;
}

/** Whether nothing but the filter counts. */
function isPlain(options: FindOptions | undefined): boolean {
  if (options === undefined) return true;
  const { projection, skip, hint, collation } = options;
  const counts = projection ?? hint ?? collation;
  return counts === undefined && options.let === undefined && (skip === undefined || skip === 0);
}

export async function countDocuments(
  context: CollectionContext,
  filter: Doc,
  options?: FindOptions,
): Promise<number> {
  // Drivers count by a pipeline.
  const { query, skip, limit } = compileReading(context, filter, options, { isStage: true });
  // It can not begin with a filter like that.
  if (query.near !== undefined) throw nearNotAllowed();
  const collection = findCollection(context, query);
  if (collection === undefined) return 0;
  const most = limit === undefined ? Number.POSITIVE_INFINITY : skip + limit;
  if (query.match === undefined && query.hint === undefined)
    return Math.max(0, Math.min(collection.committedCount, most) - skip);
  const pacer = createPacer(options?.signal);
  try {
    const count = await countDocs(context.store.environment, collection, query, { pacer, most });
    return Math.max(0, count - skip);
  } catch (cause) {
    throw asExecutorError(cause, "count");
  }
}

export async function distinct(
  context: CollectionContext,
  field: string,
  filter: Doc,
  options?: CallOptions,
): Promise<readonly Value[]> {
  const distinctValues = collectDistinct(field, createEnvironment(context, options).collation);
  const { query } = compileReading(context, filter, options);
  const collection = findCollection(context, query);
  if (collection === undefined) return [];
  const pacer = createPacer(options?.signal);
  const visitor: Visitor = {
    visit(bytes) {
      if (!distinctValues.addScalar(bytes, 0)) distinctValues.add(keepDoc(bytes));
    },
    bigBytesMin: heavyBytesMin.project,
    visitBig: (doc) => distinctValues.addSlowly(doc, pacer),
  };
  try {
    await visitDocs(context.store.environment, collection, query, { visitor, pacer });
  } catch (cause) {
    // That the answer gets too big is no failure of its query.
    if (cause instanceof MongoError && cause.code === distinctTooBig) throw cause;
    throw asExecutorError(cause, "distinct");
  }
  return distinctValues.values();
}
