/**
 * Runs a plan: visits the documents that it leads to, in pieces that go on where the last one stopped.
 *
 * No cursor of LMDB lives longer than one piece. Between two pieces documents may come and go, as with MongoDB's cursors.
 */
import type { Doc } from "../bson/doc.ts";
import { MongoError } from "../kit/mongo-error.ts";
import type { Distance } from "../query/geo-distance.ts";
import { namespaceOf, type StoredCollection, type StoredIndex } from "./catalog.ts";
import { closedFault, type Environment } from "./environment.ts";
import { copyKey, type KeyBuffer } from "./key-buffer.ts";
import { startNearScan } from "./near-scan.ts";
import type { IndexPlan, Plan, TextPlan } from "./planner.ts";
import { recordIdMax } from "./tables.ts";
import { startTextScan } from "./text-scan.ts";

/** `bytes` belong to the store and change with the next read. @returns whether to go on */
export type VisitDocument = (record: number, bytes: Buffer) => boolean;

export interface Scan {
  /**
   * Goes on until `visit` says stop.
   *
   * @returns whether everything has been visited
   * @throws {MongoError} 175 `QueryPlanKilled` when the collection or the index has gone meanwhile
   */
  run(visit: VisitDocument): boolean;
  readonly counts: ScanCounts;
  /** Set when the last run stopped by itself, since others are to have their turn. */
  isTired: boolean;
  /** Of a scan by distance: how far a document is. */
  readonly measure?: (doc: Doc) => Distance | undefined;
  /** Of a scan for words: what a document scores; undefined for one that came otherwise. */
  readonly scoreOf?: (record: number, doc: Doc) => number | undefined;
}

export interface ScanCounts {
  keysExamined: number;
  docsExamined: number;
}

/** @param isDue asked where much is looked at for each document that is visited: true when it is time for others */
export function startScan(
  environment: Environment,
  collection: StoredCollection,
  plan: Plan,
  isDue: () => boolean = () => false,
): Scan {
  const counts: ScanCounts = { keysExamined: 0, docsExamined: 0 };
  if (plan.kind === "near") {
    plan.index.uses += 1;
    return startNearScan(environment, collection, plan, {
      isDue,
      mustBeThere: (index) => mustBeThere(environment, collection, index),
    });
  }
  if (plan.kind === "text") return startText(environment, collection, plan, isDue);
  if (plan.kind === "collection")
    return scanCollection(environment, collection, plan.isReverse, counts);
  const plans = plan.kind === "union" ? plan.plans : [plan];
  for (const each of plans) each.index.uses += 1;
  const mayRepeat = plan.kind === "union" || plan.mayRepeat;
  return scanIndexes(environment, collection, plans, { counts, mayRepeat, keysOnly: false });
}

function startText(
  environment: Environment,
  collection: StoredCollection,
  plan: TextPlan,
  isDue: () => boolean,
): Scan {
  for (const each of [plan, ...plan.others]) each.index.uses += 1;
  const counts: ScanCounts = { keysExamined: 0, docsExamined: 0 };
  const others =
    plan.others.length === 0
      ? undefined
      : scanIndexes(environment, collection, plan.others, {
          counts,
          mayRepeat: true,
          keysOnly: false,
        });
  return startTextScan(environment, collection, plan, {
    isDue,
    others,
    mustBeThere: (index) => mustBeThere(environment, collection, index),
  });
}

/** Visits the keys of an exact plan only: the visitor gets no bytes to look at. */
export function startKeyScan(
  environment: Environment,
  collection: StoredCollection,
  plan: IndexPlan,
): Scan {
  plan.index.uses += 1;
  const counts: ScanCounts = { keysExamined: 0, docsExamined: 0 };
  const { mayRepeat } = plan;
  return scanIndexes(environment, collection, [plan], { counts, mayRepeat, keysOnly: true });
}

const noBytes = Buffer.alloc(0);

function mustBeThere(
  environment: Environment,
  collection: StoredCollection,
  index?: StoredIndex,
): void {
  if (environment.isClosed) throw closedFault();
  if (collection.isDropped)
    throw new MongoError(175, `collection dropped. Namespace: ${namespaceOf(collection)}`);
  if (index !== undefined && !collection.indexes.includes(index))
    throw new MongoError(175, `index '${index.definition.name}' dropped`);
}

function scanCollection(
  environment: Environment,
  collection: StoredCollection,
  isReverse: boolean,
  counts: ScanCounts,
): Scan {
  const { records } = environment;
  let next = isReverse ? recordIdMax : 1;
  let isDone = false;
  return {
    counts,
    isTired: false,
    run(visit) {
      if (isDone) return true;
      mustBeThere(environment, collection);
      isDone = records.scan(collection.id, next, isReverse, (record, bytes) => {
        next = isReverse ? record - 1 : record + 1;
        counts.docsExamined += 1;
        return visit(record, bytes);
      });
      return isDone;
    },
  };
}

function scanIndexes(
  environment: Environment,
  collection: StoredCollection,
  plans: readonly IndexPlan[],
  { counts, mayRepeat, keysOnly }: { counts: ScanCounts; mayRepeat: boolean; keysOnly: boolean },
): Scan {
  const { records } = environment;
  const seen = mayRepeat ? new Set<number>() : undefined;
  const stretches = plans.flatMap(({ index, ranges, isReverse }) =>
    ranges.map((range) => ({ index, range, isReverse })),
  );
  let at = 0;
  let after: KeyBuffer | undefined;

  /** @returns whether to go on */
  function visitRecord(record: number, visit: VisitDocument): boolean {
    if (seen !== undefined) {
      if (seen.has(record)) return true;
      seen.add(record);
    }
    if (keysOnly) return visit(record, noBytes);
    const bytes = records.view(collection.id, record);
    if (bytes === undefined) return true;
    counts.docsExamined += 1;
    return visit(record, bytes);
  }

  return {
    counts,
    isTired: false,
    run(visit) {
      while (at < stretches.length) {
        const { index, range, isReverse } = stretches[at] as (typeof stretches)[number];
        mustBeThere(environment, collection, index);
        const { start, end } = range;
        const piece = { start, end, isReverse, ...(after !== undefined && { after }) };
        let stoppedAt: KeyBuffer | undefined;
        environment.entries.scan(piece, (record, key) => {
          counts.keysExamined += 1;
          const goesOn = visitRecord(record, visit);
          if (!goesOn) stoppedAt = copyKey(key);
          return goesOn;
        });
        after = stoppedAt;
        if (stoppedAt !== undefined) return false;
        at += 1;
      }
      return true;
    },
  };
}

/** Counts the entries of a plan, up to `most`. */
export function countKeys(environment: Environment, plan: IndexPlan, most: number): number {
  let count = 0;
  for (const { start, end } of plan.ranges) {
    environment.entries.scan({ start, end, isReverse: false }, () => {
      count += 1;
      return count < most;
    });
    if (count >= most) break;
  }
  return count;
}
