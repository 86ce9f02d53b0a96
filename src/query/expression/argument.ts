/** What operators demand of evaluated arguments. */
import { compareDecimals } from "../../bson/compare.ts";
import { int64Max, int64Min, isInt32, isNumber, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { quantizeDecimal } from "../decimal.ts";
import { printDouble } from "../../bson/print-value.ts";
import { toDouble, type NumberValue } from "../number.ts";

/**
 * A number as an Int64: a double is cut, a decimal rounded; one out of range is the least Int64.
 *
 * @throws {MongoError} 16004 when it is no number, 31109 for a double out of range
 */
export function toLong(value: Value | undefined): bigint {
  if (!isNumber(value))
    throw new MongoError(16004, `can't convert from BSON type ${typeName(value)} to long`);
  if (typeof value !== "object") return BigInt(value);
  if (value.bsonType === 1) return doubleToLong(value.value);
  const whole = quantizeDecimal(value, 0, "halfEven");
  if (whole.class !== "finite") return int64Min;
  const long = whole.negative ? -whole.coefficient : whole.coefficient;
  return long < int64Min || long > int64Max ? int64Min : long;
}

function doubleToLong(value: number): bigint {
  if (!(value >= -(2 ** 63) && value < 2 ** 63))
    throw new MongoError(31_109, `Can't coerce out of range value ${printDouble(value)} to long`);
  return BigInt(Math.trunc(value));
}

/** The Int32 that a number of any type stands for exactly; undefined where there is none. */
export function toInt32(value: NumberValue): number | undefined {
  if (typeof value === "object" && value.bsonType === 19) {
    const whole = quantizeDecimal(value, 0, "down");
    if (whole.class !== "finite" || compareDecimals(whole, value) !== 0) return undefined;
  }
  const double = toDouble(value) + 0;
  return isInt32(double) ? double : undefined;
}
