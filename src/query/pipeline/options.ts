/** Options of stages whose specification the server reads field by field against a list. */
import { Doc } from "../../bson/doc.ts";
import { isArray, isNumber, typeName, type Value } from "../../bson/value.ts";
import { MongoError, typeMismatch } from "../../kit/mongo-error.ts";

export type OptionType = "any" | "object" | "string" | "number" | "strings";

export interface Option {
  readonly type: OptionType;
  readonly isRequired?: boolean;
}

/**
 * Checks names and types.
 *
 * @param path of the specification, for messages
 * @returns what is there; null counts as left out, but where any type may be
 * @throws {MongoError} 14, 40414, 40415
 */
export function readOptions(
  spec: Doc,
  path: string,
  options: ReadonlyMap<string, Option>,
): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  for (const [key, value] of spec.entries()) {
    const option = options.get(key);
    if (option === undefined)
      throw new MongoError(40_415, `BSON field '${path}.${key}' is an unknown field.`);
    if (value === null && option.type !== "any") continue;
    check(`${path}.${key}`, value, option.type);
    found.set(key, value);
  }
  for (const [key, { isRequired }] of options)
    if (isRequired === true && !found.has(key))
      throw new MongoError(40_414, `BSON field '${path}.${key}' is missing but a required field`);
  return found;
}

function check(path: string, value: Value, type: OptionType): void {
  switch (type) {
    case "any":
      return;
    case "object":
      if (!(value instanceof Doc)) throw wrongType(path, value, "type 'object'");
      return;
    case "string":
      if (typeof value !== "string") throw wrongType(path, value, "type 'string'");
      return;
    case "number":
      // The quote marks are the server's.
      if (!isNumber(value)) throw wrongType(path, value, "types '[int, decimal, double, long']");
      return;
    case "strings":
      if (!isArray(value)) throw wrongType(path, value, "type 'array'");
      for (const [index, each] of value.entries())
        if (typeof each !== "string") throw wrongType(`${path}.${index}`, each, "type 'string'");
  }
}

function wrongType(path: string, value: Value, expected: string): MongoError {
  return typeMismatch(
    `BSON field '${path}' is the wrong type '${typeName(value)}', expected ${expected}`,
  );
}
