/** How one index would answer a query: which stretches of its keys, in which direction. */
import type { StoredIndex } from "../catalog.ts";
import { indexIdBytes, keyBytesKept } from "../index-keys.ts";
import { createKeyBuffer, type KeyBuffer, writeBytes, writeWord } from "../key-buffer.ts";
import { geoIntervals } from "./geo-intervals.ts";
import { all, intersect, type Intervals, invert, isAll } from "./intervals.ts";
import type { Predicate } from "./predicates.ts";

export interface KeyRange {
  readonly start: KeyBuffer;
  /** Not included. */
  readonly end: KeyBuffer;
}

export interface IndexPlan {
  readonly kind: "index";
  readonly index: StoredIndex;
  /** In the order in which they are scanned. */
  readonly ranges: readonly KeyRange[];
  readonly isReverse: boolean;
  /** Whether documents come in the wanted order. */
  readonly isSorted: boolean;
  /** Whether the bounds alone decide, so that counting needs no document. */
  readonly isExact: boolean;
  /** Whether a document may come more than once. */
  readonly mayRepeat: boolean;
  /** Leading fields that are held to single values. */
  readonly equalFields: number;
  /** Whether anything narrows it. */
  readonly isBounded: boolean;
  /** Per field. */
  readonly bounds: readonly Intervals[];
}

export interface SortField {
  readonly path: string;
  readonly direction: 1 | -1;
}

/** More stretches than this and the rest is left to the filter. */
const rangesMax = 2000;

/** @param isWhole whether the predicates are all that the filter asks */
export function planIndex(
  index: StoredIndex,
  predicates: readonly Predicate[],
  isWhole: boolean,
  sort: readonly SortField[],
): IndexPlan | undefined {
  const { definition } = index;
  const bounds = boundsOf(index, predicates);
  if (definition.isSparse && !asksForField(index, predicates)) return undefined;
  if (definition.geo !== undefined && !asksForShape(index, bounds, predicates)) return undefined;
  const order = orderOf(index, bounds, sort);
  const { ranges, usedFields, equalFields } = rangesOf(index, bounds);
  const isReverse = order === -1;
  return {
    kind: "index",
    index,
    ranges: isReverse ? ranges.toReversed() : ranges,
    isReverse,
    isSorted: sort.length === 0 || order !== 0,
    isExact: isWhole && isAnswered(index, predicates, bounds, usedFields),
    mayRepeat: index.multikey.includes(true),
    equalFields,
    // A sparse index is narrower than the collection whatever its bounds.
    isBounded: definition.isSparse || !isAll(bounds[0] ?? all),
    bounds,
  };
}

/** Per field of the index, the keys that can lead to a match. */
function boundsOf(index: StoredIndex, predicates: readonly Predicate[]): Intervals[] {
  let group: number | undefined;
  let hasMultikey = false;
  return index.definition.fields.map(({ path, geo }, field) => {
    if (geo !== undefined) return shapeBoundsOf(index, field, predicates);
    const own = predicates.filter((each) => each.path === path && !isAll(each.intervals));
    if (own.length === 0) return all;
    if (index.multikey[field] !== true)
      return own.reduce<Intervals>((left, { intervals }) => intersect(left, intervals), all);
    // Each predicate may hold for another element of the array, so they can not be cut with each other; and of two
    // fields through arrays only those of one $elemMatch are sure to hold for the same element.
    const usable = hasMultikey
      ? own.filter((each) => group !== undefined && each.group === group)
      : own;
    const best = usable.toSorted((left, right) => weightOf(left) - weightOf(right))[0];
    if (best === undefined) return all;
    group = hasMultikey ? group : best.group;
    hasMultikey = true;
    return best.intervals;
  });
}

/** Of several conditions on a field's shapes, one is enough: the filter tests all of them. */
function shapeBoundsOf(
  index: StoredIndex,
  field: number,
  predicates: readonly Predicate[],
): Intervals {
  const { path } = index.definition.fields[field] as { path: string };
  for (const { path: asked, geo } of predicates) {
    if (geo === undefined || asked !== path) continue;
    const intervals = geoIntervals(index, field, geo);
    if (intervals !== undefined) return intervals;
  }
  return all;
}

/** Documents without a shape are not in the index: it serves conditions on shapes, and those whom a hint forces. */
function asksForShape(
  { definition }: StoredIndex,
  bounds: readonly Intervals[],
  predicates: readonly Predicate[],
): boolean {
  if (predicates.some(({ isForced }) => isForced === true)) return true;
  return definition.fields.some(
    ({ geo }, field) => geo !== undefined && !isAll(bounds[field] ?? all),
  );
}

/** Few single values before many, those before stretches. */
function weightOf({ intervals }: Predicate): number {
  return intervals.reduce((sum, each) => sum + (each.isPoint ? 1 : rangesMax), 0);
}

function asksForField(index: StoredIndex, predicates: readonly Predicate[]): boolean {
  return index.definition.fields.some(({ path }) =>
    predicates.some((each) => each.needsField && each.path === path),
  );
}

function rangesOf(
  index: StoredIndex,
  bounds: readonly Intervals[],
): { ranges: KeyRange[]; usedFields: number; equalFields: number } {
  const { fields } = index.definition;
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  let equalFields = 0;
  for (const [field, ascending] of bounds.entries()) {
    const intervals = fields[field]?.isDescending === true ? invert(ascending) : ascending;
    const isPoints = intervals.length > 0 && intervals.every((each) => each.isPoint);
    const tooMany = prefixes.length * intervals.length > rangesMax;
    if (isPoints && !tooMany) {
      prefixes = prefixes.flatMap((prefix) =>
        intervals.map((each) => Buffer.concat([prefix, each.low])),
      );
      equalFields += 1;
      continue;
    }
    const last = tooMany ? hullOf(intervals) : intervals;
    const ranges = prefixes.flatMap((prefix) =>
      last.map((each) => toRange(index, prefix, each.low, each.high)),
    );
    return { ranges, usedFields: isAll(ascending) || tooMany ? field : field + 1, equalFields };
  }
  const ranges = prefixes.map((prefix) => toRange(index, prefix, nothing, everything));
  return { ranges, usedFields: bounds.length, equalFields };
}

/** Prefixes that are more than this are better left to the filter. */
const prefixesMax = 32;

/** What keys begin with, before their part for a field; undefined where the fields before are not held to single values. */
export function prefixesOf(
  index: StoredIndex,
  field: number,
  predicates: readonly Predicate[],
): readonly Buffer[] | undefined {
  const { fields } = index.definition;
  let prefixes: Buffer[] = [nothing];
  for (const [at, ascending] of boundsOf(index, predicates).slice(0, field).entries()) {
    const intervals = fields[at]?.isDescending === true ? invert(ascending) : ascending;
    const isPoints = intervals.every((each) => each.isPoint);
    if (!isPoints || prefixes.length * intervals.length > prefixesMax) return undefined;
    prefixes = prefixes.flatMap((prefix) =>
      intervals.map((each) => Buffer.concat([prefix, each.low])),
    );
  }
  return prefixes;
}

const nothing = Buffer.alloc(0);
const everything = Buffer.from([0xff]);

function hullOf(intervals: Intervals): Intervals {
  const [first] = intervals;
  const last = intervals.at(-1);
  if (first === undefined || last === undefined) return intervals;
  return [{ low: first.low, high: last.high, isPoint: false, text: first.text }];
}

/** The keys of an index that begin with a prefix, and go on from `low` up to and without `high`. */
export function toRange(index: StoredIndex, prefix: Buffer, low: Buffer, high: Buffer): KeyRange {
  return { start: toBound(index, prefix, low), end: toBound(index, prefix, high, everything) };
}

/** A bound longer than what is kept of long keys is cut likewise, to the safe side. */
function toBound(
  index: StoredIndex,
  prefix: Buffer,
  edge: Buffer,
  past: Buffer = nothing,
): KeyBuffer {
  const key = createKeyBuffer(indexIdBytes + prefix.length + edge.length + 1);
  writeWord(key, index.id);
  writeBytes(key, prefix);
  writeBytes(key, edge);
  if (key.length > indexIdBytes + keyBytesKept) {
    key.length = indexIdBytes + keyBytesKept;
    writeBytes(key, past);
  }
  return key;
}

/** Whether every predicate went into the bounds that are scanned, and no array or cut key blurs them. */
function isAnswered(
  index: StoredIndex,
  predicates: readonly Predicate[],
  bounds: readonly Intervals[],
  usedFields: number,
): boolean {
  if (index.multikey.includes(true) || index.isCut || index.definition.partial !== undefined)
    return false;
  const paths = new Set(index.definition.fields.slice(0, usedFields).map((each) => each.path));
  return bounds.length > 0 && predicates.every((each) => each.isExact && paths.has(each.path));
}

/** 1 or -1 when scanning up or down gives the wanted order, else 0. Stretches are scanned in the order of the keys. */
function orderOf(
  index: StoredIndex,
  bounds: readonly Intervals[],
  sort: readonly SortField[],
): 1 | -1 | 0 {
  if (sort.length === 0) return 1;
  const { fields, geo } = index.definition;
  if (index.isCut || index.multikey.includes(true) || geo !== undefined) return 0;
  const isFixed = (field: number): boolean =>
    bounds[field]?.length === 1 && bounds[field]?.[0]?.isPoint === true;
  const fixed = new Set(fields.filter((_, field) => isFixed(field)).map((each) => each.path));
  let field = 0;
  let order: 1 | -1 | 0 = 0;
  for (const { path, direction } of sort) {
    // A field that is held to one value does not take part in the order.
    if (fixed.has(path)) continue;
    while (field < fields.length && isFixed(field)) field += 1;
    const own = fields[field];
    if (own?.path !== path) return 0;
    const needed = own.isDescending === (direction === -1) ? 1 : -1;
    if (order !== 0 && order !== needed) return 0;
    order = needed;
    field += 1;
  }
  return order === 0 ? 1 : order;
}
