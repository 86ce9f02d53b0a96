/**
 * What comes behind a place in a sort order, as filters: each a stretch of one index, all of them together everything.
 *
 * A comparison in a filter meets values of the operand's own type only, so what is of a later type has a filter of its
 * own. Arrays are met by any of their elements, so that a stretch may hold documents whose place is another: whoever
 * reads it looks at the keys again.
 */
import { Decimal128 } from "../../bson/decimal128.ts";
import { Doc } from "../../bson/doc.ts";
import { DateTime, Double, isNumber, ObjectId, type Value } from "../../bson/value.ts";
import type { SortPart } from "../../query/sort.ts";
import { type OrderKey, type SortOrder, sortFrom } from "./sort-order.ts";

export interface Range {
  readonly filter: Doc;
  readonly sort: Doc;
  /** How many paths of the order stand still in it. */
  readonly fixed: number;
}

/** Above it, a text is no good as a place to go on from. */
const textCharsMax = 2048;

/** Types in their order; `null` stands for missing fields too. */
const numberRank = 1;
const types = [
  ["null"],
  ["number"],
  ["string", "symbol"],
  ["object"],
  ["array"],
  ["binData"],
  ["objectId"],
  ["bool"],
  ["date"],
  ["timestamp"],
  ["regex"],
  ["dbPointer"],
  ["javascript"],
  ["javascriptWithScope"],
  ["maxKey"],
] as const;

/** @returns undefined where filters can not say what comes behind such a key */
export function rangesBehind(order: SortOrder, key: OrderKey): readonly Range[] | undefined {
  const { paths } = order;
  const ranges: Range[] = [];
  for (let fixed = paths.length - 1; fixed >= 0; fixed -= 1) {
    const same = equalTo(paths.slice(0, fixed), key);
    const part = paths[fixed];
    const steps = part === undefined ? undefined : behind(part, key[fixed] ?? null);
    if (same === undefined || steps === undefined) return undefined;
    // The last path is `_id`, which the reader puts in order where others stand before it.
    const end = fixed === paths.length - 1 ? paths.length : paths.length - 1;
    const sort = sortFrom(order, fixed, end);
    for (const step of steps) ranges.push({ filter: allOf([...same, step]), sort, fixed });
  }
  return ranges;
}

/** Documents that have a key's values at these paths. @returns undefined where no filter says so */
export function equalTo(paths: readonly SortPart[], key: OrderKey): readonly Doc[] | undefined {
  const filters = paths.map(({ path }, at) => {
    const value = key[at] ?? null;
    return rankOf(value) === undefined ? undefined : Doc.of({ [path]: Doc.of({ $eq: value }) });
  });
  return filters.every((each) => each !== undefined) ? filters : undefined;
}

export function allOf(filters: readonly Doc[]): Doc {
  const given = filters.filter(({ size }) => size > 0);
  return given.length > 1 ? Doc.of({ $and: given }) : (given[0] ?? Doc.empty);
}

function rankOf(value: Value): number | undefined {
  if (value === null) return 0;
  if (isNumber(value)) return numberRank;
  if (typeof value === "string") return value.length > textCharsMax ? undefined : 2;
  if (value instanceof ObjectId) return 6;
  if (typeof value === "boolean") return 7;
  return value instanceof DateTime ? 8 : undefined;
}

function behind({ path, direction }: SortPart, value: Value): readonly Doc[] | undefined {
  const rank = rankOf(value);
  if (rank === undefined) return undefined;
  const steps = direction === 1 ? above(value, rank) : below(value, rank);
  return steps.map((each) => Doc.of({ [path]: each }));
}

function above(value: Value, rank: number): readonly Doc[] {
  const later = Doc.of({ $type: types.slice(rank + 1).flat() });
  if (rank === 0) return [later];
  // NaN is less than all other numbers, which a comparison with it does not say.
  return [isNaNumber(value) ? Doc.of({ $gte: minusInfinity }) : Doc.of({ $gt: value }), later];
}

function below(value: Value, rank: number): readonly Doc[] {
  const nothing = Doc.of({ $eq: null });
  // The key of an empty array is undefined.
  const last = [Doc.of({ $type: ["undefined", "minKey"] }), Doc.of({ $eq: [] })];
  if (rank === 0) return last;
  if (rank === numberRank) {
    const own = isNaNumber(value) ? [] : [Doc.of({ $lt: value }), Doc.of({ $eq: notANumber })];
    return [...own, nothing, ...last];
  }
  const earlier = Doc.of({ $type: types.slice(1, rank).flat() });
  return [Doc.of({ $lt: value }), earlier, nothing, ...last];
}

const minusInfinity = new Double(Number.NEGATIVE_INFINITY);
const notANumber = new Double(Number.NaN);

function isNaNumber(value: Value): boolean {
  if (value instanceof Double) return Number.isNaN(value.value);
  return value instanceof Decimal128 && value.toString() === "NaN";
}
