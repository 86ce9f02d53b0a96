/** `type`, `bsonType`, `enum`. */
import { isArray, typeName, typeOf, type Value } from "../../bson/value.ts";
import { badValue, failedToParse, typeMismatch } from "../../kit/mongo-error.ts";
import { readTypeName } from "../type-alias.ts";
import { unorderedIdentityOf, type CompileKeyword } from "./check.ts";

export const compileType: CompileKeyword = ({ keyword, operand, schema }) => {
  if (schema.has("type") && schema.has("bsonType"))
    throw failedToParse("Cannot specify both $jsonSchema keywords 'type' and 'bsonType'");
  const readName = keyword === "type" ? readJsonType : readBsonType;
  const codes = new Set(readNames(keyword, operand).flatMap(readName));
  return (value) => codes.has(typeOf(value));
};

function readNames(keyword: string, operand: Value): readonly string[] {
  if (typeof operand === "string") return [operand];
  if (!isArray(operand))
    throw typeMismatch(
      `$jsonSchema keyword '${keyword}' must be either a string or an array of strings`,
    );
  if (operand.length === 0)
    throw failedToParse(`$jsonSchema keyword '${keyword}' must name at least one type`);
  const names = new Set<string>();
  for (const each of operand) {
    if (typeof each !== "string")
      throw typeMismatch(`$jsonSchema keyword '${keyword}' array elements must be strings`);
    if (names.has(each))
      throw failedToParse(`$jsonSchema keyword '${keyword}' has duplicate value: ${each}`);
    names.add(each);
  }
  return [...names];
}

const jsonTypes: ReadonlyMap<string, string> = new Map([
  ["array", "array"],
  ["boolean", "bool"],
  ["null", "null"],
  ["number", "number"],
  ["object", "object"],
  ["string", "string"],
]);

function refuseInteger(name: string): void {
  if (name === "integer")
    throw failedToParse("$jsonSchema type 'integer' is not currently supported.");
}

function readBsonType(name: string): readonly number[] {
  refuseInteger(name);
  return readTypeName(name);
}

function readJsonType(name: string): readonly number[] {
  refuseInteger(name);
  const alias = jsonTypes.get(name);
  if (alias === undefined) throw badValue(`Unknown type name alias: ${name}`);
  return readTypeName(alias);
}

export const compileEnum: CompileKeyword = ({ operand }) => {
  if (!isArray(operand))
    throw typeMismatch(
      `$jsonSchema keyword 'enum' must be an array, but found an element of type ${typeName(operand)}`,
    );
  if (operand.length === 0)
    throw failedToParse("$jsonSchema keyword 'enum' cannot be an empty array");
  const identities = new Set(operand.map(unorderedIdentityOf));
  if (identities.size < operand.length)
    throw failedToParse("$jsonSchema keyword 'enum' array cannot contain duplicate values.");
  return (value) => identities.has(unorderedIdentityOf(value));
};
