/**
 * The order of a collation, level by level.
 *
 * `Intl.Collator` knows four levels of ICU's five and its case level. The fourth level and the fifth, accents from the
 * back, and spaces that do not count where punctuation does are put together here.
 */
import { compareText, type TextOrder } from "../../bson/compare.ts";
import { createFold } from "./fold.ts";
import { findLocale } from "./locales.ts";
import type { CollationOptions } from "./spec.ts";

type Level = (left: string, right: string) => number;

/** The order, and a fold that agrees with it. */
export function createTextOrder(
  options: CollationOptions,
): TextOrder & { foldOf(text: string): string } {
  const levels = levelsOf(options);
  const [first, second] = levels as [Level, ...Level[]];
  return { compare: second === undefined ? first : inTurn(levels), foldOf: createFold(options) };
}

function inTurn(levels: readonly Level[]): Level {
  return (left, right) => {
    for (const level of levels) {
      const difference = level(left, right);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

/** The first is the coarsest; each may look at what the ones before it have looked at already. */
function levelsOf(options: CollationOptions): readonly Level[] {
  const { strength, alternate, maxVariable } = options;
  const isShifted = alternate === "shifted";
  const by = collatorsOf(options);
  const letters = letterLevels(options, by);
  return [
    ...(isShifted && maxVariable === "space" ? letters.map(withoutSpaces) : letters),
    ...(strength >= 4 && isShifted ? [byVariables(by, options)] : []),
    ...(strength === 5 ? [byCodePoints] : []),
  ];
}

/** Base letters, accents, case and variants. */
function letterLevels(
  { strength, caseLevel, backwards, numericOrdering }: CollationOptions,
  by: (sensitivity: Sensitivity) => Level,
): readonly Level[] {
  const levels: Level[] = [];
  if (backwards) levels.push(by("base"), fromTheBack(by, numericOrdering));
  else if (caseLevel && strength > 1) levels.push(by("accent"));
  // For texts whose base letters are the same; their accents have been looked at.
  if (caseLevel) levels.push(by("case"));
  if (strength >= 3) levels.push(by("variant"));
  if (levels.length === 0) levels.push(by(strength === 1 ? "base" : "accent"));
  return levels;
}

type Sensitivity = "base" | "accent" | "case" | "variant";

function collatorsOf(options: CollationOptions): (sensitivity: Sensitivity) => Level {
  const { locale, caseFirst, numericOrdering, alternate, maxVariable, backwards } = options;
  const { tag, usage } = findLocale(locale) ?? { tag: "en", usage: "sort" as const };
  return (sensitivity) => {
    const collator = new Intl.Collator(
      // Canadian French has its accents from the back by itself; without them it is French.
      tag.startsWith("fr-CA") && !backwards ? tag.replace("fr-CA", "fr") : tag,
      {
        usage,
        sensitivity,
        numeric: numericOrdering,
        caseFirst: caseFirst === "off" ? "false" : (caseFirst as "upper" | "lower"),
        ignorePunctuation: alternate === "shifted" && maxVariable === "punct",
      },
    );
    // Bound to its collator: reading it for each comparison would cost as much as a comparison.
    return collator.compare;
  };
}

/** A letter with the marks on it. */
const lettersForm = /[^\p{M}]\p{M}*|\p{M}+/gsu;

/** The last difference decides: `cote < côte < coté < côté`. For texts whose base letters are the same. */
function fromTheBack(by: (sensitivity: Sensitivity) => Level, isNumeric: boolean): Level {
  const accent = by("accent");
  const apart = takeApart(by("base"));
  const lettersOf = (text: string): string[] =>
    (
      apart(isNumeric ? withoutZeros(text) : text)
        .normalize("NFKD")
        .match(lettersForm) ?? []
    ).filter((each) => accent(each, "") !== 0);
  return (left, right) => {
    const a = lettersOf(left);
    const b = lettersOf(right);
    const most = Math.max(a.length, b.length);
    for (let back = 1; back <= most; back += 1) {
      const difference = accent(a[a.length - back] ?? "", b[b.length - back] ?? "");
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

/** One letter that stands for two; between them it counts as an accent, a light one. */
const doubles: ReadonlyMap<string, string> = new Map([
  ["æ", "a\u{332}e"],
  ["Æ", "A\u{332}E"],
  ["œ", "o\u{332}e"],
  ["Œ", "O\u{332}E"],
  ["ß", "s\u{332}s"],
  ["ẞ", "S\u{332}S"],
]);

/** Puts two letters in place of those that are no letters of their own in this language. */
function takeApart(base: Level): (text: string) => string {
  const own = [...doubles].filter(([letter, pair]) => base(letter, pair) === 0);
  if (own.length === 0) return (text) => text;
  const form = new RegExp(`[${own.map(([letter]) => letter).join("")}]`, "g");
  return (text) => text.replace(form, (letter) => doubles.get(letter) ?? letter);
}

const spaces = /[\p{Z}\t\n\v\f\r\u0085]/gu;

function withoutSpaces(level: Level): Level {
  return (left, right) => level(left.replace(spaces, ""), right.replace(spaces, ""));
}

const spaceForm = /^[\p{Z}\t\n\v\f\r\u0085]$/u;
const variableForm = /^[\p{Z}\p{P}\t\n\v\f\r\u0085]$/u;

/** The fourth level: where punctuation stands, and which; texts that are the same but for it. */
function byVariables(
  by: (sensitivity: Sensitivity) => Level,
  { maxVariable, numericOrdering }: CollationOptions,
): Level {
  const form = maxVariable === "space" ? spaceForm : variableForm;
  const order = new Intl.Collator("en", { ignorePunctuation: false, sensitivity: "base" });
  const isIgnored = by("base");
  return (left, right) => {
    const a = variablesOf(numericOrdering ? withoutZeros(left) : left, form, isIgnored);
    const b = variablesOf(numericOrdering ? withoutZeros(right) : right, form, isIgnored);
    for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
      const [x, y] = [a[index] as string, b[index] as string];
      if (x === y) continue;
      // What is no punctuation comes after all that is.
      if (x === "") return 1;
      if (y === "") return -1;
      const difference = order.compare(x, y);
      if (difference !== 0) return difference;
    }
    return a.length - b.length;
  };
}

/** A number stands for itself however many zeros it begins with. */
function withoutZeros(text: string): string {
  return text.replace(/(?<!\p{Nd})0+(?=\p{Nd})/gu, "");
}

/** Punctuation as it is, every other letter as an empty text. */
function variablesOf(text: string, form: RegExp, base: Level): string[] {
  const found: string[] = [];
  for (const each of text.normalize("NFD"))
    if (form.test(each)) found.push(each);
    else if (base(each, "") !== 0) found.push("");
  return found;
}

const byCodePoints: Level = (left, right) =>
  compareText(left.normalize("NFD"), right.normalize("NFD"));
