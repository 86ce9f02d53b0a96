/** `allOf`, `anyOf`, `oneOf`, `not`. */
import { Doc } from "../../bson/doc.ts";
import { isArray, typeName } from "../../bson/value.ts";
import { badValue, typeMismatch } from "../../kit/mongo-error.ts";
import type { Check, CompileKeyword, Keyword } from "./check.ts";

function compileList({ keyword, operand, compileSame }: Keyword): readonly Check[] {
  if (!isArray(operand)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an array`);
  if (operand.length === 0)
    throw badValue(`$jsonSchema keyword '${keyword}' must be a non-empty array`);
  return operand.map((each) => {
    if (!(each instanceof Doc))
      throw typeMismatch(
        `$jsonSchema keyword '${keyword}' must be an array of objects, but found an element of type ${typeName(each)}`,
      );
    return compileSame(each);
  });
}

export const compileAllOf: CompileKeyword = (keyword) => {
  const checks = compileList(keyword);
  return (value) => checks.every((check) => check(value));
};

export const compileAnyOf: CompileKeyword = (keyword) => {
  const checks = compileList(keyword);
  return (value) => checks.some((check) => check(value));
};

export const compileOneOf: CompileKeyword = (keyword) => {
  const checks = compileList(keyword);
  return (value) => {
    let passed = 0;
    for (const check of checks) if (check(value)) passed += 1;
    return passed === 1;
  };
};

export const compileNot: CompileKeyword = ({ operand, compileSame }) => {
  if (!(operand instanceof Doc))
    throw typeMismatch(
      `$jsonSchema keyword 'not' must be an object, but found an element of type ${typeName(operand)}`,
    );
  const check = compileSame(operand);
  return (value) => !check(value);
};
