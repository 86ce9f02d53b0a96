/** Window functions that are accumulators too: a window that only grows is accumulated as a group is. */
import type { TextOrder } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import type { Value } from "../../bson/value.ts";
import { failedToParse } from "../../kit/mongo-error.ts";
import { compileAccumulation } from "../accumulator.ts";
import { compileCountOf } from "../accumulator/several.ts";
import { compileTopSort } from "../accumulator/top.ts";
import { compileStageExpression } from "../expression.ts";
import { readShares } from "../percentile.ts";
import { withValues } from "../variable-values.ts";
import { noBounds, readBounds, type WindowBounds } from "./bounds.ts";
import {
  slidingConcat,
  slidingEnd,
  slidingPush,
  slidingSet,
  slidingTop,
  slidingUnion,
} from "./collect.ts";
import { slidingCovariance } from "./covariance.ts";
import { slidingExtreme, slidingExtremes } from "./extreme.ts";
import { slidingPercentile } from "./percentile.ts";
import { windowed, type WindowState } from "./sliding.ts";
import { slidingAverage, slidingDeviation, slidingSum } from "./statistics.ts";
import {
  type CompileWindowFunction,
  readArguments,
  readOwnArguments,
  type WindowContext,
} from "./window-function.ts";

/** Of one expression. */
const unary =
  (startSliding: (collation: TextOrder | undefined) => WindowState): CompileWindowFunction =>
  (spec, context, name) => {
    const { bounds, operand } = readGeneral(spec, context);
    const { environment } = context;
    const expression = compileStageExpression(operand, environment);
    const accumulation = compileAccumulation(name, null, environment);
    return windowed(bounds, environment, {
      evaluate: (doc) => expression.evaluate(doc),
      startGrowing: () => accumulation.start(null),
      startSliding: () => startSliding(environment.collation),
      keepsValues: accumulation.keepsValues,
    });
  };

function readGeneral(
  spec: Doc,
  context: WindowContext,
): { readonly bounds: WindowBounds; readonly operand: Value } {
  let bounds = noBounds;
  const operand = readArguments(spec, context, (window) => {
    bounds = readBounds(window, context);
  });
  return { bounds, operand };
}

/** These are no accumulators of `$group`: a window that grows is reckoned as one that slides. */
const covariance =
  (startSliding: () => WindowState): CompileWindowFunction =>
  (spec, context) => {
    const { bounds, operand } = readGeneral(spec, context);
    const expression = compileStageExpression(operand, context.environment);
    return windowed(bounds, context.environment, {
      evaluate: (doc) => expression.evaluate(doc),
      startGrowing: startSliding,
      startSliding,
      keepsValues: false,
    });
  };

const compileCount: CompileWindowFunction = (spec, context) => {
  let bounds = noBounds;
  let hasFunction = false;
  for (const [key, value] of spec.entries()) {
    if (key === "window") bounds = readBounds(value, context);
    else if (context.isFunction(key)) {
      if (hasFunction)
        throw failedToParse("Cannot specify multiple functions in window function spec");
      hasFunction = true;
      if (!(value instanceof Doc) || value.size > 0)
        throw failedToParse("$count only accepts an empty object as input");
    } else throw failedToParse(`Window function found an unknown argument: ${key}`);
  }
  const { environment } = context;
  const accumulation = compileAccumulation("$count", Doc.empty, environment);
  return windowed(bounds, environment, {
    evaluate: () => 1,
    startGrowing: () => accumulation.start(null),
    startSliding: slidingSum,
    keepsValues: false,
  });
};

/** Of an object of options, which the accumulator checks. */
const optioned =
  (
    compileSliding: (operand: Doc, context: WindowContext) => () => WindowState,
  ): CompileWindowFunction =>
  (spec, context, name) => {
    let bounds = noBounds;
    const operand = readOwnArguments(spec, name, (window) => {
      bounds = readBounds(window, context);
    });
    const { environment } = context;
    const accumulation = compileAccumulation(name, operand, environment);
    return windowed(bounds, environment, {
      evaluate: (doc) => accumulation.evaluate(doc),
      startGrowing: () => accumulation.start(null),
      startSliding: compileSliding(operand as Doc, context),
      keepsValues: accumulation.keepsValues,
    });
  };

function counted(
  start: (count: number, collation: TextOrder | undefined) => WindowState,
): CompileWindowFunction {
  return optioned((operand, { environment }) => {
    const countOf = compileCountOf(operand.get("n") as Value, environment);
    return () => start(countOf(null), environment.collation);
  });
}

function topOrBottom(isTop: boolean, isSingle: boolean): CompileWindowFunction {
  return optioned((operand, { environment }) => {
    const sort = compileTopSort(operand.get("sortBy") as Doc, environment);
    const output = compileStageExpression(operand.get("output") as Value, environment);
    const countOf = isSingle
      ? (): number => 1
      : compileCountOf(operand.get("n") as Value, environment);
    const options = {
      isTop,
      isSingle,
      sort,
      outputOf: (doc: Doc): Value => output.evaluate(doc) ?? null,
    };
    return () => slidingTop(options, countOf(null));
  });
}

const percentile = optioned((operand, { environment }) => {
  const given = withValues(operand.get("p") as Value, environment);
  const p = compileStageExpression(given, environment).constant?.value;
  const shares = readShares(p);
  return () => slidingPercentile((of) => shares.map(of));
});

const median = optioned(() => () => slidingPercentile((of) => of(0.5)));

export const accumulatedFunctions: ReadonlyMap<string, CompileWindowFunction> = new Map([
  ["$addToSet", unary(slidingSet)],
  ["$avg", unary(slidingAverage)],
  ["$bottom", topOrBottom(false, true)],
  ["$bottomN", topOrBottom(false, false)],
  ["$concatArrays", unary(slidingConcat)],
  ["$count", compileCount],
  ["$covariancePop", covariance(slidingCovariance(0))],
  ["$covarianceSamp", covariance(slidingCovariance(1))],
  ["$firstN", counted(slidingEnd(true))],
  ["$lastN", counted(slidingEnd(false))],
  ["$max", unary(slidingExtreme(1))],
  ["$maxN", counted(slidingExtremes(1))],
  ["$median", median],
  ["$min", unary(slidingExtreme(-1))],
  ["$minN", counted(slidingExtremes(-1))],
  ["$percentile", percentile],
  ["$push", unary(slidingPush)],
  ["$setUnion", unary(slidingUnion)],
  ["$stdDevPop", unary(slidingDeviation(0))],
  ["$stdDevSamp", unary(slidingDeviation(1))],
  ["$sum", unary(slidingSum)],
  ["$top", topOrBottom(true, true)],
  ["$topN", topOrBottom(true, false)],
]);
