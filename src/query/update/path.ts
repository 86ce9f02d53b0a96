/** The paths of an update: how they are checked and put in order. */
import { compareText } from "../../bson/compare.ts";
import { MongoError, badValue } from "../../kit/mongo-error.ts";

/** The matched element of the filter's array. */
export function isPositional(part: string): boolean {
  return part === "$";
}

/** `$[]` (every element) and `$[name]` (those an array filter picks). */
export function isArrayFilterPart(part: string): boolean {
  return part.startsWith("$[") && part.endsWith("]");
}

/** The name within `$[name]`; empty for `$[]`. */
export function arrayFilterName(part: string): string {
  return part.slice(2, -1);
}

/** A path without any of the parts that stand for array elements. */
export function isPlain(parts: readonly string[]): boolean {
  return !parts.some((part) => isPositional(part) || isArrayFilterPart(part));
}

/** A server counts parts in a byte and loses some beyond; here such a path is refused. */
const partsMax = 255;

/**
 * Splits an update's path.
 *
 * @throws {MongoError} 15 for more than 255 parts, 56 for an empty name, 2 for positional parts that can not be
 */
export function parseUpdatePath(path: string): readonly string[] {
  if (path === "") throw new MongoError(56, "An empty update path is not valid.");
  const parts = path.split(".", partsMax + 1);
  if (parts.length > partsMax) throw new MongoError(15, "FieldPath is too long");
  if (parts.includes(""))
    throw new MongoError(
      56,
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  checkPositional(path, parts);
  return parts;
}

function checkPositional(path: string, parts: readonly string[]): void {
  if (parts.filter(isPositional).length > 1)
    throw badValue(`Too many positional (i.e. '$') elements found in path '${path}'`);
  const first = parts[0] as string;
  if (isPositional(first))
    throw badValue(
      `Cannot have positional (i.e. '$') element in the first position in path '${path}'`,
    );
  if (isArrayFilterPart(first))
    throw badValue(
      `Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '${path}'`,
    );
}

const plainNumber = /^(?:0|[1-9]\d*)$/;

/**
 * The order in which the fields of one level are updated, and new ones appended: numbers by value, others by text.
 *
 * Part of the contract: it decides the field order of the result.
 */
export function compareParts(left: string, right: string): number {
  if (left === right) return 0;
  if (plainNumber.test(left) && plainNumber.test(right) && left.length !== right.length)
    return left.length - right.length;
  return compareText(left, right);
}

/** Indices beyond this do not fit the server's integers: such a part is no index. */
const indexDigitsMax = 19;

/** The array index that a part names (leading zeros count as on the server), or undefined. */
export function indexOfPart(part: string): number | undefined {
  if (!/^\d+$/.test(part)) return undefined;
  const digits = part.replace(/^0+(?=\d)/, "");
  return digits.length > indexDigitsMax ? undefined : Number(digits);
}
