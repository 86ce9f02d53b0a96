/** What each word of a document counts: the more often it comes the more, and the more of the text it is. */
import type { Doc } from "../../bson/doc.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { eachText, type TextFields } from "./fields.ts";
import type { Language } from "./language.ts";
import { eachToken, insensitive } from "./tokens.ts";

/** The server's bound on the words of one document. */
const termsMax = 400_000;

interface Occurrence {
  count: number;
  /** 1 for the first, and for each more half of what the one before it added. */
  frequency: number;
  next: number;
}

/** @throws {MongoError} 16732 for too many words, and those of `eachText` */
export function scoreTexts(doc: Doc, fields: TextFields): ReadonlyMap<string, number> {
  const scores = new Map<string, number>();
  eachText(doc, fields, (text, weight, language) => {
    addScores(scores, text, weight, language);
  });
  return scores;
}

function addScores(
  scores: Map<string, number>,
  text: string,
  weight: number,
  language: Language,
): void {
  const occurrences = new Map<string, Occurrence>();
  let total = 0;
  eachToken(text, language, insensitive, (token) => {
    total += 1;
    const known = occurrences.get(token);
    if (known === undefined) occurrences.set(token, { count: 1, frequency: 1, next: 0.5 });
    else {
      known.count += 1;
      known.frequency += known.next;
      known.next /= 2;
    }
  });
  for (const [token, { count, frequency }] of occurrences) {
    const share = (0.5 * count) / total + 0.5;
    // A text that is the word and nothing else counts a little more.
    const boost = text.length === token.length && text.toLowerCase() === token ? 1.1 : 1;
    scores.set(token, (scores.get(token) ?? 0) + weight * frequency * share * boost);
  }
  if (scores.size > termsMax)
    throw new MongoError(
      16_732,
      "too many unique keys for a single document to have a fulltext index",
    );
}
