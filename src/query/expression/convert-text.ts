/** Texts that hold JSON, and numbers in other bases (MongoDB 8.3). */
import { Doc } from "../../bson/doc.ts";
import { decimalFromInteger } from "../../bson/decimal128.ts";
import {
  Double,
  int64Max,
  int64Min,
  isArray,
  isInt32,
  typeName,
  type Value,
} from "../../bson/value.ts";
import { failedToParse } from "../../kit/mongo-error.ts";
import { conversionFailure } from "./convert-number.ts";
import { readPlainJson } from "./plain-json.ts";

/** @throws {MongoError} 241 for a text that is no JSON, or JSON of another kind */
export function textToContainer(text: string, kind: "array" | "object"): Value {
  let value: Value;
  try {
    value = readPlainJson(text);
  } catch (cause) {
    throw conversionFailure(`Input doesn't represent valid JSON: ${(cause as Error).message}`);
  }
  if (typeof value !== "object" || value === null || (!isArray(value) && !(value instanceof Doc)))
    throw conversionFailure("Input doesn't represent valid JSON: Unexpected standalone value");
  if (isArray(value) !== (kind === "array"))
    throw conversionFailure(`Input doesn't match expected type '${kind}'`);
  return value;
}

export type Base = 2 | 8 | 10 | 16;

/** @throws {MongoError} 9 for a base that is none of 2, 8, 10, 16 */
export function readBase(value: Value): Base {
  const base = value instanceof Double ? value.value : Number(value);
  if (base === 2 || base === 8 || base === 10 || base === 16) return base;
  throw failedToParse("In $convert, 'base' must be 2, 8, 10 or 16");
}

const digits: Readonly<Record<Base, RegExp>> = {
  2: /^[+-]?[01]+$/,
  8: /^[+-]?[0-7]+$/,
  10: /^[+-]?\d+$/,
  16: /^[+-]?[0-9a-f]+$/i,
};
const prefixes: Readonly<Record<Base, string>> = { 2: "0b", 8: "0o", 10: "", 16: "0x" };

/** @throws {MongoError} 241 for a text that is no integer of that base, or too big for the type */
export function textToNumberOfBase(text: string, base: Base, type: number): Value {
  const bare = text.replace(/^([+-]?)0[xX](?=.)/, base === 16 ? "$1" : "$&");
  if (!digits[base].test(bare))
    throw conversionFailure(
      `Failed to parse number '${text}' in $convert with no onError value: not a number of base ${base}`,
    );
  const isNegative = bare.startsWith("-");
  const size = BigInt(prefixes[base] + bare.replace(/^[+-]/, ""));
  const whole = isNegative ? -size : size;
  const fail = (): never => {
    throw conversionFailure(
      `Conversion would overflow target type in $convert with no onError value: ${text}`,
    );
  };
  switch (type) {
    case 1:
      return new Double(Number(whole));
    case 16:
      return isInt32(Number(whole)) ? Number(whole) : fail();
    case 18:
      return whole >= int64Min && whole <= int64Max ? whole : fail();
    default:
      return decimalFromInteger(whole);
  }
}

/** @throws {MongoError} 241 for a number that is no integer */
export function numberToTextOfBase(value: Value, base: Base): string {
  if (typeof value === "number" || typeof value === "bigint")
    return value.toString(base).toUpperCase();
  const whole = value instanceof Double ? value.value : Number.NaN;
  if (Number.isInteger(whole)) return BigInt(whole).toString(base).toUpperCase();
  throw conversionFailure(
    `Unsupported conversion from ${typeName(value)} to string with base ${base} in $convert with no onError value`,
  );
}
