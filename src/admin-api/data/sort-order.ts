/** A total order of documents: a sort, and `_id` for what the sort does not tell apart. */
import { Doc } from "../../bson/doc.ts";
import { isNumber, type Value } from "../../bson/value.ts";
import { compileSort, type SortPart } from "../../query/sort.ts";

/** A value for each path of the order. */
export type OrderKey = readonly Value[];

export interface SortOrder {
  /** `_id` is the last one. */
  readonly paths: readonly SortPart[];
  readonly spec: Doc;
  /** @throws {MongoError} 2 when two of the paths lead through different arrays */
  keyOf(document: Doc): OrderKey;
  compare(left: OrderKey, right: OrderKey): number;
}

/**
 * @returns undefined for a sort by what no field holds, such as `$natural` or a score
 * @throws {MongoError} 15974, 15975 and others for a sort that is none
 */
export function readSortOrder(sort: Doc): SortOrder | undefined {
  const entries = [...sort.entries()];
  if (entries.some(([path, order]) => path === "$natural" || !isNumber(order))) return undefined;
  const atId = entries.findIndex(([path]) => path === "_id");
  // Nothing is left to be told apart behind `_id`.
  const spec = Doc.fromEntries(atId < 0 ? [...entries, ["_id", 1]] : entries.slice(0, atId + 1));
  const compiled = compileSort(spec);
  const isSingle = spec.size === 1;
  return {
    paths: compiled.paths,
    spec,
    keyOf(document) {
      const key = compiled.keyOf(document);
      return isSingle ? [key] : (key as OrderKey);
    },
    compare(left, right) {
      return isSingle
        ? compiled.compare(left[0] ?? null, right[0] ?? null)
        : compiled.compare(left, right);
    },
  };
}

/** The order's paths from one on, as a sort. */
export function sortFrom({ paths }: SortOrder, first: number, end: number): Doc {
  return Doc.fromEntries(paths.slice(first, end).map((each) => [each.path, each.direction]));
}
