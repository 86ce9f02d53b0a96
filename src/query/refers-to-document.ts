import { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";

/** Whether an expression has a path into documents; variables of `let` are none. */
export function refersToDocument(spec: Value): boolean {
  if (typeof spec === "string") return /^\$(?:[^$]|\$(?:ROOT|CURRENT)\b)/.test(spec);
  if (isArray(spec)) return spec.some(refersToDocument);
  if (!(spec instanceof Doc) || spec.keys()[0] === "$literal") return false;
  return spec.values().some(refersToDocument);
}
