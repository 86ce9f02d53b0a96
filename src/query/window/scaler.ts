/** `$minMaxScaler` (MongoDB 8.2): where a value lies between the least and the greatest of its window. */
import { Doc } from "../../bson/doc.ts";
import { Double, isArray, isNumber, typeName, type Value } from "../../bson/value.ts";
import { failedToParse, typeMismatch } from "../../kit/mongo-error.ts";
import { compileStageExpression } from "../expression.ts";
import { toDouble } from "../number.ts";
import { noBounds, readBounds } from "./bounds.ts";
import { slidingExtreme } from "./extreme.ts";
import { windowed, type WindowState } from "./sliding.ts";
import {
  type CompileWindowFunction,
  type Evaluation,
  readOwnArguments,
  type WindowContext,
} from "./window-function.ts";

/** Gives both ends as a list. */
function startEnds(): WindowState {
  const [least, greatest] = [slidingExtreme(-1)(undefined), slidingExtreme(1)(undefined)];
  return {
    add(value) {
      least.add(value);
      greatest.add(value);
    },
    remove(value) {
      least.remove(value);
      greatest.remove(value);
    },
    result: () => [least.result() ?? null, greatest.result() ?? null],
  };
}

export const compileMinMaxScaler: CompileWindowFunction = (spec, context, name) => {
  let bounds = noBounds;
  const operand = readOwnArguments(spec, name, (window) => {
    bounds = readBounds(window, context);
  });
  const { input, min, max } = readOperand(operand, name, context);
  const evaluate = (doc: Doc): Value => {
    const value = input(doc);
    if (value !== undefined && isNumber(value)) return value;
    throw typeMismatch(`'input' of ${name} must be a number, but is ${typeName(value)}`);
  };
  const ends = windowed(bounds, context.environment, {
    evaluate,
    startGrowing: startEnds,
    startSliding: startEnds,
    keepsValues: false,
  });
  return {
    start(partition, before): Evaluation {
      const running = ends.start(partition, before);
      let at = 0;
      return {
        reach(index) {
          at = index;
          return running.reach(index);
        },
        value(): Value {
          const value = toDouble(evaluate(partition.docs[at] as Doc) as never);
          const [low, high] = endsOf(running.value());
          const share = low === high ? 0 : (value - low) / (high - low);
          return new Double(share * (max - min) + min);
        },
      };
    },
  };
};

function endsOf(value: Value | undefined): readonly [number, number] {
  const [low, high] = isArray(value) ? value : [];
  const isWindow = isNumber(low) && isNumber(high);
  return isWindow ? [toDouble(low), toDouble(high)] : [0, 0];
}

function readOperand(operand: Value, name: string, { environment }: WindowContext) {
  if (!(operand instanceof Doc)) throw failedToParse(`Argument to ${name} must be an object`);
  for (const key of operand.keys())
    if (!["input", "min", "max"].includes(key))
      throw failedToParse(`${name} got unexpected argument: ${key}`);
  const input = operand.get("input");
  if (input === undefined) throw failedToParse(`${name} requires an 'input' expression`);
  const expression = compileStageExpression(input, environment);
  const min = readLimit(operand, "min", 0, name);
  const max = readLimit(operand, "max", 1, name);
  if (min >= max) throw failedToParse(`${name} requires 'max' to be greater than 'min'`);
  return { input: (doc: Doc) => expression.evaluate(doc), min, max };
}

function readLimit(operand: Doc, key: "min" | "max", fallback: number, name: string): number {
  const value = operand.get(key);
  if (value === undefined) return fallback;
  if (isNumber(value)) return toDouble(value);
  throw failedToParse(`'${key}' of ${name} must be a number, but is ${typeName(value)}`);
}
