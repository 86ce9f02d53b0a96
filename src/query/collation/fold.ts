/**
 * A text that is the same for all texts that a collation calls equal, at whatever strength, and for some others.
 *
 * `Intl` gives no sort keys, so this is what an index of a collation keeps: it finds candidates, the filter decides.
 * It leaves out rather too much: case, accents, everything but letters and digits.
 */

import { findLocale } from "./locales.ts";

export function createFold({
  locale,
  numericOrdering,
}: {
  readonly locale: string;
  readonly numericOrdering: boolean;
}): (text: string) => string {
  const further = furtherFold(locale);
  let classes: ReadonlyMap<string, string> | undefined;
  return (text) => {
    let letters = text.toLowerCase();
    if (!plainForm.test(letters)) {
      classes ??= createClasses(locale);
      letters = lettersOf(text, classes);
    }
    return further(numericOrdering ? letters.replace(/0+/g, "") : letters);
  };
}

const plainForm = /^[a-z0-9]*$/;
const counted = /[\p{L}\p{N}\p{M}]/u;
/** Kana stand for each other in ways that depend on their neighbours. */
const left = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;

function lettersOf(text: string, classes: ReadonlyMap<string, string>): string {
  let found = "";
  for (const each of text.normalize("NFC")) {
    if (!counted.test(each) || left.test(each)) continue;
    const known = classes.get(each) ?? each.normalize("NFKD");
    if (plainForm.test(known)) found += known;
    else
      for (const part of known)
        if (counted.test(part) && !left.test(part)) found += classes.get(part) ?? part;
  }
  return found;
}

/** Where ideographs and syllables begin, which stand for nothing but themselves, and where they end. */
const ideographs = [0x3400, 0xa000] as const;
const syllables = [0xac00, 0xd7a4] as const;
const firstLetter = 0x41;
const scriptsEnd = 0x1_7000;

/**
 * What stands for each letter, numeral and mark that others equal: of ICU's own classes the plain letters, if it has
 * such, else the first one. Takes some 30 ms, once for each collation that has an index.
 */
function createClasses(locale: string): ReadonlyMap<string, string> {
  const { tag, usage } = findLocale(locale) ?? { tag: "en", usage: "sort" as const };
  const { compare } = new Intl.Collator(tag, { usage, sensitivity: "base" });
  const all = ["", ...plainTexts()];
  for (let code = firstLetter; code < scriptsEnd; code += 1) {
    if (code === ideographs[0]) code = ideographs[1];
    if (code === syllables[0]) code = syllables[1];
    const character = String.fromCodePoint(code);
    if (counted.test(character)) all.push(character);
  }
  // Plain texts stand before all others, and the sort is stable.
  const sorted = all.toSorted(compare);
  const found = new Map<string, string>();
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    const first = sorted[start] as string;
    while (end < sorted.length && compare(first, sorted[end] as string) === 0) end += 1;
    const representative = plainForm.test(first) ? first : withoutParts(first, compare);
    for (const each of sorted.slice(start, end)) found.set(each, representative);
  }
  return found;
}

/** A letter is its parts where the collation sees it so: a ligature is two letters, a Swedish ä no a. */
function withoutParts(letter: string, compare: Intl.Collator["compare"]): string {
  const parts = letter.normalize("NFKD").toLowerCase();
  return compare(parts, letter) === 0 ? parts : letter;
}

const letters = "abcdefghijklmnopqrstuvwxyz";

/** Single letters and digits, and what one character can stand for: two letters, numbers up to fifty. */
function plainTexts(): string[] {
  const singles = letters.split("");
  const pairs = singles.flatMap((first) => singles.map((second) => first + second));
  return [...singles, ...pairs, ...Array.from({ length: 51 }, (_, number) => String(number))];
}

/** What single languages take for the same: letters in pairs, or a letter and its spelling in two. */
function furtherFold(locale: string): (letters: string) => string {
  const [language] = locale.split(/[_@]/);
  if (locale.includes("@collation=phonebook")) return (text) => text.replaceAll("e", "");
  if (language === "lt") return (text) => text.replaceAll("y", "i");
  // Their sounds: ideographs are written-out syllables.
  if (language === "ko") return (text) => text.replace(/[^a-z0-9]/g, "");
  if (language === "tr" || language === "az") return (text) => text.replace(/[iıI]/g, "");
  if (language === "hu") return (text) => Array.from(new Set(text)).toSorted().join("");
  if (language !== undefined && doubling.has(language)) return (text) => text.replace(/a+/g, "a");
  return (text) => text;
}

/** `aa` is `å` in these. */
const doubling: ReadonlySet<string> = new Set(["da", "nb", "nn", "fo", "kl"]);
