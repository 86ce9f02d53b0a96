/**
 * `$jsonSchema`: MongoDB's part of JSON Schema draft 4, compiled to a test.
 *
 * To add a keyword: a line in `keywords`, its compiler in `json-schema/`, and a row. Their order is the order in which
 * the server looks at them, and so decides which of several mistakes is reported.
 *
 * @module
 */
import type { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import { failedToParse, typeMismatch } from "../kit/mongo-error.ts";
import {
  compileAdditionalProperties,
  compileDependencies,
  compilePatternProperties,
  compileProperties,
  compileRequired,
} from "./json-schema/object.ts";
import { compileItems, compileUniqueItems, countItems } from "./json-schema/array.ts";
import { compileAllOf, compileAnyOf, compileNot, compileOneOf } from "./json-schema/logic.ts";
import {
  compileBound,
  compileLength,
  compileMultipleOf,
  compilePattern,
} from "./json-schema/scalar.ts";
import { compileEnum, compileType } from "./json-schema/value.ts";
import { countProperties } from "./json-schema/object.ts";
import type { Check, CompileKeyword } from "./json-schema/check.ts";

/**
 * Compiles a schema.
 *
 * @throws {MongoError} 9, 14 or 2, as the server words them
 */
export function compileJsonSchema(schema: Doc): (doc: Doc) => boolean {
  return compileSchema(schema, true);
}

function compileSchema(schema: Doc, isRoot: boolean): Check {
  for (const keyword of schema.keys()) {
    if (keywords.has(keyword)) continue;
    if (unsupported.has(keyword))
      throw failedToParse(`$jsonSchema keyword '${keyword}' is not currently supported`);
    throw failedToParse(`Unknown $jsonSchema keyword: ${keyword}`);
  }
  const checks: Check[] = [];
  for (const [keyword, compile] of keywords) {
    const operand = schema.get(keyword);
    if (operand === undefined) continue;
    const check = compile({
      keyword,
      operand,
      schema,
      isRoot,
      compileSame: (each) => compileSchema(each, isRoot),
      compileInner: (each) => compileSchema(each, false),
    });
    if (check !== undefined) checks.push(check);
  }
  return (value) => {
    for (const check of checks) if (!check(value)) return false;
    return true;
  };
}

/** Says something to people only. */
const checkText: CompileKeyword = ({ keyword, operand }) => {
  if (typeof operand !== "string")
    throw typeMismatch(`$jsonSchema keyword '${keyword}' must be of type string`);
  return undefined;
};

const refuseEmptyMetadata: CompileKeyword = ({ keyword, operand }) => {
  if (!isDoc(operand)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an object `);
  if (operand.size === 0)
    throw failedToParse(`$jsonSchema keyword '${keyword}' cannot be an empty object `);
  return undefined;
};

/** What clients encrypt is binary data of subtype 6. */
const compileEncrypt: CompileKeyword = ({ keyword, operand, schema }) => {
  const other = ["type", "bsonType"].find((each) => schema.has(each));
  if (other !== undefined)
    throw failedToParse(
      `$jsonSchema keyword '${keyword}' cannot be used in conjunction with '${other}', '${keyword}' implies type 'bsonType::BinData'`,
    );
  if (!isDoc(operand)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an object `);
  return (value) =>
    typeof value === "object" &&
    value !== null &&
    "bsonType" in value &&
    value.bsonType === 5 &&
    value.subType === 6;
};

function isDoc(value: Value): value is Doc {
  return typeof value === "object" && value !== null && "bsonType" in value && value.bsonType === 3;
}

const unsupported: ReadonlySet<string> = new Set([
  "$ref",
  "$schema",
  "default",
  "definitions",
  "format",
  "id",
]);

const keywords: ReadonlyMap<string, CompileKeyword> = new Map<string, CompileKeyword>([
  ["title", checkText],
  ["description", checkText],
  ["type", compileType],
  ["bsonType", compileType],
  ["pattern", compilePattern],
  ["maxLength", compileLength],
  ["minLength", compileLength],
  ["multipleOf", compileMultipleOf],
  ["maximum", compileBound],
  ["exclusiveMaximum", compileBound],
  ["minimum", compileBound],
  ["exclusiveMinimum", compileBound],
  ["minItems", countItems],
  ["maxItems", countItems],
  ["uniqueItems", compileUniqueItems],
  ["items", compileItems],
  ["additionalItems", compileItems],
  ["encryptMetadata", refuseEmptyMetadata],
  ["encrypt", compileEncrypt],
  ["required", compileRequired],
  ["properties", compileProperties],
  ["patternProperties", compilePatternProperties],
  ["additionalProperties", compileAdditionalProperties],
  ["minProperties", countProperties],
  ["maxProperties", countProperties],
  ["dependencies", compileDependencies],
  ["allOf", compileAllOf],
  ["anyOf", compileAnyOf],
  ["oneOf", compileOneOf],
  ["not", compileNot],
  ["enum", compileEnum],
]);
