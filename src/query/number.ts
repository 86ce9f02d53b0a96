/** Arithmetic over MongoDB's four number types, with its promotions: Int32 → Int64 → Double → Decimal128. */
import { decimalOfExact, type NumberValue } from "../bson/compare.ts";
import { type Decimal128, decimalFromInteger, readDecimal } from "../bson/decimal128.ts";
import { Double, int64Max, int64Min, isInt32 } from "../bson/value.ts";
import { addDecimals, multiplyDecimals, subtractDecimals } from "./decimal.ts";

export type { NumberValue };

/** Below: `int` < `long` < `double` < `decimal`; the wider of two is what they are reckoned in. */
export type NumberWidth = 0 | 1 | 2 | 3;

export function widthOf(value: NumberValue): NumberWidth {
  if (typeof value === "number") return 0;
  if (typeof value === "bigint") return 1;
  return value.bsonType === 1 ? 2 : 3;
}

/** The nearest double; a decimal out of range gives an infinity. */
export function toDouble(value: NumberValue): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return value.bsonType === 1 ? value.value : Number(value.toString());
}

/** A decimal; a double is rounded to 15 digits, since further ones are mostly noise. */
export function toDecimal(value: NumberValue): Decimal128 {
  if (typeof value !== "object") return decimalFromInteger(value);
  return value.bsonType === 1 ? decimalOfDouble(value.value) : value;
}

/** A decimal; a double keeps the 34 first digits of its exact value. */
export function toExactDecimal(value: NumberValue): Decimal128 {
  if (typeof value !== "object") return decimalFromInteger(value);
  return value.bsonType === 1 ? decimalOfExact(value.value) : value;
}

function decimalOfDouble(value: number): Decimal128 {
  if (!Number.isFinite(value) || value === 0) return decimalOfExact(value);
  return readDecimal(value.toExponential(14))?.value ?? decimalOfExact(value);
}

/** Of two Int32 an Int32 if it fits, of anything wider an Int64; undefined where that overflows. */
function toWidth(exact: bigint, width: NumberWidth): number | bigint | undefined {
  if (exact < int64Min || exact > int64Max) return undefined;
  if (width > 0) return exact;
  const narrow = Number(exact);
  return isInt32(narrow) ? narrow : exact;
}

interface Operation {
  /** Exact on safe integers. */
  readonly int32: (left: number, right: number) => number;
  readonly int64: (left: bigint, right: bigint) => bigint;
  readonly double: (left: number, right: number) => number;
  readonly decimal: (left: Decimal128, right: Decimal128) => Decimal128;
}

function operate(
  operation: Operation,
  left: NumberValue,
  right: NumberValue,
): NumberValue | undefined {
  const width = Math.max(widthOf(left), widthOf(right)) as NumberWidth;
  if (width === 0) {
    const result = operation.int32(left as number, right as number);
    if (isInt32(result)) return result;
    // A product of two Int32 may be more than a double holds exactly.
  }
  if (width <= 1)
    return toWidth(operation.int64(BigInt(left as number), BigInt(right as number)), width);
  if (width === 2) return new Double(operation.double(toDouble(left), toDouble(right)));
  return operation.decimal(toDecimal(left), toDecimal(right));
}

const addition: Operation = {
  int32: (left, right) => left + right,
  int64: (left, right) => left + right,
  double: (left, right) => left + right,
  decimal: addDecimals,
};

const subtraction: Operation = {
  int32: (left, right) => left - right,
  int64: (left, right) => left - right,
  double: (left, right) => left - right,
  decimal: subtractDecimals,
};

const multiplication: Operation = {
  int32: (left, right) => left * right,
  int64: (left, right) => left * right,
  double: (left, right) => left * right,
  decimal: multiplyDecimals,
};

/** The sum; Int32 overflows into Int64; undefined where Int64 overflows. */
export function add(left: NumberValue, right: NumberValue): NumberValue | undefined {
  return operate(addition, left, right);
}

/** The sum; where Int64 overflows, a Double. */
export function addFreely(left: NumberValue, right: NumberValue): NumberValue {
  return add(left, right) ?? new Double(toDouble(left) + toDouble(right));
}

/** The difference; Int32 overflows into Int64; undefined where Int64 overflows. */
export function subtract(left: NumberValue, right: NumberValue): NumberValue | undefined {
  return operate(subtraction, left, right);
}

/** The product; Int32 overflows into Int64; undefined where Int64 overflows. */
export function multiply(left: NumberValue, right: NumberValue): NumberValue | undefined {
  return operate(multiplication, left, right);
}
