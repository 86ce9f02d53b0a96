/**
 * A page of documents in any order: found by the key of the last document seen, not by counting from the beginning, so
 * that the hundredth page is as quick as the first and none is shown twice when others are inserted before it.
 */
import { compare } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { isArray, toInteger, type Value } from "../../bson/value.ts";
import { Fault } from "../../kit/fault.ts";
import type { CallOptions, Collection } from "../../sources/source.ts";
import { abbreviate } from "./abbreviate.ts";
import { allOf, equalTo, rangesBehind } from "./ranges.ts";
import { type OrderKey, readSortOrder, type SortOrder, sortFrom } from "./sort-order.ts";

/** Where a page begins. */
export interface Position {
  /** How many documents come before it, those that were skipped included. */
  readonly row: number;
  /** Of the last document before it; undefined where only counting finds the place. */
  readonly key?: OrderKey;
}

export interface PageWanted {
  readonly filter: Doc;
  readonly sort: Doc;
  readonly projection: Doc | undefined;
  /** 1 to 1000. */
  readonly limit: number;
  readonly from: Position;
}

export interface PageRow {
  /** As it is stored, or abbreviated. */
  readonly document: Doc;
  readonly id: Value;
  readonly bytes: number;
  readonly isCut: boolean;
  readonly key: OrderKey;
}

export interface Page {
  readonly rows: readonly PageRow[];
  /** Undefined behind the last document. */
  readonly next: Position | undefined;
}

/** Of all documents of a page together, about. */
const pageBytesMax = 8 * 2 ** 20;
const keyBytesMax = 16_384;

interface Reading extends PageWanted {
  readonly collection: Collection;
  readonly options: CallOptions;
  /** One more than wanted, to know whether there is more. */
  readonly most: number;
}

/** @throws {MongoError} what the data source says to filter, sort and projection */
export async function readPage(
  collection: Collection,
  wanted: PageWanted,
  options: CallOptions,
): Promise<Page> {
  const reading: Reading = { ...wanted, collection, options, most: wanted.limit + 1 };
  // Texts of a collation are in an order that comparisons of keys do not tell; a search brings its own order.
  const order =
    options.collation !== undefined || findsByOrder(wanted.filter)
      ? undefined
      : readSortOrder(wanted.sort);
  const found = order === undefined ? undefined : await readByKey(reading, order);
  const all = found ?? (await readBySkip(reading, order));
  const rows = all.slice(0, wanted.limit);
  const last = rows.at(-1);
  const next =
    all.length > rows.length && last !== undefined
      ? { row: wanted.from.row + rows.length, ...(order !== undefined && keyOf(last)) }
      : undefined;
  return { rows: await projected(reading, rows), next };
}

function keyOf({ key }: PageRow): { readonly key?: OrderKey } {
  return Doc.of({ key }).toBytes().length > keyBytesMax ? {} : { key };
}

/** `$text` and `$near` anywhere. */
function findsByOrder(filter: Doc): boolean {
  const looks = (value: Value): boolean => {
    if (isArray(value)) return value.some(looks);
    if (!(value instanceof Doc)) return false;
    return value.keys().some((name, at) => searches.has(name) || looks(value.valueAt(at)));
  };
  return looks(filter);
}

const searches: ReadonlySet<string> = new Set(["$text", "$near", "$nearSphere"]);

/** @returns undefined where keys do not lead to the place */
async function readByKey(
  reading: Reading,
  order: SortOrder,
): Promise<readonly PageRow[] | undefined> {
  const { from, most } = reading;
  if (from.key === undefined)
    return from.row === 0
      ? readRange(reading, order, { filter: Doc.empty, sort: sortOf(order), fixed: 0 })
      : undefined;
  if (from.key.length !== order.paths.length) return undefined;
  const ranges = rangesBehind(order, from.key);
  if (ranges === undefined) return undefined;
  const rows: PageRow[] = [];
  for (const range of ranges) {
    const found = await readRange({ ...reading, most: most - rows.length }, order, range);
    if (found === undefined) return undefined;
    rows.push(...found);
    if (rows.length >= most) break;
  }
  // Arrays are met by each of their elements: what stands elsewhere in the order must not come here.
  let before: OrderKey = from.key;
  for (const { key } of rows) {
    if (order.compare(before, key) >= 0) return undefined;
    before = key;
  }
  return rows;
}

/** Without `_id` where something comes before it: an index of the sort alone serves it then. */
function sortOf(order: SortOrder): Doc {
  return order.paths.length === 1 ? order.spec : sortFrom(order, 0, order.paths.length - 1);
}

async function readRange(
  reading: Reading,
  order: SortOrder,
  range: { readonly filter: Doc; readonly sort: Doc; readonly fixed: number },
): Promise<readonly PageRow[] | undefined> {
  const { filter, most } = reading;
  const { sort, fixed } = range;
  const rows = await fetchRows(reading, order, {
    filter: allOf([filter, range.filter]),
    sort,
    limit: most,
  });
  const toId = order.paths.length - 1;
  if (fixed < toId && rows.length === most) {
    const settled = await settleTies(reading, order, rows);
    if (settled === undefined) return undefined;
    return settled.toSorted((left, right) => order.compare(left.key, right.key));
  }
  return rows.toSorted((left, right) => order.compare(left.key, right.key));
}

/** The last of equals were cut off in whatever order they were stored: here by their `_id`. */
async function settleTies(
  reading: Reading,
  order: SortOrder,
  rows: readonly PageRow[],
): Promise<readonly PageRow[] | undefined> {
  const toId = order.paths.length - 1;
  const last = rows.at(-1)?.key ?? [];
  const isTied = ({ key }: PageRow): boolean =>
    key.slice(0, toId).every((value, at) => compare(value, last[at] ?? null) === 0);
  const others = rows.filter((row) => !isTied(row));
  const same = equalTo(order.paths.slice(0, toId), last);
  if (same === undefined) return undefined;
  const tied = await fetchRows(reading, order, {
    filter: allOf([reading.filter, ...same]),
    sort: sortFrom(order, toId, toId + 1),
    limit: rows.length - others.length,
  });
  return tied.every(isTied) ? [...others, ...tied] : undefined;
}

/** By counting: right for any order, and slower the further it goes. */
async function readBySkip(
  reading: Reading,
  order: SortOrder | undefined,
): Promise<readonly PageRow[]> {
  const { filter, sort, from, most } = reading;
  return fetchRows(reading, order, {
    filter,
    sort: order?.spec ?? sort,
    skip: from.row,
    limit: most,
  });
}

async function fetchRows(
  { collection, options, limit }: Reading,
  order: SortOrder | undefined,
  asked: {
    readonly filter: Doc;
    readonly sort: Doc;
    readonly limit: number;
    readonly skip?: number;
  },
): Promise<readonly PageRow[]> {
  const { filter, ...others } = asked;
  const documentBytesMax = pageBytesMax / limit;
  const rows: PageRow[] = [];
  for await (const batch of collection.find(filter, { ...options, ...others }))
    for (const document of batch) {
      const bytes = document.viewLength ?? document.toBytes().length;
      const isCut = bytes > documentBytesMax;
      rows.push({
        // Of its own bytes: what is a view of a batch would keep all of it.
        document: isCut ? abbreviate(document) : Doc.fromBytes(Buffer.from(document.toBytes())),
        id: document.get("_id") ?? null,
        bytes,
        isCut,
        key: order?.keyOf(document) ?? [],
      });
    }
  return rows;
}

/** Keys and ids are of whole documents, so a projection is asked for afterwards. */
async function projected(reading: Reading, rows: readonly PageRow[]): Promise<readonly PageRow[]> {
  const { projection, filter, collection, options, limit } = reading;
  if (projection === undefined || projection.size === 0 || rows.length === 0) return rows;
  const ids = Doc.of({ _id: Doc.of({ $in: rows.map(({ id }) => id) }) });
  const hidesId = isOff(projection.get("_id"));
  const shown = new Map<string, PageRow>();
  for await (const batch of collection.find(allOf([filter, ids]), {
    ...options,
    projection: hidesId ? projection.without("_id") : projection,
  }))
    for (const each of batch) {
      const bytes = each.toBytes();
      const isCut = bytes.length > pageBytesMax / limit;
      const whole = hidesId ? each.without("_id") : each;
      const document = isCut ? abbreviate(whole) : Doc.fromBytes(Buffer.from(whole.toBytes()));
      const id = each.get("_id") ?? null;
      shown.set(textOf(id), { document, id, bytes: bytes.length, isCut, key: [] });
    }
  // Whoever was deleted in between is not shown.
  return rows.flatMap(({ id }) => shown.get(textOf(id)) ?? []);
}

function isOff(value: Value | undefined): boolean {
  return value === 0 || value === false || value === 0n;
}

function textOf(id: Value): string {
  return Doc.of({ id }).toBytes().toString("latin1");
}

const limitMax = 1000;

/** @throws {Fault} `InvalidParameter` for a place that is none */
export function readPosition(value: Value | undefined, skip: number): Position {
  if (value === undefined || value === null) return { row: skip };
  const row = value instanceof Doc ? value.get("row") : undefined;
  const key = value instanceof Doc ? value.get("key") : undefined;
  const isPlace =
    typeof row === "number" && row >= 0 && (key === undefined || (isArray(key) && key.length < 64));
  if (!isPlace) throw new Fault("InvalidParameter", '"from" argument must be the place of a page');
  return { row, ...(key !== undefined && { key }) };
}

export function describePage({ rows, next }: Page): Doc {
  return Doc.of({
    documents: rows.map(({ document, id, bytes, isCut }) => Doc.of({ document, id, bytes, isCut })),
    next:
      next === undefined
        ? null
        : Doc.of({
            row: toInteger(next.row),
            ...(next.key !== undefined && { key: next.key }),
          }),
  });
}

export function pageLimit(limit: number | undefined): number {
  return Math.min(Math.max(limit ?? 50, 1), limitMax);
}
