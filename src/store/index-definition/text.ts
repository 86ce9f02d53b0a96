/** Text indexes: their keys, their options, and what is kept of both. */
import { compareText } from "../../bson/compare.ts";
import { printBson } from "../../bson/print.ts";
import { Doc } from "../../bson/doc.ts";
import { isNumber, type Value, typeName } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { toDouble } from "../../query/number.ts";
import { compileTextIndex, isTextLanguage, type TextIndex } from "../../query/text.ts";
import type { Fail } from "./key-pattern.ts";

/** The two parts that stand for all texts in a kept key pattern. */
export const termPath = "_fts";
export const scorePath = "_ftsx";

export function isTextPattern(keys: Doc): boolean {
  return keys.values().includes("text");
}

/** @throws {MongoError} 67 where texts stand apart */
export function mustBeTextKeys(keys: Doc, asked: Doc): void {
  if (!isTextPattern(keys)) return;
  const places = [...keys.entries()].map(([path, kind]) => kind === "text" || path === scorePath);
  const first = places.indexOf(true);
  const last = places.lastIndexOf(true);
  if (places.slice(first, last + 1).every(Boolean)) return;
  throw refusal(asked, "'text' fields in index must all be adjacent");
}

function refusal(asked: Doc, message: string): MongoError {
  const shown = asked.has("v") ? asked : asked.with("v", 2);
  return new MongoError(
    67,
    `Error in specification ${printBson(shown)} :: caused by :: ${message}`,
  );
}

const textOptions: ReadonlySet<string> = new Set([
  "weights",
  "default_language",
  "language_override",
  "textIndexVersion",
]);
const weightMax = 100_000;
const versions: readonly number[] = [1, 2, 3];

/** @throws {MongoError} 14 and 67 */
export function mustBeTextOptions(asked: Doc, options: Doc, fail: Fail): void {
  for (const name of ["default_language", "language_override"]) {
    const value = options.get(name);
    if (value !== undefined && typeof value !== "string")
      throw fail(14, `The field '${name}' must be a string, but got ${typeName(value)}`);
  }
  const version = options.get("textIndexVersion");
  if (version !== undefined && !isNumber(version))
    throw fail(14, `The field 'textIndexVersion' must be a number, but got ${typeName(version)}`);
  if (!isTextPattern(asked.get("key") as Doc)) return;
  mustBeWeights(asked, options.get("weights"));
  const language = options.get("default_language");
  if (typeof language === "string" && !isTextLanguage(language))
    throw refusal(asked, "default_language is not valid");
  const override = options.get("language_override");
  if (typeof override === "string" && (override === "" || override.startsWith("$")))
    throw refusal(asked, "language_override is not valid");
  if (isNumber(version) && !versions.includes(toDouble(version)))
    throw refusal(asked, `bad textIndexVersion: ${toDouble(version)}`);
}

function mustBeWeights(asked: Doc, weights: Value | undefined): void {
  if (weights === undefined || weights === "$**") return;
  if (!(weights instanceof Doc))
    throw refusal(asked, "text index option 'weights' must be an object");
  for (const [path, weight] of weights.entries()) {
    if (!isNumber(weight)) throw refusal(asked, "weight for text index needs numeric type");
    const number = toDouble(weight);
    if (!(number > 0 && number < weightMax))
      throw refusal(
        asked,
        `text index weight must be in the exclusive interval (0,${weightMax}) but found: ${Math.trunc(number)}`,
      );
    if (path === "$**") continue;
    const parts = path.split(".");
    if (parts.includes("")) throw refusal(asked, "weight cannot have empty path component");
    if (parts.some((part) => part.startsWith("$")))
      throw refusal(asked, "weight cannot have path component with $ prefix");
  }
}

/** @throws {MongoError} 67: words are compared by their own rules */
export function mustBeWithoutCollation(asked: Doc, collation: Doc | undefined): void {
  if (collation === undefined || !isTextPattern(asked.get("key") as Doc)) return;
  throw refusal(asked, `Index type 'text' does not support collation: ${printBson(collation)}`);
}

/** What is kept: one pair of keys for all texts, whose paths are among the weights. */
export function toTextSpec(
  keys: Doc,
  options: readonly (readonly [string, Value])[],
): { readonly keys: Doc; readonly options: readonly (readonly [string, Value])[] } {
  if (!isTextPattern(keys)) return { keys, options };
  const given = new Map(options);
  const kept = options.filter(([name]) => !textOptions.has(name));
  return {
    keys: toKeptKeys(keys),
    options: [
      ...kept,
      ["weights", toWeights(keys, given.get("weights"))],
      ["default_language", given.get("default_language") ?? "english"],
      ["language_override", given.get("language_override") ?? "language"],
      ["textIndexVersion", given.get("textIndexVersion") ?? 3],
    ],
  };
}

function toKeptKeys(keys: Doc): Doc {
  const kept: [string, Value][] = [];
  for (const [path, kind] of keys.entries()) {
    if (path === scorePath) continue;
    if (kind !== "text") kept.push([path, kind]);
    else if (!kept.some(([name]) => name === termPath))
      kept.push([termPath, "text"], [scorePath, 1]);
  }
  return Doc.fromEntries(kept);
}

function toWeights(keys: Doc, given: Value | undefined): Doc {
  const weights = new Map<string, number>();
  if (given instanceof Doc)
    for (const [path, weight] of given.entries())
      weights.set(path, isNumber(weight) ? Math.trunc(toDouble(weight)) : 1);
  else if (given === "$**") weights.set("$**", 1);
  for (const [path, kind] of keys.entries())
    if (kind === "text" && path !== termPath && !weights.has(path)) weights.set(path, 1);
  const sorted = [...weights].toSorted(([left], [right]) => compareText(left, right));
  return Doc.fromEntries(sorted);
}

/** What a kept specification says; undefined for every other kind of index. */
export function compileTextDefinition(spec: Doc): TextIndex | undefined {
  const weights = spec.get("weights");
  if (!isTextPattern(spec.get("key") as Doc) || !(weights instanceof Doc)) return undefined;
  const version = spec.get("textIndexVersion");
  return compileTextIndex({
    weights: new Map(
      [...weights.entries()].map(([path, weight]) => [
        path,
        isNumber(weight) ? toDouble(weight) : 1,
      ]),
    ),
    language: spec.get("default_language") as string,
    languageField: spec.get("language_override") as string,
    version: isNumber(version) ? toDouble(version) : 3,
  });
}

/** Whether two text indexes on the same keys have the same texts, weights and languages. */
export function hasSameTexts(left: Doc, right: Doc): boolean {
  return [...textOptions].every((name) => {
    const [a, b] = [left.get(name), right.get(name)];
    return a instanceof Doc && b instanceof Doc ? printBson(a) === printBson(b) : a === b;
  });
}
