/** `$size` and `$mod`. */
import type { NumberValue } from "../../bson/compare.ts";
import { isArray, isNumber, type Value } from "../../bson/value.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import type { FilterNode } from "../filter-node.ts";
import { readNonNegativeInt32 } from "../integer-operand.ts";
import { toDouble } from "../number.ts";
import { toTruncatedInteger } from "../number-value.ts";

export function parseSize(path: string, operand: Value): FilterNode {
  return {
    kind: "size",
    path,
    size: prefixed("Failed to parse $size. ", () => readNonNegativeInt32(operand, "$size")),
  };
}

/** Runs `read`; its complaint becomes `BadValue` with words in front. */
export function prefixed<T>(prefix: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof MongoError ? badValue(prefix + cause.message) : cause;
  }
}

export function parseMod(path: string, operand: Value): FilterNode {
  if (!isArray(operand)) throw badValue("malformed mod, needs to be an array");
  if (operand.length === 0) throw badValue("malformed mod, not enough elements");
  const divisor = mustBeNumber(operand[0], "divisor");
  if (operand.length === 1) throw badValue("malformed mod, not enough elements");
  const remainder = mustBeNumber(operand[1], "remainder");
  if (operand.length > 2) throw badValue("malformed mod, too many elements");
  const node = {
    kind: "mod",
    path,
    divisor: truncate(divisor, "divisor"),
    remainder: truncate(remainder, "remainder"),
  } as const;
  if (node.divisor === 0n) throw badValue("divisor cannot be 0");
  return node;
}

function mustBeNumber(value: Value | undefined, name: string): NumberValue {
  if (!isNumber(value)) throw badValue(`malformed mod, ${name} not a number`);
  return value;
}

function truncate(value: NumberValue, name: string): bigint {
  const whole = toTruncatedInteger(value);
  if (whole !== undefined) return whole;
  // A decimal may be finite and yet more than a double holds.
  const isFinite =
    typeof value === "object" && value.bsonType === 19
      ? value.class === "finite"
      : Number.isFinite(toDouble(value));
  const reason = isFinite
    ? "Out of bounds coercing to integral value"
    : "Unable to coerce NaN/Inf to integral type";
  throw badValue(`malformed mod, ${name} value is invalid :: caused by :: ${reason}`);
}
