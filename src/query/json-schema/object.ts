/** `properties` and all that is said of an object's fields. */
import { Doc } from "../../bson/doc.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { badValue, failedToParse, typeMismatch } from "../../kit/mongo-error.ts";
import { readNonNegativeInteger } from "../integer-operand.ts";
import { compilePattern as compileRegexPattern, type RegexTest } from "../regex.ts";
import type { Check, CompileKeyword, Keyword } from "./check.ts";

/** Makes a check of objects a check of all values. */
function ofObjects(check: (doc: Doc) => boolean): Check {
  return (value) => !(value instanceof Doc) || check(value);
}

function mustBeObject(keyword: string, operand: Value): Doc {
  if (!(operand instanceof Doc))
    throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an object`);
  return operand;
}

export const countProperties: CompileKeyword = ({ keyword, operand }) => {
  const bound = readNonNegativeInteger(operand, keyword);
  const isLeast = keyword === "minProperties";
  return ofObjects((doc) => (isLeast ? doc.size >= bound : doc.size <= bound));
};

export const compileRequired: CompileKeyword = ({ operand }) => {
  if (!isArray(operand))
    throw typeMismatch(
      `$jsonSchema keyword 'required' must be an array, but found an element of type ${typeName(operand)}`,
    );
  const names = operand.map((each) => {
    if (typeof each !== "string")
      throw typeMismatch(
        `$jsonSchema keyword 'required' must be an array of strings, but found an element of type: ${typeName(each)}`,
      );
    return each;
  });
  if (names.length === 0)
    throw failedToParse("$jsonSchema keyword 'required' cannot be an empty array");
  if (new Set(names).size < names.length)
    throw failedToParse("$jsonSchema keyword 'required' array cannot contain duplicate values");
  return ofObjects((doc) => names.every((name) => doc.has(name)));
};

export const compileProperties: CompileKeyword = ({ keyword, operand, compileInner }) => {
  const checks = [...mustBeObject(keyword, operand).entries()].map(([name, schema]) => {
    if (!(schema instanceof Doc))
      throw typeMismatch(`Nested schema for $jsonSchema property '${name}' must be an object`);
    return [name, compileInner(schema)] as const;
  });
  return ofObjects((doc) => {
    for (const [name, check] of checks) {
      const value = doc.get(name);
      if (value !== undefined && !check(value)) return false;
    }
    return true;
  });
};

export const compilePatternProperties: CompileKeyword = (keyword) => {
  const schemas = readPatternProperties(keyword);
  const checks = schemas.map(([, schema]) => keyword.compileInner(schema));
  const regexes = compileNames(schemas);
  return ofObjects((doc) => {
    for (const [name, value] of doc.entries())
      for (let index = 0; index < checks.length; index += 1)
        if (regexes[index]?.test(name) === true && !(checks[index] as Check)(value)) return false;
    return true;
  });
};

type PatternSchema = readonly [pattern: string, schema: Doc];

function readPatternProperties({ schema }: Keyword): readonly PatternSchema[] {
  const operand = schema.get("patternProperties");
  if (operand === undefined) return [];
  return [...mustBeObject("patternProperties", operand).entries()].map(([pattern, each]) => {
    if (!(each instanceof Doc))
      throw typeMismatch(
        `$jsonSchema keyword 'patternProperties' has property '${pattern}' which is not an object`,
      );
    return [pattern, each] as const;
  });
}

function compileNames(schemas: readonly PatternSchema[]): readonly RegexTest[] {
  return schemas.map(([pattern]) =>
    compileRegexPattern(pattern, "", (reason) => badValue(`Invalid regular expression: ${reason}`)),
  );
}

export const compileAdditionalProperties: CompileKeyword = (keyword) => {
  const { operand, schema, compileInner } = keyword;
  if (typeof operand !== "boolean" && !(operand instanceof Doc))
    throw typeMismatch("$jsonSchema keyword 'additionalProperties' must be an object or a boolean");
  if (operand === true) return undefined;
  const check: Check = operand === false ? () => false : compileInner(operand);
  const properties = schema.get("properties");
  const names = new Set(properties instanceof Doc ? properties.keys() : []);
  const regexes = compileNames(readPatternProperties(keyword));
  return ofObjects((doc) => {
    for (const [name, value] of doc.entries())
      if (!names.has(name) && !regexes.some((each) => each.test(name)) && !check(value))
        return false;
    return true;
  });
};

export const compileDependencies: CompileKeyword = ({ keyword, operand, compileSame }) => {
  const dependencies = [...mustBeObject(keyword, operand).entries()].map(([name, dependency]) => {
    const check = isArray(dependency)
      ? compileNeeded(name, dependency)
      : compileDependent(name, dependency, compileSame);
    return [name, check] as const;
  });
  return ofObjects((doc) => dependencies.every(([name, check]) => !doc.has(name) || check(doc)));
};

function compileNeeded(name: string, dependency: readonly Value[]): Check {
  if (dependency.length === 0)
    throw failedToParse(
      `property '${name}' in $jsonSchema keyword 'dependencies' cannot be an empty array`,
    );
  const needed = new Set<string>();
  for (const each of dependency) {
    if (typeof each !== "string")
      throw typeMismatch(
        `array '${name}' in $jsonSchema keyword 'dependencies' can only contain strings, but found element of type: ${typeName(each)}`,
      );
    if (needed.has(each))
      throw failedToParse(
        `array '${name}' in $jsonSchema keyword 'dependencies' contains duplicate element: ${each}`,
      );
    needed.add(each);
  }
  const names = [...needed];
  return ofObjects((doc) => names.every((each) => doc.has(each)));
}

function compileDependent(
  name: string,
  dependency: Value,
  compileSame: Keyword["compileSame"],
): Check {
  if (!(dependency instanceof Doc))
    throw typeMismatch(
      `property '${name}' in $jsonSchema keyword 'dependencies' must be either an object or an array`,
    );
  return compileSame(dependency);
}
