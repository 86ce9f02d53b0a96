/** `$text`: its operand, checked as the server checks it. */
import { Doc } from "../../bson/doc.ts";
import { typeName, type Value } from "../../bson/value.ts";
import { badValue, MongoError, typeMismatch } from "../../kit/mongo-error.ts";

const types: ReadonlyMap<string, "string" | "bool"> = new Map([
  ["$search", "string"],
  ["$language", "string"],
  ["$caseSensitive", "bool"],
  ["$diacriticSensitive", "bool"],
] as const);

/**
 * Refuses `$text`, for what is wrong with it, or else because there is no text index.
 *
 * @throws {MongoError} 2, 4, 14; 27 `IndexNotFound`
 */
export function refuseText(operand: Value): never {
  if (!(operand instanceof Doc)) throw badValue("$text expects an object");
  if (!operand.has("$search")) throw new MongoError(4, 'Missing expected field "$search"');
  for (const [name, expected] of types) {
    const found = typeName(operand.get(name));
    if (found !== expected && found !== "missing")
      throw typeMismatch(`"${name}" had the wrong type. Expected ${expected}, found ${found}`);
  }
  if (operand.keys().some((each) => !types.has(each))) throw badValue("extra fields in $text");
  // Atlas: text indexes can not be made here, and without one the server answers so.
  throw new MongoError(27, "text index required for $text query");
}
