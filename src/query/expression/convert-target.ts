/** What `$convert` is asked to make: its `to` and what goes with it. */
import { printValue } from "../../bson/print-value.ts";
import { isNumber, typeCode, typeName, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError } from "../../kit/mongo-error.ts";
import { toExactInteger } from "../number-value.ts";
import { isNullish } from "../truth.ts";
import { toInt32 } from "./argument.ts";
import { mustBeFormat } from "./convert-binary.ts";
import { readBase } from "./convert-text.ts";
import { namesOfTypes, type Target } from "./conversions.ts";
import { isDoc } from "./named-arguments.ts";

const typesOfNames = new Map<string, number>(Object.entries(typeCode)).set("missing", 0);

/** The arguments beside `to`, as they are written; undefined: not there at all. */
export interface TargetOptions {
  readonly format: Value | undefined;
  readonly byteOrder: Value | undefined;
  readonly base: Value | undefined;
}

/** @throws {MongoError} 2 and 9 */
export function readTargetType(to: Value): number {
  return readType(isTyped(to) ? (to.get("type") ?? null) : to);
}

/**
 * Reads the rest, which the server only looks at where there is something to convert.
 *
 * @param newer what the arguments say that came after 6.0, by being there
 * @throws {MongoError} 9, and the codes of MongoDB 8.0 for its arguments
 */
export function readTarget(
  to: Value,
  { format, byteOrder, base }: TargetOptions,
  newer: Pick<Target, "isNewer" | "takesNumbers">,
): Target {
  const subType = isTyped(to) ? readSubType(to.get("subtype")) : undefined;
  return {
    type: readTargetType(to),
    ...(isTyped(to) ? { isNewer: true, takesNumbers: true } : newer),
    ...(isNullish(format) ? {} : { format: readFormat(format) }),
    ...(subType === undefined ? {} : { subType }),
    ...(isNullish(byteOrder) ? {} : { byteOrder: readByteOrder(byteOrder) }),
    ...(isNullish(base) ? {} : { base: readBase(base) }),
  };
}

/** The form with a subtype came with 8.0; before, an object was no target at all. */
function isTyped(to: Value): to is Extract<Value, { readonly bsonType: 3 }> {
  return isDoc(to) && to.has("type");
}

function readFormat(value: Value): string {
  if (typeof value !== "string") throw noText("format", 4_341_114, value);
  mustBeFormat(value);
  return value;
}

function readByteOrder(value: Value): "big" | "little" {
  if (typeof value !== "string") throw noText("byteOrder", 9_130_001, value);
  if (value === "big" || value === "little") return value;
  throw new MongoError(9_130_002, `Invalid 'byteOrder' argument for $convert: ${value}`);
}

function noText(name: string, code: number, value: Value): MongoError {
  return new MongoError(
    code,
    `$convert requires that '${name}' be a string, found: ${typeName(value)} with value ${printValue(value)}`,
  );
}

function readSubType(value: Value | undefined): number {
  if (value === undefined) return 0;
  if (!isNumber(value))
    throw new MongoError(
      4_341_108,
      `$convert's 'to.subtype' argument must be a number, but is ${typeName(value)}`,
    );
  const subType = toExactInteger(value);
  if (subType === undefined)
    throw new MongoError(4_341_106, "In $convert, numeric 'to.subtype' argument is not an integer");
  const isKnown = (subType >= 0n && subType < 10n) || (subType >= 128n && subType < 256n);
  if (isKnown) return Number(subType);
  throw new MongoError(
    4_341_107,
    `In $convert, numeric value for 'to.subtype' does not correspond to a BinData type: ${subType}`,
  );
}

function readType(to: Value): number {
  if (typeof to === "string") {
    const type = typesOfNames.get(to);
    if (type === undefined) throw new MongoError(2, `Unknown type name: ${to}`);
    return type;
  }
  if (!isNumber(to))
    throw failedToParse(
      `$convert's 'to' argument must be a string or number, but is ${typeName(to)}`,
    );
  const type = toInt32(to);
  if (type === undefined)
    throw failedToParse("In $convert, numeric 'to' argument is not an integer");
  if (!namesOfTypes.has(type))
    throw failedToParse(
      `In $convert, numeric value for 'to' does not correspond to a BSON type: ${type}`,
    );
  return type;
}
