/**
 * Text search: what a text index knows of a document, and what a `$text` asks.
 *
 * To add a language: `text/language.ts` and `text/stop-words.ts`.
 *
 * @module
 */
import { PlanFailure } from "./plan-failure.ts";
import type { Doc } from "../bson/doc.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { findLanguage, type Language } from "./text/language.ts";
import { parseSearch, type Search } from "./text/search.ts";
import type { TextOperand } from "./text/operand.ts";
import { eachText, type TextFields } from "./text/fields.ts";
import { scoreTexts } from "./text/score.ts";
import { eachToken, foldText, type Sensitivity } from "./text/tokens.ts";

/** Of text indexes. */
const newestVersion = 3;

export { readTextOperand, type TextOperand } from "./text/operand.ts";

/** What the options of a text index say. */
export interface TextIndex {
  readonly fields: TextFields;
  readonly version: number;
}

/** @param language a name or code that `isTextLanguage` takes @param weights by path; `$**` for all fields */
export function compileTextIndex(options: {
  readonly weights: ReadonlyMap<string, number>;
  readonly language: string;
  readonly languageField: string;
  readonly version: number;
}): TextIndex {
  const { weights, languageField, version } = options;
  const language = findLanguage(options.language);
  if (language === undefined) throw new TypeError(`no language: ${options.language}`);
  return { fields: { weights, language, languageField, isWild: weights.has("$**") }, version };
}

/** Whether text search knows a language: by its name or code, in any case. */
export function isTextLanguage(text: string): boolean {
  return findLanguage(text) !== undefined;
}

/**
 * The words of a document with what each counts.
 *
 * @throws {MongoError} 17261 and 17262 for a language that is none
 */
export function scoresOf({ fields }: TextIndex, doc: Doc): ReadonlyMap<string, number> {
  return scoreTexts(doc, fields);
}

/**
 * A `$text` of one query. What it asks depends on the index, which is found when the query is planned: until it is
 * bound to one, it can not tell whether a document matches.
 */
export class TextSearch {
  readonly operand: TextOperand;
  #fields: TextFields | undefined;
  #language: Language | undefined;
  #search: Search | undefined;
  #isLed = false;

  constructor(operand: TextOperand) {
    this.operand = operand;
  }

  /**
   * @param isLed whether every document comes by way of the index, so that it is known to have a word in common
   * @throws {MongoError} 2 for a language that is none
   */
  bind(index: TextIndex, isLed: boolean): void {
    const { search } = this.operand;
    const language = this.#readLanguage(index.version) ?? index.fields.language;
    this.#fields = index.fields;
    this.#language = language;
    this.#search = parseSearch(search, language, this.operand);
    this.#isLed = isLed;
  }

  /**
   * Reads the operand's language, as it is done before it is known whether the text may stand where it does.
   *
   * @throws {MongoError} 2 for a language that is none
   */
  mustHaveLanguage(): void {
    this.#readLanguage(newestVersion);
  }

  #readLanguage(version: number): Language | undefined {
    const { language: name = "" } = this.operand;
    const language = name === "" ? undefined : findLanguage(name);
    if (name !== "" && language === undefined)
      throw new PlanFailure(2, `unsupported language: "${name}" for text index version ${version}`);
    return language;
  }

  /** The words to look up, in the order of their bytes. */
  get terms(): readonly string[] {
    return this.#bound().search.lookup;
  }

  /** For `explain`, as the server shows it. */
  get parsed(): Pick<Search, "terms" | "negatedTerms" | "phrases" | "negatedPhrases"> {
    return this.#bound().search;
  }

  matches(doc: Doc): boolean {
    const { search } = this.#bound();
    if (search.lookup.length === 0) return false;
    const isKnown = this.#isLed && !search.isCaseSensitive && !search.isMarkSensitive;
    if (!isKnown && !this.#hasToken(doc, search.terms, search)) return false;
    if (search.negatedTerms.length > 0 && this.#hasToken(doc, search.negatedTerms, search))
      return false;
    return (
      search.phrases.every((each) => this.#hasPhrase(doc, each, search)) &&
      !search.negatedPhrases.some((each) => this.#hasPhrase(doc, each, search))
    );
  }

  #hasToken(doc: Doc, wanted: readonly string[], sensitivity: Sensitivity): boolean {
    const { fields } = this.#bound();
    const set = new Set(wanted);
    const { isCaseSensitive, isMarkSensitive } = sensitivity;
    const options = { isCaseSensitive, isMarkSensitive, withStopWords: true };
    let isFound = false;
    eachText(doc, fields, (text, _weight, language) => {
      if (isFound) return;
      eachToken(text, language, options, (token) => {
        isFound ||= set.has(token);
      });
    });
    return isFound;
  }

  #hasPhrase(doc: Doc, phrase: string, sensitivity: Sensitivity): boolean {
    const { fields, language } = this.#bound();
    const folded = foldText(phrase, language, sensitivity);
    let isFound = false;
    eachText(doc, fields, (text, _weight, own) => {
      if (own.name === "turkish" && sensitivity.isCaseSensitive)
        isFound ||= hasFolded(text, phrase, own, sensitivity);
      else isFound ||= foldText(text, own, sensitivity).includes(folded);
    });
    return isFound;
  }

  #bound(): { readonly fields: TextFields; readonly language: Language; readonly search: Search } {
    const [fields, language, search] = [this.#fields, this.#language, this.#search];
    if (fields === undefined || language === undefined || search === undefined)
      throw new MongoError(27, "text index required for $text query");
    return { fields, language, search };
  }
}

/** In Turkish the server finds phrases whatever their case, even where it is to count. */
function hasFolded(
  text: string,
  phrase: string,
  language: Language,
  sensitivity: Sensitivity,
): boolean {
  const insensitive = { ...sensitivity, isCaseSensitive: false };
  return foldText(text, language, insensitive).includes(foldText(phrase, language, insensitive));
}
