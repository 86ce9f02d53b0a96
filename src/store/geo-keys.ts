/**
 * The keys of a document in a `2dsphere` or `2d` index: for each shape its cells, with all values of the other fields.
 *
 * Unlike those of other indexes, two fields may lead through different arrays.
 */
import { identityOf } from "../bson/compare.ts";
import type { Doc } from "../bson/doc.ts";
import { printBson } from "../bson/print.ts";
import { Binary, isArray, isNumber, Undefined, type Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { eachAlong, type GeoKey, gridKeyOf, isNoShape, sphereKeysOf } from "../query/geo-index.ts";
import type { StoredIndex } from "./catalog.ts";
import type { GeoIndex } from "./index-definition/geo.ts";
import { type KeyBuffer, writeByte, writeBytes, writeWord } from "./key-buffer.ts";
import { rankByte, writeKeyPart } from "./key-string.ts";

/** Values of one key; of geographic fields the number of a cell, or the bytes of a square. */
export type GeoKeyValues = readonly Value[];

/** Keys of one document at most. */
const keysMax = 100_000;

/** BSON's user-defined binary data, as the server has the keys of a `2d` index. */
const squareSubType = 128;

/** Calls `emit` with the values of each key. @throws {MongoError} 16755 for what is no shape, and those of a `2d` index */
export function expandGeo(
  index: StoredIndex,
  geo: GeoIndex,
  doc: Doc,
  emit: (values: GeoKeyValues) => void,
): void {
  const tuples = geo.kind === "2d" ? squareTuples(index, geo, doc) : sphereTuples(index, geo, doc);
  for (const each of tuples) emit(each);
}

function sphereTuples(index: StoredIndex, geo: GeoIndex, doc: Doc): readonly GeoKeyValues[] {
  let hasShape = geo.hasAll;
  const fields = index.definition.fields.map(({ path, parts, geo: kind }, field) => {
    if (kind === undefined) return plainValues(index, field, doc, parts);
    const cells = cellsOf(index, field, doc, path);
    if (cells.length > 0) hasShape = true;
    return cells.length > 0 ? cells : [null];
  });
  return hasShape ? product(fields) : [];
}

function cellsOf(index: StoredIndex, field: number, doc: Doc, path: string): readonly bigint[] {
  const parts = path.split(".");
  const name = parts.at(-1) as string;
  const cells = new Set<bigint>();
  let shapes = 0;
  let isLeaf = true;
  eachAlong(doc, parts, (value) => {
    if (isNoShape(value) || value === Undefined) return;
    shapes += 1;
    try {
      const own = sphereKeysOf(value, name);
      isLeaf &&= own.isLeaf;
      for (const each of own.keys) cells.add(each);
    } catch (cause) {
      if (!(cause instanceof MongoError)) throw cause;
      throw new MongoError(16_755, `Can't extract geo keys: ${printBson(doc)}  ${cause.message}`, {
        cause,
      });
    }
  });
  if (shapes > 1 || !isLeaf) markMultikey(index, field);
  return [...cells];
}

/** The values of another field; each element of an array is one. */
function plainValues(
  index: StoredIndex,
  field: number,
  doc: Doc,
  parts: readonly string[],
): readonly Value[] {
  const values = valuesAlong(doc, parts, () => markMultikey(index, field));
  return values.length > 0 ? values : [null];
}

function valuesAlong(doc: Doc, parts: readonly string[], onArray: () => void): readonly Value[] {
  const values = new Map<string | number, Value>();
  let visits = 0;
  eachAlong(doc, parts, (value) => {
    visits += 1;
    if (!isArray(value)) values.set(identityOf(value), value);
    else if (value.length === 0) values.set(identityOf(Undefined), Undefined);
    else for (const each of value) values.set(identityOf(each), each);
    if (isArray(value) || visits > 1) onArray();
  });
  return [...values.values()];
}

function markMultikey(index: StoredIndex, field: number): void {
  if (index.multikey[field] === true) return;
  index.multikey[field] = true;
  index.changed();
}

function product(fields: readonly (readonly Value[])[]): readonly GeoKeyValues[] {
  let tuples: Value[][] = [[]];
  for (const values of fields) {
    // Atlas: the original makes as many keys as there are; so many in one document are a mistake or an attack.
    if (tuples.length * values.length > keysMax)
      throw new MongoError(17_280, `document has more than ${keysMax} keys in one index`);
    tuples = tuples.flatMap((tuple) => values.map((each) => [...tuple, each]));
  }
  return tuples;
}

function squareTuples(index: StoredIndex, { grid }: GeoIndex, doc: Doc): readonly GeoKeyValues[] {
  const [first, ...others] = index.definition.fields;
  if (first === undefined) return [];
  const squares: Buffer[] = [];
  eachAlong(doc, first.parts, (value) => {
    for (const pair of pairsOf(value)) squares.push(squareOf(pair, grid, doc));
  });
  if (squares.length === 0) return [];
  if (squares.length > 1) markMultikey(index, 0);
  // Several values of another field are one key, as an array: such a field is no longer in the order of its values.
  const rest = others.map(({ parts }, at) => {
    const values = valuesAlong(doc, parts, () => markMultikey(index, at + 1));
    return values.length === 1 ? (values[0] as Value) : values.length === 0 ? null : values;
  });
  return squares.map((bytes) => [new Binary(squareSubType, bytes), ...rest]);
}

function squareOf(pair: Value, grid: GeoIndex["grid"], doc: Doc): Buffer {
  try {
    return gridKeyOf(pair, grid);
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    throw new MongoError(cause.code, `${cause.message} :: caused by :: ${printBson(doc)}`, {
      cause,
    });
  }
}

/** The pairs of a value: itself when it begins with a number, else what it holds; empty ones do not count. */
function pairsOf(value: Value): readonly Value[] {
  const elements = elementsIn(value);
  const [first] = elements;
  if (first === undefined) return [];
  if (isNumber(first)) return [value];
  return elements.flatMap((each) => {
    if (typeof each !== "object" || each === null || !(isArray(each) || each.bsonType === 3))
      throw new MongoError(
        16_804,
        "location object expected, location array not in correct format",
      );
    return elementsIn(each).length === 0 ? [] : [each];
  });
}

function elementsIn(value: Value): readonly Value[] {
  if (isArray(value)) return value;
  const isDoc = typeof value === "object" && value !== null && value.bsonType === 3;
  return isDoc ? value.values() : [];
}

const sphereByte = rankByte(10);
const squareByte = rankByte(30);

/** Appends the part of a key that stands for a cell, a square, or neither. */
export function writeGeoPart(key: KeyBuffer, value: Value): void {
  if (typeof value === "bigint") writeGeoKey(key, value);
  else if (value instanceof Binary) writeGeoKey(key, Buffer.from(value.bytes));
  else writeKeyPart(key, value, false);
}

/** Eight bytes in the order of the cells or squares. */
export function writeGeoKey(key: KeyBuffer, value: GeoKey): void {
  if (typeof value !== "bigint") {
    writeByte(key, squareByte);
    writeBytes(key, value);
    return;
  }
  writeByte(key, sphereByte);
  // Sign flipped, so that negative numbers come first.
  writeWord(key, Number(BigInt.asUintN(32, value >> 32n)) ^ 0x8000_0000);
  writeWord(key, Number(value & 0xffff_ffffn));
}
