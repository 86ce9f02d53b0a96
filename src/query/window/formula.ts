/** Arithmetic on any values, with the results and errors of the operators of expressions. */
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileExpressionFor } from "../expression.ts";

export type Formula = (...values: readonly (Value | undefined)[]) => Value;

/** @param variables names of the values, in their order; the expression calls them `$$name` */
export function compileFormula(
  expression: Value,
  variables: readonly string[],
  environment: QueryEnvironment,
): Formula {
  const compiled = compileExpressionFor(expression, environment, { variables });
  return (...values) => compiled.evaluate(Doc.empty, values) ?? null;
}

/** `{ $name: [left, right] }`, to write formulas with. */
export function operation(name: string, left: Value, right: Value): Doc {
  return Doc.of({ [name]: [left, right] });
}
