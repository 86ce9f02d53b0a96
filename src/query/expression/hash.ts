/** `$toHashedIndexKey`: the hash that hashed indexes keep, an MD5 over the value cut to an Int64. */
import { createHash, type Hash } from "node:crypto";
import { Doc } from "../../bson/doc.ts";
import { encodeDoc } from "../../bson/encode.ts";
import { endOfCstring } from "../../bson/decode.ts";
import { isArray, CodeWithScope, isNumber, typeOf, type Value } from "../../bson/value.ts";
import { rankOf } from "../../bson/compare.ts";
import { toDouble } from "../number.ts";
import { toLong } from "./argument.ts";
import type { CompileOperator } from "./operator.ts";

const two63 = 2 ** 63;

const compileHash: CompileOperator = (operand, compiler) => {
  // Unlike everywhere else, brackets make an array here.
  const argument = compiler.compile(operand);
  // Not folded, as on the server.
  return (frame) => {
    const hash = createHash("md5");
    // The seed, which is always 0.
    addInt32(hash, 0);
    addValue(hash, argument(frame));
    return hash.digest().readBigInt64LE(0);
  };
};

function addInt32(hash: Hash, value: number): void {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  hash.update(bytes);
}

/** A missing value hashes as null. */
function addValue(hash: Hash, value: Value | undefined, key?: string): void {
  const present = value ?? null;
  addInt32(hash, canonicalType(present));
  if (key !== undefined) hash.update(`${key}\0`);
  if (isNumber(present)) addLong(hash, toHashedLong(present));
  else if (isArray(present)) {
    for (const [index, each] of present.entries()) addValue(hash, each, String(index));
    addEnd(hash);
  } else if (present instanceof Doc) addFields(hash, present);
  else if (present instanceof CodeWithScope) {
    hash.update(`${present.code}\0`);
    addFields(hash, present.scope);
  } else hash.update(bytesOf(present));
}

function addFields(hash: Hash, doc: Doc): void {
  for (const [name, each] of doc.entries()) addValue(hash, each, name);
  addEnd(hash);
}

/** What closes a document: the element of type 0, without a name. */
function addEnd(hash: Hash): void {
  addInt32(hash, 0);
}

function canonicalType(value: Value): number {
  const type = typeOf(value);
  return type === -1 || type === 127 ? type : rankOf(value);
}

function toHashedLong(value: Parameters<typeof toDouble>[0]): bigint {
  if (typeof value !== "object") return BigInt(value);
  const double = toDouble(value);
  if (Number.isNaN(double)) return 0n;
  if (double >= two63) return 2n ** 63n - 1n;
  if (double <= -two63) return -(2n ** 63n);
  return value.bsonType === 1 ? BigInt(Math.trunc(double)) : toLong(value);
}

function addLong(hash: Hash, value: bigint): void {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  hash.update(bytes);
}

/** The value's own bytes, without type and name. */
function bytesOf(value: Value): Buffer {
  const bytes = encodeDoc(Doc.fromParts([""], [value]));
  return bytes.subarray(endOfCstring(bytes, 5) + 1, -1);
}

export const hashOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$toHashedIndexKey", compileHash],
]);
