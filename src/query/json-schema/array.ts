/** `items`, `additionalItems`, `minItems`, `maxItems`, `uniqueItems`. */
import { Doc } from "../../bson/doc.ts";
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { typeMismatch } from "../../kit/mongo-error.ts";
import { readNonNegativeInteger } from "../integer-operand.ts";
import { unorderedIdentityOf, type Check, type CompileKeyword, type Keyword } from "./check.ts";

export const countItems: CompileKeyword = ({ keyword, operand }) => {
  const bound = readNonNegativeInteger(operand, keyword);
  const isLeast = keyword === "minItems";
  return (value) => {
    if (!isArray(value)) return true;
    return isLeast ? value.length >= bound : value.length <= bound;
  };
};

export const compileUniqueItems: CompileKeyword = ({ operand }) => {
  if (typeof operand !== "boolean")
    throw typeMismatch("$jsonSchema keyword 'uniqueItems' must be a boolean");
  if (!operand) return undefined;
  return (value) =>
    !isArray(value) || new Set(value.map(unorderedIdentityOf)).size === value.length;
};

/** `items` as one schema is for all elements, as a list for the first ones; `additionalItems` is for the others then. */
export const compileItems: CompileKeyword = (keyword) =>
  keyword.keyword === "items" ? compileItemSchemas(keyword) : compileOtherItems(keyword);

function compileItemSchemas({ operand, compileInner }: Keyword): Check {
  if (operand instanceof Doc) {
    const check = compileInner(operand);
    return (value) => !isArray(value) || value.every((each) => check(each));
  }
  if (!isArray(operand))
    throw typeMismatch(
      `$jsonSchema keyword 'items' must be an array or an object, not ${typeName(operand)}`,
    );
  const checks = operand.map((each) => {
    if (!(each instanceof Doc))
      throw typeMismatch(
        `$jsonSchema keyword 'items' requires that each element of the array is an object, but found a ${typeName(each)}`,
      );
    return compileInner(each);
  });
  return (value) => {
    if (!isArray(value)) return true;
    const count = Math.min(checks.length, value.length);
    for (let index = 0; index < count; index += 1)
      if (!(checks[index] as Check)(value[index] as Value)) return false;
    return true;
  };
}

function compileOtherItems({ operand, schema, compileInner }: Keyword): Check | undefined {
  const check = compileAdditional(operand, compileInner);
  const items = schema.get("items");
  // Beside one schema for all, or none, there are no others.
  if (!isArray(items)) return undefined;
  const { length } = items;
  return (value) => !isArray(value) || value.slice(length).every((each) => check(each));
}

function compileAdditional(operand: Value, compileInner: Keyword["compileInner"]): Check {
  if (typeof operand === "boolean") return () => operand;
  if (!(operand instanceof Doc))
    throw typeMismatch(
      `$jsonSchema keyword 'additionalItems' must be either an object or a boolean, but got a ${typeName(operand)}`,
    );
  return compileInner(operand);
}
