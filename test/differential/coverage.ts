/** Counts how often each operator and stage was generated, and steers towards the rare ones. */
import { Doc } from "../../src/bson/doc.ts";
import { isArray, type Value } from "../../src/bson/value.ts";
import type { Random } from "./random.ts";

export interface Coverage {
  /** Counts every `$name` key of what a call is given. */
  count(spec: Value): void;
  /** One of the names; mostly among the least used. */
  choose<T extends string>(random: Random, names: readonly T[]): T;
  readonly counts: ReadonlyMap<string, number>;
}

export function createCoverage(): Coverage {
  const counts = new Map<string, number>();
  const chosen = new Map<string, number>();
  const usesOf = (name: string): number => chosen.get(name) ?? 0;
  const count = (spec: Value): void => {
    if (isArray(spec)) {
      for (const each of spec) count(each);
    } else if (spec instanceof Doc) {
      for (const [key, value] of spec.entries()) {
        if (key.startsWith("$")) counts.set(key, (counts.get(key) ?? 0) + 1);
        count(value);
      }
    }
  };
  return {
    counts,
    count,
    choose(random, names) {
      // The rarest of a few, not of all: every pair of operators is to meet.
      const few = random.many(1, 4, () => random.pick(names));
      const rarest = few.reduce((best, each) => (usesOf(each) < usesOf(best) ? each : best));
      chosen.set(rarest, usesOf(rarest) + 1);
      return rarest;
    },
  };
}
