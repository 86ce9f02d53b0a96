/**
 * The contract between `expression.ts` and the families of operators beside this file.
 *
 * To add an operator: a line in its family's table and a row in its test. A table is
 * `ReadonlyMap<string, CompileOperator>`, name with `$` → compiler of its operand.
 */
import { isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import type { QueryEnvironment } from "../environment.ts";
import { isTooLong, LongEvaluation } from "../long-evaluation.ts";

/** The state of one evaluation. Owned by one synchronous call of a compiled expression. */
export interface Frame {
  /** `$$ROOT`. */
  readonly root: Value;
  /** `$$CURRENT`: what `"$a.b"` starts from. */
  readonly current: Value;
  /** Values of `$let`, `$map` … variables; each has its own slot, given out when compiling. */
  readonly slots: (Value | undefined)[];
  /** Steps until `spend` looks at the clock. */
  stepsLeft: number;
  /** When it looked first, in milliseconds of the monotonic clock; 0: not yet. */
  startedAt: number;
}

/** A compiled expression; `undefined` is a missing value. */
export interface Evaluate {
  (frame: Frame): Value | undefined;
  /** Set when the expression depends on nothing: what it always gives. */
  readonly constant?: { readonly value: Value | undefined };
  /** Set when the expression depends on nothing and can only fail. */
  readonly failure?: MongoError;
  /** Set by `foldParts`: the operator and its arguments, so that one around it of the same name can take them over. */
  readonly parts?: { readonly name: string; readonly args: readonly Evaluate[] };
}

export interface Compiler {
  readonly environment: QueryEnvironment;
  compile(spec: Value): Evaluate;
  /**
   * As `compile`, but the failure of a constant part is not told: the caller tells it, or nobody, where the server does
   * not optimize the part. It fails when evaluated in any case.
   */
  compileApart(spec: Value): Part;
  /** As `compile`, for what the server evaluates as it is written. */
  compileUnoptimized(spec: Value): Evaluate;
  /** Compiles within new variables; in its `slots` their values are to be put before what was built runs. */
  withVariables<T>(
    names: readonly string[],
    build: (inner: Compiler, slots: readonly number[]) => T,
  ): T;
}

/** A part whose failure is not told yet. */
export interface Part {
  readonly evaluate: Evaluate;
  readonly failure: MongoError | undefined;
}

export type CompileOperator = (operand: Value, compiler: Compiler, name: string) => Evaluate;

/** Steps between two looks at the clock: some microseconds, if a step is what looks at an element. */
const stepsPerLook = 2048;

/** Steps that stand for an iteration which evaluates an expression: nobody knows what that takes. */
export const stepsPerIteration = 128;

export function createFrame(root: Value, current: Value, slotCount: number): Frame {
  return {
    root,
    current,
    slots: slotCount === 0 ? [] : Array.from({ length: slotCount }),
    stepsLeft: stepsPerLook,
    startedAt: 0,
  };
}

/**
 * Accounts for work on client data, before or while it is done.
 *
 * @param steps elements looked at, characters by the dozen, or the like
 * @throws {LongEvaluation} when the evaluation takes too long
 */
export function spend(frame: Frame, steps: number): void {
  frame.stepsLeft -= steps;
  if (frame.stepsLeft < 0) lookAtClock(frame);
}

function lookAtClock(frame: Frame): void {
  const now = performance.now();
  frame.stepsLeft = stepsPerLook;
  if (frame.startedAt === 0) frame.startedAt = now;
  else if (isTooLong(now - frame.startedAt)) throw new LongEvaluation();
}

/**
 * Folds an operator over constant arguments into its value.
 *
 * As on the server, a constant that can only fail fails the compilation, even where `$cond` guards it: what is
 * returned then carries `failure`, which `compileExpression` throws in the end.
 */
export function fold(evaluate: Evaluate, args: readonly Evaluate[]): Evaluate {
  if (!args.every((each) => each.constant !== undefined)) return evaluate;
  try {
    return constantOf(evaluate(createFrame(null, null, 0)));
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    return failing(error);
  }
}

/** An expression that can only fail, and fails the compilation. */
export function failing(failure: MongoError): Evaluate {
  const evaluate = (): never => {
    throw failure;
  };
  return Object.assign(evaluate, { failure });
}

/**
 * Folds an operator for which `f(a, f(b, c))` is `f(a, b, c)`: nested uses are merged, and constants that stand beside
 * each other become one. Where the order does not matter either, all constants become one that is evaluated last.
 *
 * Done not for speed but because it shows: in which operand fails first, and in the rounding of mixed numbers.
 */
export function foldParts(
  name: string,
  args: readonly Evaluate[],
  build: (args: readonly Evaluate[]) => Evaluate,
  order: "free" | "fixed",
  { environment }: Pick<Compiler, "environment">,
): Evaluate {
  if (args.every((each) => each.constant !== undefined)) return fold(build(args), args);
  if (environment.isUnoptimized === true) return build(args);
  const flat = args.flatMap((each) => (each.parts?.name === name ? each.parts.args : [each]));
  const sorted =
    order === "fixed"
      ? flat
      : [
          ...flat.filter((each) => each.constant === undefined),
          ...flat.filter((each) => each.constant !== undefined),
        ];
  const merged: Evaluate[] = [];
  let failure: MongoError | undefined;
  for (let index = 0; index < sorted.length; index += 1) {
    const run: Evaluate[] = [];
    while (sorted[index]?.constant !== undefined) run.push(sorted[index++] as Evaluate);
    if (run.length > 0) {
      const one = run.length === 1 ? (run[0] as Evaluate) : fold(build(run), run);
      failure ??= one.failure;
      merged.push(one);
    }
    const next = sorted[index];
    if (next !== undefined) merged.push(next);
  }
  return Object.assign(build(merged), {
    parts: { name, args: merged },
    ...(failure === undefined ? {} : { failure }),
  });
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

/** Compiles the arguments of an operator that takes any number of them. */
export function compileList(operand: Value, compiler: Compiler): Evaluate[] {
  const specs = isArray(operand) ? operand : [operand];
  return specs.map((each) => compiler.compile(each));
}
