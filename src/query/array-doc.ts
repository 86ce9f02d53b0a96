/** An array as the document that BSON stores it as: its fields are called 0, 1, 2 … */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";

export function arrayAsDoc(array: readonly Value[]): Doc {
  return Doc.fromParts(
    array.map((_, index) => String(index)),
    [...array],
  );
}
