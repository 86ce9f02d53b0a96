/** In which order documents are shown when nobody asked for one. */
import { Doc } from "../../bson/doc.ts";
import { isNumber, type Value } from "../../bson/value.ts";
import type { Collection } from "../../sources/source.ts";

const bounds: ReadonlySet<string> = new Set(["$gt", "$gte", "$lt", "$lte"]);

/**
 * By the field that the filter gives bounds for, where an index has it; else by `_id`. In the order of `_id`, the
 * documents within the bounds may all stand at the end of a million others.
 */
export async function ownSort(collection: Collection, filter: Doc): Promise<Doc> {
  const bounded = [...filter.entries()].flatMap(([path, condition]) =>
    isBounds(condition) ? [path] : [],
  );
  if (bounded.length === 0) return Doc.empty;
  const leading = new Set((await collection.listIndexes()).flatMap(leadingPath));
  const path = bounded.find((each) => leading.has(each));
  return path === undefined ? Doc.empty : Doc.of({ [path]: 1 });
}

function isBounds(condition: Value): boolean {
  return (
    condition instanceof Doc &&
    condition.size > 0 &&
    condition.keys().every((operator) => bounds.has(operator))
  );
}

/** Of an index that has all documents, in the order of their values. */
function leadingPath(index: Doc): readonly string[] {
  const keys = index.get("key");
  if (!(keys instanceof Doc) || keys.size === 0 || !isNumber(keys.valueAt(0))) return [];
  const isWhole = !["partialFilterExpression", "sparse", "collation", "hidden"].some((each) =>
    index.has(each),
  );
  return isWhole ? keys.keys().slice(0, 1) : [];
}
