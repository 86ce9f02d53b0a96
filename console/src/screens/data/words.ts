/** What is offered while one types: operators, and the names of a collection's fields. */
import { EjsonObject, type Ejson, isEjsonArray } from "../../ejson/value.ts";
import { toShown } from "../../ejson/shown.ts";

export const filterWords: readonly string[] = [
  "$eq",
  "$ne",
  "$gt",
  "$gte",
  "$lt",
  "$lte",
  "$in",
  "$nin",
  "$and",
  "$or",
  "$nor",
  "$not",
  "$exists",
  "$type",
  "$regex",
  "$options",
  "$elemMatch",
  "$all",
  "$size",
  "$mod",
  "$expr",
  "$text",
  "$search",
  "$near",
  "$geoWithin",
  "$geoIntersects",
  "$geometry",
  "$jsonSchema",
  "$comment",
];

export const valueWords: readonly string[] = [
  "ObjectId",
  "ISODate",
  "NumberLong",
  "NumberDecimal",
  "NumberInt",
  "UUID",
  "Timestamp",
  "BinData",
  "MinKey",
  "MaxKey",
  "true",
  "false",
  "null",
];

export const projectionWords: readonly string[] = ["$slice", "$elemMatch", "$meta"];
export const collationWords: readonly string[] = [
  "locale",
  "strength",
  "caseLevel",
  "caseFirst",
  "numericOrdering",
  "alternate",
  "backwards",
];

const depthMax = 3;
const wordsMax = 500;

/** Paths of fields, as they are written in a filter. */
export function fieldWords(documents: readonly EjsonObject[]): readonly string[] {
  const found = new Set<string>();
  const visit = (value: Ejson, prefix: string, depth: number): void => {
    if (found.size >= wordsMax || depth > depthMax) return;
    if (isEjsonArray(value)) {
      for (const each of value.slice(0, 3)) visit(each, prefix, depth);
      return;
    }
    if (!(value instanceof EjsonObject) || toShown(value) !== undefined) return;
    for (const [at, name] of value.names.slice(0, wordsMax).entries()) {
      if (/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name)) found.add(prefix + name);
      visit(value.values[at] ?? null, `${prefix}${name}.`, depth + 1);
    }
  };
  for (const document of documents) visit(document, "", 1);
  return [...found].slice(0, wordsMax);
}
