/** The `key` of an index: which paths and which directions it may have. */
import { toDouble } from "../../query/number.ts";
import type { Doc } from "../../bson/doc.ts";
import { printBson } from "../../bson/print.ts";
import { isNumber, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { mustBeGeoKeys } from "./geo.ts";
import { termPath } from "./text.ts";

export type Fail = (code: number, message: string) => MongoError;

const fieldsMax = 32;

/** Kinds of index beside the ordinary one. */
const kinds: ReadonlySet<string> = new Set(["hashed", "2d", "2dsphere", "text"]);

const dbRefFields: ReadonlySet<string> = new Set(["$id", "$ref", "$db"]);

/** @throws {MongoError} 67 `CannotCreateIndex`, 16764 and 31303 for hashed ones */
export function mustBeKeyPattern(keys: Doc, isUnique: boolean, fail: Fail): void {
  if (keys.size === 0) throw fail(67, "Index keys cannot be empty.");
  if (keys.size > fieldsMax)
    throw fail(67, `Index key pattern cannot have more than ${fieldsMax} fields.`);
  for (const [path, direction] of keys.entries()) {
    mustBeDirection(direction, fail);
    if (path !== "$**" || direction !== "text") mustBePath(path, fail);
    if (path === termPath && direction !== "text")
      throw fail(67, `Index key contains an illegal field name: '${termPath}'`);
  }
  mustBeGeoKeys(keys, fail);
  mustBeHashedKeys(keys, isUnique);
}

function mustBeHashedKeys(keys: Doc, isUnique: boolean): void {
  const hashed = keys.values().filter((each) => each === "hashed");
  if (hashed.length === 0) return;
  if (isUnique)
    throw new MongoError(
      16_764,
      "Currently hashed indexes cannot guarantee uniqueness. Use a regular index.",
    );
  if (hashed.length > 1)
    throw new MongoError(
      31_303,
      `A maximum of one index field is allowed to be hashed but found ${hashed.length} for 'key' ${printBson(keys)}`,
    );
}

function mustBeDirection(direction: Value, fail: Fail): void {
  if (typeof direction === "string") {
    mustBeKind(direction, fail);
    return;
  }
  if (!isNumber(direction))
    throw fail(
      67,
      `Values in v:2 index key pattern cannot be of type ${typeName(direction)}. Only numbers > 0, numbers < 0, and strings are allowed.`,
    );
  const number = toDouble(direction);
  if (Number.isNaN(number)) throw fail(67, "Values in the index key pattern cannot be NaN.");
  if (number === 0) throw fail(67, "Values in the index key pattern cannot be 0.");
}

function mustBeKind(kind: string, fail: Fail): void {
  if (kind === "") throw fail(67, "Values in the index key pattern cannot be empty strings");
  if (kinds.has(kind)) return;
  if (kind === "geoHaystack")
    throw fail(67, "GeoHaystack indexes cannot be created in version 5.0 and above");
  throw fail(67, `Unknown index plugin '${kind}'`);
}

function mustBePath(path: string, fail: Fail): void {
  if (path === "$**" || path.endsWith(".$**"))
    throw fail(67, "Index type 'wildcard' is not supported by the embedded store");
  if (path === "") throw fail(67, "Index keys cannot be an empty field.");
  const parts = path.split(".");
  if (parts.includes("")) throw fail(67, "Index keys cannot contain an empty field.");
  const isIllegal = parts.some(
    (part, at) => part.startsWith("$") && !(at > 0 && dbRefFields.has(part)),
  );
  if (isIllegal)
    throw fail(67, "Index key contains an illegal field name: field name starts with '$'.");
}
