/** `$slice` of `find`: part of an array, after everything else was projected. */
import { Doc } from "../../bson/doc.ts";
import { isArray, isNumber, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { toDouble } from "../number.ts";

export interface Slice {
  readonly path: readonly string[];
  /** Elements to pass over, from the end if negative; undefined: `limit` may be negative, for the last ones. */
  readonly skip: number | undefined;
  readonly limit: number;
}

/**
 * Reads `find`'s `$slice`.
 *
 * @throws {MongoError} 31257 to 31259, 31272, 31273 for what can only be the expression of that name, if anything
 */
export function readSlice(operand: Value): Omit<Slice, "path"> {
  if (isNumber(operand)) return { skip: undefined, limit: toInt32(operand) };
  if (!isArray(operand))
    throw new MongoError(31273, "$slice only supports numbers and [skip, limit] arrays");
  const [skip, limit] = operand;
  if (operand.length !== 2 || skip === undefined || limit === undefined)
    throw new MongoError(31272, "$slice array argument should be of form [skip, limit]");
  if (!isNumber(skip)) throw notNumber(31257, "skip", skip);
  if (!isNumber(limit)) throw notNumber(31258, "limit", limit);
  const count = toInt32(limit);
  if (count <= 0) throw new MongoError(31259, `$slice limit must be positive, got ${count}`);
  return { skip: toInt32(skip), limit: count };
}

function notNumber(code: number, name: string, value: Value): MongoError {
  return new MongoError(
    code,
    `$slice expects the ${name} argument to be a number, got ${typeName(value)}`,
  );
}

const int32Max = 2 ** 31 - 1;

/** Cut off towards zero, clamped; NaN is 0. */
function toInt32(value: Parameters<typeof toDouble>[0]): number {
  const double = toDouble(value);
  if (Number.isNaN(double)) return 0;
  return Math.trunc(Math.min(Math.max(double, -int32Max - 1), int32Max));
}

/** Slices by path, so that one pass over a document does them all. */
export interface SliceTree {
  slice: Slice | undefined;
  readonly children: Map<string, SliceTree>;
}

export function createSliceTree(slices: readonly Slice[]): SliceTree {
  const root: SliceTree = { slice: undefined, children: new Map() };
  for (const slice of slices) {
    let node = root;
    for (const name of slice.path) {
      const child = node.children.get(name) ?? { slice: undefined, children: new Map() };
      node.children.set(name, child);
      node = child;
    }
    node.slice = slice;
  }
  return root;
}

/** The document with its arrays cut; itself where there are none. */
export function applySlices(doc: Doc, tree: SliceTree): Doc {
  const keys = doc.keys();
  let values: Value[] | undefined;
  for (let index = 0; index < keys.length; index += 1) {
    const node = tree.children.get(keys[index] as string);
    if (node === undefined) continue;
    const before = doc.valueAt(index);
    const after = sliceValue(before, node);
    if (after === before) continue;
    values ??= [...doc.values()];
    values[index] = after;
  }
  return values === undefined ? doc : Doc.fromParts(keys, values);
}

function sliceValue(value: Value, node: SliceTree): Value {
  if (node.slice !== undefined) return isArray(value) ? cut(value, node.slice) : value;
  if (value instanceof Doc) return applySlices(value, node);
  if (!isArray(value)) return value;
  return value.map((each) => (each instanceof Doc ? applySlices(each, node) : each));
}

function cut(array: readonly Value[], { skip, limit }: Slice): readonly Value[] {
  if (skip === undefined) {
    if (limit >= 0) return array.slice(0, limit);
    return array.slice(limit);
  }
  const start = skip < 0 ? Math.max(array.length + skip, 0) : skip;
  return array.slice(start, start + limit);
}
