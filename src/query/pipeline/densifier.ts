/**
 * `$densify` at work: takes documents in order, and gives them back with those that are missing between them.
 *
 * Where values do not lie on the steps, what the server gives depends on what it remembers from one document to the
 * next; the same is remembered here.
 *
 * Atlas: with steps such as 0.1, MongoDB does not find the values of a range that it made up itself on the steps, and
 * makes them again and again until it fails. Here they are on the steps by the way that they are made.
 */
import { compare } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { isNullish } from "../truth.ts";
import type { Densify, DensifyRange } from "./densify-options.ts";
import { DensifyProgress, type Entry, type PartitionKey } from "./densify-progress.ts";
import type { DensifyValue } from "./densify-step.ts";
import { getNested } from "./nested.ts";

export interface Densifier {
  /** The document, after those that are made up before it. */
  take(doc: Doc): Iterable<Doc>;
  /** Those that are made up after the last document. */
  finish(): Iterable<Doc>;
}

/** One kind of bounds. */
interface Densifying {
  take(entry: Entry): Iterable<Doc>;
  finish(): Iterable<Doc>;
  /** Whether all that comes is past the range. */
  isDone(): boolean;
}

/** @param keyOf undefined where there are no partitions */
export function createDensifier(
  densify: Densify,
  keyOf: ((doc: Doc) => PartitionKey) | undefined,
  hold: (bytes: number) => void,
): Densifier {
  const { path, step, bounds } = densify;
  const progress = new DensifyProgress(path, step, hold);
  const densifying =
    typeof bounds === "object"
      ? withinRange(densify, bounds, progress)
      : betweenDocuments(densify, progress);
  return {
    *take(doc): Iterable<Doc> {
      const found = densifying.isDone() ? undefined : getNested(doc, path);
      if (isNullish(found)) {
        yield doc;
        return;
      }
      const value = step.check(found);
      yield* densifying.take({ doc, value, key: keyOf?.(doc) });
    },
    *finish(): Iterable<Doc> {
      if (!densifying.isDone()) yield* densifying.finish();
      progress.mustBeBounded();
    },
  };
}

/** Bounds `full` and `partition`. */
function betweenDocuments({ bounds, step }: Densify, progress: DensifyProgress): Densifying {
  let least: DensifyValue | undefined;
  let greatest: DensifyValue | undefined;

  function* take(entry: Entry): Iterable<Doc> {
    const { doc, value, key } = entry;
    greatest = value;
    if (least === undefined) {
      least = value;
      progress.current = value;
      if (key !== undefined) progress.partitions = new Map();
      progress.remember(entry);
      yield doc;
      return;
    }
    const seen = key === undefined ? undefined : progress.partitions?.get(key.identity);
    if (seen !== undefined) progress.current = seen.value;
    else if (key !== undefined) {
      progress.remember(entry);
      if (bounds === "partition") {
        yield doc;
        return;
      }
      progress.current = step.previous(least);
    }
    const from = progress.next();
    if (compare(value, from) > 0) yield* progress.fill(from, value, key);
    if (compare(value, progress.next()) === 0) progress.reach(entry);
    yield doc;
  }

  function* finish(): Iterable<Doc> {
    if (bounds === "partition" || progress.partitions === undefined) return;
    const last = greatest as DensifyValue;
    const isOnStep = step.isOnStep(last, progress.current as DensifyValue);
    const to = isOnStep ? step.next(last) : last;
    for (const { fields, value } of progress.partitions.values()) {
      const from = step.next(value);
      if (compare(from, to) < 0) yield* progress.fillEnd(from, to, fields);
    }
  }

  return { take, finish, isDone: () => false };
}

/** Bounds that are given. */
function withinRange(
  { step, partitionPaths }: Densify,
  range: DensifyRange,
  progress: DensifyProgress,
): Densifying {
  const hasPartitions = partitionPaths.length > 0;
  /** `before`: no value seen that is in the range. */
  let state: "before" | "within" | "done" = "before";

  function* take(entry: Entry): Iterable<Doc> {
    const { key } = entry;
    if (state === "before") {
      if (progress.partitions === undefined && key !== undefined) {
        progress.partitions = new Map();
        progress.remember(entry);
      }
      yield* enter(entry);
      return;
    }
    const seen = key === undefined ? undefined : progress.partitions?.get(key.identity);
    if (key !== undefined && seen === undefined) {
      progress.remember(entry);
      progress.current = undefined;
      yield* enter(entry);
      return;
    }
    if (seen !== undefined) progress.current = seen.value;
    yield* goOn(entry);
  }

  /** At the first document, and at those after ones that are below the range. */
  function* enter(entry: Entry): Iterable<Doc> {
    progress.current ??= step.previous(range.from);
    const place = compare(entry.value, range.from);
    if (place > 0) {
      yield* fillUp(entry);
      return;
    }
    if (place === 0) progress.current = entry.value;
    state = place === 0 ? "within" : "before";
    yield entry.doc;
  }

  function* goOn(entry: Entry): Iterable<Doc> {
    const { doc, value } = entry;
    const place = compare(value, range.from);
    const from = progress.next();
    const isInside = compare(value, range.to) < 0;
    if (place <= 0) {
      progress.remember(entry);
      if (place < 0) state = "before";
      else progress.current = value;
    } else if (isInside && compare(value, from) === 0) progress.reach(entry);
    else if (compare(from, isInside ? value : range.to) < 0) {
      yield* fillUp(entry);
      return;
    } else if (!isInside) {
      progress.remember(entry);
      progress.current = from;
      if (!hasPartitions) state = "done";
    }
    yield doc;
  }

  /** Up to a document, or to the end of the range where it lies beyond. */
  function* fillUp(entry: Entry): Iterable<Doc> {
    const { doc, value, key } = entry;
    const from = progress.next();
    if (compare(value, from) === 0) {
      progress.reach({ key, value: from });
      yield doc;
      return;
    }
    yield* progress.fill(from, compare(value, range.to) < 0 ? value : range.to, key);
    const last = progress.current as DensifyValue;
    if (step.isOnStep(value, last)) progress.reach(entry);
    const isPast = compare(progress.current as DensifyValue, range.to) >= 0;
    state = isPast && !hasPartitions ? "done" : "within";
    yield doc;
  }

  function* finish(): Iterable<Doc> {
    if (progress.partitions === undefined) {
      const from = progress.current === undefined ? range.from : progress.next();
      if (progress.current === undefined || compare(from, range.to) < 0)
        yield* progress.fillEnd(from, range.to, Doc.empty);
      return;
    }
    for (const { fields, value } of progress.partitions.values()) {
      const from = step.next(value);
      if (compare(from, range.to) >= 0) continue;
      const start = compare(from, range.from) < 0 ? range.from : from;
      yield* progress.fillEnd(start, range.to, fields);
    }
  }

  return { take, finish, isDone: () => state === "done" };
}
