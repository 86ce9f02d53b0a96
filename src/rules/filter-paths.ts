/** Which fields a filter and a sort look at. */
import { Doc } from "../bson/doc.ts";
import { isArray } from "../bson/value.ts";

/**
 * Splits a filter into what looks at fields that are surely shown, and may be asked of stored documents, and whether
 * there is more to it.
 */
export function splitFilter(
  filter: Doc,
  shows: (path: string) => boolean,
): { readonly pushed: Doc; readonly isWhole: boolean } {
  if (looksOnlyAt(filter, shows)) return { pushed: filter, isWhole: true };
  const parts = [...filter.entries()].filter(([key, value]) =>
    looksOnlyAt(Doc.fromParts([key], [value]), shows),
  );
  return { pushed: Doc.fromEntries(parts), isWhole: false };
}

const joining = new Set(["$and", "$or", "$nor"]);

function looksOnlyAt(filter: Doc, shows: (path: string) => boolean): boolean {
  for (const [key, value] of filter.entries()) {
    if (joining.has(key)) {
      const isPlain =
        isArray(value) && value.every((each) => each instanceof Doc && looksOnlyAt(each, shows));
      if (!isPlain) return false;
    } else if (key === "$comment") continue;
    else if (key.startsWith("$") || !shows(key)) return false;
  }
  return true;
}

/** Whether a sort goes by fields that are surely shown. */
export function sortsBy(sort: Doc | undefined, shows: (path: string) => boolean): boolean {
  if (sort === undefined) return true;
  return [...sort.entries()].every(
    ([key, value]) => !(value instanceof Doc) && (key.startsWith("$") || shows(key)),
  );
}
