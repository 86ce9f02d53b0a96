/** `$push` with `$each`, `$position`, `$sort` and `$slice`, which act in that order. */
import { compare, type TextOrder } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { isArray, isNumber, typeName, type Value } from "../../bson/value.ts";
import { badValue } from "../../kit/mongo-error.ts";
import { integerOf } from "./integer.ts";
import { checkCreatable, describeId, pathOf } from "./place.ts";
import { heightOf } from "./storable.ts";
import type { Leaf } from "./tree.ts";

type Comparator = (left: Value, right: Value) => number;

interface Push {
  readonly values: readonly Value[];
  /** Negative counts from the end. */
  readonly position: number | undefined;
  readonly sort: Comparator | undefined;
  /** Elements to keep: the first ones, or the last ones if negative. */
  readonly slice: number | undefined;
}

/** @throws {MongoError} 2 for a clause that is unknown or has a wrong value */
export function compilePush(spec: Value, collation?: TextOrder): Leaf {
  const push = readPush(spec, collation);
  return {
    kind: "leaf",
    height: heightOf(push.values),
    create(place) {
      checkCreatable(place);
      return applyPush([], push);
    },
    change(array, place, run) {
      if (!isArray(array))
        throw badValue(
          `The field '${pathOf(place)}' must be an array but is of type ${typeName(array)} in document {${describeId(run)}}`,
        );
      return applyPush(array, push);
    },
  };
}

/** The same array when nothing comes in, is sorted or goes out. */
function applyPush(array: readonly Value[], push: Push): readonly Value[] {
  const { values, position, sort, slice } = push;
  let result = array;
  if (values.length > 0) {
    const at = position === undefined ? array.length : startOf(position, array.length);
    result = [...array.slice(0, at), ...values, ...array.slice(at)];
  }
  // Sorting counts as a change even where the order stays; an empty array has none.
  if (sort !== undefined && result.length > 0) result = result.toSorted(sort);
  if (slice !== undefined && Math.abs(slice) < result.length)
    result = slice >= 0 ? result.slice(0, slice) : result.slice(slice);
  return result;
}

function startOf(position: number, length: number): number {
  return position < 0 ? Math.max(length + position, 0) : Math.min(position, length);
}

function readPush(spec: Value, collation: TextOrder | undefined): Push {
  const plain: Push = { values: [spec], position: undefined, sort: undefined, slice: undefined };
  if (!isDoc(spec) || !spec.has("$each")) return plain;
  for (const name of spec.keys())
    if (!clauses.has(name)) throw badValue(`Unrecognized clause in $push: ${name}`);
  const each = spec.get("$each");
  if (!isArray(each))
    throw badValue(
      `The argument to $each in $push must be an array but it was of type: ${typeName(each)}`,
    );
  // In this order, whatever that of the clauses: the first one that is wrong is named.
  const slice = readCount(
    spec.get("$slice"),
    "The value for $slice must be an integer value but was given type:",
  );
  const sort = readSort(spec.get("$sort"), collation);
  const position = readCount(
    spec.get("$position"),
    "The value for $position must be an integer value, not of type:",
  );
  return { values: each, position, sort, slice };
}

const clauses: ReadonlySet<string> = new Set(["$each", "$position", "$slice", "$sort"]);

/** Beyond what an array can hold, all numbers are alike. */
const countMax = 2n ** 40n;

function readCount(value: Value | undefined, complaint: string): number | undefined {
  if (value === undefined) return undefined;
  const count = integerOf(value);
  if (count === undefined) throw badValue(`${complaint} ${typeName(value)}`);
  if (count > countMax) return Number(countMax);
  return count < -countMax ? -Number(countMax) : Number(count);
}

function readSort(
  spec: Value | undefined,
  collation: TextOrder | undefined,
): Comparator | undefined {
  if (spec === undefined) return undefined;
  if (isNumber(spec)) {
    const sign = readDirection(spec, "The $sort element value must be either 1 or -1");
    return (left, right) => sign * compare(left, right, collation);
  }
  if (!isDoc(spec))
    throw badValue(
      "The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields",
    );
  if (spec.size === 0)
    throw badValue("The sort pattern is empty when it should be a set of fields.");
  return compareByFields(
    [...spec.entries()].map(([path, value]) => readSortField(path, value)),
    collation,
  );
}

interface SortField {
  readonly path: string;
  readonly sign: number;
}

function readSortField(path: string, value: Value): SortField {
  const sign = readDirection(value, "The sort element value must be either 1 or -1");
  if (path === "") throw badValue("The sort field cannot be empty");
  if (path.split(".").includes(""))
    throw badValue(`The sort field is a dotted field but has an empty part: ${path}`);
  return { path, sign };
}

function readDirection(value: Value, complaint: string): number {
  const sign = integerOf(value);
  if (sign !== 1n && sign !== -1n) throw badValue(complaint);
  return Number(sign);
}

function compareByFields(
  fields: readonly SortField[],
  collation: TextOrder | undefined,
): Comparator {
  return (left, right) => {
    for (const { path, sign } of fields) {
      const difference = compare(valueAt(left, path), valueAt(right, path), collation);
      if (difference !== 0) return sign * difference;
    }
    return 0;
  };
}

/** Not the paths of queries: arrays on the way are entered by index only, and a dotted name counts first. */
function valueAt(element: Value, path: string): Value {
  const found = isDoc(element) ? find(element, path) : undefined;
  return found ?? null;
}

function find(value: Value | undefined, path: string): Value | undefined {
  const whole = childOf(value, path);
  if (whole !== undefined) return whole;
  const dot = path.indexOf(".");
  if (dot < 0) return undefined;
  return find(childOf(value, path.slice(0, dot)), path.slice(dot + 1));
}

function childOf(value: Value | undefined, name: string): Value | undefined {
  if (isArray(value)) return /^(?:0|[1-9]\d{0,9})$/.test(name) ? value[Number(name)] : undefined;
  return isDoc(value) ? value.get(name) : undefined;
}

function isDoc(value: Value | undefined): value is Doc {
  return value instanceof Doc;
}
