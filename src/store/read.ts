/** Reads that give documents: in batches, never holding the event loop longer than a slice. */
import { earthRadius } from "../query/geo-distance.ts";
import { setMetadata } from "../query/metadata.ts";
import { createKeeper, type Keeper, sortDocs } from "../query/sort.ts";
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import type { Pacer } from "../kit/pacer.ts";
import type { StoredCollection } from "./catalog.ts";
import type { Environment } from "./environment.ts";
import { type Late, lateBytesMax, settleLate, testOrKeep } from "./heavy-query.ts";
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
  /** Where documents are sorted: holds what is wanted of them, and gives what is read in their place. */
  readonly keeper?: Keeper | undefined;
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
  const { fields } = options;
  const keeper = options.keeper ?? createKeeper(query.sort, wanted);
  const reading = { ...options, skip: 0, limit: undefined, keeper };
  const unsorted = scanDocs(scan, query, reading);
  // A keeper of another's holds no document: making a smaller one for it would be in vain.
  const isWhole = fields === undefined || options.keeper !== undefined;
  const slim = isWhole ? unsorted : pickFields(unsorted, fields);
  const sorted = await sortDocs(slim, query.sort, {
    pacer,
    ...(query.sortKeyOf !== undefined && { keyOf: query.sortKeyOf }),
    keeper,
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

interface Behind {
  readonly record: number;
  readonly doc: Doc;
  /** Absent: it is known to match. */
  readonly cause?: Late["cause"];
}

/** Those that match, in their order. */
async function* matching(
  found: readonly Behind[],
  match: CompiledQuery["match"],
): AsyncGenerator<Behind, void, undefined> {
  for (const each of found) {
    const { record, doc, cause } = each;
    // oxlint-disable-next-line no-await-in-loop
    if (cause === undefined || (await settleLate(match, { record, doc, cause }))) yield each;
  }
}

async function* scanDocs(
  scan: Scan,
  { match, near }: CompiledQuery,
  { skip, limit, pacer, keeper }: ReadOptions,
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
    // From the first one on that is tested late, all that matches: in their order.
    const behind: Behind[] = [];
    let lateBytes = 0;
    const keep = (record: number, bytes: Buffer): void => {
      if (keeper?.isNeedless?.(bytes, 0) === true) return;
      const doc = toSkip > 0 && behind.length === 0 ? Doc.empty : keepDoc(bytes);
      if (behind.length === 0) take(record, doc, batch);
      else behind.push({ record, doc });
      bytesLeft -= doc.viewLength ?? 0;
    };
    const visit = (record: number, bytes: Buffer): boolean => {
      const matches = testOrKeep(match, record, bytes, keepDoc);
      if (matches === true) keep(record, bytes);
      else if (matches !== false) {
        behind.push(matches);
        lateBytes += bytes.length;
      }
      mustRest = pacer.due();
      return (
        left > 0 &&
        batch.length + behind.length < batchMax &&
        bytesLeft > 0 &&
        !mustRest &&
        lateBytes < lateBytesMax
      );
    };
    try {
      isDone = scan.run(visit);
    } catch (cause) {
      // What came before may be enough for the reader, or make it fail first.
      if (batch.length > 0) yield batch;
      throw cause;
    }
    // oxlint-disable-next-line no-await-in-loop
    for await (const { record, doc } of matching(behind, match)) {
      take(record, doc, batch);
      if (left <= 0) break;
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
    const behind: (Late | number)[] = [];
    let lateBytes = 0;
    isDone = scan.run((record, bytes) => {
      const matches = testOrKeep(match, record, bytes, keepDoc);
      if (matches === true) (behind.length === 0 ? found : behind).push(record);
      else if (matches !== false) {
        behind.push(matches);
        lateBytes += bytes.length;
      }
      return found.length < wanted && !pacer.due() && lateBytes < lateBytesMax;
    });
    for (const each of behind)
      if (typeof each === "number") found.push(each);
      // oxlint-disable-next-line no-await-in-loop
      else if (await settleLate(match, each)) found.push(each.record);
    // oxlint-disable-next-line no-await-in-loop
    if (!isDone && found.length < wanted) await pacer.rest();
  }
  return found.length > wanted ? found.slice(0, wanted) : found;
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
    const late: Late[] = [];
    let lateBytes = 0;
    const hasAll = scan.run((record, bytes) => {
      const matches = testOrKeep(match, record, bytes, keepDoc);
      if (matches === true) count += 1;
      else if (matches !== false) {
        late.push(matches);
        lateBytes += bytes.length;
      }
      return count < most && !pacer.due() && lateBytes < lateBytesMax;
    });
    // oxlint-disable-next-line no-await-in-loop
    for (const each of late) if (count < most && (await settleLate(match, each))) count += 1;
    isDone = hasAll || count >= most;
    // oxlint-disable-next-line no-await-in-loop
    if (!isDone) await pacer.rest();
  }
  return count;
}
