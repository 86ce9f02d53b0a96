/** What people type into the query bar, and what it asks. */
import type { Query } from "../../api/data.ts";

export interface QueryText {
  readonly filter?: string;
  readonly sort?: string;
  readonly projection?: string;
}

export const queryParts = ["filter", "projection", "sort"] as const;

/** Numbers are given the types that the Data API gives them: whole ones Int32 or Int64, others Double. */
export function readQuery(text: QueryText): { readonly query: Query; readonly problem?: string } {
  const query: Record<string, unknown> = {};
  for (const part of queryParts) {
    const typed = text[part]?.trim() ?? "";
    if (typed === "") continue;
    try {
      query[part] = JSON.parse(typed) as unknown;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : "";
      return { query: {}, problem: `The ${part} is no EJSON: ${why}` };
    }
  }
  return { query };
}

const historyMax = 20;

/** What was asked of a collection before, the newest first; kept in this browser. */
export function historyOf(collection: string): readonly QueryText[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(collection)) ?? "[]");
    return Array.isArray(kept) ? (kept as readonly QueryText[]) : [];
  } catch {
    return [];
  }
}

export function remember(collection: string, text: QueryText): void {
  const same = JSON.stringify(text);
  const others = historyOf(collection).filter((each) => JSON.stringify(each) !== same);
  localStorage.setItem(keyOf(collection), JSON.stringify([text, ...others].slice(0, historyMax)));
}

function keyOf(collection: string): string {
  return `petiole.queries.${collection}`;
}
