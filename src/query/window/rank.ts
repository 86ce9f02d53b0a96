/** `$rank`, `$denseRank` and `$documentNumber`. */
import { compare, type TextOrder } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { toInteger, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { compileExpression } from "../expression.ts";
import { type CompileWindowFunction, onlyPath, startDirect } from "./window-function.ts";

interface Count {
  /** Documents so far. */
  readonly all: number;
  /** Values so far that are not the same. */
  readonly different: number;
  /** Documents before the first one of the same value. */
  readonly before: number;
}

const rankBy =
  (rankOf: (count: Count) => number): CompileWindowFunction =>
  (spec, { order, environment }, name) => {
    if (spec.size !== 1)
      throw new MongoError(5_371_601, "Rank style window functions take no other arguments");
    const operand = spec.valueAt(0);
    if (!(operand instanceof Doc) || operand.size > 0)
      // The server forgets to name the function.
      throw new MongoError(5_371_603, "(None) must be specified with '{}' as the value");
    if (order?.size !== 1)
      throw new MongoError(
        5_371_602,
        `${name} must be specified with a top level sortBy expression with exactly one element`,
      );
    const path = onlyPath(order);
    const expression = compileExpression(path === undefined ? null : `$${path}`, environment);
    return {
      start({ docs }) {
        let last: { readonly value: Value | undefined } | undefined;
        let different = 0;
        let before = 0;
        return startDirect((index) => {
          const value = expression.evaluate(docs[index] as Doc);
          if (last === undefined || !isSame(last.value, value, environment.collation)) {
            different += 1;
            before = index;
            last = { value };
          }
          return toInteger(rankOf({ all: index + 1, different, before }));
        });
      },
    };
  };

/** A missing value is not the same as null, although they are sorted alike. */
function isSame(
  left: Value | undefined,
  right: Value | undefined,
  collation: TextOrder | undefined,
): boolean {
  if (left === undefined || right === undefined) return left === right;
  return compare(left, right, collation) === 0;
}

export const rankFunctions: ReadonlyMap<string, CompileWindowFunction> = new Map([
  ["$rank", rankBy(({ before }) => before + 1)],
  ["$denseRank", rankBy(({ different }) => different)],
  ["$documentNumber", rankBy(({ all }) => all)],
]);
