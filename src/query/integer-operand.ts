/** Whole numbers among the operands of query operators, with the server's complaints. */
import { printBson } from "../bson/print.ts";
import { isNumber, type Value } from "../bson/value.ts";
import { failedToParse } from "../kit/mongo-error.ts";
import { toDouble } from "./number.ts";
import { toExactInteger } from "./number-value.ts";

const int32Max = 2n ** 31n - 1n;
const int32Min = -(2n ** 31n);

/**
 * Reads an operand that must be a whole number of 64 bits.
 *
 * @throws {MongoError} 9
 */
export function readInteger(value: Value, name: string): bigint {
  const shown = `${name}: ${printBson(value)}`;
  if (!isNumber(value)) throw failedToParse(`Expected a number in: ${shown}`);
  const isDouble = typeof value === "object" && value.bsonType === 1;
  if (isDouble && Number.isNaN(value.value))
    throw failedToParse(`Expected an integer, but found NaN in: ${shown}`);
  const whole = toExactInteger(value);
  if (whole !== undefined) return whole;
  const isBig = isDouble && Math.abs(toDouble(value)) >= 2 ** 63;
  if (isDouble && !isBig) throw failedToParse(`Expected an integer: ${shown}`);
  throw failedToParse(`Cannot represent as a 64-bit integer: ${shown}`);
}

/** @throws {MongoError} 9 */
export function readNonNegativeInteger(value: Value, name: string): bigint {
  const whole = readInteger(value, name);
  if (whole < 0n)
    throw failedToParse(`Expected a non-negative number in: ${name}: ${printBson(value)}`);
  return whole;
}

/** @throws {MongoError} 9 */
export function readNonNegativeInt32(value: Value, name: string): number {
  const whole = readInteger(value, name);
  if (whole > int32Max || whole < int32Min)
    throw failedToParse(`Cannot represent ${name}: ${printBson(value)} in an int`);
  if (whole < 0n)
    throw failedToParse(`Expected a non-negative number in: ${name}: ${printBson(value)}`);
  return Number(whole);
}
