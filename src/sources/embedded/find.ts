/** Reads of single documents and streams of them. */
import { nearNotAllowed } from "../../query/filter.ts";
import type { Match } from "../../query/match.ts";
import { compileProjection, type Projection } from "../../query/projection.ts";
import { identityBy } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { createPacer } from "../../kit/pacer.ts";
import { compileQuery, type CompiledQuery, getById, idOf } from "../../store/query.ts";
import { countDocs, readDocs } from "../../store/read.ts";
import type { Batches, CallOptions, FindOptions } from "../source.ts";
import { type CollectionContext, createEnvironment, findCollection } from "./context.ts";
import { asExecutorError, type Command } from "./executor-error.ts";

/** Bytes of the values that `distinct` may give. */
const distinctBytesMax = 16 * 1024 * 1024;

/** A whole query, compiled. */
interface Reading {
  readonly query: CompiledQuery;
  readonly projection: Projection | undefined;
  readonly skip: number;
  readonly limit: number | undefined;
}

function compileReading(
  context: CollectionContext,
  filter: Doc,
  options: FindOptions | undefined,
): Reading {
  const environment = createEnvironment(context, options);
  const skip = options?.skip ?? 0;
  // A negative limit is a limit for one batch; 0 is none.
  const limit =
    options?.limit === undefined || options.limit === 0 ? undefined : Math.abs(options.limit);
  if (skip < 0)
    throw new MongoError(51024, `BSON field 'skip' value must be >= 0, actual value '${skip}'`);
  const query = compileQuery(
    {
      filter,
      sort: options?.sort,
      hint: options?.hint,
      limit: limit === undefined ? undefined : skip + limit,
    },
    environment,
  );
  const spec = options?.projection;
  const projection =
    spec === undefined || spec.size === 0
      ? undefined
      : compileProjection(spec, environment, "find", query.match ?? matchAll);
  return { query, projection, skip, limit };
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
  const collection = findCollection(context);
  if (collection === undefined) return;
  const pacer = createPacer(options?.signal);
  const batches = readDocs(context.store.environment, collection, query, { skip, limit, pacer });
  try {
    for await (const batch of batches) {
      if (projection === undefined) yield batch;
      else {
        const projected: Doc[] = [];
        for (const doc of batch) {
          projected.push(projection.apply(doc));
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
  const { query, skip, limit } = compileReading(context, filter, options);
  // Drivers count by a pipeline, which can not begin with a filter like that.
  if (query.near !== undefined) throw nearNotAllowed();
  const collection = findCollection(context);
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
  mustBePath(field);
  const parts = field.split(".");
  const identityOf = identityBy(createEnvironment(context, options).collation);
  const values = new Map<string | number, Value>();
  let bytes = 0;
  for await (const batch of read(context, filter, { options, command: "distinct" }))
    for (const doc of batch)
      collect(doc, parts, 0, (value) => {
        const identity = identityOf(value);
        if (values.has(identity)) return;
        values.set(identity, value);
        bytes += Doc.of({ v: value }).toBytes().length;
        if (bytes > distinctBytesMax) throw new MongoError(17217, "distinct too big, 16mb cap");
      });
  return [...values.values()];
}

function mustBePath(field: string): void {
  if (field === "")
    throw new MongoError(40352, "FieldPath cannot be constructed with empty string");
  if (field.endsWith(".")) throw new MongoError(40353, "FieldPath must not end with a '.'.");
  if (field.split(".").includes(""))
    throw new MongoError(15998, "FieldPath field names may not be empty strings.");
}

/** The values that a path leads to: arrays on its way and at its end are gone through, one level each. */
function collect(
  value: Value,
  parts: readonly string[],
  depth: number,
  add: (value: Value) => void,
): void {
  const part = parts[depth];
  if (part === undefined) {
    if (isArray(value)) for (const each of value) add(each);
    else add(value);
    return;
  }
  if (value instanceof Doc) {
    const next = value.get(part);
    if (next !== undefined) collect(next, parts, depth + 1, add);
    return;
  }
  if (!isArray(value)) return;
  const element = /^\d+$/.test(part) ? value[Number(part)] : undefined;
  if (element !== undefined) collect(element, parts, depth + 1, add);
  for (const each of value) if (each instanceof Doc) collect(each, parts, depth, add);
}
