/** Which texts of a document count, with what weight and in what language. */
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { findLanguage, type Language } from "./language.ts";

export interface TextFields {
  /** By path; `$**` stands for all fields. */
  readonly weights: ReadonlyMap<string, number>;
  readonly isWild: boolean;
  readonly language: Language;
  /** The field in which a document, or one within it, names its own language. */
  readonly languageField: string;
}

type Visit = (text: string, weight: number, language: Language) => void;

const defaultWeight = 1;

/**
 * Visits all texts: those at the paths, or all where all fields count. A language holds for what lies within its
 * document too.
 *
 * @throws {MongoError} 17261 for a language that is no text, 17262 for one that is not known
 */
export function eachText(doc: Doc, fields: TextFields, visit: Visit): void {
  const language = languageOf(doc, fields, fields.language);
  walkDoc(doc, { path: "", language }, fields, visit);
}

interface Place {
  /** Empty for the document itself. */
  readonly path: string;
  readonly language: Language;
}

function languageOf(doc: Doc, fields: TextFields, inherited: Language): Language {
  const named = doc.get(fields.languageField);
  if (named === undefined) return inherited;
  if (typeof named !== "string")
    throw new MongoError(17_261, "found language override field in document with non-string type");
  const language = findLanguage(named);
  if (language === undefined)
    throw new MongoError(17_262, `language override unsupported: ${named}`);
  return language;
}

function walkDoc(doc: Doc, place: Place, fields: TextFields, visit: Visit): void {
  for (const [name, value] of doc.entries()) {
    if (fields.isWild && name === fields.languageField) continue;
    const path = place.path === "" ? name : `${place.path}.${name}`;
    walkValue(value, { path, language: place.language }, false, { fields, visit });
  }
}

interface Walk {
  readonly fields: TextFields;
  readonly visit: Visit;
}

function walkValue(value: Value, place: Place, isInArray: boolean, walk: Walk): void {
  const { fields, visit } = walk;
  const { path, language } = place;
  if (typeof value === "string") {
    const weight = fields.weights.get(path);
    if (weight !== undefined || fields.isWild) visit(value, weight ?? defaultWeight, language);
  } else if (value instanceof Doc) {
    if (!fields.isWild && !leadsOn(path, fields)) return;
    const own = languageOf(value, fields, language);
    walkDoc(value, { path, language: own }, fields, visit);
  } else if (isArray(value) && (!isInArray || fields.isWild)) {
    if (!fields.isWild && !fields.weights.has(path) && !leadsOn(path, fields)) return;
    for (const element of value) walkValue(element, place, true, walk);
  }
}

function leadsOn(path: string, { weights }: TextFields): boolean {
  for (const each of weights.keys())
    if (each.length > path.length && each.startsWith(path) && each[path.length] === ".")
      return true;
  return false;
}
