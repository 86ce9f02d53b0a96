/**
 * A text that is the same for all texts that a collation calls equal, at whatever strength, and for some others.
 *
 * `Intl` gives no sort keys, so this is what an index of a collation keeps: it finds candidates, the filter decides.
 * It leaves out rather too much: case, accents, and punctuation where it may be ignored.
 */
import { findLocale } from "./locales.ts";

export interface FoldOptions {
  readonly locale: string;
  readonly numericOrdering: boolean;
  readonly alternate: string;
}

export function createFold({
  locale,
  numericOrdering,
  alternate,
}: FoldOptions): (text: string) => string {
  const further = furtherFold(locale);
  const counted = alternate === "shifted" ? lettersOnly : lettersAndSigns;
  let classes: ReadonlyMap<string, string> | undefined;
  return (text) => {
    let folded = text.toLowerCase();
    if (!plainForm.test(folded)) {
      classes ??= createClasses(locale);
      folded = partsOf(text, counted, classes).replace(kana, withoutEchoes);
    }
    return further(numericOrdering ? folded.replace(/0+/g, "") : folded);
  };
}

const plainForm = /^[a-z0-9]*$/;
const lettersOnly = /[\p{L}\p{N}\p{M}]/u;
const lettersAndSigns = /[\p{L}\p{N}\p{M}\p{P}\p{S}\p{Z}]/u;

function partsOf(text: string, counted: RegExp, classes: ReadonlyMap<string, string>): string {
  let found = "";
  for (const each of text.normalize("NFC")) {
    if (!counted.test(each)) continue;
    const known = classes.get(each) ?? each.normalize("NFKD");
    if (plainForm.test(known)) found += known;
    else for (const part of known) if (counted.test(part)) found += classes.get(part) ?? part;
  }
  return found;
}

const kana = /[\p{Script=Hiragana}\p{Script=Katakana}ーｰ〱-〵々]+/gu;
const echoes = /[ぁ-おァ-オーｰゝゞヽヾ〱-〵々]/gu;

/** Long vowels and repetitions are written in signs of their own, or not. */
function withoutEchoes(syllables: string): string {
  return syllables.replace(echoes, "").replace(/(.)\1+/gu, "$1");
}

/** Where ideographs and syllables begin, which stand for nothing but themselves, and where they end. */
const ideographs = [0x3400, 0xa000] as const;
const syllables = [0xac00, 0xd7a4] as const;
const firstSign = 0x20;
const scriptsEnd = 0x1_7000;

/**
 * What stands for each letter, numeral, mark and sign that others equal: of ICU's own classes the plain letters, if it
 * has such, else the first one. Takes some 30 ms, once for each collation that has an index.
 */
function createClasses(locale: string): ReadonlyMap<string, string> {
  const { tag, usage } = findLocale(locale) ?? { tag: "en", usage: "sort" as const };
  const { compare } = new Intl.Collator(tag, { usage, sensitivity: "base" });
  const all = ["", ...plainTexts()];
  for (let code = firstSign; code < scriptsEnd; code += 1) {
    if (code === ideographs[0]) code = ideographs[1];
    if (code === syllables[0]) code = syllables[1];
    const character = String.fromCodePoint(code);
    if (lettersAndSigns.test(character)) all.push(character);
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
function furtherFold(locale: string): (text: string) => string {
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
