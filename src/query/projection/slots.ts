/**
 * Places of fields that a pipeline took away.
 *
 * A later stage that sets such a field again puts it where it was, as on the server: `$unset` then `$set` keeps the
 * order of fields. Only documents within one pipeline have such places; stored ones do not.
 */
import type { Doc } from "../../bson/doc.ts";

const namesOf = new WeakMap<Doc, readonly string[]>();
const sourceOf = new WeakMap<Doc, Doc>();

/** Names of the document's fields and of those that once stood between them. */
export function slotsOf(doc: Doc): readonly string[] {
  const names = namesOf.get(doc);
  if (names !== undefined) return names;
  const source = sourceOf.get(doc);
  return source === undefined ? doc.keys() : slotsOf(source);
}

/** @param names all of the document's fields in their order, and others between them */
export function rememberSlots(doc: Doc, names: readonly string[]): void {
  namesOf.set(doc, names);
}

/** For a document that is another one with fewer fields. */
export function rememberSource(doc: Doc, source: Doc): void {
  sourceOf.set(doc, source);
}
