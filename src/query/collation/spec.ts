/** A collation's options, read and checked as the server does it. */
import { printBson } from "../../bson/print.ts";
import { Doc } from "../../bson/doc.ts";
import { isNumber, typeName, type Value } from "../../bson/value.ts";
import { badValue, MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import { toDouble } from "../number.ts";
import { findLocale, suggestLocale } from "./locales.ts";

export interface CollationOptions {
  readonly locale: string;
  readonly caseLevel: boolean;
  readonly caseFirst: string;
  /** 1 to 5. */
  readonly strength: number;
  readonly numericOrdering: boolean;
  readonly alternate: string;
  readonly maxVariable: string;
  readonly normalization: boolean;
  readonly backwards: boolean;
  /** The same as a document, with the version that the server writes beside them. */
  readonly doc: Doc;
}

/** Of the ICU of the server that this one stands in for. */
const collatorVersion = "57.1";

const texts: ReadonlyMap<
  string,
  { readonly byDefault: string; readonly allowed: readonly string[] }
> = new Map([
  ["caseFirst", { byDefault: "off", allowed: ["upper", "lower", "off"] }],
  ["alternate", { byDefault: "non-ignorable", allowed: ["non-ignorable", "shifted"] }],
  ["maxVariable", { byDefault: "punct", allowed: ["punct", "space"] }],
]);
const flags: ReadonlySet<string> = new Set(["caseLevel", "numericOrdering", "normalization"]);
const names: ReadonlySet<string> = new Set([
  "locale",
  "strength",
  "backwards",
  "version",
  ...flags,
  ...texts.keys(),
]);

/** @throws {MongoError} 2, 14, 161, 40414, 40415, 51024 */
export function readCollationSpec(spec: Doc, field: string): CollationOptions {
  for (const [name, value] of spec.entries()) mustBeOption(name, value, field);
  const locale = present(spec, "locale");
  if (locale === undefined)
    throw new MongoError(40414, `BSON field '${field}.locale' is missing but a required field`);
  const options = withDefaults(spec, locale as string, field);
  mustAgree(options, shownSpec(spec, options, field), spec);
  return options;
}

function present(spec: Doc, name: string): Value | undefined {
  return spec.get(name) ?? undefined;
}

function mustBeOption(name: string, value: Value, field: string): void {
  if (!names.has(name))
    throw new MongoError(40415, `BSON field '${field}.${name}' is an unknown field.`);
  if (value === null) return;
  if (name === "backwards") {
    if (typeof value !== "boolean")
      throw typeMismatch(
        `Field 'backwards' should be a boolean value, but found: ${typeName(value)}`,
      );
    return;
  }
  if (name === "strength") {
    mustBeStrength(value, field);
    return;
  }
  const expected = flags.has(name) ? "bool" : "string";
  if (typeName(value) !== expected)
    throw typeMismatch(
      `BSON field '${field}.${name}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
    );
  const text = texts.get(name);
  if (text !== undefined && !text.allowed.includes(value as string))
    throw badValue(
      `Enumeration value '${value as string}' for field '${field}.${name}' is not a valid value.`,
    );
}

const strengthMax = 5;

function mustBeStrength(value: Value, field: string): void {
  if (!isNumber(value))
    throw typeMismatch(
      `BSON field '${field}.strength' is the wrong type '${typeName(value)}', expected types '[long, int, decimal, double']`,
    );
  const strength = Math.trunc(toDouble(value));
  if (strength > strengthMax)
    throw new MongoError(
      51024,
      `BSON field 'strength' value must be <= 5, actual value '${strength}'`,
    );
  if (strength < 0)
    throw new MongoError(
      51024,
      `BSON field 'strength' value must be >= 0, actual value '${strength}'`,
    );
  // Unlike for the other errors, the server does not name the command here.
  if (!(strength >= 1))
    throw badValue(
      `Enumeration value '${strength}' for field 'collation.strength' is not a valid value.`,
    );
}

/** What the rules of single locales say where nothing else is said. */
const localeDefaults: ReadonlyMap<string, { readonly name: string; readonly value: string }> =
  new Map([
    ["da", { name: "caseFirst", value: "upper" }],
    ["mt", { name: "caseFirst", value: "upper" }],
    ["th", { name: "alternate", value: "shifted" }],
  ]);

function withDefaults(spec: Doc, locale: string, field: string): CollationOptions {
  // `create` fills in its own defaults before the locale is asked.
  const own = field.startsWith("create")
    ? undefined
    : localeDefaults.get(locale.split("@")[0] ?? "");
  const text = (name: string): string =>
    (present(spec, name) as string | undefined) ??
    (own?.name === name ? own.value : texts.get(name)?.byDefault) ??
    "";
  const flag = (name: string): boolean => present(spec, name) === true;
  const strength = present(spec, "strength");
  const backwards = present(spec, "backwards");
  const known = {
    locale,
    caseLevel: flag("caseLevel"),
    caseFirst: text("caseFirst"),
    strength: isNumber(strength) ? Math.trunc(toDouble(strength)) : 3,
    numericOrdering: flag("numericOrdering"),
    alternate: text("alternate"),
    maxVariable: text("maxVariable"),
    normalization: flag("normalization"),
    // Canadian French is the one locale that has it by itself.
    backwards: backwards === undefined ? locale.startsWith("fr_CA") : backwards === true,
  };
  return { ...known, doc: Doc.of({ ...known, version: collatorVersion }) };
}

/** A request's collation is shown as it came, that of a collection with what stands in for what was left out. */
function shownSpec(spec: Doc, { doc }: CollationOptions, field: string): string {
  if (!field.startsWith("create")) return printBson(spec);
  const shown = [...doc.entries()].flatMap(([name]): [string, Value][] => {
    const isOptional = name === "backwards" || name === "version";
    const value = isOptional ? present(spec, name) : doc.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return printBson(Doc.fromEntries(shown));
}

function mustAgree(options: CollationOptions, shown: string, spec: Doc): void {
  const { locale, caseLevel, caseFirst, strength, backwards } = options;
  if (locale === "simple") return;
  if (locale === "") throw badValue(`Field 'locale' cannot be the empty string in: ${shown}`);
  if (locale.includes("\0"))
    throw badValue(`Field 'locale' cannot contain null byte. Collation spec: ${shown}`);
  if (findLocale(locale) === undefined) {
    const suggestion = suggestLocale(locale);
    throw badValue(
      `Field 'locale' is invalid in: ${shown}${suggestion === undefined ? "" : `. Did you mean '${suggestion}'?`}`,
    );
  }
  const version = present(spec, "version");
  if (version !== undefined && version !== collatorVersion)
    throw new MongoError(
      161,
      `Requested collation version ${version as string} but the only available collator version was ${collatorVersion}. Requested collation spec: ${shown}`,
    );
  if (backwards && strength === 1)
    throw badValue(`'backwards' is invalid with 'strength' of 1 in: ${shown}`);
  if (caseFirst !== "off" && !caseLevel && strength < 3)
    throw badValue(
      `'caseFirst' is invalid unless 'caseLevel' is on or 'strength' is greater than 2 in: ${shown}`,
    );
}
