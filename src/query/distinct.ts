/** `distinct`: the values that a field has in documents. */
import { identityBy } from "../bson/compare.ts";
import { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import type { Pacer } from "../kit/pacer.ts";
import type { Collation } from "./collation.ts";

/** Bytes of the values that may be given. */
const bytesMax = 16 * 1024 * 1024;

export interface DistinctValues {
  /** @throws {MongoError} 17217 when the values get too many */
  add(doc: Doc): void;
  /** As `add`, for a document with very many values. */
  addSlowly(doc: Doc, pacer: Pacer): Promise<void>;
  /** In the order in which they were found. */
  values(): readonly Value[];
}

/** @throws {MongoError} 40352, 40353, 15998 for a path that is none */
export function collectDistinct(field: string, collation: Collation | undefined): DistinctValues {
  mustBePath(field);
  const parts = field.split(".");
  const identityOf = identityBy(collation);
  const found = new Map<string | number, Value>();
  let bytes = 0;
  const addValue = (value: Value): void => {
    const identity = identityOf(value);
    if (found.has(identity)) return;
    found.set(identity, value);
    bytes += Doc.of({ v: value }).toBytes().length;
    if (bytes > bytesMax) throw new MongoError(17217, "distinct too big, 16mb cap");
  };
  return {
    add(doc) {
      collect(doc, parts, 0, addValue);
    },
    async addSlowly(doc, pacer) {
      for (const value of valuesSlowly(doc, parts)) {
        addValue(value);
        if (pacer.due()) await pacer.rest();
      }
    },
    values: () => [...found.values()],
  };
}

/** The values of a path; a long array that it leads to at once is decoded bit by bit. */
function* valuesSlowly(doc: Doc, [first = "", ...rest]: readonly string[]): Iterable<Value> {
  const [next] = rest;
  const elements = next === undefined || !isPosition(next) ? doc.eachElement(first) : undefined;
  const found: Value[] = [];
  if (elements === undefined) {
    collect(doc, [first, ...rest], 0, (value) => found.push(value));
    yield* found;
  } else if (next === undefined) yield* elements;
  else
    for (const each of elements) {
      if (!(each instanceof Doc)) continue;
      collect(each, rest, 0, (value) => found.push(value));
      yield* found.splice(0);
    }
}

function mustBePath(field: string): void {
  if (field === "")
    throw new MongoError(40352, "FieldPath cannot be constructed with empty string");
  if (field.endsWith(".")) throw new MongoError(40353, "FieldPath must not end with a '.'.");
  if (field.split(".").includes(""))
    throw new MongoError(15998, "FieldPath field names may not be empty strings.");
}

function isPosition(part: string): boolean {
  return /^\d+$/.test(part);
}

/** The values that a path leads to: arrays on its way and at its end are gone through, one level each. */
function collect(
  value: Value,
  parts: readonly string[],
  depth: number,
  add: (value: Value) => unknown,
): void {
  const part = parts[depth];
  if (part === undefined) {
    if (isArray(value)) for (const each of value) add(each);
    else add(value);
    return;
  }
  if (value instanceof Doc) {
    const next = value.get(part);
    if (next !== undefined) collect(next, parts, depth + 1, add);
    return;
  }
  if (!isArray(value)) return;
  const element = isPosition(part) ? value[Number(part)] : undefined;
  if (element !== undefined) collect(element, parts, depth + 1, add);
  for (const each of value) if (each instanceof Doc) collect(each, parts, depth, add);
}
