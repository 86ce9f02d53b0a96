/**
 * What a path leads to: through embedded documents, and through the elements of arrays on the way and at its end.
 *
 * An array at the end stands for each of its elements and for itself; on the way, for each of its documents, and for
 * the element at a position when the next part of the path is that number.
 */
import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";
import { splitPath, type PathPart } from "../path.ts";

/** What a match finds out beside yes or no. */
export interface Details {
  /** Index of the element by which the outermost array that was gone through matched. */
  position: number | undefined;
}

/** Tests one value; `undefined` is a missing one. */
export type ValueTest = (value: Value | undefined, details: Details | null) => boolean;

export type DocTest = (doc: Doc, details: Details | null) => boolean;

/** `each`: an array at the end stands for its elements too; `whole`: only for itself. */
export type Leaf = "each" | "whole";

/** Makes a test of documents of a test of values: it passes when one of the path's values does. */
export function compilePath(path: string, test: ValueTest, leaf: Leaf): DocTest {
  const parts = splitPath(path);
  const [first] = parts;
  if (first === undefined || parts.length > 1)
    return (doc, details) => walk(doc, parts, 0, test, leaf, details);
  const { key } = first;
  if (leaf === "whole") return (doc, details) => test(doc.get(key), details);
  return (doc, details) => {
    const value = doc.get(key);
    return isArray(value) ? testElements(value, test, details) : test(value, details);
  };
}

/** Tests the elements of an array, then the array itself. */
export function testElements(
  array: readonly Value[],
  test: ValueTest,
  details: Details | null,
): boolean {
  for (let index = 0; index < array.length; index += 1)
    if (test(array[index], details)) {
      if (details !== null) details.position = index;
      return true;
    }
  return test(array, details);
}

function walk(
  doc: Doc,
  parts: readonly PathPart[],
  from: number,
  test: ValueTest,
  leaf: Leaf,
  details: Details | null,
): boolean {
  const last = parts.length - 1;
  let current = doc;
  for (let at = from; ; at += 1) {
    const value = current.get((parts[at] as PathPart).key);
    if (at === last)
      return leaf === "each" && isArray(value)
        ? testElements(value, test, details)
        : test(value, details);
    if (isArray(value)) return walkArray(value, parts, at + 1, test, leaf, details);
    if (!(value instanceof Doc)) return test(undefined, details);
    current = value;
  }
}

/** Goes on through an array that is not the path's end; `at` is the next part. */
function walkArray(
  array: readonly Value[],
  parts: readonly PathPart[],
  at: number,
  test: ValueTest,
  leaf: Leaf,
  details: Details | null,
): boolean {
  const { key, index: wanted } = parts[at] as PathPart;
  // As the server takes it, a path's end after its last dot is still the array.
  if (key === "" && at === parts.length - 1)
    return leaf === "each" ? testElements(array, test, details) : test(array, details);
  for (let index = 0; index < array.length; index += 1) {
    const element = array[index] as Value;
    if (element instanceof Doc && walk(element, parts, at, test, leaf, details)) {
      // Set on the way out, so that the outermost array has the last word.
      if (details !== null) details.position = index;
      return true;
    }
    if (index === wanted && walkPosition(element, parts, at, test, leaf, details)) return true;
  }
  return false;
}

/** Goes on from the element that part `at` names by its position. */
function walkPosition(
  element: Value,
  parts: readonly PathPart[],
  at: number,
  test: ValueTest,
  leaf: Leaf,
  details: Details | null,
): boolean {
  if (at === parts.length - 1) return test(element, details);
  if (element instanceof Doc) return walk(element, parts, at + 1, test, leaf, details);
  if (isArray(element)) return walkArray(element, parts, at + 1, test, leaf, details);
  return false;
}
