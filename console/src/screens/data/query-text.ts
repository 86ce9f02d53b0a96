/** What people type into the query bar, and what it asks. */
import type { Query } from "../../api/data.ts";
import { EjsonError, parseEjsonDocument } from "../../ejson/parse.ts";
import type { Ejson } from "../../ejson/value.ts";

export interface QueryText {
  readonly filter?: string;
  readonly projection?: string;
  readonly sort?: string;
  readonly collation?: string;
  /** Numbers, as typed. */
  readonly skip?: string;
  readonly limit?: string;
}

export const documentParts = ["filter", "projection", "sort", "collation"] as const;
const countParts = ["skip", "limit"] as const;
export const queryParts = [...documentParts, ...countParts] as const;
export type QueryPart = (typeof queryParts)[number];

export interface ReadQuery {
  readonly query: Query;
  readonly problems: ReadonlyMap<QueryPart, string>;
}

export function readQuery(text: QueryText): ReadQuery {
  const query: Record<string, Ejson | number> = {};
  const problems = new Map<QueryPart, string>();
  for (const part of documentParts) {
    const typed = text[part]?.trim() ?? "";
    if (typed === "") continue;
    try {
      query[part] = parseEjsonDocument(typed);
    } catch (cause) {
      if (!(cause instanceof EjsonError)) throw cause;
      problems.set(part, describeFault(typed, cause));
    }
  }
  for (const part of countParts) {
    const typed = text[part]?.trim() ?? "";
    if (/^\d{1,15}$/.test(typed)) query[part] = Number(typed);
    else if (typed !== "") problems.set(part, "a whole number is expected");
  }
  return { query: problems.size > 0 ? {} : query, problems };
}

/** In lines and columns, as editors count them. */
export function describeFault(text: string, { at, message }: EjsonError): string {
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  const column = at - before.lastIndexOf("\n");
  return line === 1 ? `character ${column}: ${message}` : `line ${line}, ${column}: ${message}`;
}

/** What the address holds of a query; the router makes numbers of what looks like one. */
export function queryTextOf(search: Readonly<Record<string, unknown>>): QueryText {
  const given = queryParts.flatMap((part) => {
    const value = search[part];
    if (typeof value === "object" && value !== null) return [[part, JSON.stringify(value)]];
    const isGiven = typeof value === "string" || typeof value === "number";
    return isGiven && value !== "" ? [[part, String(value)]] : [];
  });
  return Object.fromEntries(given) as QueryText;
}

const historyMax = 20;

/** What was asked of a collection before, the newest first; kept in this browser. */
export function historyOf(collection: string): readonly QueryText[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(historyKey(collection)) ?? "[]");
    return Array.isArray(kept) ? (kept as readonly QueryText[]) : [];
  } catch {
    return [];
  }
}

export function remember(collection: string, text: QueryText): void {
  const same = JSON.stringify(text);
  const others = historyOf(collection).filter((each) => JSON.stringify(each) !== same);
  const kept = JSON.stringify([text, ...others].slice(0, historyMax));
  try {
    localStorage.setItem(historyKey(collection), kept);
  } catch {
    // The browser keeps no more: a history is no reason to fail.
  }
}

function historyKey(collection: string): string {
  return `petiole.queries.${collection}`;
}
