/** `$push $addToSet $firstN $lastN $topN $bottomN …` over windows that lose values. */
import { compare, identityBy, type TextOrder } from "../../bson/compare.ts";
import type { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { mustBeArray } from "../accumulator/collect.ts";
import type { TopSort } from "../accumulator/top.ts";
import { createSorted } from "./extreme.ts";
import { createList } from "./list.ts";
import type { WindowState } from "./sliding.ts";

export function slidingPush(): WindowState {
  const list = createList();
  return {
    add(value) {
      if (value !== undefined) list.push(value);
    },
    remove(value) {
      if (value !== undefined) list.shift();
    },
    result: () => list.first(list.length),
  };
}

/** `$concatArrays`: the elements of arrays. */
export function slidingConcat(): WindowState {
  const arrays = slidingPush();
  return {
    add(value) {
      arrays.add(value === undefined ? undefined : mustBeArray(value, "$concatArrays"));
    },
    remove: (value) => {
      arrays.remove(value);
    },
    result: () => (arrays.result() as readonly (readonly Value[])[]).flat(),
  };
}

/** `$setUnion`: the elements of arrays, each once. */
export function slidingUnion(collation: TextOrder | undefined): WindowState {
  const set = slidingSet(collation);
  return {
    add(value) {
      if (value !== undefined) for (const each of mustBeArray(value, "$setUnion")) set.add(each);
    },
    remove(value) {
      for (const each of (value ?? []) as readonly Value[]) set.remove(each);
    },
    result: () => set.result(),
  };
}

/** In ascending order, as the server gives it; of equal values the oldest. */
export function slidingSet(collation: TextOrder | undefined): WindowState {
  const identityOf = identityBy(collation);
  const groups = new Map<string | number, Value[]>();
  return {
    add(value) {
      if (value === undefined) return;
      const key = identityOf(value);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [value]);
      else group.push(value);
    },
    remove(value) {
      if (value === undefined) return;
      const key = identityOf(value);
      const group = groups.get(key) as Value[];
      if (group.length === 1) groups.delete(key);
      else group.shift();
    },
    result: () =>
      [...groups.values()]
        .map((group) => group[0] as Value)
        .toSorted((left, right) => compare(left, right, collation)),
  };
}

/** @param isFirst `$firstN`, else `$lastN` */
export function slidingEnd(isFirst: boolean): (count: number) => WindowState {
  return (count) => {
    const list = createList();
    return {
      add(value) {
        list.push(value ?? null);
      },
      remove() {
        list.shift();
      },
      result: () => (isFirst ? list.first(count) : list.last(count)),
    };
  };
}

export interface TopOptions {
  readonly isTop: boolean;
  /** Gives a value in place of a list of one. */
  readonly isSingle: boolean;
  readonly sort: TopSort;
  readonly outputOf: (doc: Doc) => Value;
}

/** Of whole documents: they are sorted by what does not travel as a value. */
export function slidingTop(
  { isTop, isSingle, sort, outputOf }: TopOptions,
  count: number,
): WindowState {
  const sorted = createSorted<{ readonly key: Value; readonly output: Value }, Value>(
    (each) => each.key,
    (left, right) => sort.compare(left, right),
  );
  return {
    add(doc) {
      const key = sort.keyOf(doc as Doc);
      sorted.add(key, { key, output: outputOf(doc as Doc) });
    },
    remove(doc) {
      sorted.remove(sort.keyOf(doc as Doc));
    },
    result() {
      const kept = (isTop ? sorted.first(count) : sorted.last(count)).map((each) => each.output);
      return isSingle ? (kept[0] ?? null) : kept;
    },
  };
}
