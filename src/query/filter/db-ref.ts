/** Documents that look like operators and are references: `{ $ref, $id, $db }`. */
import type { Doc } from "../../bson/doc.ts";

const keys: ReadonlySet<string> = new Set(["$ref", "$id", "$db"]);

export function isDbRefKey(key: string): boolean {
  return keys.has(key);
}

/** A reference has text in `$ref`, and an `$id`; a `$db` before both are seen must be text. */
export function isDbRef(doc: Doc): boolean {
  let hasRef = false;
  let hasId = false;
  for (const [key, value] of doc.entries()) {
    if (key === "$id") hasId = true;
    else if (key === "$ref") {
      if (typeof value !== "string") return false;
      hasRef = true;
    } else if (key === "$db" && typeof value !== "string") return false;
    if (hasRef && hasId) return true;
  }
  return false;
}

/** Whether any part of a reference is there: enough to be no operator within `$elemMatch`. */
export function isPartOfDbRef(doc: Doc): boolean {
  return doc.keys().some(isDbRefKey);
}

/** A document whose first field names an operator. */
export function isOperatorDocument(doc: Doc): boolean {
  return doc.keys()[0]?.startsWith("$") === true && !isDbRef(doc);
}
