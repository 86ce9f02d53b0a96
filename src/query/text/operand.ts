/** The operand of `$text`, checked as the server checks it. */
import { Doc } from "../../bson/doc.ts";
import { typeName, type Value } from "../../bson/value.ts";
import { badValue, MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import type { Sensitivity } from "./tokens.ts";

export interface TextOperand extends Sensitivity {
  readonly search: string;
  /** As written; absent: the index's. */
  readonly language?: string;
}

const types: ReadonlyMap<string, "string" | "bool"> = new Map([
  ["$search", "string"],
  ["$language", "string"],
  ["$caseSensitive", "bool"],
  ["$diacriticSensitive", "bool"],
] as const);

/** @throws {MongoError} 2, 4, 14 */
export function readTextOperand(operand: Value): TextOperand {
  if (!(operand instanceof Doc)) throw badValue("$text expects an object");
  if (!operand.has("$search")) throw new MongoError(4, 'Missing expected field "$search"');
  for (const [name, expected] of types) {
    const found = typeName(operand.get(name));
    if (found !== expected && found !== "missing")
      throw typeMismatch(`"${name}" had the wrong type. Expected ${expected}, found ${found}`);
  }
  if (operand.keys().some((each) => !types.has(each))) throw badValue("extra fields in $text");
  const language = operand.get("$language");
  return {
    search: operand.get("$search") as string,
    ...(typeof language === "string" && { language }),
    isCaseSensitive: operand.get("$caseSensitive") === true,
    isMarkSensitive: operand.get("$diacriticSensitive") === true,
  };
}
