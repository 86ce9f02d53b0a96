/**
 * The contract between `expression.ts` and the families of operators beside this file.
 *
 * To add an operator: a line in its family's table and a row in its test. A table is
 * `ReadonlyMap<string, CompileOperator>`, name with `$` → compiler of its operand.
 */
import type { Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { isArray } from "../../bson/value.ts";
import type { QueryEnvironment } from "../environment.ts";

/** The state of one evaluation. Owned by one synchronous call of a compiled expression. */
export interface Frame {
  /** `$$ROOT`. */
  root: Value;
  /** `$$CURRENT`: what `"$a.b"` starts from. */
  current: Value;
  /** Values of `$let`, `$map` … variables; each has its own slot, given out when compiling. */
  readonly slots: (Value | undefined)[];
}

/** A compiled expression; `undefined` is a missing value. */
export interface Evaluate {
  (frame: Frame): Value | undefined;
  /** Set when the expression depends on nothing: what it always gives. */
  readonly constant?: { readonly value: Value | undefined };
}

export interface Compiler {
  readonly environment: QueryEnvironment;
  compile(spec: Value): Evaluate;
  /** Compiles within a new variable; `slot` is where its value is to be put before `evaluate` runs. */
  withVariables<T>(names: readonly string[], build: (inner: Compiler, slots: readonly number[]) => T): T;
}

export type CompileOperator = (operand: Value, compiler: Compiler, name: string) => Evaluate;

/** Folds an operator over constant arguments into its value; errors stay for when it is evaluated. */
export function fold(evaluate: Evaluate, args: readonly Evaluate[]): Evaluate {
  if (!args.every((each) => each.constant !== undefined)) return evaluate;
  let value: Value | undefined;
  try {
    value = evaluate({ root: null, current: null, slots: [] });
  } catch {
    // Not reached for every document, perhaps: `$cond` may guard it.
    return evaluate;
  }
  return constantOf(value);
}

export function constantOf(value: Value | undefined): Evaluate {
  const evaluate = (): Value | undefined => value;
  return Object.assign(evaluate, { constant: { value } });
}

/**
 * Compiles the arguments of an operator: an array of them, or a single one without brackets.
 *
 * @throws {MongoError} 16020 for a fixed number of arguments, 28667 for a range
 */
export function compileArguments(
  operand: Value,
  compiler: Compiler,
  name: string,
  least: number,
  most: number = least,
): Evaluate[] {
  const specs = isArray(operand) ? operand : [operand];
  const count = specs.length;
  if (count < least || count > most) {
    if (least === most)
      throw new MongoError(
        16020,
        `Expression ${name} takes exactly ${least} arguments. ${count} were passed in.`,
      );
    throw new MongoError(
      28667,
      `Expression ${name} takes at least ${least} arguments, and at most ${most}, but ${count} were passed in.`,
    );
  }
  return specs.map((each) => compiler.compile(each));
}
