/**
 * The keys of a document in an index.
 *
 * An array gives a key for each element; of two paths through different arrays no index can be made. A path that leads
 * nowhere counts as null, an empty array as undefined.
 */
import { createHash } from "node:crypto";
import { printBson } from "../bson/print.ts";
import { Doc } from "../bson/doc.ts";
import { isArray, Undefined, type Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { type Collation, foldValue } from "../query/collation.ts";
import type { StoredIndex } from "./catalog.ts";
import { expandGeo, writeGeoPart } from "./geo-keys.ts";
import { copyKey, createKeyBuffer, type KeyBuffer, writeBytes, writeWord } from "./key-buffer.ts";
import { writeKeyPart } from "./key-string.ts";
import { expandText, writeScore } from "./text-keys.ts";
import { writeRecordIdTo } from "./tables.ts";

/** Values of one key, in the order of the index's fields; undefined for a missing one. */
export type KeyValues = readonly (Value | undefined)[];

/** LMDB takes 1,978 bytes; the index's and the record's ids are not counted here. */
const keyBytesMax = 1960;
const hashBytes = 16;
/** Longer keys begin with that much of themselves and end in a hash of the whole. */
export const keyBytesKept: number = keyBytesMax - hashBytes;

export const indexIdBytes = 4;

/** The keys as they are stored, without doubles. Sets the index's `multikey` and `isCut` when it has to. */
export function keysOf(index: StoredIndex, doc: Doc, record: number): readonly KeyBuffer[] {
  const keys: KeyBuffer[] = [];
  eachKey(index, doc, record, (key) => {
    keys.push(copyKey(key));
  });
  return keys.length > 1 ? withoutDoubles(keys) : keys;
}

/** The same, doubles included. @param visit is given a key that is written over by the next */
export function eachKey(
  index: StoredIndex,
  doc: Doc,
  record: number,
  visit: (key: KeyBuffer) => void,
): void {
  const { partial } = index.definition;
  if (partial !== undefined && !partial.holds(doc)) return;
  expand(index, doc, (values) => {
    visit(toStoredKey(index, values, record));
  });
}

/** In the order of the index: of several conflicts the first is reported. */
function withoutDoubles(keys: readonly KeyBuffer[]): readonly KeyBuffer[] {
  const sorted = keys.toSorted((left, right) => Buffer.compare(left.bytes, right.bytes));
  return sorted.filter(
    (each, at) => at === 0 || !each.bytes.equals((sorted[at - 1] as KeyBuffer).bytes),
  );
}

const scratch = createKeyBuffer(512);

/** The key of these values; written over by the next call. */
export function toStoredKey(index: StoredIndex, values: KeyValues, record: number): KeyBuffer {
  const { fields, isDirect, collation } = index.definition;
  scratch.length = 0;
  writeWord(scratch, index.id);
  for (let at = 0; at < fields.length; at += 1) {
    const value = toKeyValue(values[at], collation);
    if (fields[at]?.geo !== undefined) writeGeoPart(scratch, value);
    else if (fields[at]?.text === "score") writeScore(scratch, value);
    else writeKeyPart(scratch, value, fields[at]?.isDescending === true);
  }
  if (scratch.length > indexIdBytes + keyBytesMax) cut(index, scratch);
  if (!isDirect) writeRecordIdTo(scratch, record);
  return scratch;
}

function toKeyValue(value: Value | undefined, collation: Collation | undefined): Value {
  const own = value ?? null;
  return collation === undefined ? own : foldValue(own, collation);
}

/** The values of each key, for a comparison that keys do not allow. */
export function tuplesOf(index: StoredIndex, doc: Doc): readonly KeyValues[] {
  const { partial } = index.definition;
  if (partial !== undefined && !partial.holds(doc)) return [];
  const tuples: KeyValues[] = [];
  expand(index, doc, (values) => {
    tuples.push([...values]);
  });
  return tuples;
}

/** Whether a stored key was longer than what is kept of one; in doubt, that it was. @param key with its record id */
export function isCutKey({ length }: KeyBuffer): boolean {
  return length >= indexIdBytes + keyBytesMax;
}

function cut(index: StoredIndex, key: KeyBuffer): void {
  if (!index.isCut) {
    index.isCut = true;
    index.changed();
  }
  const hash = createHash("sha256").update(key.bytes.subarray(indexIdBytes, key.length)).digest();
  key.length = indexIdBytes + keyBytesKept;
  writeBytes(key, hash.subarray(0, hashBytes));
}

/** The values whose stored key this is: what an error message shows. */
export function valuesOfKey(
  index: StoredIndex,
  doc: Doc,
  record: number,
  key: KeyBuffer,
): KeyValues {
  let found: KeyValues | undefined;
  expand(index, doc, (values) => {
    if (found !== undefined) return;
    const own = toStoredKey(index, values, record);
    if (Buffer.compare(own.bytes.subarray(0, own.length), key.bytes.subarray(0, key.length)) === 0)
      found = [...values];
  });
  return found ?? [];
}

type Emit = (values: KeyValues) => void;

/** Calls `emit` with the values of each key; the array is the callee's only during the call. */
function expand(index: StoredIndex, doc: Doc, emit: Emit): void {
  const { fields, geo, text } = index.definition;
  if (geo !== undefined) {
    expandGeo(index, geo, doc, emit);
    return;
  }
  if (text !== undefined) {
    expandText(fields, text, doc, emit);
    return;
  }
  const values: (Value | undefined)[] = Array.from({ length: fields.length });
  const open = fields.map((_, at) => at);
  expandFrom(doc, 0, open, { index, values, missing: 0, emit });
}

interface Expansion {
  readonly index: StoredIndex;
  readonly values: (Value | undefined)[];
  /** How many fields have no value so far. */
  readonly missing: number;
  readonly emit: Emit;
}

/** An array on the way of some fields: its place in the path is the same for all of them. */
interface Crossing {
  readonly array: readonly Value[];
  /** Path parts up to the array, the array's own name included. */
  readonly depth: number;
  readonly prefix: string;
  readonly fields: number[];
}

/** Fills in the fields in `open`, whose first `from` path parts lead to `base`. */
function expandFrom(base: Value, from: number, open: readonly number[], state: Expansion): void {
  const { index, values } = state;
  let missing = state.missing;
  let crossing: Crossing | undefined;
  for (const field of open) {
    const { parts } = index.definition.fields[field] as { parts: readonly string[] };
    const step = follow(base, parts, from);
    if (!step.isArray) {
      values[field] = step.value;
      if (step.value === undefined) missing += 1;
      continue;
    }
    const prefix = parts.slice(from, step.depth).join(".");
    if (crossing === undefined)
      crossing = { array: step.value, depth: step.depth, prefix, fields: [field] };
    else if (crossing.prefix === prefix) crossing.fields.push(field);
    else {
      mustNotBeHashed(index, crossing.prefix);
      throw parallelArrays(parts[step.depth - 1] as string, crossing.prefix);
    }
  }
  if (crossing !== undefined) expandArray(crossing, { ...state, missing });
  else if (!(index.definition.isSparse && missing === values.length)) state.emit(values);
}

function expandArray(crossing: Crossing, state: Expansion): void {
  const { index, values } = state;
  const { array, depth, fields } = crossing;
  mustNotBeHashed(index, crossing.prefix);
  const isLast = (field: number): boolean => index.definition.fields[field]?.parts.length === depth;
  for (const field of fields) markMultikey(index, field);
  const ending = fields.filter((field) => isLast(field));
  const onward = fields.filter((field) => !isLast(field));
  if (array.length === 0) {
    // Nothing at the end of the path is undefined, nothing on its way is no value.
    for (const field of ending) values[field] = Undefined;
    expandFrom(null, depth, onward, state);
    return;
  }
  for (const element of array) {
    for (const field of ending) values[field] = element;
    expandFrom(element, depth, onward, state);
  }
}

function markMultikey(index: StoredIndex, field: number): void {
  if (index.multikey[field] === true) return;
  index.multikey[field] = true;
  index.changed();
}

type Step =
  | { readonly isArray: false; readonly value: Value | undefined }
  | { readonly isArray: true; readonly value: readonly Value[]; readonly depth: number };

const nowhere: Step = { isArray: false, value: undefined };

/** Walks on from `base` until the path ends or an array stands in the way. */
function follow(base: Value, parts: readonly string[], from: number): Step {
  let value: Value | undefined = base;
  for (let depth = from; depth < parts.length; depth += 1) {
    if (!(value instanceof Doc)) return nowhere;
    value = value.get(parts[depth] as string);
    while (isArray(value)) {
      const next = parts[depth + 1];
      if (next === undefined || !isPosition(next))
        return { isArray: true, value, depth: depth + 1 };
      if (hasField(value, next)) {
        // Where nothing has that position, it is only a name.
        if (Number(next) >= value.length) return { isArray: true, value, depth: depth + 1 };
        throw ambiguous(value, next);
      }
      // A position in the path picks one element: no other gives a key, and at the path's end it is taken as it is.
      value = value[Number(next)];
      depth += 1;
      if (depth === parts.length - 1)
        return { isArray: false, value: isArray(value) && value.length === 0 ? Undefined : value };
    }
  }
  return { isArray: false, value };
}

function isPosition(part: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(part);
}

function hasField(array: readonly Value[], name: string): boolean {
  return array.some((each) => each instanceof Doc && each.has(name));
}

function ambiguous(array: readonly Value[], name: string): MongoError {
  return new MongoError(
    16746,
    `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${name}' for array: ${printBson(arrayAsDoc(array))}`,
  );
}

function arrayAsDoc(array: readonly Value[]): Doc {
  return Doc.fromEntries(array.map((each, index) => [String(index), each]));
}

function mustNotBeHashed(index: StoredIndex, path: string): void {
  if (!index.definition.isHashed) return;
  throw new MongoError(
    16766,
    `Error: hashed indexes do not currently support array values. Found array at path: ${path}`,
  );
}

function parallelArrays(name: string, prefix: string): MongoError {
  const other = prefix.slice(prefix.lastIndexOf(".") + 1);
  return new MongoError(171, `cannot index parallel arrays [${name}] [${other}]`);
}
