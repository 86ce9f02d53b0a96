/** `$regex` with `$options`. */
import type { Doc } from "../../bson/doc.ts";
import { isArray, Regex, type Value } from "../../bson/value.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import type { FilterNode } from "../filter-node.ts";
import { compileRegex } from "../regex.ts";

/** Reads both operators of one field, whichever comes first. */
export function parseRegexOperators(path: string, conditions: Doc): FilterNode {
  const names = conditions.keys();
  const regex = readRegex(
    conditions.get("$regex") as Value,
    conditions.get("$options"),
    names.indexOf("$options") < names.indexOf("$regex"),
  );
  compileRegex(regex.pattern, regex.options);
  return { kind: "regex", path, regex };
}

function readRegex(pattern: Value, options: Value | undefined, isOptionsFirst: boolean): Regex {
  const given = readPattern(pattern);
  if (options === undefined) return given;
  if (typeof options !== "string") throw badValue("$options has to be a string");
  if (isOptionsFirst && options === "") return given;
  if (given.options !== "")
    throw new MongoError(isOptionsFirst ? 51074 : 51075, "options set in both $regex and $options");
  return new Regex(given.pattern, options);
}

function readPattern(pattern: Value): Regex {
  if (typeof pattern === "string") {
    if (pattern.includes("\0"))
      throw badValue("Regular expression cannot contain an embedded null byte");
    return new Regex(pattern, "");
  }
  if (pattern instanceof Regex && !isArray(pattern)) return pattern;
  throw badValue("$regex has to be a string");
}
