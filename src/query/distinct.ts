/** `distinct`: the values that a field has in documents. */
import { identityBy } from "../bson/compare.ts";
import { Doc, readValue } from "../bson/doc.ts";
import { findField, isAscii, typeAt } from "../bson/places.ts";
import { isArray, type Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import type { Pacer } from "../kit/pacer.ts";
import type { Collation } from "./collation.ts";
import { splitFieldPath } from "./expression/field-path.ts";

/** Bytes of the values that may be given. */
const bytesMax = 16 * 1024 * 1024;

/** The code of the failure when they get too many. */
export const distinctTooBig = 17217;

export interface DistinctValues {
  /** @throws {MongoError} 17217 when the values get too many */
  add(doc: Doc): void;
  /**
   * As `add`, for a document whose bytes begin at `start` and will change.
   *
   * @returns whether its value could be taken from them: it is one scalar, or there is none
   */
  addScalar(bytes: Buffer, start: number): boolean;
  /** As `add`, for a document with very many values. */
  addSlowly(doc: Doc, pacer: Pacer): Promise<void>;
  /** In the order in which they were found. */
  values(): readonly Value[];
}

/** @throws {MongoError} 31032 and what `splitFieldPath` gives for a path that is none */
export function collectDistinct(field: string, collation: Collation | undefined): DistinctValues {
  if (field.includes("\0"))
    throw new MongoError(31032, "Key field cannot contain an embedded null byte");
  const parts = splitFieldPath(field);
  const identityOf = identityBy(collation);
  const found = new Map<string | number, Value>();
  let held = 0;
  const addValue = (value: Value): void => {
    const identity = identityOf(value);
    if (found.has(identity)) return;
    found.set(identity, value);
    held += Doc.of({ v: value }).toBytes().length;
    if (held > bytesMax) throw new MongoError(distinctTooBig, "distinct too big, 16mb cap");
  };
  const name = parts.length === 1 && isAscii(field) ? field : undefined;
  return {
    add(doc) {
      collect(doc, parts, 0, addValue);
    },
    addScalar(bytes, start) {
      if (name === undefined) return false;
      const at = findField(bytes, start, name);
      if (at < 0) return true;
      const type = typeAt(bytes, at, name);
      if (viewing.has(type)) return false;
      addValue(readValue(bytes, type, at));
      return true;
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

/** Types of values that are views of the bytes they are read from: documents, arrays, binaries, code with a scope. */
const viewing: ReadonlySet<number> = new Set([3, 4, 5, 15]);

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
