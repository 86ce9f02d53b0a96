/** Applies updates, replacements and projections that tests give as texts; outcomes are texts, too. */
import { Doc } from "../../src/bson/doc.ts";
import { parseEjson, parseEjsonValue } from "../../src/bson/parse-ejson.ts";
import { toText } from "../../src/bson/stringify.ts";
import { isArray, toDateTime } from "../../src/bson/value.ts";
import { MongoError } from "../../src/kit/mongo-error.ts";
import type { QueryEnvironment } from "../../src/query/environment.ts";
import { compileMatch } from "../../src/query/match.ts";
import { compileUpdate } from "../../src/query/update.ts";

/** 14 November 2023, 22:13:20. */
export const updateEnvironment: QueryEnvironment = {
  now: toDateTime(1_700_000_000_000),
  random: () => 0.5,
  variables: new Map(),
};

export function readDoc(text: string): Doc {
  return parseEjson(Buffer.from(text));
}

/** An update: a document, or a pipeline. */
export function readChange(text: string): Doc | readonly (Doc | number)[] {
  const value = parseEjsonValue(Buffer.from(text));
  if (value instanceof Doc || isArray(value)) return value as Doc | readonly (Doc | number)[];
  throw new TypeError(`no update: ${text}`);
}

/** The document as canonical EJSON, or `CODE message` of the failure. */
export function outcomeOf(run: () => Doc): string {
  try {
    return toText(run(), "canonical");
  } catch (error) {
    if (error instanceof MongoError) return `${error.code} ${error.message}`;
    throw error;
  }
}

/** What a row expects, in the form that `outcomeOf` gives: rows may write documents with plain integers. */
export function expected(outcome: string): string {
  return outcome.startsWith("{") ? toText(readDoc(outcome), "canonical") : outcome;
}

/** What most rows are about. */
export const sample = '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[1]}}';

export interface UpdateOptions {
  /** The document that is updated, if it is not `sample`. */
  readonly of?: string;
  readonly filter?: string;
  /** Without the brackets. */
  readonly arrayFilters?: string;
}

/** What comes of an update: `unchanged`, the document, or `CODE message`. */
export function updateText(update: string, options: UpdateOptions = {}): string {
  const doc = readDoc(options.of ?? sample);
  let after: Doc | undefined;
  const outcome = outcomeOf(() => {
    const filters = parseEjsonValue(Buffer.from(`[${options.arrayFilters ?? ""}]`));
    const arrayFilters = isArray(filters) ? filters.filter((each) => each instanceof Doc) : [];
    const compiled = compileUpdate(readChange(update), { arrayFilters }, updateEnvironment);
    const match = compileMatch(readDoc(options.filter ?? "{}"), updateEnvironment);
    after = compiled.apply(doc, { position: match.position(doc), isInsert: false });
    return after;
  });
  return after === doc ? "unchanged" : outcome;
}
