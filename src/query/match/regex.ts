/** A pattern as a condition: on text and symbols, and a regular expression equals itself. */
import { isArray, type Regex } from "../../bson/value.ts";
import { compileRegex } from "../regex.ts";
import type { ValueTest } from "./traverse.ts";

export function compileRegexValue(regex: Regex): ValueTest {
  const { test } = compileRegex(regex.pattern, regex.options);
  return (value) => {
    if (typeof value === "string") return test(value);
    if (typeof value !== "object" || value === null || isArray(value)) return false;
    if (value.bsonType === 14) return test(value.text);
    return (
      value.bsonType === 11 && value.pattern === regex.pattern && value.options === regex.options
    );
  };
}
