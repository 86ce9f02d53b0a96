/** Reading and setting a dotted path of plain sub-documents; arrays on the way count as missing. */
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";

export function getNested(doc: Doc, path: readonly string[]): Value | undefined {
  let value: Value | undefined = doc;
  for (const part of path) {
    if (!(value instanceof Doc)) return undefined;
    value = value.get(part);
  }
  return value;
}

/** What is in the way and no document is replaced by one. */
export function setNested(doc: Doc, path: readonly string[], value: Value, at = 0): Doc {
  const part = path[at] as string;
  if (at === path.length - 1) return doc.with(part, value);
  const inner = doc.get(part);
  return doc.with(part, setNested(inner instanceof Doc ? inner : Doc.empty, path, value, at + 1));
}

export function unsetNested(doc: Doc, path: readonly string[], at = 0): Doc {
  const part = path[at] as string;
  if (at === path.length - 1) return doc.without(part);
  const inner = doc.get(part);
  return inner instanceof Doc ? doc.with(part, unsetNested(inner, path, at + 1)) : doc;
}
