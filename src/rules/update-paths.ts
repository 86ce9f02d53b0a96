/** The fields that an update names. */
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";

/**
 * Paths without positions: `items.$[x].price` is `items.price`.
 *
 * @param update of operators
 */
export function pathsOfUpdate(update: Doc): readonly string[] {
  const paths = new Set<string>();
  for (const [operator, fields] of update.entries()) {
    if (!(fields instanceof Doc)) continue;
    for (const [path, value] of fields.entries()) {
      paths.add(withoutPositions(path));
      if (operator === "$rename" && typeof value === "string") paths.add(withoutPositions(value));
    }
  }
  return [...paths];
}

const position = /^(?:\d+|\$.*)$/;

function withoutPositions(path: string): string {
  const [first = "", ...rest] = path.split(".");
  return [first, ...rest.filter((part) => !position.test(part))].join(".");
}

/** Whether an update chooses elements of arrays by conditions of its own. */
export function usesArrayFilters(arrayFilters: readonly Value[] | undefined): boolean {
  return arrayFilters !== undefined && arrayFilters.length > 0;
}

/** Whether an update changes the element that its filter found. */
export function usesPosition(update: Doc): boolean {
  return update
    .values()
    .some(
      (fields) => fields instanceof Doc && fields.keys().some((path) => /\.\$(?:\.|$)/.test(path)),
    );
}

/** `a` of `a.b.c`. */
export function firstOf(path: string): string {
  const dot = path.indexOf(".");
  return dot < 0 ? path : path.slice(0, dot);
}
