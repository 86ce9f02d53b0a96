/** Equality but for the last digits of numbers, or but for the order of fields. */
import { equals } from "../../src/bson/compare.ts";
import { Decimal128, readDecimal } from "../../src/bson/decimal128.ts";
import { Doc } from "../../src/bson/doc.ts";
import { Double, isArray, typeOf, type Value } from "../../src/bson/value.ts";

/** Of a double; decimals have 34 digits, and most of them must agree, also where one function is put in another. */
const relativeMax = 1e-14;
const decimalDigits = 28;

export function nearlyEqual(left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (typeOf(left) !== typeOf(right)) return false;
  if (left instanceof Doc && right instanceof Doc)
    return left.keys().join() === right.keys().join() && nearlyAll(left.values(), right.values());
  if (isArray(left) && isArray(right)) return nearlyAll(left, right);
  if (left instanceof Double && right instanceof Double)
    return nearDoubles(left.value, right.value);
  if (left instanceof Decimal128 && right instanceof Decimal128) return nearDecimals(left, right);
  if (typeof left === "string" && typeof right === "string") return nearTexts(left, right);
  return equals(left, right);
}

/** Equality but for the order of fields. */
export function equalButOrder(left: Value | undefined, right: Value | undefined): boolean {
  if (left instanceof Doc && right instanceof Doc)
    return (
      left.size === right.size &&
      left.keys().every((key) => equalButOrder(left.get(key), right.get(key)))
    );
  if (isArray(left) && isArray(right))
    return (
      left.length === right.length && left.every((each, index) => equalButOrder(each, right[index]))
    );
  if (left === undefined || right === undefined) return left === right;
  return typeOf(left) === typeOf(right) && equals(left, right);
}

/** Equality but for the order of fields and of elements. */
export function equalAsBags(left: Value | undefined, right: Value | undefined): boolean {
  if (left instanceof Doc && right instanceof Doc)
    return (
      left.size === right.size &&
      left.keys().every((key) => equalAsBags(left.get(key), right.get(key)))
    );
  if (!isArray(left) || !isArray(right)) return equalButOrder(left, right);
  const others = [...right];
  return (
    left.length === right.length &&
    left.every((each) => {
      const at = others.findIndex((other) => equalAsBags(each, other));
      if (at >= 0) others.splice(at, 1);
      return at >= 0;
    })
  );
}

function nearlyAll(left: readonly Value[], right: readonly Value[]): boolean {
  return (
    left.length === right.length && left.every((each, index) => nearlyEqual(each, right[index]))
  );
}

function nearDoubles(left: number, right: number): boolean {
  if (Object.is(left, right)) return true;
  return Math.abs(left - right) <= relativeMax * Math.max(Math.abs(left), Math.abs(right));
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** The digits of numbers, as text. */
function nearTexts(left: string, right: string): boolean {
  if (left === right) return true;
  const [one, other] = [readDecimal(left), readDecimal(right)];
  return one !== undefined && other !== undefined && nearDecimals(one.value, other.value);
}

/** Some functions of the server give 0 for the smallest of decimals. */
function isTiny(value: Decimal128): boolean {
  return value.isZero || (value.class === "finite" && value.exponent < -6000);
}

/** Infinite, or as near to it as a last digit is to the next. */
function isHuge(value: Decimal128): boolean {
  if (value.class !== "finite") return value.class === "infinity";
  return value.exponent === 6111 && value.coefficient >= 10n ** 34n - 100n;
}

function nearDecimals(left: Decimal128, right: Decimal128): boolean {
  if (equals(left, right) || (isTiny(left) && isTiny(right))) return true;
  // The server's library may lose the sign of what is too big, and round up what is just not.
  if (left.class === "infinity" || right.class === "infinity") return isHuge(left) && isHuge(right);
  if (left.class !== "finite" || right.class !== "finite") return false;
  const exponent = Math.min(left.exponent, right.exponent);
  const scaled = (each: Decimal128): bigint =>
    (each.negative ? -each.coefficient : each.coefficient) *
    10n ** BigInt(each.exponent - exponent);
  if (Math.abs(left.exponent - right.exponent) > decimalDigits) return false;
  const difference = scaled(left) - scaled(right);
  const size = scaled(left);
  return absolute(difference) * 10n ** BigInt(decimalDigits) <= absolute(size);
}
