/**
 * Changes of many documents with a guard: all of them or none.
 *
 * A few are changed in one job. More of them would hold up everybody else: all are worked out and shown to the guard
 * before the first is written, then written in short jobs, each document only if it is still what the guard has seen,
 * else after another look. Where that look denies it, what has been written is taken back.
 */
import type { Doc } from "../../bson/doc.ts";
import { Fault } from "../../kit/fault.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { createPacer } from "../../kit/pacer.ts";
import type { Match } from "../../query/match.ts";
import type { StoredCollection } from "../../store/catalog.ts";
import { Postponed, settling } from "../../store/postponed.ts";
import type { Store } from "../../store/store.ts";
import { applyChange, type Change, type Changed, changeRecords } from "../../store/write-many.ts";
import { type CollectionContext, mustFitJob } from "./context.ts";

/** How many are changed in one job. */
const togetherMax = 100;
/** How long one job of several may take, in milliseconds. */
const jobMs = 3;
/** Documents of one call, whose images are held until it is done. */
const documentsMax = 100_000;
const imageBytesMax = 256 * 2 ** 20;

interface Work {
  readonly match: Match | undefined;
  /** Asks the guard. @throws {Fault} where it denies */
  readonly change: Change;
  readonly signal: AbortSignal | undefined;
}

/**
 * Changes what a call has found: in short jobs, each document for itself; in one job where the write is to happen once;
 * with a guard, all or nothing.
 *
 * @param toResult the verb's result, for the record of a write that happens once
 */
export async function changeFound(
  context: CollectionContext,
  collection: StoredCollection,
  records: readonly number[],
  work: Work,
  toResult: (changed: Changed) => unknown,
): Promise<Changed> {
  const { store, seal, guard } = context;
  if (seal === undefined && guard !== undefined)
    return changeGuarded(store, collection, records, work);
  mustFitJob(context, records.length);
  const sealed = seal && { seal: (changed: Changed): void => seal(toResult(changed)) };
  return settling(() => changeRecords(store, collection, records, { ...work, ...sealed }));
}

interface Planned {
  readonly record: number;
  readonly before: Doc;
  /** Undefined: the document is taken out. */
  readonly after: Doc | undefined;
}

/** @throws {Fault} what the guard says, and `InvalidParameter` for too many documents; then nothing is changed */
async function changeGuarded(
  store: Store,
  collection: StoredCollection,
  records: readonly number[],
  work: Work,
): Promise<Changed> {
  if (records.length <= togetherMax)
    return settling(() =>
      changeRecords(store, collection, records, { ...work, seal: () => undefined }),
    );
  const planned = await planAll(store, collection, records, work);
  const written: Planned[] = [];
  try {
    return await writeAll(store, collection, planned, { work, written });
  } catch (cause) {
    await takeBack(store, collection, written);
    throw cause;
  }
}

/** What becomes of each, asked outside of any job. */
async function planAll(
  store: Store,
  collection: StoredCollection,
  records: readonly number[],
  { match, change, signal }: Work,
): Promise<readonly Planned[]> {
  if (records.length > documentsMax) throw tooMany();
  const pacer = createPacer(signal);
  const planned: Planned[] = [];
  let bytes = 0;
  for (const record of records) {
    // oxlint-disable-next-line no-await-in-loop
    const made = await settled(() => planOne(store, collection, record, { match, change }));
    if (made !== undefined) {
      planned.push(made);
      bytes += made.before.toBytes().length + (made.after?.toBytes().length ?? 0);
      if (bytes > imageBytesMax) throw tooMany();
    }
    // oxlint-disable-next-line no-await-in-loop
    if (pacer.due()) await pacer.rest();
  }
  return planned;
}

function planOne(
  store: Store,
  collection: StoredCollection,
  record: number,
  { match, change }: Pick<Work, "match" | "change">,
): Planned | undefined {
  const before = store.environment.records.get(collection.id, record);
  if (before === undefined || match?.matches(before) === false) return undefined;
  return { record, before, after: change(before) };
}

/** Mostly there is nothing to wait for. */
function settled<T>(work: () => T): T | Promise<T> {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Postponed)) throw cause;
    // oxlint-disable-next-line promise/prefer-await-to-then
    return cause.settle().then(async () => settled(work));
  }
}

function tooMany(): Fault {
  return new Fault(
    "InvalidParameter",
    `too many documents for one write under rules with conditions: at most ${documentsMax}, and ${imageBytesMax / 2 ** 20} MB`,
  );
}

async function writeAll(
  store: Store,
  collection: StoredCollection,
  planned: readonly Planned[],
  { work, written }: { readonly work: Work; readonly written: Planned[] },
): Promise<Changed> {
  let [matched, modified, next] = [0, 0, 0];
  let late: Postponed | undefined;

  function writeNext(): void {
    const { record, before, after } = planned[next] as Planned;
    const current = store.environment.records.get(collection.id, record);
    const isSeen = current !== undefined && current.toBytes().equals(before.toBytes());
    const change = isSeen ? { record, before, after } : planOne(store, collection, record, work);
    next += 1;
    if (change === undefined) return;
    matched += 1;
    if (change.after === change.before) return;
    modified += 1;
    applyChange(store, collection, change);
    written.push(change);
  }

  function runSlice(): { readonly failure: unknown } {
    const startedAt = performance.now();
    const from = { matched, modified, next, written: written.length };
    store.environment.onUndo(() => {
      ({ matched, modified, next } = from);
      written.length = from.written;
    });
    try {
      while (next < planned.length && performance.now() - startedAt < jobMs) writeNext();
    } catch (cause) {
      // What it throws is known before anything of its document is written: what came before it is taken back later.
      if (cause instanceof Postponed) late = cause;
      else return { failure: cause };
    }
    return { failure: undefined };
  }

  while (next < planned.length && !collection.isDropped) {
    // oxlint-disable-next-line no-await-in-loop
    const { failure } = await store.environment.write(runSlice);
    if (failure !== undefined) throw failure;
    // oxlint-disable-next-line no-await-in-loop
    await late?.settle();
    late = undefined;
  }
  return { matched, modified };
}

/** The documents as they were, where nobody else has changed them since. */
async function takeBack(
  store: Store,
  collection: StoredCollection,
  written: Planned[],
): Promise<void> {
  function runSlice(): void {
    const startedAt = performance.now();
    const whole = [...written];
    store.environment.onUndo(() => {
      written.splice(0, written.length, ...whole);
    });
    while (performance.now() - startedAt < jobMs) {
      const last = written.pop();
      if (last === undefined) return;
      takeBackOne(store, collection, last);
    }
  }
  while (written.length > 0 && !collection.isDropped) {
    // oxlint-disable-next-line no-await-in-loop
    await store.environment.write(runSlice);
  }
}

function takeBackOne(
  store: Store,
  collection: StoredCollection,
  { record, before, after }: Planned,
): void {
  const current = store.environment.records.get(collection.id, record);
  try {
    if (after === undefined) {
      if (current === undefined) store.writer.insert(collection, before);
    } else if (current?.toBytes().equals(after.toBytes()) === true)
      applyChange(store, collection, { record, before: current, after: before });
  } catch (cause) {
    // Somebody has taken its place in a unique index meanwhile.
    if (!(cause instanceof MongoError)) throw cause;
  }
}
