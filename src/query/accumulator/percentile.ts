/** `$percentile` and `$median` (MongoDB 7.0). */
import type { Value } from "../../bson/value.ts";
import { withValues } from "../variable-values.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileStageExpression } from "../expression.ts";
import { percentileOf, readPercentileOptions, readShares, sortedNumbers } from "../percentile.ts";
import type { Accumulator, CompileAccumulator } from "./accumulation.ts";

const compilePercentile: CompileAccumulator = (operand, environment, name) => {
  const spec = readPercentileOptions(operand, name, ["input", "p", "method"]);
  const given = withValues(spec.get("p") as Value, environment);
  const p = compileStageExpression(given, environment).constant?.value;
  const shares = readShares(p);
  return create(spec.get("input") as Value, environment, (sorted) =>
    shares.map((share) => percentileOf(sorted, share)),
  );
};

const compileMedian: CompileAccumulator = (operand, environment, name) => {
  const spec = readPercentileOptions(operand, name, ["input", "method"]);
  return create(spec.get("input") as Value, environment, (sorted) => percentileOf(sorted, 0.5));
};

function create(
  input: Value,
  environment: QueryEnvironment,
  finish: (sorted: Float64Array) => Value,
): ReturnType<CompileAccumulator> {
  const expression = compileStageExpression(input, environment);
  return {
    evaluate: (doc) => expression.evaluate(doc),
    keepsValues: true,
    start(): Accumulator {
      const values: Value[] = [];
      return {
        add(value) {
          if (value !== undefined) values.push(value);
        },
        result: () => finish(sortedNumbers(values)),
      };
    },
  };
}

export const percentiles: ReadonlyMap<string, CompileAccumulator> = new Map([
  ["$percentile", compilePercentile],
  ["$median", compileMedian],
]);
