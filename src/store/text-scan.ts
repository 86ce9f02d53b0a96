/**
 * Visits the documents that have one of the words of a `$text`, those of the first word first, and of each word those
 * where it counts most; then what the alternatives lead to.
 *
 * All keys are read before the first document is, since what a document scores is the sum over all words.
 */
import { Doc } from "../bson/doc.ts";
import { scoresOf } from "../query/text.ts";
import type { StoredCollection, StoredIndex } from "./catalog.ts";
import type { Environment } from "./environment.ts";
import { indexIdBytes, isCutKey } from "./index-keys.ts";
import { copyKey, type KeyBuffer } from "./key-buffer.ts";
import { toRange } from "./planner/index-plan.ts";
import type { TextPlan } from "./planner/text-plan.ts";
import type { Scan, ScanCounts, VisitDocument } from "./scan.ts";
import { readScore } from "./text-keys.ts";

const everything = Buffer.from([0xff]);
const nothing = Buffer.alloc(0);

/** @param isDue asked now and then: true when others are to have their turn */
export function startTextScan(
  environment: Environment,
  collection: StoredCollection,
  plan: TextPlan,
  {
    mustBeThere,
    isDue,
    others,
  }: {
    readonly mustBeThere: (index: StoredIndex) => void;
    readonly isDue: () => boolean;
    /** Undefined without alternatives. */
    readonly others: Scan | undefined;
  },
): Scan {
  const { index, prefixes } = plan;
  const { entries, records } = environment;
  const counts: ScanCounts = { keysExamined: 0, docsExamined: 0 };
  /** In the order in which they are visited. */
  const scores = new Map<number, number>();
  let stretch = 0;
  let after: KeyBuffer | undefined;
  let visiting: IterableIterator<number> | undefined;

  function scoreOf(record: number, key: KeyBuffer, at: number): number {
    return isCutKey(key) ? rescore(record) : readScore(key, at);
  }

  /** A key that was cut has lost its score. */
  function rescore(record: number): number {
    const bytes = records.view(collection.id, record);
    const { text } = index.definition;
    if (bytes === undefined || text === undefined) return 0;
    const known = scoresOf(text, Doc.fromBytes(bytes));
    return plan.node.search.terms.reduce((sum, term) => sum + (known.get(term) ?? 0), 0);
  }

  /** @returns whether all keys have been read */
  function collect(): boolean {
    for (; stretch < prefixes.length; stretch += 1) {
      const prefix = prefixes[stretch] as Buffer;
      const range = toRange(index, prefix, nothing, everything);
      let stoppedAt: KeyBuffer | undefined;
      const piece = { ...range, isReverse: true, ...(after !== undefined && { after }) };
      entries.scan(piece, (record, key) => {
        counts.keysExamined += 1;
        const score = scoreOf(record, key, indexIdBytes + prefix.length);
        scores.set(record, (scores.get(record) ?? 0) + score);
        if (!isDue()) return true;
        stoppedAt = copyKey(key);
        return false;
      });
      after = stoppedAt;
      if (stoppedAt !== undefined) return false;
    }
    return true;
  }

  /** @returns whether all have been visited */
  function visitFound(visit: VisitDocument): boolean {
    visiting ??= scores.keys();
    for (let next = visiting.next(); next.done !== true; next = visiting.next()) {
      const bytes = records.view(collection.id, next.value);
      if (bytes === undefined) continue;
      counts.docsExamined += 1;
      if (!visit(next.value, bytes)) return false;
    }
    return true;
  }

  const scan: Scan = {
    counts,
    isTired: false,
    // Where there are alternatives, one with a word of the text may have come for another reason.
    scoreOf: (record, doc) =>
      others === undefined || plan.node.search.matches(doc) ? scores.get(record) : undefined,
    run(visit) {
      scan.isTired = false;
      mustBeThere(index);
      if (!collect()) {
        scan.isTired = true;
        return false;
      }
      if (!visitFound(visit)) return false;
      // A document that has one of the words has been decided on, alternatives included.
      return others?.run((record, bytes) => scores.has(record) || visit(record, bytes)) ?? true;
    },
  };
  return scan;
}
