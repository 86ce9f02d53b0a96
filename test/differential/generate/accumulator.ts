/** Accumulators of `$group`, `$bucket` and `$bucketAuto`. */
import { Doc } from "../../../src/bson/doc.ts";
import { Double, type Value } from "../../../src/bson/value.ts";
import type { Coverage } from "../coverage.ts";
import type { Expressions } from "./expression.ts";
import type { Kind } from "./signature.ts";

export interface Accumulators {
  /** Fields with accumulators; those whose result has no order of its own are named in `sets`. */
  fields(order: { readonly isTotal: boolean }): {
    readonly fields: Doc;
    readonly sets: readonly string[];
  };
}

const plain: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["$sum", "n"],
  ["$avg", "n"],
  ["$stdDevPop", "n"],
  ["$stdDevSamp", "n"],
  ["$min", "v"],
  ["$max", "v"],
  ["$addToSet", "v"],
]);
/** What they give depends on the order that documents come in. */
const orderly: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["$first", "v"],
  ["$last", "v"],
  ["$push", "v"],
  ["$mergeObjects", "o"],
]);
const several = ["$minN", "$maxN"];
const severalOrderly = ["$firstN", "$lastN"];
const tops = ["$top", "$bottom", "$topN", "$bottomN"];
const names = ["$count", ...plain.keys(), ...several];
const allNames = [...names, ...orderly.keys(), ...severalOrderly, ...tops];

export function createAccumulators(expressions: Expressions, coverage: Coverage): Accumulators {
  const { random } = expressions;
  const count = (): Value =>
    random.chance(0.95) ? random.pick<Value>([1, 2, 3n, new Double(2)]) : expressions.of("i", 0);

  function operandOf(name: string): Value {
    if (random.chance(0.02)) return expressions.literal("v");
    const kind = plain.get(name) ?? orderly.get(name);
    if (kind !== undefined) {
      // Within an accumulator an array is one expression.
      const operand = expressions.of(kind, 1);
      return Array.isArray(operand) && random.chance(0.95)
        ? `$${random.pick(["n", "a"])}`
        : operand;
    }
    if (name === "$count") return Doc.empty;
    if (tops.includes(name)) {
      const output = expressions.of("v", 1);
      const sortBy = Doc.fromEntries(
        new Map<string, Value>([
          [random.pick(["n", "a", "s"]), random.pick([1, -1])],
          ["_id", 1],
        ]),
      );
      return Doc.of({ ...(name.endsWith("N") && { n: count() }), sortBy, output });
    }
    return Doc.of({ n: count(), input: expressions.of("v", 1) });
  }

  return {
    fields({ isTotal }) {
      const sets: string[] = [];
      const fields = random.many(1, 3, (index) => {
        const name = random.chance(0.005)
          ? "$unknown"
          : coverage.choose(random, isTotal ? allNames : names);
        const field = `g${index}`;
        if (name === "$addToSet") sets.push(field);
        return [field, Doc.of({ [name]: operandOf(name) })] as const;
      });
      return { fields: Doc.fromEntries(fields), sets };
    },
  };
}
