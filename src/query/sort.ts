/**
 * Sorting: specification → keys and their order, and the sorting of streams of documents.
 *
 * @module
 */
import { compare, type TextOrder } from "../bson/compare.ts";
import { Doc } from "../bson/doc.ts";
import { isAscii } from "../bson/places.ts";
import { printBson } from "../bson/print.ts";
import { Double, isArray, isNumber, type Value } from "../bson/value.ts";
import { badValue, failedToParse, MongoError } from "../kit/mongo-error.ts";
import type { Pacer } from "../kit/pacer.ts";
import { metadataOf, setMetadata, type Metadata } from "./metadata.ts";
import { toWholeDouble } from "./number-value.ts";
import { splitPath } from "./path.ts";
import { splitFieldPath } from "./expression/field-path.ts";
import { createKeeper, type Keeper } from "./sort/keeper.ts";
import { createSortKeys, type SortKeys } from "./sort/keys.ts";
import { eachTuple, simpleTuple, type SortPath } from "./sort/key.ts";

export { createKeeper, createSortKeys, type Keeper, type SortKeys };

/** What `keyOf` gives; only for `compare` of the same sort. */
export type SortKey = Value;

export interface SortPart {
  readonly path: string;
  readonly direction: 1 | -1;
}

export interface Sort {
  /** In order of weight. */
  readonly paths: readonly SortPart[];
  /** Whether keys are arrays of a value for each part. */
  readonly isCompound: boolean;
  /** The top-level field whose value, unless it is an array, is the key, and is compared by its bytes. */
  readonly field?: string | undefined;
  /** @throws {MongoError} 2 when two of the paths lead through different arrays */
  keyOf(doc: Doc): SortKey;
  /** The part of a key that `compare` goes by first. */
  leading(key: SortKey): Value;
  /** The directions are taken into account; 0 for keys that the sort does not tell apart. */
  compare(left: SortKey, right: SortKey): number;
}

export function keyWithoutSort(): MongoError {
  return badValue("cannot use sortKey $meta projection without a sort");
}

/** Notes what documents are sorted by, for those who ask for it. */
export function noteSortKeys(docs: readonly Doc[], sort: Sort): void {
  for (const doc of docs) {
    const key = sort.keyOf(doc);
    setMetadata(doc, { sortKey: sort.isCompound ? (key as readonly Value[]) : [key] });
  }
}

const partsMax = 32;

/**
 * Compiles a sort specification.
 *
 * `$natural` is for the store to know before it comes here.
 *
 * @throws {MongoError} 15974 and 15975 for a bad direction, 17312 and 31138 for a bad `$meta`, 40352 to 40353, 15998
 *   and 16410 for a bad path, 13103 for more than 32
 */
export function compileSort(
  spec: Doc,
  collation?: TextOrder,
  metadata?: ReadonlySet<keyof Metadata>,
): Sort {
  if (spec.size > partsMax) throw new MongoError(13103, "too many compound keys");
  const parts = [...spec.entries()].map(([path, order]) => readPart(path, order, metadata));
  const paths = parts.filter((each) => each.meta === undefined);
  return parts.length === 1 && paths.length === 1
    ? singleSort(paths[0] as Part, collation)
    : compoundSort(parts, collation);
}

interface Part extends SortPart {
  readonly parts: SortPath;
  /** Sorted by `{ $meta: … }`: at random, or by what documents carry, the greatest first. */
  readonly meta: SortMeta | undefined;
}

type SortMeta = "randVal" | "textScore" | "geoNearDistance";

const carriedWords = { textScore: "text score", geoNearDistance: "$geoNear distance" } as const;

function readPart(
  path: string,
  order: Value,
  metadata: ReadonlySet<keyof Metadata> | undefined,
): Part {
  if (order instanceof Doc) {
    const meta = readMeta(order, metadata);
    return { path, direction: meta === "randVal" ? 1 : -1, parts: [], meta };
  }
  if (!isNumber(order))
    throw new MongoError(15974, `Illegal key in $sort specification: ${path}: ${printBson(order)}`);
  const whole = toWholeDouble(order);
  if (whole !== 1 && whole !== -1)
    throw new MongoError(
      15975,
      "$sort key ordering must be 1 (for ascending) or -1 (for descending)",
    );
  splitFieldPath(path);
  return { path, direction: whole, parts: splitPath(path), meta: undefined };
}

function readMeta(order: Doc, metadata: ReadonlySet<keyof Metadata> | undefined): SortMeta {
  if (order.keys()[0] !== "$meta")
    throw new MongoError(17312, "$meta is the only expression supported by $sort right now");
  if (order.size > 1)
    throw failedToParse("Cannot have additional keys in a $meta sort specification");
  const name = order.valueAt(0);
  if (name === "randVal") return name;
  if (name === "textScore" || name === "geoNearDistance") {
    if (metadata?.has(name) === true) return name;
    throw new MongoError(
      40218,
      `query requires ${carriedWords[name]} metadata, but it is not available`,
    );
  }
  if (name === "searchScore" || name === "searchHighlights")
    throw new MongoError(
      name === "searchScore" ? 31218 : 31219,
      `$meta sort by '${name}' metadata is not supported`,
    );
  throw new MongoError(31138, `Illegal $meta sort: $meta: ${printBson(name)}`);
}

/** One path: the key is the value itself. */
function singleSort(part: Part, collation: TextOrder | undefined): Sort {
  const { parts, direction } = part;
  const order = directed(direction, collation);
  const fields = [parts];
  const name = parts.length === 1 ? parts[0]?.key : undefined;
  return {
    paths: [part],
    isCompound: false,
    field: name !== undefined && collation === undefined && isAscii(name) ? name : undefined,
    leading: collation === undefined ? (key): Value => key : withoutText,
    compare: order,
    keyOf(doc): SortKey {
      if (name !== undefined) {
        const value = doc.get(name);
        if (value === undefined) return null;
        // A stored `_id` is no array, so the server takes one that a stage made as it is.
        if (!isArray(value) || name === "_id") return value;
      }
      const simple = simpleTuple(doc, fields);
      if (simple !== undefined) return simple[0] as Value;
      let best: Value | undefined;
      eachTuple(doc, fields, ([value = null]) => {
        if (best === undefined || order(value, best) < 0) best = value;
      });
      return best ?? null;
    },
  };
}

function directed(
  direction: 1 | -1,
  collation: TextOrder | undefined,
): (left: Value, right: Value) => number {
  if (collation === undefined)
    return direction === 1 ? compare : (left, right): number => compare(right, left);
  return direction === 1
    ? (left, right): number => compare(left, right, collation)
    : (left, right): number => compare(right, left, collation);
}

/** How a text begins says nothing about its place in a collation. */
function withoutText(value: Value): Value {
  return typeof value === "string" ? "" : value;
}

type Tuple = readonly Value[];

function compoundSort(parts: readonly Part[], collation: TextOrder | undefined): Sort {
  const directions = parts.map((each) => each.direction);
  const fields = parts.map((each) => each.parts);
  const order = (left: SortKey, right: SortKey): number => {
    for (let index = 0; index < directions.length; index += 1) {
      const difference = compare(
        (left as Tuple)[index] as Value,
        (right as Tuple)[index] as Value,
        collation,
      );
      if (difference !== 0) return difference * (directions[index] as number);
    }
    return 0;
  };
  const metas = parts.map((each) => each.meta);
  const hasMeta = metas.some((each) => each !== undefined);
  return {
    paths: parts.filter((each) => each.meta === undefined),
    isCompound: true,
    leading: (key) => {
      // What a document carries goes in a direction of its own, which its reader does not know.
      if (metas[0] !== undefined) return null;
      const first = (key as Tuple)[0] as Value;
      return collation === undefined ? first : withoutText(first);
    },
    compare: order,
    keyOf(doc): SortKey {
      const key = simpleTuple(doc, fields) ?? leastTuple(doc, fields, order);
      return hasMeta ? key.map((each, at) => metaKey(metas[at], doc) ?? each) : key;
    },
  };
}

function metaKey(meta: Part["meta"], doc: Doc): Value | undefined {
  if (meta === undefined) return undefined;
  return new Double(meta === "randVal" ? Math.random() : (metadataOf(doc)?.[meta] ?? 0));
}

function leastTuple(
  doc: Doc,
  fields: readonly SortPath[],
  order: (left: Value, right: Value) => number,
): Tuple {
  let best: Tuple | undefined;
  eachTuple(doc, fields, (tuple) => {
    if (best === undefined || order(tuple, best) < 0) best = tuple;
  });
  return best ?? fields.map(() => null);
}

export interface SortOptions {
  readonly pacer: Pacer;
  /** At least 1: only so many of the first are wanted, and kept. */
  readonly limit?: number;
  /** In place of the sort's own: what is a Promise is waited for. */
  readonly keyOf?: (doc: Doc) => SortKey | Promise<SortKey>;
  /** Holds what is sorted, in place of one that holds the documents. */
  readonly keeper?: Keeper | undefined;
}

/**
 * Sorts a stream of documents; those that the sort does not tell apart stay in their order.
 *
 * @throws {MongoError} 292 when more would have to be held than `sortBytesMax`
 */
export async function sortDocs(
  batches: AsyncIterable<readonly Doc[]> | Iterable<readonly Doc[]>,
  sort: Sort,
  { pacer, limit, keyOf = (doc): SortKey => sort.keyOf(doc), keeper: given }: SortOptions,
): Promise<Doc[]> {
  const keeper = given ?? createKeeper(sort, limit);
  const adding: Adding = { keeper, keyOf, pacer, waiting: undefined };
  for await (const batch of batches) {
    for (let at = 0; at < batch.length;) {
      at = addReady(batch, at, adding);
      const { waiting } = adding;
      if (waiting !== undefined) {
        adding.waiting = undefined;
        keeper.add(batch[at - 1] as Doc, await waiting);
      } else if (at < batch.length) await pacer.rest();
    }
    const tidying = keeper.tidy?.(pacer);
    if (tidying !== undefined) await tidying;
  }
  return await keeper.finish(pacer);
}

interface Adding {
  readonly keeper: Keeper;
  readonly keyOf: (doc: Doc) => SortKey | Promise<SortKey>;
  readonly pacer: Pacer;
  /** The key of the document that was come to last. */
  waiting: Promise<SortKey> | undefined;
}

/**
 * Adds documents from `start` on, until it is time for others or a key has to be waited for.
 *
 * @returns where to go on
 */
function addReady(batch: readonly Doc[], start: number, adding: Adding): number {
  const { keeper, keyOf, pacer } = adding;
  for (let at = start; at < batch.length; at += 1) {
    const doc = batch[at] as Doc;
    if (!keeper.addPlain(doc)) {
      const key = keyOf(doc);
      if (key instanceof Promise) {
        adding.waiting = key;
        return at + 1;
      }
      keeper.add(doc, key);
    }
    if (pacer.due()) return at + 1;
  }
  return batch.length;
}
