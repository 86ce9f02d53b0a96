/** `$percentile` and `$median` as expressions (MongoDB 7.0): over the elements of an array, or one number. */
import { isArray, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { withValues } from "../variable-values.ts";
import { percentileOf, readPercentileOptions, readShares, sortedNumbers } from "../percentile.ts";
import { spend, type CompileOperator, type Evaluate } from "./operator.ts";

const compilePercentile: CompileOperator = (operand, compiler, name) => {
  const options = readPercentileOptions(operand, name, ["input", "p", "method"]);
  const { constant } = compiler.compile(
    withValues(options.get("p") as Value, compiler.environment),
  );
  if (constant === undefined)
    throw new MongoError(
      7_750_300,
      "The $percentile 'p' field must be an array of constant values",
    );
  const shares = readShares(constant.value);
  const input = compiler.compile(options.get("input") as Value);
  return overNumbers(input, (sorted) => shares.map((share) => percentileOf(sorted, share)));
};

const compileMedian: CompileOperator = (operand, compiler, name) => {
  const options = readPercentileOptions(operand, name, ["input", "method"]);
  const input = compiler.compile(options.get("input") as Value);
  return overNumbers(input, (sorted) => percentileOf(sorted, 0.5));
};

function overNumbers(input: Evaluate, finish: (sorted: Float64Array) => Value): Evaluate {
  return (frame) => {
    const value = input(frame);
    const values = isArray(value) ? value : value === undefined ? [] : [value];
    spend(frame, values.length * 2);
    return finish(sortedNumbers(values));
  };
}

export const percentileOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$median", compileMedian],
  ["$percentile", compilePercentile],
]);
