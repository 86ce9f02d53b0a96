/**
 * Collations: how texts are ordered and when they are equal, by the rules of a language.
 *
 * The order is that of `Intl.Collator`, which is ICU's, as the server's is; what its options do not say is put together
 * in `collation/order.ts`. The server has ICU 57, Node a newer one: they differ for some characters that came later.
 *
 * @module
 */
import type { TextOrder } from "../bson/compare.ts";
import { Doc } from "../bson/doc.ts";
import { printBson } from "../bson/print.ts";
import { BsonSymbol, isArray, type Value } from "../bson/value.ts";
import { createTextOrder } from "./collation/order.ts";
import { readCollationSpec } from "./collation/spec.ts";

export interface Collation extends TextOrder {
  /** All options, in the server's order: two collations are the same when these are. */
  readonly spec: Doc;
  readonly name: string;
  /** A text that stands for all that are equal to it, and perhaps for others: what an index can keep. */
  foldOf(text: string): string;
}

const collationsKept = 64;
const collations = new Map<string, Collation>();

/**
 * Reads a collation.
 *
 * @param field what the server calls it in errors: `collation`, `create.collation` …
 * @returns undefined for the simple one, and for one without any option
 * @throws {MongoError} 2, 14, 161, 40414, 40415, 51024
 */
export function readCollation(spec: Doc, field = "collation"): Collation | undefined {
  if (spec.size === 0 && field === "collation") return undefined;
  const options = readCollationSpec(spec, field);
  if (options.locale === "simple") return undefined;
  const name = printBson(options.doc);
  const known = collations.get(name);
  if (known !== undefined) return known;
  const collation: Collation = { name, ...createTextOrder(options), spec: options.doc };
  if (collations.size >= collationsKept) collations.clear();
  collations.set(name, collation);
  return collation;
}

/** The collation among the options that a collection or an index is kept with. */
export function collationOfOptions(options: Doc): Collation | undefined {
  const spec = options.get("collation");
  return spec instanceof Doc ? readCollation(spec) : undefined;
}

/** Whether a collation can say anything about a value. */
export function holdsText(value: Value): boolean {
  if (typeof value === "string") return true;
  if (typeof value !== "object" || value === null) return false;
  if (isArray(value)) return value.some(holdsText);
  if (value instanceof Doc) return value.values().some(holdsText);
  return value instanceof BsonSymbol;
}

/** A value with the fold of each of its texts: equal values have the same. */
export function foldValue(value: Value, collation: Collation): Value {
  if (typeof value === "string") return collation.foldOf(value);
  if (typeof value !== "object" || value === null) return value;
  if (isArray(value)) return value.map((each) => foldValue(each, collation));
  if (value instanceof BsonSymbol) return collation.foldOf(value.text);
  if (!(value instanceof Doc)) return value;
  return Doc.fromParts(
    value.keys(),
    value.values().map((each) => foldValue(each, collation)),
  );
}
