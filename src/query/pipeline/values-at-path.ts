import { Doc } from "../../bson/doc.ts";
import { isArray, type Value } from "../../bson/value.ts";

/**
 * All values that a path leads to, through arrays on the way; an array at its end stands for its elements.
 *
 * A numeric part picks an array's element, and fields of that name in its documents.
 */
export function valuesAtPath(doc: Doc, path: readonly string[]): readonly Value[] {
  const values: Value[] = [];
  visit(doc, path, 0, values);
  return values;
}

function visit(doc: Doc, path: readonly string[], at: number, values: Value[]): void {
  const value = doc.get(path[at] as string);
  if (value !== undefined) visitValue(value, path, at, values);
}

function visitValue(value: Value, path: readonly string[], at: number, values: Value[]): void {
  const isEnd = at === path.length - 1;
  if (isArray(value)) {
    if (isEnd) for (const element of value) values.push(element);
    else visitElements(value, path, at, values);
  } else if (isEnd) values.push(value);
  else if (value instanceof Doc) visit(value, path, at + 1, values);
}

function visitElements(
  array: readonly Value[],
  path: readonly string[],
  at: number,
  values: Value[],
): void {
  const next = path[at + 1] as string;
  if (/^(0|[1-9]\d*)$/.test(next)) {
    const element = array[Number(next)];
    if (element !== undefined) visitValue(element, path, at + 1, values);
  }
  for (const element of array) if (element instanceof Doc) visit(element, path, at + 1, values);
}
