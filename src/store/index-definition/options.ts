/** The options of an index: their names, types and ranges. */
import { printBson, printField } from "../../bson/print.ts";
import { readCollation } from "../../query/collation.ts";
import { toDouble } from "../../query/number.ts";
import { Doc } from "../../bson/doc.ts";
import { isNumber, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { mustBeGeoOptions } from "./geo.ts";
import type { Fail } from "./key-pattern.ts";
import { mustBeTextOptions } from "./text.ts";

const flags: ReadonlySet<string> = new Set(["unique", "sparse", "background", "dropDups"]);
const others: ReadonlySet<string> = new Set([
  "key",
  "name",
  "v",
  "ns",
  "collation",
  "partialFilterExpression",
  "expireAfterSeconds",
  "storageEngine",
  "bits",
  "min",
  "max",
  "weights",
  "default_language",
  "language_override",
  "textIndexVersion",
  "2dsphereIndexVersion",
  "finestIndexedLevel",
  "coarsestIndexedLevel",
  "wildcardProjection",
  "clustered",
  "hidden",
]);

/** TTL in seconds must fit an int32. */
const expireSecondsMax = 2 ** 31 - 1;

/** @throws {MongoError} 197, 67 and 14 */
export function mustBeOptions(asked: Doc, options: Doc, fail: Fail): void {
  for (const [option, value] of options.entries()) {
    if (flags.has(option)) mustBeFlag(option, value, fail);
    else if (!others.has(option))
      throw fail(
        197,
        `The field '${option}' is not valid for an index specification. Specification: ${printBson(asked)}`,
      );
  }
  mustBeHidden(options.get("hidden"), fail);
  mustBeVersion(asked, options.get("v"), fail);
  mustBeCollation(asked, options.get("collation"), fail);
  mustBeExpiry(asked, options.get("expireAfterSeconds"));
  mustBeGeoOptions(asked, options, fail);
  mustBeTextOptions(asked, options, fail);
}

function mustBeFlag(option: string, value: Value, fail: Fail): void {
  if (typeof value === "boolean" || isNumber(value)) return;
  throw fail(
    14,
    `The field '${option} has value ${printField(option, value)}, which is not convertible to bool`,
  );
}

function mustBeHidden(value: Value | undefined, fail: Fail): void {
  if (value === undefined || typeof value === "boolean") return;
  // The server names the wrong field.
  throw fail(14, `The field 'name' must be a bool, but got ${typeName(value)}`);
}

function mustBeVersion(asked: Doc, version: Value | undefined, fail: Fail): void {
  if (version === undefined) return;
  if (!isNumber(version))
    throw fail(14, `The field 'v' must be a number, but got ${typeName(version)}`);
  const number = toDouble(version);
  if (number === 1 || number === 2) return;
  const shown = printBson(asked.with("v", version));
  throw new MongoError(
    67,
    `Error in specification ${shown} :: caused by :: Invalid index specification ${shown}; cannot create an index with v=${number}`,
  );
}

function mustBeCollation(asked: Doc, collation: Value | undefined, fail: Fail): void {
  if (collation === undefined) return;
  if (!(collation instanceof Doc))
    throw fail(14, `The field 'collation' must be an object, but got ${typeName(collation)}`);
  if (collation.size === 0) throw fail(2, "The field 'collation' cannot be an empty object.");
  try {
    readCollation(collation);
  } catch (cause) {
    if (!(cause instanceof MongoError)) throw cause;
    throw new MongoError(
      cause.code,
      `failed to add collation information to index spec for index creation: ${printBson(asked.with("v", 2))} :: caused by :: ${cause.message}`,
      { cause },
    );
  }
}

function mustBeExpiry(asked: Doc, expire: Value | undefined): void {
  if (expire === undefined) return;
  const fail = (message: string): MongoError =>
    new MongoError(67, `${message}. Index spec: ${printBson(asked)}`);
  if (!isNumber(expire))
    throw fail(
      `TTL index 'expireAfterSeconds' option must be numeric, but received a type of '${typeName(expire)}'`,
    );
  const seconds = toDouble(expire);
  if (seconds < 0) throw fail("TTL index 'expireAfterSeconds' option cannot be less than 0");
  if (!(seconds <= expireSecondsMax))
    throw fail(
      "TTL index 'expireAfterSeconds' option must be within an acceptable range, try a lower number",
    );
  if ((asked.get("key") as Doc).size > 1)
    throw fail("TTL indexes are single-field indexes, compound indexes do not support TTL");
}
