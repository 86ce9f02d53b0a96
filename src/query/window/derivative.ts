/** `$derivative`: from one end of the window to the other, by what the documents are sorted by. */
import type { Doc } from "../../bson/doc.ts";
import { DateTime, isNumber, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError } from "../../kit/mongo-error.ts";
import { isNullish } from "../truth.ts";
import { compareNumbers } from "../../bson/compare.ts";
import { compileEndpoints } from "./endpoints.ts";
import { compileFormula, operation } from "./formula.ts";
import { readUnitInput } from "./unit-input.ts";
import type { CompileWindowFunction, Evaluation } from "./window-function.ts";

export const compileDerivative: CompileWindowFunction = (spec, context, name) => {
  const { input, position, unitMs, bounds } = readUnitInput(spec, context, name);
  if (bounds === undefined) throw failedToParse("$derivative requires explicit window bounds");
  const { environment } = context;
  const startEndpoints = compileEndpoints(bounds, environment);
  const subtract = compileFormula(operation("$subtract", "$$a", "$$b"), ["a", "b"], environment);
  const divide = compileFormula(operation("$divide", "$$a", "$$b"), ["a", "b"], environment);
  const multiply = compileFormula(operation("$multiply", "$$a", "$$b"), ["a", "b"], environment);

  function derive(left: Doc, right: Doc): Value {
    const [from, to] = [position.evaluate(left), position.evaluate(right)];
    mustBePositions(from, to, unitMs !== undefined);
    const run = subtract(to, from);
    const rise = subtract(input.evaluate(right), input.evaluate(left));
    if (isNullish(rise))
      throw new MongoError(5_624_903, "$derivative input must not be null or missing");
    // At the first document a window such as [-1, 0] has one document only.
    if (isNumber(rise) && isNumber(run) && compareNumbers(run, 0) === 0) return null;
    const rate = divide(rise, run);
    return unitMs === undefined ? rate : multiply(rate, BigInt(unitMs));
  }

  return {
    start(partition): Evaluation {
      const endpoints = startEndpoints(partition);
      return {
        reach: (index) => endpoints.reach(index),
        value(): Value {
          const { lower, upper } = endpoints;
          if (lower > upper) return null;
          return derive(partition.docs[lower] as Doc, partition.docs[upper] as Doc);
        },
      };
    },
  };
};

function mustBePositions(from: Value | undefined, to: Value | undefined, hasUnit: boolean): void {
  const dates = [from, to].filter((each) => each instanceof DateTime).length;
  if (hasUnit) {
    if (dates === 2) return;
    throw new MongoError(
      5_624_900,
      "$derivative with 'unit' expects the sortBy field to be a Date",
    );
  }
  if (dates > 0)
    throw new MongoError(5_624_901, "$derivative where the sortBy is a Date requires an 'unit'");
  if (!isNumber(from) || !isNumber(to))
    throw new MongoError(
      5_624_902,
      "$derivative (with no 'unit') expects the sortBy field to be numeric",
    );
}
