/** What expressions and `$expr` take for true. */
import { isNumber, typeOf, type Value } from "../bson/value.ts";

/** False for a missing value, null, undefined, false and zero of any number type; true for all else, NaN too. */
export function isTruthy(value: Value | undefined): boolean {
  switch (typeof value) {
    case "boolean":
      return value;
    case "undefined":
      return false;
    case "number":
      return value !== 0;
    case "bigint":
      return value !== 0n;
    case "string":
      return true;
    default:
      if (isNullish(value)) return false;
      if (!isNumber(value) || typeof value !== "object") return true;
      return value.bsonType === 1 ? value.value !== 0 : !value.isZero;
  }
}

/** Missing, null and BSON's undefined. */
export function isNullish(value: Value | undefined): value is null | undefined {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && typeOf(value) === 6;
}
