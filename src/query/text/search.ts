/**
 * A search string: words, phrases in quotes, and what a `-` in front says must not be there.
 *
 * A `-` counts behind white space only, and holds until the next white space.
 */
import { compareText } from "../../bson/compare.ts";
import type { Language } from "./language.ts";
import { eachToken, insensitive, type Sensitivity } from "./tokens.ts";

export interface Search extends Sensitivity {
  /** What the index is asked for: folded, in the order of their bytes. */
  readonly lookup: readonly string[];
  /** One of these must be there. */
  readonly terms: readonly string[];
  readonly negatedTerms: readonly string[];
  /** As written; all must be there. */
  readonly phrases: readonly string[];
  readonly negatedPhrases: readonly string[];
}

/** Words of one search at most: each is a stretch of the index to read. */
const termsMax = 10_000;

export function parseSearch(text: string, language: Language, sensitivity: Sensitivity): Search {
  const { wanted, unwanted, phrases, negatedPhrases } = split(text);
  const terms = tokensOf(wanted, language, sensitivity);
  const isPlain = !sensitivity.isCaseSensitive && !sensitivity.isMarkSensitive;
  return {
    isCaseSensitive: sensitivity.isCaseSensitive,
    isMarkSensitive: sensitivity.isMarkSensitive,
    lookup: isPlain ? terms : tokensOf(wanted, language, insensitive),
    terms,
    negatedTerms: tokensOf(unwanted, language, sensitivity),
    phrases,
    negatedPhrases,
  };
}

function tokensOf(
  sentence: string,
  language: Language,
  sensitivity: Sensitivity,
): readonly string[] {
  const found = new Set<string>();
  eachToken(sentence, language, sensitivity, (token) => {
    if (found.size < termsMax) found.add(token);
  });
  return [...found].toSorted(compareText);
}

interface Parts {
  readonly wanted: string;
  readonly unwanted: string;
  readonly phrases: readonly string[];
  readonly negatedPhrases: readonly string[];
}

/** A dash, a quote or a run of anything else, with the white space before it. */
const pieces = /([ \f\v\t\r\n]*)([-"]|[^ \f\v\t\r\n"-]+)/g;

function split(text: string): Parts {
  const words = { wanted: [] as string[], unwanted: [] as string[] };
  const quoted = { wanted: [] as string[], unwanted: [] as string[] };
  let side: "wanted" | "unwanted" = "wanted";
  let phraseStart: number | undefined;
  for (const piece of text.matchAll(pieces)) {
    const [whole, space = "", token = ""] = piece;
    const isBehindSpace = space !== "" || piece.index === 0;
    if (phraseStart !== undefined) {
      // Within a phrase a dash says nothing, and words count by themselves too, unless the phrase is unwanted.
      if (token === '"') {
        quoted[side].push(text.slice(phraseStart, piece.index + space.length));
        phraseStart = undefined;
      } else if (token !== "-" && side === "wanted") words.wanted.push(token);
      continue;
    }
    if (token === "-") {
      if (isBehindSpace) side = "unwanted";
      continue;
    }
    if (isBehindSpace) side = "wanted";
    if (token === '"') phraseStart = piece.index + whole.length;
    else words[side].push(token);
  }
  return {
    wanted: words.wanted.join(" "),
    unwanted: words.unwanted.join(" "),
    phrases: quoted.wanted,
    negatedPhrases: quoted.unwanted,
  };
}
