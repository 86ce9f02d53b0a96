/** `$cmp $eq $gt $gte $lt $lte $ne`: by the order of all values, a missing one with BSON's undefined. */
import { compare, type TextOrder } from "../../bson/compare.ts";
import { Undefined, type Value } from "../../bson/value.ts";
import { compileArguments, fold, type CompileOperator, type Evaluate } from "./operator.ts";

/** The order of two evaluated expressions. */
export function compareEvaluated(
  left: Value | undefined,
  right: Value | undefined,
  collation?: TextOrder,
): number {
  return compare(left ?? lowest(left), right ?? lowest(right), collation);
}

function lowest(value: null | undefined): Value {
  return value === undefined ? Undefined : null;
}

function byOrder(toResult: (order: number) => Value): CompileOperator {
  return (operand, compiler, name) => {
    const args = compileArguments(operand, compiler, name, 2);
    const [left, right] = args as [Evaluate, Evaluate];
    const { collation } = compiler.environment;
    return fold((frame) => toResult(compareEvaluated(left(frame), right(frame), collation)), args);
  };
}

export const comparisonOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$cmp", byOrder(Math.sign)],
  ["$eq", byOrder((order) => order === 0)],
  ["$gt", byOrder((order) => order > 0)],
  ["$gte", byOrder((order) => order >= 0)],
  ["$lt", byOrder((order) => order < 0)],
  ["$lte", byOrder((order) => order <= 0)],
  ["$ne", byOrder((order) => order !== 0)],
]);
