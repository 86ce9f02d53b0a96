/** The page of a query that is shown, and the way to the ones beside it. */
import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  type BrowsedDocument,
  type BrowsedPage,
  countQuery,
  keyOf,
  pageQuery,
  type Place,
  type Query,
} from "../../api/data.ts";
import { type QueryText, type ReadQuery, readQuery } from "./query-text.ts";
import { usePages } from "./use-pages.ts";
import { fieldWords } from "./words.ts";

export interface FoundPage extends ReadQuery {
  readonly page: UseQueryResult<BrowsedPage>;
  readonly rows: readonly BrowsedDocument[];
  /** Names to offer. */
  readonly fields: readonly string[];
  /** Of the page, from 0 on. */
  readonly number: number;
  /** How many documents come before the page. */
  readonly first: number;
  /** Undefined while it is counted. */
  readonly total: number | undefined;
  readonly onFirst: () => void;
  readonly onBack: () => void;
  /** Undefined on the last page. */
  readonly onNext: (() => void) | undefined;
}

const noRows: readonly BrowsedDocument[] = [];

export function usePage(place: Place, text: QueryText, size: number): FoundPage {
  const read = readQuery(text);
  const enabled = read.problems.size === 0;
  const { skip = 0, limit = 0, ...others } = read.query;
  const pages = usePages(JSON.stringify([...keyOf(place), text, size]));
  const before = pages.number * size;
  // What is left of the query's own limit.
  const wanted: Query = {
    ...others,
    skip,
    limit: limit === 0 ? size : Math.min(size, Math.max(1, limit - before)),
  };
  const page = useQuery({
    ...pageQuery(place, wanted, pages.from),
    placeholderData: keepPreviousData,
    enabled,
  });
  // Counting may take long: it must not keep the page waiting.
  const isThere = page.isSuccess && !page.isPlaceholderData;
  const count = useQuery({ ...countQuery(place, read.query), enabled: enabled && isThere });
  const rows = page.data?.documents ?? noRows;
  const fields = useMemo(() => fieldWords(rows.map(({ document }) => document)), [rows]);
  const next = page.data?.next;
  const hasNext = next !== undefined && (limit === 0 || before + rows.length < limit);
  return {
    ...read,
    page,
    rows,
    fields,
    number: pages.number,
    first: before + skip,
    total: count.data === undefined ? undefined : totalOf(count.data, skip, limit),
    onFirst: pages.first,
    onBack: pages.back,
    onNext: hasNext
      ? () => {
          pages.next(next);
        }
      : undefined,
  };
}

function totalOf(count: number, skip: number, limit: number): number {
  const left = Math.max(0, count - skip);
  return skip + (limit === 0 ? left : Math.min(left, limit));
}
