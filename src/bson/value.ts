/**
 * The BSON values as the whole program handles them.
 *
 * | BSON | here | | BSON | here |
 * |---|---|---|---|---|
 * | Int32 | `number` (always an int32, never -0) | | Double | `Double` |
 * | Int64 | `bigint` | | Decimal128 | `Decimal128` |
 * | String, Bool, Null | `string`, `boolean`, `null` | | Array | `readonly Value[]` |
 * | Document | `Doc` (ordered, may be lazy over bytes) | | all others | the class below |
 *
 * A **missing** field is `undefined` (`Value | undefined`); BSON's own Undefined is the `Undefined` singleton.
 * Int32 is the bare number, since most numbers in documents are; a `number` that is not an int32 is a bug.
 */
import type { Decimal128 } from "./decimal128.ts";
import type { Doc } from "./doc.ts";

export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Doc
  | readonly Value[]
  | Double
  | Decimal128
  | ObjectId
  | DateTime
  | Timestamp
  | Binary
  | Regex
  | Code
  | CodeWithScope
  | DbPointer
  | BsonSymbol
  | UndefinedValue
  | MinKeyValue
  | MaxKeyValue;

/** BSON's type byte of each kind; `minKey` as -1, as `$type` and comparisons have it. */
export const typeCode = {
  minKey: -1,
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  maxKey: 127,
} as const;

export type TypeName = keyof typeof typeCode;
export type TypeCode = (typeof typeCode)[TypeName];

const nameOfCode: ReadonlyMap<number, TypeName> = new Map(
  (Object.keys(typeCode) as TypeName[]).map((name) => [typeCode[name], name]),
);

/** A 64-bit IEEE number. */
export class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
  get bsonType(): 1 {
    return 1;
  }
}

/** Twelve bytes as three unsigned 32-bit big-endian words. */
export class ObjectId {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  constructor(a: number, b: number, c: number) {
    this.a = a;
    this.b = b;
    this.c = c;
  }
  get bsonType(): 7 {
    return 7;
  }
  /** 24 lower-case hex digits. */
  toHex(): string {
    return hex8(this.a) + hex8(this.b) + hex8(this.c);
  }
  /** @param hex 24 hex digits; the caller has checked */
  static fromHex(hex: string): ObjectId {
    return new ObjectId(
      Number.parseInt(hex.slice(0, 8), 16),
      Number.parseInt(hex.slice(8, 16), 16),
      Number.parseInt(hex.slice(16, 24), 16),
    );
  }
}

function hex8(word: number): string {
  return word.toString(16).padStart(8, "0");
}

/** Milliseconds since 1970 as an int64: a `number` while safe, else a `bigint`. Use `toDateTime` to make one. */
export class DateTime {
  readonly ms: number | bigint;
  constructor(ms: number | bigint) {
    this.ms = ms;
  }
  get bsonType(): 9 {
    return 9;
  }
}

/** Makes a date of any int64; keeps the rule that safe integers are numbers. */
export function toDateTime(ms: number | bigint): DateTime {
  if (typeof ms === "number") return new DateTime(ms);
  const narrow = Number(ms);
  return new DateTime(Number.isSafeInteger(narrow) ? narrow : ms);
}

/** Seconds and increment, both unsigned 32-bit. */
export class Timestamp {
  readonly t: number;
  readonly i: number;
  constructor(t: number, i: number) {
    this.t = t;
    this.i = i;
  }
  get bsonType(): 17 {
    return 17;
  }
}

export class Binary {
  /** 0 to 255; 4 is UUID, 2 the old binary (its inner length prefix is not part of `bytes`). */
  readonly subType: number;
  readonly bytes: Uint8Array;
  constructor(subType: number, bytes: Uint8Array) {
    this.subType = subType;
    this.bytes = bytes;
  }
  get bsonType(): 5 {
    return 5;
  }
}

export class Regex {
  readonly pattern: string;
  /** In alphabetical order. */
  readonly options: string;
  constructor(pattern: string, options: string) {
    this.pattern = pattern;
    this.options = options;
  }
  get bsonType(): 11 {
    return 11;
  }
}

export class Code {
  readonly code: string;
  constructor(code: string) {
    this.code = code;
  }
  get bsonType(): 13 {
    return 13;
  }
}

export class CodeWithScope {
  readonly code: string;
  readonly scope: Doc;
  constructor(code: string, scope: Doc) {
    this.code = code;
    this.scope = scope;
  }
  get bsonType(): 15 {
    return 15;
  }
}

export class DbPointer {
  readonly namespace: string;
  readonly id: ObjectId;
  constructor(namespace: string, id: ObjectId) {
    this.namespace = namespace;
    this.id = id;
  }
  get bsonType(): 12 {
    return 12;
  }
}

export class BsonSymbol {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  get bsonType(): 14 {
    return 14;
  }
}

class UndefinedValue {
  get bsonType(): 6 {
    return 6;
  }
}
class MinKeyValue {
  get bsonType(): -1 {
    return -1;
  }
}
class MaxKeyValue {
  get bsonType(): 127 {
    return 127;
  }
}
export type { MaxKeyValue, MinKeyValue, UndefinedValue };

export const Undefined: UndefinedValue = new UndefinedValue();
export const MinKey: MinKeyValue = new MinKeyValue();
export const MaxKey: MaxKeyValue = new MaxKeyValue();

/** The value's BSON type number. */
export function typeOf(value: Value): TypeCode {
  switch (typeof value) {
    case "number":
      return 16;
    case "string":
      return 2;
    case "boolean":
      return 8;
    case "bigint":
      return 18;
    default:
      if (value === null) return 10;
      return isArray(value) ? 4 : value.bsonType;
  }
}

/** The alias that `$type` prints: `int`, `objectId`, `binData` … ; `missing` for no value. */
export function typeName(value: Value | undefined): TypeName | "missing" {
  if (value === undefined) return "missing";
  return nameOfCode.get(typeOf(value)) ?? "missing";
}

export function isArray(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Int32, Int64, Double or Decimal128. */
export function isNumber(value: Value | undefined): value is number | bigint | Double | Decimal128 {
  if (typeof value === "number" || typeof value === "bigint") return true;
  if (typeof value !== "object" || value === null || isArray(value)) return false;
  return value.bsonType === 1 || value.bsonType === 19;
}

const int32Min = -(2 ** 31);
const int32Max = 2 ** 31 - 1;
export const int64Min: bigint = -(2n ** 63n);
export const int64Max: bigint = 2n ** 63n - 1n;

export function isInt32(value: number): boolean {
  return value >= int32Min && value <= int32Max && Number.isInteger(value) && !Object.is(value, -0);
}

/** The narrowest integer type that holds an exact integer: Int32, else Int64. */
export function toInteger(value: number | bigint): number | bigint {
  if (typeof value === "number") return isInt32(value) ? value : BigInt(value);
  return value >= int32Min && value <= int32Max ? Number(value) : value;
}
