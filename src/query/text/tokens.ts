/** A text's words, as text search counts them. */
import { foldCase, stripMarks } from "./fold.ts";
import type { Language } from "./language.ts";

export interface Sensitivity {
  readonly isCaseSensitive: boolean;
  readonly isMarkSensitive: boolean;
}

export interface TokenOptions extends Sensitivity {
  /** Whether words that say nothing count too, as where documents that were found are looked at again. */
  readonly withStopWords?: boolean;
}

export const insensitive: Sensitivity = { isCaseSensitive: false, isMarkSensitive: false };

/**
 * What stands between words: the properties of the Unicode standard that the server goes by, with its older table's
 * exceptions. In English an apostrophe is part of a word.
 */
const between =
  "\\p{Dash}\\p{Pattern_Syntax}\\p{Quotation_Mark}\\p{Terminal_Punctuation}\\p{White_Space}\\u00AD\\u0836\\u166D\\u30FB\\uFF65";
const words = new RegExp(`[^${between}]+`, "gu");
const wordsWithApostrophe = new RegExp(`(?:[^${between}]|')+`, "gu");

/**
 * Calls `visit` with each word in its stem: folded as the options have it, without those that say nothing.
 *
 * Case first, then stop words and stem, which regard marks, then marks: the server's order.
 */
export function eachToken(
  text: string,
  language: Language,
  options: TokenOptions,
  visit: (token: string) => void,
): void {
  const isTurkish = language.name === "turkish";
  const pattern = language.name === "english" ? wordsWithApostrophe : words;
  for (const [word] of text.matchAll(pattern)) {
    const lower = foldCase(word, isTurkish);
    if (options.withStopWords !== true && language.isStopWord(lower)) continue;
    const stem = language.stem(options.isCaseSensitive ? word : lower);
    visit(options.isMarkSensitive ? stem : stripMarks(stem));
  }
}

/** A text as phrases are looked for in it. */
export function foldText(
  text: string,
  language: Language,
  { isCaseSensitive, isMarkSensitive }: Sensitivity,
): string {
  const folded = isCaseSensitive ? text : foldCase(text, language.name === "turkish");
  return isMarkSensitive ? folded : stripMarks(folded);
}
