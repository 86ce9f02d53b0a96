/**
 * The key of a document in a sort: through an array, a document has one tuple for each element.
 *
 * As in a multikey index: a missing value is null, an empty array is undefined, and all paths that meet an array must
 * meet the same one. A number in a path is a position where it stands behind an array that has it.
 */
import { Doc } from "../../bson/doc.ts";
import { printBson } from "../../bson/print.ts";
import { isArray, Undefined, type Value } from "../../bson/value.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import { arrayAsDoc } from "../array-doc.ts";
import type { PathPart } from "../path.ts";

export type SortPath = readonly PathPart[];

/** The only tuple of a document, or undefined when a path meets an array. */
export function simpleTuple(doc: Doc, paths: readonly SortPath[]): Value[] | undefined {
  const tuple: Value[] = [];
  for (const path of paths) {
    let value: Value | undefined = doc;
    for (const { key } of path) {
      if (!(value instanceof Doc)) {
        if (isArray(value)) return undefined;
        value = undefined;
        break;
      }
      value = value.get(key);
    }
    if (isArray(value)) return undefined;
    tuple.push(path.length === 0 ? null : (value ?? null));
  }
  return tuple;
}

/** More tuples than any document of 16 MiB needs, unless paths with positions multiply them. */
const tuplesMax = 2 ** 21;

/**
 * Calls `visit` with each tuple of a document, some perhaps more than once.
 *
 * @throws {MongoError} 2 for parallel arrays, 16746 when a number is a position and a name at once
 */
export function eachTuple(
  doc: Doc,
  paths: readonly SortPath[],
  visit: (tuple: readonly Value[]) => void,
): void {
  let count = 0;
  const fields = paths.map((path): Field =>
    path.length === 0 ? { value: null } : { path, at: 0 },
  );
  addTuples(fields, doc, (tuple) => {
    count += 1;
    if (count > tuplesMax) throw badValue("a document has too many sort keys");
    visit(tuple);
  });
}

/** How far a path has got: to its value, or to before part `at`. */
type Field =
  | { readonly value: Value }
  | { readonly path: SortPath; readonly at: number; readonly positional?: Positional };

/** What a path finds in an array by position. */
interface Positional {
  readonly array: readonly Value[];
  readonly isNestedArray: boolean;
  readonly found: Found;
}

/** A path's value, or the first array that it meets. */
interface Found {
  readonly value: Value | undefined;
  /** Parts that led there. */
  readonly at: number;
}

/** A path that has met an array. */
interface AtArray {
  readonly array: readonly Value[];
  readonly path: SortPath;
  readonly at: number;
  readonly isNestedArray: boolean;
}

function addTuples(
  fields: readonly Field[],
  doc: Doc,
  visit: (tuple: readonly Value[]) => void,
): void {
  const reached = fields.map((field) => ("value" in field ? field : advance(field, doc)));
  const atArrays = reached.filter((each): each is AtArray => "array" in each);
  const [first] = atArrays;
  if (first === undefined) {
    visit(reached.map((each) => ("value" in each ? each.value : null)));
    return;
  }
  const { array } = first;
  if (atArrays.some((each) => each.array !== array))
    throw badValue("cannot sort with keys that are parallel arrays");
  const isWhole = atArrays.some((each) => each.isNestedArray);
  const positionals = reached.map((each) => ("array" in each ? positionalOf(each) : undefined));
  const hasEnds = atArrays.some((each) => each.at === each.path.length);
  let isScalarDone = false;
  for (const element of array.length === 0 ? [Undefined] : array) {
    // Elements without fields are alike, unless they are themselves what is sought.
    if (!(element instanceof Doc) && !hasEnds) {
      if (isScalarDone) continue;
      isScalarDone = true;
    }
    const inner = reached.map((each, index): Field => {
      if (!("array" in each)) return each;
      if (each.at === each.path.length)
        return { value: isWhole && array.length > 0 ? array : element };
      const positional = positionals[index];
      const { path, at } = each;
      return positional === undefined ? { path, at } : { path, at, positional };
    });
    addTuples(inner, element instanceof Doc ? element : Doc.empty, visit);
  }
}

function positionalOf({ array, path, at }: AtArray): Positional | undefined {
  const part = path[at];
  if (part === undefined || part.index < 0) return undefined;
  const element = array[part.index];
  if (element === undefined) return undefined;
  return { array, isNestedArray: isArray(element), found: follow(element, path, at + 1) };
}

function advance(field: Extract<Field, { path: SortPath }>, doc: Doc): AtArray | { value: Value } {
  const { path, at, positional } = field;
  // Noting all fields makes the document keep what it decodes, so that one array is one object.
  doc.keys();
  const first = doc.get((path[at] as PathPart).key);
  if (first !== undefined && positional !== undefined)
    throw new MongoError(
      16746,
      `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${(path[at] as PathPart).key}' for array: ${printBson(arrayAsDoc(positional.array))}`,
    );
  const isPositional = first === undefined && positional !== undefined;
  const found = isPositional ? positional.found : follow(first, path, at + 1);
  if (!isArray(found.value)) return { value: found.value ?? null };
  return {
    array: found.value,
    path,
    at: found.at,
    isNestedArray: isPositional && positional.isNestedArray,
  };
}

/** Goes on from a value until the path ends or meets an array. */
function follow(start: Value | undefined, path: SortPath, from: number): Found {
  let value = start;
  let at = from;
  while (at < path.length && !isArray(value)) {
    if (!(value instanceof Doc)) return { value: undefined, at };
    value.keys();
    value = value.get((path[at] as PathPart).key);
    at += 1;
  }
  return { value, at };
}
