/** Reads that give documents: in batches, never holding the event loop longer than a slice. */
import { earthRadius } from "../query/geo-distance.ts";
import { setMetadata } from "../query/metadata.ts";
import { sortDocs } from "../query/sort.ts";
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import type { Pacer } from "../kit/pacer.ts";
import type { StoredCollection } from "./catalog.ts";
import type { Environment } from "./environment.ts";
import { type Late, testOrKeep } from "./heavy-query.ts";
import type { Plan } from "./planner.ts";
import { type CompiledQuery, getById, isIdLookup, planFor } from "./query.ts";
import { type Scan, type ScanCounts, startKeyScan, startScan } from "./scan.ts";
import { keepDoc } from "./tables.ts";

/** Documents in one batch at most, and the bytes after which it ends. */
const batchDocs = 256;
const nearBatchDocs = 16;
const batchBytes = 1024 * 1024;

export interface ReadOptions {
  readonly skip: number;
  /** Undefined for all. */
  readonly limit: number | undefined;
  readonly pacer: Pacer;
  /** Where documents are sorted, only these of their fields are wanted. */
  readonly fields?: readonly string[] | undefined;
  /** For `explain`. */
  readonly onScan?: (plan: Plan, counts: ScanCounts) => void;
}

/** The documents of a query, in its order. A batch is never empty. */
export async function* readDocs(
  environment: Environment,
  collection: StoredCollection,
  query: CompiledQuery,
  options: ReadOptions,
): AsyncGenerator<readonly Doc[], void, undefined> {
  const { skip, limit, pacer } = options;
  if (isLookup(collection, query) && skip === 0 && options.onScan === undefined) {
    const doc = getById(environment, collection, query.id as Value);
    if (doc !== undefined) yield [doc];
    return;
  }
  const plan = planFor(environment, collection, query);
  const scan = startScan(environment, collection, plan, () => pacer.due());
  options.onScan?.(plan, scan.counts);
  if (query.sort === undefined || plan.isSorted) {
    yield* scanDocs(scan, query, options);
    return;
  }
  const wanted = limit === undefined ? undefined : skip + limit;
  const unsorted = scanDocs(scan, query, { ...options, skip: 0, limit: undefined });
  const { fields } = options;
  const slim = fields === undefined ? unsorted : pickFields(unsorted, fields);
  const sorted = await sortDocs(slim, query.sort, {
    pacer,
    ...(wanted !== undefined && { limit: wanted }),
    ...(query.sortKeyOf !== undefined && { keyOf: query.sortKeyOf }),
  });
  for (let at = skip; at < sorted.length; at += batchDocs)
    yield sorted.slice(at, Math.min(at + batchDocs, sorted.length));
}

async function* pickFields(
  batches: AsyncIterable<readonly Doc[]>,
  fields: readonly string[],
): AsyncGenerator<readonly Doc[], void, undefined> {
  for await (const batch of batches) yield batch.map((each) => each.pick(fields));
}

/** Whether the filter asks for one `_id`, which the index of `_id` can be asked for. */
export function isLookup(collection: StoredCollection, { id, collation }: CompiledQuery): boolean {
  return id !== undefined && isIdLookup(collection, id, collation);
}

async function* scanDocs(
  scan: Scan,
  { match, near }: CompiledQuery,
  { skip, limit, pacer }: ReadOptions,
): AsyncGenerator<readonly Doc[], void, undefined> {
  let toSkip = skip;
  let left = limit ?? Number.POSITIVE_INFINITY;
  let isDone = left <= 0;
  // Who asks for the nearest often wants a few only, and each costs more than elsewhere.
  let batchMax = scan.measure === undefined ? batchDocs : nearBatchDocs;
  const take = (record: number, doc: Doc, batch: Doc[]): void => {
    if (toSkip > 0) {
      toSkip -= 1;
      return;
    }
    if (scan.measure !== undefined) noteDistance(doc, scan.measure, near);
    const score = scan.scoreOf?.(record, doc);
    if (score !== undefined) setMetadata(doc, { textScore: score });
    batch.push(doc);
    left -= 1;
  };
  while (!isDone) {
    const batch: Doc[] = [];
    let bytesLeft = batchBytes;
    let mustRest = false;
    let late: Late | undefined;
    isDone = scan.run((record, bytes) => {
      const matches = testOrKeep(match, record, bytes, keepDoc);
      if (matches === true) {
        const doc = toSkip > 0 ? Doc.empty : keepDoc(bytes);
        take(record, doc, batch);
        bytesLeft -= doc.viewLength ?? 0;
      } else if (matches !== false) late = matches;
      mustRest = pacer.due();
      return (
        left > 0 && batch.length < batchMax && bytesLeft > 0 && !mustRest && late === undefined
      );
    });
    if (late !== undefined) {
      // oxlint-disable-next-line no-await-in-loop
      await late.cause.settle();
      if (match?.matches(late.doc) === true) take(late.record, late.doc, batch);
    }
    if (left <= 0) isDone = true;
    if (batch.length >= batchMax) batchMax = Math.min(2 * batchMax, batchDocs);
    if (batch.length > 0) yield batch;
    // The reader of the batch may have taken its time: the next slice begins here.
    // oxlint-disable-next-line no-await-in-loop
    if ((mustRest || scan.isTired) && !isDone) await pacer.rest();
  }
}

/** For `$meta`: the distance in the units that the query asked in. */
function noteDistance(
  doc: Doc,
  measure: NonNullable<Scan["measure"]>,
  near: CompiledQuery["near"],
): void {
  const found = measure(doc);
  if (found === undefined) return;
  const unit = near?.near.isInRadians === true ? earthRadius : 1;
  setMetadata(doc, { geoNearDistance: found.distance / unit, geoNearPoint: found.nearest });
}

/** The first document of a query, and its record. */
export async function readFirst(
  environment: Environment,
  collection: StoredCollection,
  query: CompiledQuery,
  options: { readonly skip: number; readonly pacer: Pacer },
): Promise<Doc | undefined> {
  for await (const batch of readDocs(environment, collection, query, { ...options, limit: 1 }))
    return batch[0];
  return undefined;
}

/** The records of all documents that match now; they may have changed when they are written. */
export async function readRecords(
  environment: Environment,
  collection: StoredCollection,
  query: CompiledQuery,
  { pacer, most }: { readonly pacer: Pacer; readonly most?: number },
): Promise<readonly number[]> {
  const plan = planFor(environment, collection, query);
  const scan = startScan(environment, collection, plan, () => pacer.due());
  const { match } = query;
  const found: number[] = [];
  const wanted = most ?? Number.POSITIVE_INFINITY;
  for (let isDone = false; !isDone && found.length < wanted;) {
    let late: Late | undefined;
    isDone = scan.run((record, bytes) => {
      const matches = testOrKeep(match, record, bytes, keepDoc);
      if (matches === true) found.push(record);
      else if (matches !== false) late = matches;
      return found.length < wanted && !pacer.due() && late === undefined;
    });
    if (late !== undefined) {
      // oxlint-disable-next-line no-await-in-loop
      await late.cause.settle();
      if (match?.matches(late.doc) === true) found.push(late.record);
    }
    // oxlint-disable-next-line no-await-in-loop
    if (!isDone && found.length < wanted) await pacer.rest();
  }
  return found;
}

/** How many documents match, up to `most`. */
export async function countDocs(
  environment: Environment,
  collection: StoredCollection,
  query: CompiledQuery,
  { pacer, most }: { readonly pacer: Pacer; readonly most: number },
): Promise<number> {
  const plan = planFor(environment, collection, query);
  const isByKeys = plan.kind === "index" && plan.isExact;
  const scan = isByKeys
    ? startKeyScan(environment, collection, plan)
    : startScan(environment, collection, plan, () => pacer.due());
  const match = isByKeys ? undefined : query.match;
  let count = 0;
  let isDone = most <= 0;
  while (!isDone) {
    let late: Late | undefined;
    const hasAll = scan.run((record, bytes) => {
      const matches = testOrKeep(match, record, bytes, keepDoc);
      if (matches === true) count += 1;
      else if (matches !== false) late = matches;
      return count < most && !pacer.due() && late === undefined;
    });
    if (late !== undefined) {
      // oxlint-disable-next-line no-await-in-loop
      await late.cause.settle();
      if (match?.matches(late.doc) === true) count += 1;
    }
    isDone = hasAll || count >= most;
    // oxlint-disable-next-line no-await-in-loop
    if (!isDone) await pacer.rest();
  }
  return count;
}
