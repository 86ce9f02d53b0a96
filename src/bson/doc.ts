/**
 * A BSON document: ordered, immutable, and lazy.
 *
 * A document over bytes reads only the fields that are asked for, and is written back by copying its bytes.
 * "Changing" one gives a new document that shares everything else.
 */
import {
  endOfCstring,
  readDecimalAt,
  readBinary,
  readDouble,
  readInt32,
  readInt64Loose,
  readKey,
  readObjectId,
  readString,
  readText,
  skipValue,
} from "./decode.ts";
import { encodeDoc } from "./encode.ts";
import { findField, findPlaces, indexFirst, isAscii, typeAt } from "./places.ts";
import {
  BsonSymbol,
  Code,
  CodeWithScope,
  DateTime,
  DbPointer,
  Double,
  MaxKey,
  MinKey,
  Regex,
  Timestamp,
  Undefined,
  type Value,
} from "./value.ts";

/** Lookups by scanning the bytes, before it pays to note where every field is. */
const scansMax = 8;
/** Keys beyond which lookups go through a Map. */
const linearKeysMax = 12;

export class Doc {
  /** The bytes this is a view of, from `#start` on; undefined for a document built from values. */
  #bytes: Buffer | undefined;
  #start: number;
  #keys: readonly string[] | undefined;
  /** `undefined` in a slot: not decoded yet. */
  #values: (Value | undefined)[] | undefined;
  /** Per field: position of the value × 256 + type. */
  #places: number[] | undefined;
  #index: Map<string, number> | undefined;
  #scans = 0;

  private constructor(
    bytes: Buffer | undefined,
    start: number,
    keys?: readonly string[],
    values?: Value[],
  ) {
    this.#bytes = bytes;
    this.#start = start;
    this.#keys = keys;
    this.#values = values;
  }

  get bsonType(): 3 {
    return 3;
  }

  static readonly empty: Doc = Doc.fromParts([], []);

  /**
   * A view of well-formed BSON; nothing is copied, the bytes must not change afterwards.
   *
   * @param start where the document begins; its own length prefix says where it ends
   */
  static fromBytes(bytes: Uint8Array, start = 0): Doc {
    // Making a view of a view costs more than reading a field: it waits until somebody wants `source`.
    if (bytes instanceof Buffer) return new Doc(bytes, start);
    return new Doc(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), start);
  }

  /** Takes both arrays over: equally long, keys distinct. */
  static fromParts(keys: readonly string[], values: Value[]): Doc {
    return new Doc(undefined, 0, keys, values);
  }

  /** For literals: `Doc.of({ a: 1 })`. Beware that JavaScript moves integer-like keys to the front. */
  static of(fields: Readonly<Record<string, Value>>): Doc {
    return Doc.fromParts(Object.keys(fields), Object.values(fields));
  }

  static fromEntries(entries: Iterable<readonly [string, Value]>): Doc {
    const keys: string[] = [];
    const values: Value[] = [];
    for (const [key, value] of entries) {
      keys.push(key);
      values.push(value);
    }
    return Doc.fromParts(keys, values);
  }

  /** The bytes this document is a view of, if it is one: copying them is encoding it. */
  get source(): Buffer | undefined {
    const bytes = this.#bytes;
    if (bytes === undefined) return undefined;
    const length = readInt32(bytes, this.#start);
    if (length !== bytes.length) {
      this.#bytes = bytes.subarray(this.#start, this.#start + length);
      this.#rebase();
    }
    return this.#bytes;
  }

  /** How many bytes a view covers, without making it; undefined for a document built from values. */
  get viewLength(): number | undefined {
    return this.#bytes === undefined ? undefined : readInt32(this.#bytes, this.#start);
  }

  /** What this is a view of, from `viewStart` on: for who looks for a field himself. It may hold more than this one. */
  get viewBytes(): Buffer | undefined {
    return this.#bytes;
  }

  get viewStart(): number {
    return this.#start;
  }

  /** After the view was narrowed, noted positions count from its new beginning. */
  #rebase(): void {
    const places = this.#places;
    if (places !== undefined)
      for (let index = 0; index < places.length; index += 1)
        places[index] = (places[index] as number) - this.#start * 256;
    this.#start = 0;
  }

  /** The document's bytes; those of a view are not copied. */
  toBytes(): Buffer {
    return this.source ?? encodeDoc(this);
  }

  get size(): number {
    return this.keys().length;
  }

  keys(): readonly string[] {
    return this.#keys ?? this.#locate();
  }

  /** The first name, without looking at the others. */
  get firstKey(): string | undefined {
    const bytes = this.#bytes;
    if (this.#keys !== undefined || bytes === undefined) return this.keys()[0];
    const keyAt = this.#start + 5;
    return bytes[keyAt - 1] === 0 ? undefined : readKey(bytes, keyAt, endOfCstring(bytes, keyAt));
  }

  /** All values in order, decoded (documents within stay lazy). */
  values(): readonly Value[] {
    const count = this.keys().length;
    for (let index = 0; index < count; index += 1) this.valueAt(index);
    return this.#values as Value[];
  }

  valueAt(index: number): Value {
    if (this.#keys === undefined) this.#locate();
    const values = this.#values as (Value | undefined)[];
    const known = values[index];
    if (known !== undefined) return known;
    const place = (this.#places as number[])[index] as number;
    const value = readValue(this.#bytes as Buffer, place % 256, Math.floor(place / 256));
    values[index] = value;
    return value;
  }

  /** The position of a field, or -1. */
  indexOf(key: string): number {
    const keys = this.keys();
    if (keys.length <= linearKeysMax) return keys.indexOf(key);
    // Mostly it is `_id` that is asked for: no reason to note where hundreds of thousands of others are.
    if (keys[0] === key) return 0;
    this.#index ??= indexFirst(keys);
    return this.#index.get(key) ?? -1;
  }

  has(key: string): boolean {
    return this.indexOf(key) >= 0;
  }

  /** The value of a field, or undefined where there is none. */
  get(key: string): Value | undefined {
    if (this.#keys === undefined && this.#scans < scansMax && isAscii(key)) {
      this.#scans += 1;
      return scan(this.#bytes as Buffer, this.#start, key);
    }
    const index = this.indexOf(key);
    return index < 0 ? undefined : this.valueAt(index);
  }

  /**
   * The elements of the array in a field, each decoded when it is asked for: for an array so long that decoding all of
   * it would hold up others. Undefined where there is no array, or it is decoded already.
   */
  eachElement(key: string): IterableIterator<Value> | undefined {
    if (this.#bytes === undefined || !isAscii(key)) return undefined;
    const at = findField(this.#bytes, this.#start, key);
    if (at < 0 || typeAt(this.#bytes, at, key) !== 4) return undefined;
    return elementsAt(this.#bytes, at);
  }

  *entries(): IterableIterator<[string, Value]> {
    const keys = this.keys();
    for (let index = 0; index < keys.length; index += 1)
      yield [keys[index] as string, this.valueAt(index)];
  }

  /** A document of these fields only, in their order here; found in one pass. */
  pick(names: readonly string[]): Doc {
    const bytes = this.#bytes;
    const values: (Value | undefined)[] =
      bytes === undefined || this.#keys !== undefined || !names.every(isAscii)
        ? names.map((name) => this.get(name))
        : findPlaces(bytes, this.#start, names).map((place) =>
            place === undefined
              ? undefined
              : readValue(bytes, place % 256, Math.floor(place / 256)),
          );
    if (!values.includes(undefined)) return Doc.fromParts(names, values as Value[]);
    const found = names.filter((_, index) => values[index] !== undefined);
    return Doc.fromParts(
      found,
      values.filter((each): each is Value => each !== undefined),
    );
  }

  /** This document with one field set: in its place if it is there, else at the end. */
  with(key: string, value: Value): Doc {
    const index = this.indexOf(key);
    const values = [...this.values()];
    if (index >= 0) {
      values[index] = value;
      return Doc.fromParts(this.keys(), values);
    }
    return Doc.fromParts([...this.keys(), key], [...values, value]);
  }

  /** This document without one field; itself if it has no such field. */
  without(key: string): Doc {
    const index = this.indexOf(key);
    if (index < 0) return this;
    return Doc.fromParts(
      this.keys().filter((_, each) => each !== index),
      this.values().filter((_, each) => each !== index),
    );
  }

  #locate(): readonly string[] {
    const bytes = this.#bytes as Buffer;
    const keys: string[] = [];
    const places: number[] = [];
    const values: undefined[] = [];
    let at = this.#start + 4;
    for (let type = bytes[at] as number; type !== 0; type = bytes[at] as number) {
      const keyEnd = endOfCstring(bytes, at + 1);
      keys.push(readKey(bytes, at + 1, keyEnd));
      places.push((keyEnd + 1) * 256 + type);
      values.push(undefined);
      at = skipValue(bytes, type, keyEnd + 1);
    }
    this.#keys = keys;
    this.#places = places;
    this.#values = values;
    return keys;
  }
}

/** The value of a field by its (ASCII) name, without decoding the others. */
function scan(bytes: Buffer, start: number, key: string): Value | undefined {
  const at = findField(bytes, start, key);
  return at < 0 ? undefined : readValue(bytes, typeAt(bytes, at, key), at);
}

/** Decodes one value; documents within stay lazy. */
export function readValue(bytes: Buffer, type: number, at: number): Value {
  switch (type) {
    case 1:
      return new Double(readDouble(bytes, at));
    case 2:
      return readString(bytes, at);
    case 3:
      return Doc.fromBytes(bytes, at);
    case 4:
      return readArray(bytes, at);
    case 7:
      return readObjectId(bytes, at);
    case 8:
      return bytes[at] !== 0;
    case 9:
      return new DateTime(readInt64Loose(bytes, at));
    case 10:
      return null;
    case 16:
      return readInt32(bytes, at);
    case 18:
      return BigInt(readInt64Loose(bytes, at));
    default:
      return readRare(bytes, type, at);
  }
}

function* elementsAt(bytes: Buffer, start: number): IterableIterator<Value> {
  let at = start + 4;
  for (let type = bytes[at] as number; type !== 0; type = bytes[at] as number) {
    const valueAt = endOfCstring(bytes, at + 1) + 1;
    yield readValue(bytes, type, valueAt);
    at = skipValue(bytes, type, valueAt);
  }
}

function readArray(bytes: Buffer, start: number): Value[] {
  const array: Value[] = [];
  let at = start + 4;
  for (let type = bytes[at] as number; type !== 0; type = bytes[at] as number) {
    const valueAt = endOfCstring(bytes, at + 1) + 1;
    array.push(readValue(bytes, type, valueAt));
    at = skipValue(bytes, type, valueAt);
  }
  return array;
}

function readRare(bytes: Buffer, type: number, at: number): Value {
  switch (type) {
    case 5:
      return readBinary(bytes, at);
    case 11: {
      const patternEnd = endOfCstring(bytes, at);
      const optionsEnd = endOfCstring(bytes, patternEnd + 1);
      return new Regex(
        readText(bytes, at, patternEnd),
        readText(bytes, patternEnd + 1, optionsEnd),
      );
    }
    case 12: {
      const idAt = at + 4 + readInt32(bytes, at);
      return new DbPointer(readString(bytes, at), readObjectId(bytes, idAt));
    }
    case 13:
      return new Code(readString(bytes, at));
    case 14:
      return new BsonSymbol(readString(bytes, at));
    case 15: {
      const scopeAt = at + 8 + readInt32(bytes, at + 4);
      return new CodeWithScope(readString(bytes, at + 4), Doc.fromBytes(bytes, scopeAt));
    }
    case 17:
      return new Timestamp(readInt32(bytes, at + 4) >>> 0, readInt32(bytes, at) >>> 0);
    case 19:
      return readDecimalAt(bytes, at);
    case 6:
      return Undefined;
    case 127:
      return MaxKey;
    case 255:
      return MinKey;
    default:
      throw new TypeError(`unknown BSON type ${type}`);
  }
}
