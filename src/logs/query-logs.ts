/** Looking into the request log: a page of entries, or those that come as they come. */
import { pause } from "../kit/pause.ts";
import type { LogType } from "./log-entry.ts";
import type { LogStore, SegmentFilter, StoredSegment } from "./log-store.ts";
import type { SegmentEntry } from "./segment.ts";
import { readSegment } from "./segment-reader.ts";

export interface LogFilter {
  readonly appId: string;
  readonly coId?: string;
  readonly errorsOnly?: boolean;
  readonly userId?: string;
  readonly types?: readonly LogType[];
  /** Milliseconds since 1970; not included. */
  readonly startDate?: number;
  /** Included. */
  readonly endDate?: number;
}

export interface LogPage {
  /** The newest first. */
  readonly entries: readonly SegmentEntry[];
  /** Where the next page ends, and how many entries of that very millisecond are known; absent: that was all. */
  readonly next?: { readonly endDate: number; readonly skip: number };
}

/** A page of a log that is searched in vain ends after this: what is older is on the next one. */
const searchMsMax = 10_000;

/**
 * When an entry's work ended, in milliseconds.
 *
 * Atlas: by which of both its dates an entry is found is not told. By its end, since whoever asks every few seconds for
 * what is new would miss what began before and ended after.
 */
export function endOf({ startedAt, ms }: SegmentEntry): number {
  return Math.floor(startedAt + ms);
}

/** @param limit entries of the page, at least 1 @param skip newest entries that are left out */
export async function queryLogs(
  store: LogStore,
  filter: LogFilter,
  { limit, skip }: { readonly limit: number; readonly skip: number },
): Promise<LogPage> {
  // One more tells whether there is a next page.
  const wanted = skip + limit + 1;
  const lateAt = performance.now() + searchMsMax;
  let found: SegmentEntry[] = [];
  for await (const segment of store.find(toSegmentFilter(filter))) {
    const last = found[wanted - 1];
    if (last !== undefined && endOf(last) > segment.to) break;
    if (performance.now() > lateAt) return cutAt(found, segment, { limit, skip });
    found.push(...(await matching(segment, filter)));
    found = found.toSorted(newestFirst).slice(0, wanted);
    await breathe();
  }
  return pageOf(found, filter, { limit, skip });
}

/** Of those that end in the same millisecond, the one that began last comes first. */
function newestFirst(left: SegmentEntry, right: SegmentEntry): number {
  return endOf(right) - endOf(left) || (left.coId < right.coId ? 1 : -1);
}

function pageOf(
  found: readonly SegmentEntry[],
  { endDate }: LogFilter,
  { limit, skip }: { readonly limit: number; readonly skip: number },
): LogPage {
  const entries = found.slice(skip, skip + limit);
  const last = entries.at(-1);
  if (last === undefined || found.length <= skip + limit) return { entries };
  const end = endOf(last);
  const known = entries.filter((each) => endOf(each) === end).length;
  // A page within one millisecond goes on where it began.
  return { entries, next: { endDate: end, skip: end === endDate ? skip + known : known } };
}

/** What is certainly newer than all that was not looked at. */
function cutAt(
  found: readonly SegmentEntry[],
  { to }: StoredSegment,
  { limit, skip }: { readonly limit: number; readonly skip: number },
): LogPage {
  const certain = found.filter((each) => endOf(each) > to);
  const entries = certain.slice(skip, skip + limit);
  return { entries, next: { endDate: to, skip: 0 } };
}

async function matching(
  segment: StoredSegment,
  filter: LogFilter,
): Promise<readonly SegmentEntry[]> {
  return (await readSegment(segment)).filter((entry) => isWanted(entry, filter));
}

function isWanted(entry: SegmentEntry, filter: LogFilter): boolean {
  const { coId, errorsOnly, userId, types, startDate, endDate } = filter;
  const end = endOf(entry);
  return (
    (coId === undefined || entry.coId === coId) &&
    (errorsOnly !== true || "error" in entry.rare) &&
    (userId === undefined || entry.userId === userId) &&
    (types === undefined || types.includes(entry.type)) &&
    (startDate === undefined || end > startDate) &&
    (endDate === undefined || end <= endDate)
  );
}

/** Longer than any request may take. */
const requestMsMax = 3_600_000;

function toSegmentFilter(filter: LogFilter): SegmentFilter {
  const { appId, coId, errorsOnly, userId, types, startDate, endDate } = filter;
  // An id tells the second in which its request began.
  const begun = coId === undefined ? undefined : Number.parseInt(coId.slice(0, 8), 16) * 1000;
  const after = begun === undefined ? startDate : Math.max(begun - 1, startDate ?? 0);
  const until = begun === undefined ? endDate : Math.min(begun + requestMsMax, endDate ?? Infinity);
  return {
    appId,
    ...(after !== undefined && { after }),
    ...(until !== undefined && { until }),
    ...(types !== undefined && { types }),
    ...(errorsOnly === true && { hasErrors: true }),
    ...(userId !== undefined && { userId }),
  };
}

const lookMs = 1000;
/** What another node wrote may come so much later than its date. */
const lateMs = 5000;

/**
 * Entries as they come, from all nodes, the oldest first; ends when the signal aborts.
 *
 * @param flush writes what this node has not written yet
 */
export async function* followLogs(
  store: LogStore,
  filter: LogFilter,
  options: {
    readonly flush: () => Promise<void>;
    readonly now: () => number;
    readonly signal: AbortSignal;
  },
): AsyncIterable<readonly SegmentEntry[]> {
  const { flush, now, signal } = options;
  const startDate = filter.startDate ?? now();
  let seen = new Set<string>();
  let after = startDate;
  while (!signal.aborted) {
    await flush();
    const begunAt = now();
    const known = new Set<string>();
    const fresh: SegmentEntry[] = [];
    for await (const segment of store.find({ ...toSegmentFilter(filter), after })) {
      known.add(segment.id);
      if (seen.has(segment.id)) continue;
      fresh.push(...(await matching(segment, { ...filter, startDate })));
      await breathe();
    }
    seen = known;
    after = Math.max(after, begunAt - lateMs);
    if (fresh.length > 0) yield fresh.toSorted((a, b) => endOf(a) - endOf(b));
    await pause(lookMs, signal);
  }
}

async function breathe(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
