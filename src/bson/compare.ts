/**
 * MongoDB's total order over all values, and equality keys that agree with it.
 *
 * Source: the manual's "Comparison/Sort Order" page, and what a mongod answers.
 */
import {
  compareDoubleToDecimal,
  compareNumbers,
  type NumberValue,
  order,
  plainNumber,
} from "./compare/number.ts";
import { createTextKeys, type KeyOfText } from "./compare/text-keys.ts";
import type { Decimal128 } from "./decimal128.ts";
import type { Doc } from "./doc.ts";
import { Double, typeOf, type Value } from "./value.ts";

export {
  compareDecimals,
  compareDoubleToDecimal,
  compareNumbers,
  decimalOfExact,
  type NumberValue,
} from "./compare/number.ts";

/** Rank of each BSON type; types of one rank compare with each other. */
const ranks = new Map<number, number>([
  [-1, -1],
  [6, 0],
  [10, 5],
  [1, 10],
  [16, 10],
  [18, 10],
  [19, 10],
  [2, 15],
  [14, 15],
  [3, 20],
  [4, 25],
  [5, 30],
  [7, 35],
  [8, 40],
  [9, 45],
  [17, 47],
  [11, 50],
  [12, 55],
  [13, 60],
  [15, 65],
  [127, 127],
]);

/** The same by the type's byte. */
const rankOfByte = Int8Array.from(
  { length: 256 },
  (_, byte) => ranks.get(byte === 255 ? -1 : byte) ?? 0,
);

/** Where the value's type stands in MongoDB's order; numbers share a rank, string and symbol too. */
export function rankOf(value: Value): number {
  if (typeof value === "number") return 10;
  if (typeof value === "string") return 15;
  return rankOfType(typeOf(value));
}

/** `rankOf` the values of a type, which may be given by its byte in documents. */
export function rankOfType(type: number): number {
  return rankOfByte[type & 255] ?? 0;
}

/** An order of texts other than that of their code points: a collation. Total, but texts may differ and be equal. */
export interface TextOrder {
  compare(left: string, right: string): number;
}

/**
 * Below, at or above 0 as `left` sorts before, with or after `right`. A total order.
 *
 * @param texts in place of the order of code points, for texts however deep they lie
 */
export function compare(left: Value, right: Value, texts?: TextOrder): number {
  if (left === right) return 0;
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left === "string" && typeof right === "string")
    return texts === undefined ? compareText(left, right) : texts.compare(left, right);
  if (left instanceof Double && right instanceof Double) return compareNumbers(left, right);
  const rank = rankOf(left);
  const difference = rank - rankOf(right);
  if (difference !== 0) return difference;
  return compareWithinRank(rank, left, right, texts);
}

export function equals(left: Value, right: Value, texts?: TextOrder): boolean {
  return compare(left, right, texts) === 0;
}

type Of<K extends number> = Extract<Value, { bsonType: K }>;

function compareWithinRank(
  rank: number,
  left: Value,
  right: Value,
  texts: TextOrder | undefined,
): number {
  switch (rank) {
    case 10:
      return compareNumbers(left as NumberValue, right as NumberValue);
    case 15:
      return compareText(textOf(left), textOf(right));
    case 20:
      return compareDocs(left as Doc, right as Doc, texts);
    case 25:
      return compareArrays(left as readonly Value[], right as readonly Value[], texts);
    case 35:
      return compareObjectIds(left as Of<7>, right as Of<7>);
    case 40:
      return Number(left) - Number(right);
    case 45:
      return order((left as Of<9>).ms, (right as Of<9>).ms);
    default:
      return compareRare(rank, left, right);
  }
}

function compareRare(rank: number, left: Value, right: Value): number {
  switch (rank) {
    case 30:
      return compareBinaries(left as Of<5>, right as Of<5>);
    case 47: {
      const [a, b] = [left as Of<17>, right as Of<17>];
      return a.t - b.t || a.i - b.i;
    }
    case 50: {
      const [a, b] = [left as Of<11>, right as Of<11>];
      return compareText(a.pattern, b.pattern) || compareText(a.options, b.options);
    }
    case 55: {
      const [a, b] = [left as Of<12>, right as Of<12>];
      const lengths = Buffer.byteLength(a.namespace) - Buffer.byteLength(b.namespace);
      return lengths || compareText(a.namespace, b.namespace) || compareObjectIds(a.id, b.id);
    }
    case 60:
      return compareText((left as Of<13>).code, (right as Of<13>).code);
    case 65: {
      const [a, b] = [left as Of<15>, right as Of<15>];
      return compareText(a.code, b.code) || compareDocs(a.scope, b.scope);
    }
    default:
      // MinKey, MaxKey, null and undefined equal their own kind.
      return 0;
  }
}

function textOf(value: Value): string {
  return typeof value === "string" ? value : (value as Of<14>).text;
}

/** By code point, as the bytes of UTF-8 order; JavaScript's own `<` goes by UTF-16 units. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return a >= 0xd800 && b >= 0xd800 ? fixUp(a) - fixUp(b) : a - b;
  }
  return left.length - right.length;
}

/** Surrogates stand for code points above all others. */
function fixUp(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** Field by field: type, then name, then value; a document that ends first sorts first. */
export function compareDocs(left: Doc, right: Doc, texts?: TextOrder): number {
  const leftKeys = left.keys();
  const rightKeys = right.keys();
  const length = Math.min(leftKeys.length, rightKeys.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.valueAt(index);
    const b = right.valueAt(index);
    const difference =
      rankOf(a) - rankOf(b) ||
      compareText(leftKeys[index] as string, rightKeys[index] as string) ||
      compare(a, b, texts);
    if (difference !== 0) return difference;
  }
  return leftKeys.length - rightKeys.length;
}

export function compareArrays(
  left: readonly Value[],
  right: readonly Value[],
  texts?: TextOrder,
): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const difference = compare(left[index] as Value, right[index] as Value, texts);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function compareObjectIds(left: Of<7>, right: Of<7>): number {
  return left.a - right.a || left.b - right.b || left.c - right.c;
}

function compareBinaries(left: Of<5>, right: Of<5>): number {
  const lengths = storedLength(left) - storedLength(right);
  return lengths || left.subType - right.subType || Buffer.compare(left.bytes, right.bytes);
}

/** The old binary stores its length a second time, and the server counts that. */
function storedLength(binary: Of<5>): number {
  return binary.bytes.length + (binary.subType === 2 ? 4 : 0);
}

/**
 * A key for Maps and Sets: two values have the same key exactly when `compare` calls them equal.
 *
 * `$group`, `$addToSet`, set operators and `$in` lists look values up by it.
 *
 * @param keyOf what stands for a text, where texts are equal that are not the same: see `identityBy`
 */
export function identityOf(value: Value, keyOf?: KeyOfText): string | number {
  if (typeof value === "number") return value;
  if (typeof value === "string") return keyOf === undefined ? `s${value}` : `s${keyOf(value)}`;
  const rank = rankOf(value);
  switch (rank) {
    case 10:
      return numberIdentity(value as NumberValue);
    case 15:
      return `s${textOf(value)}`;
    case 20:
      return docIdentity(value as Doc, keyOf);
    case 25:
      return `[${(value as readonly Value[]).map((each) => framed(each, keyOf)).join("")}]`;
    case 35:
      return `o${(value as Of<7>).toHex()}`;
    case 40:
      return value === true ? "t" : "f";
    case 45:
      return `d${(value as Of<9>).ms}`;
    default:
      return rareIdentity(rank, value);
  }
}

/**
 * `identityOf` for an order of texts. What it gives holds only among what the same call's function gives, which
 * remembers every text that it was asked about: make one for each Map or Set.
 */
export function identityBy(texts: TextOrder | undefined): (value: Value) => string | number {
  if (texts === undefined) return plainIdentity;
  const keyOf = createTextKeys((left, right) => texts.compare(left, right));
  return (value) => identityOf(value, keyOf);
}

function plainIdentity(value: Value): string | number {
  return identityOf(value);
}

/** With its length in front, so that no text inside can imitate structure. */
function framed(value: Value, keyOf?: KeyOfText): string {
  const identity = identityOf(value, keyOf);
  return typeof identity === "number" ? `n${identity};` : `${identity.length}:${identity}`;
}

function docIdentity(doc: Doc, keyOf?: KeyOfText): string {
  let text = "{";
  for (const [key, value] of doc.entries()) text += `${key.length}:${key}${framed(value, keyOf)}`;
  return text;
}

function numberIdentity(value: NumberValue): string | number {
  const plain = plainNumber(value);
  if (typeof plain === "number") return Object.is(plain, -0) ? 0 : plain;
  if (typeof plain === "bigint") {
    const narrow = Number(plain);
    return BigInt(narrow) === plain ? narrow : `i${plain}`;
  }
  return decimalIdentity(plain);
}

function decimalIdentity(value: Decimal128): string | number {
  if (value.class === "nan") return Number.NaN;
  if (value.class === "infinity") return value.negative ? -Infinity : Infinity;
  if (value.isZero) return 0;
  const double = Number(value.toString());
  if (Number.isFinite(double) && compareDoubleToDecimal(double, value) === 0) return double;
  let { coefficient, exponent } = value;
  while (coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent += 1;
  }
  // An int64 that no double holds has the same key as the decimal of the same value.
  const sign = value.negative ? "-" : "";
  if (exponent >= 0 && exponent < 20) return `i${sign}${coefficient * 10n ** BigInt(exponent)}`;
  return `m${sign}${coefficient}e${exponent}`;
}

function rareIdentity(rank: number, value: Value): string {
  switch (rank) {
    case 30: {
      const { subType, bytes } = value as Of<5>;
      return `b${subType}:${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1")}`;
    }
    case 47:
      return `T${(value as Of<17>).t}:${(value as Of<17>).i}`;
    case 50:
      return `r${(value as Of<11>).pattern}\0${(value as Of<11>).options}`;
    case 55:
      return `p${(value as Of<12>).id.toHex()}${(value as Of<12>).namespace}`;
    case 60:
      return `c${(value as Of<13>).code}`;
    case 65:
      return `C${(value as Of<15>).code.length}:${(value as Of<15>).code}${docIdentity((value as Of<15>).scope)}`;
    default:
      return `k${rank}`;
  }
}
