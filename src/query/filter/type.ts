/** `$type`. */
import { printDouble } from "../../bson/print-value.ts";
import type { NumberValue } from "../../bson/compare.ts";
import { isArray, isNumber, typeCode, type Value } from "../../bson/value.ts";
import { badValue, failedToParse, typeMismatch } from "../../kit/mongo-error.ts";
import type { FilterNode } from "../filter-node.ts";
import { toDouble } from "../number.ts";
import { readTypeName } from "../type-alias.ts";

export function parseType(path: string, operand: Value): FilterNode {
  const specs = isArray(operand) ? operand : [operand];
  if (specs.length === 0) throw failedToParse(`${path} must match at least one type`);
  return { kind: "type", path, types: readTypes(specs) };
}

function readTypes(specs: readonly Value[]): ReadonlySet<number> {
  const types = new Set<number>();
  for (const each of specs) {
    if (typeof each === "string") for (const code of readTypeName(each)) types.add(code);
    else if (isNumber(each)) types.add(readTypeNumber(each));
    else throw typeMismatch("type must be represented as a number or a string");
  }
  return types;
}

const codes: ReadonlySet<number> = new Set(Object.values(typeCode));

function readTypeNumber(value: NumberValue): number {
  const code = toDouble(value);
  if (codes.has(code) && code !== 0) return code;
  const shown = printDouble(code);
  const hint = code === 0 ? ". Instead use {$exists:false}." : "";
  throw badValue(`Invalid numerical type code: ${shown}${hint}`);
}
