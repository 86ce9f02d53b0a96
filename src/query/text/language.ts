/**
 * The languages of text search: how words are reduced to their stem, and which of them say nothing.
 *
 * The stemmers are Snowball's, as the server's are; they are loaded when the first text is looked at.
 */
import { createRequire } from "node:module";
import { stopWordsOf } from "./stop-words.ts";

export interface Language {
  /** In full, as in `english`; `none` neither stems nor leaves words out. */
  readonly name: string;
  /** @param word in lower case */
  isStopWord(word: string): boolean;
  stem(word: string): string;
}

const codes: ReadonlyMap<string, string> = new Map([
  ["da", "danish"],
  ["nl", "dutch"],
  ["en", "english"],
  ["fi", "finnish"],
  ["fr", "french"],
  ["de", "german"],
  ["hu", "hungarian"],
  ["it", "italian"],
  ["nb", "norwegian"],
  ["pt", "portuguese"],
  ["ro", "romanian"],
  ["ru", "russian"],
  ["es", "spanish"],
  ["sv", "swedish"],
  ["tr", "turkish"],
  ["none", "none"],
]);
const names: ReadonlySet<string> = new Set(codes.values());
const languages = new Map<string, Language>();

/** Undefined for a language that text search does not know. @param text a name or code, in any case */
export function findLanguage(text: string): Language | undefined {
  const lower = text.toLowerCase();
  const name = codes.get(lower) ?? (names.has(lower) ? lower : undefined);
  if (name === undefined) return undefined;
  const known = languages.get(name) ?? createLanguage(name);
  languages.set(name, known);
  return known;
}

interface Stemmer {
  stem(word: string): string;
}

const load = createRequire(import.meta.url);

function createLanguage(name: string): Language {
  if (name === "none") return { name, isStopWord: () => false, stem: (word) => word };
  const stopWords = stopWordsOf(name);
  const isStopWord = (word: string): boolean => stopWords.has(word);
  const library = load("snowball-stemmers") as { newStemmer(language: string): Stemmer };
  const stemmer = library.newStemmer(name);
  const stem = remembering((word) => stemmer.stem(word));
  if (name !== "hungarian") return { name, isStopWord, stem };
  return {
    name,
    isStopWord,
    // The server's Hungarian stemmer is of a time when these letters were written otherwise, and does not know them.
    stem: (word) => {
      if (!/[őű]/.test(word)) return stem(word);
      const hidden = word.replaceAll("ő", "\uE000").replaceAll("ű", "\uE001");
      return stem(hidden).replaceAll("\uE000", "ő").replaceAll("\uE001", "ű");
    },
  };
}

const rememberedMax = 20_000;
const rememberedLengthMax = 40;
/** Stemming takes time that grows with the word; what is longer than any word is left as it is. */
const stemmedLengthMax = 1000;

/** Texts repeat their words. */
function remembering(stem: (word: string) => string): (word: string) => string {
  const known = new Map<string, string>();
  return (word) => {
    const found = known.get(word);
    if (found !== undefined) return found;
    if (word.length > stemmedLengthMax) return word;
    const made = stem(word);
    if (word.length > rememberedLengthMax) return made;
    if (known.size >= rememberedMax) known.clear();
    known.set(word, made);
    return made;
  };
}
