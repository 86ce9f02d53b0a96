/** Accumulators used as expressions: over the elements of one array, or over the arguments. */
import { compare, type TextOrder } from "../../bson/compare.ts";
import { Double, isArray, isNumber, type Value } from "../../bson/value.ts";
import { Deviation } from "../deviation.ts";
import { Sum } from "../sum.ts";
import { isNullish } from "../truth.ts";
import {
  compileList,
  foldParts,
  spend,
  type CompileOperator,
  type Compiler,
  type Evaluate,
} from "./operator.ts";

type Accumulate = (
  values: readonly (Value | undefined)[],
  collation: TextOrder | undefined,
) => Value;

/** @param order `"apart"`: nested uses are not merged, since they do not give the same */
function overValues(accumulate: Accumulate, order: "free" | "apart"): CompileOperator {
  return (operand, compiler, name) => {
    const args = compileList(operand, compiler);
    if (order === "apart" || args.length === 1) return foldApart(args, accumulate, compiler);
    return foldParts(
      name,
      args,
      (parts) => evaluateAll(parts, accumulate, compiler),
      "free",
      compiler,
    );
  };
}

function foldApart(
  args: readonly Evaluate[],
  accumulate: Accumulate,
  compiler: Compiler,
): Evaluate {
  const build = (parts: readonly Evaluate[]): Evaluate => evaluateAll(parts, accumulate, compiler);
  const areConstant = args.every((each) => each.constant !== undefined);
  return areConstant ? foldParts("", args, build, "fixed", compiler) : build(args);
}

function evaluateAll(
  args: readonly Evaluate[],
  accumulate: Accumulate,
  { environment: { collation } }: Compiler,
): Evaluate {
  const [only] = args;
  return (frame) => {
    if (args.length !== 1 || only === undefined)
      return accumulate(
        args.map((each) => each(frame)),
        collation,
      );
    const value = only(frame);
    if (!isArray(value)) return accumulate([value], collation);
    spend(frame, value.length);
    return accumulate(value, collation);
  };
}

const sum: Accumulate = (values) => {
  const total = new Sum();
  for (const value of values) if (isNumber(value)) total.add(value);
  return total.value();
};

const average: Accumulate = (values) => {
  const total = new Sum();
  for (const value of values) if (isNumber(value)) total.add(value);
  return total.count === 0 ? null : total.mean();
};

function extreme(direction: 1 | -1): Accumulate {
  return (values, collation) => {
    let best: Value | undefined;
    for (const value of values) {
      if (isNullish(value)) continue;
      if (best === undefined || direction * compare(value, best, collation) > 0) best = value;
    }
    return best ?? null;
  };
}

function deviation(isSample: boolean): Accumulate {
  return (values) => {
    const spread = new Deviation();
    for (const value of values) if (isNumber(value)) spread.add(value);
    const result = isSample ? spread.sample() : spread.population();
    return result === undefined ? null : new Double(result);
  };
}

export const accumulateOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$avg", overValues(average, "apart")],
  ["$max", overValues(extreme(1), "free")],
  ["$min", overValues(extreme(-1), "free")],
  ["$stdDevPop", overValues(deviation(false), "apart")],
  ["$stdDevSamp", overValues(deviation(true), "apart")],
  ["$sum", overValues(sum, "free")],
]);
