/** `minimum`, `maximum`, `multipleOf` of numbers; `minLength`, `maxLength`, `pattern` of strings. */
import { compareNumbers, type NumberValue } from "../../bson/compare.ts";
import { isNumber } from "../../bson/value.ts";
import { badValue, failedToParse, typeMismatch } from "../../kit/mongo-error.ts";
import { remainderOfDecimals } from "../decimal.ts";
import { readNonNegativeInteger } from "../integer-operand.ts";
import { toDecimal, toDouble } from "../number.ts";
import { compileRegex } from "../regex.ts";
import type { Check, CompileKeyword } from "./check.ts";

/** `exclusiveMinimum` and `exclusiveMaximum` are booleans that belong to the bound without them. */
export const compileBound: CompileKeyword = ({ keyword, operand, schema }) => {
  if (keyword.startsWith("exclusive")) {
    const bound = keyword === "exclusiveMinimum" ? "minimum" : "maximum";
    if (!schema.has(bound))
      throw failedToParse(
        `$jsonSchema keyword '${bound}' must be a present if ${keyword} is present`,
      );
    return undefined;
  }
  if (!isNumber(operand)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be a number`);
  const exclusive = keyword === "minimum" ? "exclusiveMinimum" : "exclusiveMaximum";
  const isExclusive = schema.has(exclusive) ? schema.get(exclusive) : false;
  if (typeof isExclusive !== "boolean")
    throw typeMismatch(`$jsonSchema keyword '${exclusive}' must be a boolean`);
  return boundCheck(operand, keyword === "minimum" ? 1 : -1, isExclusive);
};

function boundCheck(bound: NumberValue, sign: 1 | -1, isExclusive: boolean): Check {
  const isBoundNaN = isNaNValue(bound);
  return (value) => {
    if (!isNumber(value)) return true;
    // Not a number is within its own bound only.
    if (isBoundNaN || isNaNValue(value)) return isBoundNaN && isNaNValue(value) && !isExclusive;
    const order = compareNumbers(value, bound) * sign;
    return isExclusive ? order > 0 : order >= 0;
  };
}

function isNaNValue(value: NumberValue): boolean {
  return Number.isNaN(toDouble(value));
}

export const compileMultipleOf: CompileKeyword = ({ operand, isRoot }) => {
  if (!isNumber(operand)) throw typeMismatch("$jsonSchema keyword 'multipleOf' must be a number");
  const divisor = toDecimal(operand);
  if (divisor.class !== "nan" && (divisor.negative || divisor.isZero))
    throw failedToParse("$jsonSchema keyword 'multipleOf' must have a positive value");
  if (isRoot) return undefined;
  if (divisor.class === "nan") throw badValue("divisor cannot be NaN");
  return (value) => !isNumber(value) || remainderOfDecimals(toDecimal(value), divisor).isZero;
};

export const compileLength: CompileKeyword = ({ keyword, operand }) => {
  const bound = readNonNegativeInteger(operand, keyword);
  const isLeast = keyword === "minLength";
  return (value) => {
    if (typeof value !== "string") return true;
    const length = countCodePoints(value);
    return isLeast ? length >= bound : length <= bound;
  };
};

function countCodePoints(text: string): number {
  let count = text.length;
  for (let index = 1; index < text.length; index += 1)
    if ((text.charCodeAt(index) & 0xfc00) === 0xdc00) count -= 1;
  return count;
}

export const compilePattern: CompileKeyword = ({ operand, isRoot }) => {
  if (typeof operand !== "string")
    throw typeMismatch("$jsonSchema keyword 'pattern' must be a string");
  if (isRoot) return undefined;
  const regex = compileRegex(operand, "");
  return (value) => typeof value !== "string" || regex.test(value);
};
