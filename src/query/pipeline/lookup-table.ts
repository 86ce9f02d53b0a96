/**
 * A foreign collection by the values of one field, for a `$lookup` that no index serves.
 *
 * It only narrows down what may match: the filter is tested on each candidate, so that the join is as it would be without.
 */
import { identityOf } from "../../bson/compare.ts";
import type { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { isNullish } from "../truth.ts";
import { weightOf } from "../weight.ts";
import type { Namespace, Run } from "./stage.ts";
import { valuesAtPath } from "./values-at-path.ts";

/** A collection above it is read again for each value, as without a table. */
const tableBytesMax = 64 * 2 ** 20;
/** What a document's entry costs beside its bytes. */
const entryBytes = 100;

export interface LookupTable {
  /** Documents that may hold one of the values, in the collection's order; undefined: any may. */
  candidates(wanted: readonly Value[]): readonly Doc[];
}

/** @returns undefined where an index serves the field, or the collection is too big to be held */
export async function buildLookupTable(
  namespace: Namespace,
  field: string,
  documents: AsyncIterable<readonly Doc[]>,
  run: Run,
): Promise<LookupTable | undefined> {
  if (run.source.hasIndexOn?.(namespace, field) === true) return undefined;
  const path = field.split(".");
  const all: Doc[] = [];
  const places = new Map<string | number, number[]>();
  let bytes = 0;
  for await (const batch of documents)
    for (const doc of batch) {
      bytes += weightOf(doc) + entryBytes;
      for (const value of valuesAtPath(doc, path)) {
        const identity = identityOf(value);
        const known = places.get(identity);
        if (known === undefined) places.set(identity, [all.length]);
        else if (known.at(-1) !== all.length) known.push(all.length);
        bytes += entryBytes;
      }
      all.push(doc);
      if (bytes > tableBytesMax) return undefined;
      if (run.pacer.due()) await run.pacer.rest();
    }
  return {
    candidates(wanted) {
      // Null is also what is not there, and an array may be the whole of a field: these are not in the table.
      if (wanted.some((each) => isNullish(each) || isArray(each))) return all;
      const found = new Set<number>();
      for (const each of wanted)
        for (const place of places.get(identityOf(each)) ?? []) found.add(place);
      return [...found].toSorted((left, right) => left - right).map((each) => all[each] as Doc);
    },
  };
}
