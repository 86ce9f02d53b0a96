/** What `$percentile` and `$median` (MongoDB 7.0) reckon, and how their options are read. */
import { Doc } from "../bson/doc.ts";
import { Double, isArray, isNumber, typeName, type Value } from "../bson/value.ts";
import { badValue, MongoError, typeMismatch } from "../kit/mongo-error.ts";
import { toDouble } from "./number.ts";

/**
 * Checks the options, of which `fields` are all required.
 *
 * @throws {MongoError} 7429703, 40414, 40415, 14, 2
 */
export function readPercentileOptions(
  operand: Value,
  name: string,
  fields: readonly string[],
): Doc {
  if (!(operand instanceof Doc))
    throw new MongoError(
      7_429_703,
      `specification must be an object; found ${name} :${typeName(operand)}`,
    );
  for (const key of operand.keys())
    if (!fields.includes(key))
      throw new MongoError(40_415, `BSON field '${name}.${key}' is an unknown field.`);
  for (const field of fields)
    if (!operand.has(field))
      throw new MongoError(40_414, `BSON field '${name}.${field}' is missing but a required field`);
  const method = operand.get("method");
  if (typeof method !== "string")
    throw typeMismatch(
      `BSON field '${name}.method' is the wrong type '${typeName(method)}', expected type 'string'`,
    );
  if (method !== "approximate")
    throw badValue("Currently only 'approximate' can be used as percentile 'method'.");
  return operand;
}

/**
 * Reads `p`, evaluated.
 *
 * @throws {MongoError} 7750301, 7750303 when it is no list of numbers from 0 to 1
 */
export function readShares(p: Value | undefined): readonly number[] {
  const text = "The $percentile 'p' field must be an array of numbers from [0.0, 1.0]";
  if (!isArray(p) || p.length === 0) throw new MongoError(7_750_301, text);
  return p.map((each) => {
    const share = isNumber(each) ? toDouble(each) : Number.NaN;
    if (share >= 0 && share <= 1) return share;
    throw new MongoError(7_750_303, text);
  });
}

/** The numbers among the values, ascending. */
export function sortedNumbers(values: readonly Value[]): Float64Array {
  return Float64Array.from(
    values.filter((each) => isNumber(each)).map((each) => toDouble(each)),
  ).toSorted();
}

/** The least number that at least this share of all does not exceed; null of none. */
export function percentileOf(
  sorted: Float64Array | readonly number[],
  share: number,
): Double | null {
  const number = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return number === undefined ? null : new Double(number);
}
