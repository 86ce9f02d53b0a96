/** `$top`, `$topN`, `$bottom`, `$bottomN`. */
import { Doc } from "../../bson/doc.ts";
import { printBson } from "../../bson/print.ts";
import { isArray, Undefined, type Value } from "../../bson/value.ts";
import { badValue, MongoError } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileExpression, compileStageExpression } from "../expression.ts";
import { compileSort, type Sort } from "../sort.ts";
import type { Accumulator, CompileAccumulator } from "./accumulation.ts";
import { compileCountOf, placeOf } from "./several.ts";

/** How documents are sorted here. */
export type TopSort = Pick<Sort, "keyOf" | "compare">;

/** Not as `$sort` does: the values are those of expressions, and arrays are compared whole. */
export function compileTopSort(sortBy: Doc, environment: QueryEnvironment): TopSort {
  const sort = compileSort(sortBy, environment.collation);
  // By chance, at least in part.
  if (sort.paths.length < sortBy.size) return sort;
  const expressions = sort.paths.map(({ path }) => compileExpression(`$${path}`, environment));
  const [only] = expressions;
  return {
    compare: (left, right) => sort.compare(left, right),
    keyOf(doc): Value {
      if (expressions.length === 1 && only !== undefined) return keyValue(only.evaluate(doc));
      const values = expressions.map((each) => each.evaluate(doc));
      if (values.filter((each) => isArray(each)).length > 1)
        throw badValue("cannot sort with keys that are parallel arrays");
      return values.map(keyValue);
    },
  };
}

function keyValue(value: Value | undefined): Value {
  return isArray(value) && value.length === 0 ? Undefined : (value ?? null);
}

interface Options {
  readonly isTop: boolean;
  readonly isSingle: boolean;
}

function topOrBottom({ isTop, isSingle }: Options): CompileAccumulator {
  return (operand, environment, name) => {
    const { sortBy, output, n } = readOperand(operand, name, isSingle);
    const sort = compileTopSort(sortBy, environment);
    const expression = compileStageExpression(output, environment);
    const countOf = compileCountOf(n === undefined ? 1 : n, environment);
    type Key = ReturnType<typeof sort.keyOf>;
    // The sort key can not travel as a value, so documents come in whole.
    return {
      evaluate: (doc) => doc,
      keepsValues: true,
      usesGroupId: !countOf.isConstant,
      start(groupId): Accumulator {
        const count = countOf(groupId);
        const kept: { readonly key: Key; readonly value: Value }[] = [];
        return {
          add(doc) {
            // Also of what is not kept: the server computes it first, and it may fail.
            const value = expression.evaluate(doc as Doc) ?? null;
            const key = sort.keyOf(doc as Doc);
            if (kept.length === count) {
              const rival = isTop ? kept.at(-1) : kept[0];
              const difference = sort.compare(key, (rival as { key: Key }).key);
              if (isTop ? difference >= 0 : difference <= 0) return;
              if (isTop) kept.pop();
              else kept.shift();
            }
            const place = placeOf(kept, (each) => sort.compare(key, each.key) < 0);
            kept.splice(place, 0, { key, value });
          },
          result: () => (isSingle ? (kept[0]?.value ?? null) : kept.map((each) => each.value)),
        };
      },
    };
  };
}

function readOperand(
  operand: Value,
  name: string,
  isSingle: boolean,
): { sortBy: Doc; output: Value; n: Value | undefined } {
  if (!(operand instanceof Doc))
    throw new MongoError(
      5788001,
      `specification must be an object; found ${name}: ${printBson(operand)}`,
    );
  for (const key of operand.keys())
    if (key !== "sortBy" && key !== "output" && (key !== "n" || isSingle))
      throw new MongoError(5788002, `Unknown argument to ${name} '${key}'`);
  const n = operand.get("n");
  const sortBy = operand.get("sortBy");
  const output = operand.get("output");
  if (sortBy !== undefined && !(sortBy instanceof Doc))
    throw new MongoError(10065, "invalid parameter: expected an object (sortBy)");
  if (!isSingle && n === undefined) throw new MongoError(5788003, "Missing value for 'n'");
  if (output === undefined) throw new MongoError(5788004, "Missing value for 'output'");
  if (sortBy === undefined) throw new MongoError(5788005, "Missing value for 'sortBy'");
  return { sortBy, output, n };
}

export const topAndBottom: ReadonlyMap<string, CompileAccumulator> = new Map([
  ["$top", topOrBottom({ isTop: true, isSingle: true })],
  ["$topN", topOrBottom({ isTop: true, isSingle: false })],
  ["$bottom", topOrBottom({ isTop: false, isSingle: true })],
  ["$bottomN", topOrBottom({ isTop: false, isSingle: false })],
]);
