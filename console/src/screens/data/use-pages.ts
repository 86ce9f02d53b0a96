/** Which page of a query is shown, and where the pages up to it begin. Kept over a reload of the browser's page. */
import { useState } from "react";
import { parseEjson } from "../../ejson/parse.ts";
import { printEjson } from "../../ejson/print.ts";
import type { Ejson } from "../../ejson/value.ts";

export interface Pages {
  /** From 0 on. */
  readonly number: number;
  readonly from: Ejson | undefined;
  readonly next: (from: Ejson) => void;
  readonly back: () => void;
  readonly first: () => void;
}

const storageKey = "petiole.pages";

/** @param name of collection, query and size of pages: another one begins with its first page */
export function usePages(name: string): Pages {
  const [kept, setKept] = useState(() => readKept(name));
  const starts = kept.name === name ? kept.starts : [];
  const go = (to: readonly string[]): void => {
    const made = { name, starts: to };
    setKept(made);
    try {
      sessionStorage.setItem(storageKey, JSON.stringify(made));
    } catch {
      // Then a reload begins with the first page.
    }
  };
  const last = starts.at(-1);
  return {
    number: starts.length,
    from: last === undefined ? undefined : parseEjson(last),
    next: (from) => {
      go([...starts, printEjson(from)]);
    },
    back: () => {
      go(starts.slice(0, -1));
    },
    first: () => {
      go([]);
    },
  };
}

interface Kept {
  readonly name: string;
  /** Where each page but the first begins, as text. */
  readonly starts: readonly string[];
}

function readKept(name: string): Kept {
  try {
    const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? "null") as Kept | null;
    if (kept?.name === name && Array.isArray(kept.starts)) return kept;
  } catch {
    // Not ours.
  }
  return { name, starts: [] };
}
