/**
 * Sorting: specification → keys and their order, and the sorting of streams of documents.
 *
 * @module
 */
import { compare, type TextOrder } from "../bson/compare.ts";
import { Doc } from "../bson/doc.ts";
import { printBson } from "../bson/print.ts";
import { Double, isArray, isNumber, type Value } from "../bson/value.ts";
import { badValue, failedToParse, MongoError } from "../kit/mongo-error.ts";
import type { Pacer } from "../kit/pacer.ts";
import { metadataOf, type Metadata } from "./metadata.ts";
import { toDouble } from "./number.ts";
import { splitPath } from "./path.ts";
import { createKeeper, type Keeper } from "./sort/keeper.ts";
import { sortPositions } from "./sort/merge-sort.ts";
import { eachTuple, simpleTuple, type SortPath } from "./sort/key.ts";

export type { Keeper };

/** What `keyOf` gives; only for `compare` of the same sort. */
export type SortKey = Value;

export interface SortPart {
  readonly path: string;
  readonly direction: 1 | -1;
}

export interface Sort {
  /** In order of weight. */
  readonly paths: readonly SortPart[];
  /** @throws {MongoError} 2 when two of the paths lead through different arrays */
  keyOf(doc: Doc): SortKey;
  /** The part of a key that `compare` goes by first. */
  leading(key: SortKey): Value;
  /** The directions are taken into account; 0 for keys that the sort does not tell apart. */
  compare(left: SortKey, right: SortKey): number;
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
  /** Sorted by `{ $meta: … }`: at random, or by what the texts score, the best first. */
  readonly meta: "randVal" | "textScore" | undefined;
}

function readPart(
  path: string,
  order: Value,
  metadata: ReadonlySet<keyof Metadata> | undefined,
): Part {
  if (order instanceof Doc) {
    const meta = readMeta(order, metadata);
    return { path, direction: meta === "textScore" ? -1 : 1, parts: [], meta };
  }
  if (!isNumber(order))
    throw new MongoError(15974, `Illegal key in $sort specification: ${path}: ${printBson(order)}`);
  const direction = toDouble(order);
  const whole = Number.isFinite(direction) ? Math.trunc(direction) : 0;
  if (whole !== 1 && whole !== -1)
    throw new MongoError(
      15975,
      "$sort key ordering must be 1 (for ascending) or -1 (for descending)",
    );
  checkPath(path);
  return { path, direction: whole, parts: splitPath(path), meta: undefined };
}

function readMeta(
  order: Doc,
  metadata: ReadonlySet<keyof Metadata> | undefined,
): "randVal" | "textScore" {
  if (order.keys()[0] !== "$meta")
    throw new MongoError(17312, "$meta is the only expression supported by $sort right now");
  if (order.size > 1)
    throw failedToParse("Cannot have additional keys in a $meta sort specification");
  const name = order.valueAt(0);
  if (name === "textScore") {
    if (metadata?.has("textScore") === true) return name;
    throw new MongoError(40218, "query requires text score metadata, but it is not available");
  }
  if (name === "randVal") return name;
  throw new MongoError(31138, `Illegal $meta sort: $meta: ${printBson(name)}`);
}

function checkPath(path: string): void {
  if (path === "") throw new MongoError(40352, "FieldPath cannot be constructed with empty string");
  if (path.endsWith(".")) throw new MongoError(40353, "FieldPath must not end with a '.'.");
  for (const name of path.split(".")) {
    if (name === "") throw new MongoError(15998, "FieldPath field names may not be empty strings.");
    if (name.startsWith("$"))
      throw new MongoError(
        16410,
        "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
      );
  }
}

/** One path: the key is the value itself. */
function singleSort(part: Part, collation: TextOrder | undefined): Sort {
  const { parts, direction } = part;
  const order = directed(direction, collation);
  const fields = [parts];
  const name = parts.length === 1 ? parts[0]?.key : undefined;
  return {
    paths: [part],
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
  return new Double(meta === "randVal" ? Math.random() : (metadataOf(doc)?.textScore ?? 0));
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

/** The positions of keys in order; those that the sort does not tell apart stay in their order. */
export async function sortKeys(
  keys: readonly SortKey[],
  sort: Sort,
  pacer: Pacer,
): Promise<Uint32Array> {
  const keyAt = (position: number): SortKey => keys[position] as SortKey;
  return sortPositions(
    keys.length,
    {
      leading: (position) => sort.leading(keyAt(position)),
      direction: sort.paths[0]?.direction ?? 1,
      compare: (left, right) => sort.compare(keyAt(left), keyAt(right)) || left - right,
    },
    pacer,
  );
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
  if (limit !== undefined && limit < 1) throw badValue("the limit of a sort must be positive");
  const keeper = given ?? createKeeper(sort, limit);
  for await (const batch of batches)
    for (const doc of batch) {
      const key = keyOf(doc);
      keeper.add(doc, key instanceof Promise ? await key : key);
      if (pacer.due()) await pacer.rest();
    }
  return await keeper.finish(pacer);
}
