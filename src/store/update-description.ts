/** What an update changed, as the events of a change stream tell it. */
import { Doc } from "../bson/doc.ts";
import { isArray, typeOf, type Value } from "../bson/value.ts";

export interface UpdateDescription {
  /** Dotted path → value; that of an array's element by its index. */
  readonly updatedFields: Doc;
  readonly removedFields: readonly string[];
  /** `{ field, newSize }`. */
  readonly truncatedArrays: readonly Doc[];
}

interface Found {
  readonly updated: [path: string, value: Value][];
  readonly removed: string[];
  readonly truncated: Doc[];
}

/**
 * The difference of two documents. Whoever applies it to the one has the other, but for the order of fields.
 *
 * The server tells what the update's operators did, of which nothing is known here: where a whole object was set, it
 * names the object, and here the fields that are different in it.
 */
export function describeUpdate(before: Doc, after: Doc): UpdateDescription {
  const found: Found = { updated: [], removed: [], truncated: [] };
  compareObjects(before, after, "", found);
  return {
    updatedFields: Doc.fromEntries(found.updated),
    removedFields: found.removed,
    truncatedArrays: found.truncated,
  };
}

/** Fields that were changed come first, then those that are new, then what lies deeper: as the server has them. */
function compareObjects(before: Doc, after: Doc, prefix: string, found: Found): void {
  const [fresh, deeper]: [[string, Value][], (() => void)[]] = [[], []];
  for (const [key, value] of after.entries()) {
    const path = `${prefix}${key}`;
    const former = before.get(key);
    if (former === undefined) fresh.push([path, value]);
    else if (!isSame(former, value)) {
      const descend = descentOf(former, value, path, found);
      if (descend === undefined) found.updated.push([path, value]);
      else deeper.push(descend);
    }
  }
  for (const each of fresh) found.updated.push(each);
  for (const key of before.keys()) if (!after.has(key)) found.removed.push(`${prefix}${key}`);
  for (const descend of deeper) descend();
}

/** Undefined where the whole value is better told. */
function descentOf(
  former: Value,
  value: Value,
  path: string,
  found: Found,
): (() => void) | undefined {
  if (former instanceof Doc && value instanceof Doc) {
    const hasCommon = value.keys().some((key) => former.has(key));
    return hasCommon
      ? () => {
          compareObjects(former, value, `${path}.`, found);
        }
      : undefined;
  }
  if (isArray(former) && isArray(value)) return descentIntoArray(former, value, path, found);
  return undefined;
}

function descentIntoArray(
  former: readonly Value[],
  value: readonly Value[],
  path: string,
  found: Found,
): (() => void) | undefined {
  const common = Math.min(former.length, value.length);
  const changed: number[] = [];
  for (let index = 0; index < common; index += 1)
    if (!isSame(former[index] as Value, value[index] as Value)) changed.push(index);
  // Elements that moved are no elements that changed.
  if (common === 0 || changed.length * 2 > common) return undefined;
  return () => {
    if (value.length < former.length)
      found.truncated.push(Doc.of({ field: path, newSize: value.length }));
    for (const index of changed) {
      const [was, is] = [former[index] as Value, value[index] as Value];
      const descend = descentOf(was, is, `${path}.${index}`, found);
      if (descend === undefined) found.updated.push([`${path}.${index}`, is]);
      else descend();
    }
    for (let index = common; index < value.length; index += 1)
      found.updated.push([`${path}.${index}`, value[index] as Value]);
  };
}

/** The same bytes: 1 as an Int32 is not 1 as a Double. */
function isSame(left: Value, right: Value): boolean {
  if (typeOf(left) !== typeOf(right)) return false;
  return Doc.of({ v: left })
    .toBytes()
    .equals(Doc.of({ v: right }).toBytes());
}
