/** Sums, means, extremes and deviations. */
import { compare, type TextOrder } from "../../bson/compare.ts";
import { Doc } from "../../bson/doc.ts";
import { Double, isNumber, Undefined, type Value } from "../../bson/value.ts";
import { typeMismatch } from "../../kit/mongo-error.ts";
import { compileStageExpression } from "../expression.ts";
import { toDouble } from "../number.ts";
import { Sum } from "../sum.ts";
import type { Accumulator, CompileAccumulator } from "./accumulation.ts";

/** An accumulator over the values of one expression. */
function over(start: (collation: TextOrder | undefined) => Accumulator): CompileAccumulator {
  return (operand, environment) => {
    const expression = compileStageExpression(operand, environment);
    return {
      evaluate: (doc) => expression.evaluate(doc),
      start: () => start(environment.collation),
      keepsValues: false,
    };
  };
}

function sum(): Accumulator {
  const total = new Sum();
  return {
    add(value) {
      if (isNumber(value)) total.add(value);
    },
    result: () => total.value(),
  };
}

function average(): Accumulator {
  const total = new Sum();
  return {
    add(value) {
      if (isNumber(value)) total.add(value);
    },
    result: () => (total.count === 0 ? null : total.mean()),
  };
}

function extreme(sign: 1 | -1): (collation: TextOrder | undefined) => Accumulator {
  return (collation) => {
    let best: Value | undefined;
    return {
      add(value) {
        if (value === undefined || value === null || value === Undefined) return;
        if (best === undefined || compare(value, best, collation) * sign > 0) best = value;
      },
      result: () => best ?? null,
    };
  };
}

/** Welford's method, one pass. @param lost 1 for a sample, 0 for the population */
function deviation(lost: 0 | 1): () => Accumulator {
  return () => {
    let count = 0;
    let mean = 0;
    let squares = 0;
    return {
      add(value) {
        if (!isNumber(value)) return;
        const number = toDouble(value);
        count += 1;
        const delta = number - mean;
        if (delta === 0) return;
        mean += delta / count;
        squares += delta * (number - mean);
      },
      result: () => (count <= lost ? null : new Double(Math.sqrt(squares / (count - lost)))),
    };
  };
}

const count: CompileAccumulator = (operand) => {
  if (!(operand instanceof Doc) || operand.size > 0)
    throw typeMismatch("$count takes no arguments, i.e. $count:{}");
  return { evaluate: () => 1, start: sum, keepsValues: false };
};

export const statistics: ReadonlyMap<string, CompileAccumulator> = new Map([
  ["$sum", over(sum)],
  ["$avg", over(average)],
  ["$min", over(extreme(-1))],
  ["$max", over(extreme(1))],
  ["$stdDevPop", over(deviation(0))],
  ["$stdDevSamp", over(deviation(1))],
  ["$count", count],
]);
