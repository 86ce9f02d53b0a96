/** `$filter $map $reduce $zip $range`: loops over arrays, most with an expression for each element. */
import type { Doc } from "../../bson/doc.ts";
import { isArray, isNumber, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { printValue } from "../../bson/print-value.ts";
import { isNullish, isTruthy } from "../truth.ts";
import { mustFit } from "../weight.ts";
import { checkNewVariableName } from "../variable-name.ts";
import { toInt32 } from "./argument.ts";
import { mustHave, readNamedArguments } from "./named-arguments.ts";
import {
  compileArguments,
  fold,
  spend,
  stepsPerIteration,
  type CompileOperator,
  type Compiler,
  type Evaluate,
  type Frame,
} from "./operator.ts";

/** The name of the variable for an element. */
function readAs(named: Doc): string {
  const as = named.get("as");
  if (as === undefined) return "this";
  const name = typeof as === "string" ? as : "";
  checkNewVariableName(name);
  return name;
}

function compileWithElement(
  spec: Value,
  name: string,
  compiler: Compiler,
): { readonly each: Evaluate; readonly slot: number } {
  return compiler.withVariables([name], (inner, slots) => ({
    each: inner.compile(spec),
    slot: slots[0] as number,
  }));
}

const compileFilter: CompileOperator = (operand, compiler) => {
  const named = readNamedArguments(operand, {
    names: ["input", "as", "cond", "limit"],
    notAnObject: [28646, "$filter only supports an object as its argument"],
    unknown: [28647, (name) => `Unrecognized parameter to $filter: ${name}`],
  });
  const inputSpec = mustHave(named, "input", 28648, "Missing 'input' parameter to $filter");
  const condition = mustHave(named, "cond", 28650, "Missing 'cond' parameter to $filter");
  const as = readAs(named);
  const input = compiler.compile(inputSpec);
  const { each, slot } = compileWithElement(condition, as, compiler);
  const limitSpec = named.get("limit");
  const limit = limitSpec === undefined ? undefined : compiler.compile(limitSpec);
  return (frame) => {
    const array = input(frame);
    if (isNullish(array)) return null;
    if (!isArray(array))
      throw new MongoError(28651, `input to $filter must be an array not ${typeName(array)}`);
    if (array.length === 0) return [];
    const most = limit === undefined ? Infinity : readLimit(limit(frame));
    const kept: Value[] = [];
    for (const item of array) {
      spend(frame, stepsPerIteration);
      frame.slots[slot] = item;
      if (!isTruthy(each(frame))) continue;
      kept.push(item);
      if (kept.length >= most) break;
    }
    return kept;
  };
};

function readLimit(value: Value | undefined): number {
  if (isNullish(value)) return Infinity;
  const limit = isNumber(value) ? toInt32(value) : undefined;
  if (limit === undefined)
    throw new MongoError(
      327_391,
      `$filter: limit must be represented as a 32-bit integral value: ${printValue(value)}`,
    );
  if (limit <= 0) throw new MongoError(327_392, `$filter: limit must be greater than 0: ${limit}`);
  return limit;
}

const compileMap: CompileOperator = (operand, compiler) => {
  const named = readNamedArguments(operand, {
    names: ["input", "as", "in"],
    notAnObject: [16878, "$map only supports an object as its argument"],
    unknown: [16879, (name) => `Unrecognized parameter to $map: ${name}`],
  });
  const inputSpec = mustHave(named, "input", 16880, "Missing 'input' parameter to $map");
  const body = mustHave(named, "in", 16882, "Missing 'in' parameter to $map");
  const as = readAs(named);
  const input = compiler.compile(inputSpec);
  const { each, slot } = compileWithElement(body, as, compiler);
  return (frame) => {
    const array = input(frame);
    if (isNullish(array)) return null;
    if (!isArray(array))
      throw new MongoError(16883, `input to $map must be an array not ${typeName(array)}`);
    const mapped = array.map((item) => {
      spend(frame, stepsPerIteration);
      frame.slots[slot] = item;
      return each(frame) ?? null;
    });
    return mustFit(mapped);
  };
};

const compileReduce: CompileOperator = (operand, compiler) => {
  const named = readNamedArguments(operand, {
    names: ["input", "initialValue", "in"],
    notAnObject: [40_075, `$reduce requires an object as an argument, found: ${typeName(operand)}`],
    unknown: [40_076, (name) => `$reduce found an unknown argument: ${name}`],
  });
  let body: { readonly each: Evaluate; readonly slots: readonly number[] } | undefined;
  let input: Evaluate | undefined;
  let initial: Evaluate | undefined;
  for (const [name, spec] of named.entries())
    if (name === "input") input = compiler.compile(spec);
    else if (name === "initialValue") initial = compiler.compile(spec);
    else
      body = compiler.withVariables(["this", "value"], (inner, slots) => ({
        each: inner.compile(spec),
        slots,
      }));
  if (input === undefined) throw new MongoError(40_077, "$reduce requires 'input' to be specified");
  if (initial === undefined)
    throw new MongoError(40_078, "$reduce requires 'initialValue' to be specified");
  if (body === undefined) throw new MongoError(40_079, "$reduce requires 'in' to be specified");
  return reduce(input, initial, body.each, body.slots as readonly [number, number]);
};

function reduce(
  input: Evaluate,
  initial: Evaluate,
  each: Evaluate,
  slots: readonly [item: number, value: number],
): Evaluate {
  return (frame) => {
    const array = input(frame);
    if (isNullish(array)) return null;
    if (!isArray(array))
      throw new MongoError(
        40_080,
        `$reduce requires that 'input' be an array, found: ${printValue(array)}`,
      );
    let value = initial(frame);
    for (const item of array) {
      spend(frame, stepsPerIteration);
      frame.slots[slots[0]] = item;
      frame.slots[slots[1]] = value;
      value = each(frame);
    }
    return value;
  };
}

/** What the server lets one `$range` hold, in bytes, of which an element takes 16. */
const rangeBytesMax = 104_857_600;
const rangeItemBytes = 16;

/** A longer one is made within the evaluation that goes through it, so that one clock runs for both. */
const foldedItemsMax = 10_000;

const compileRange: CompileOperator = (operand, compiler, name) => {
  const args = compileArguments(operand, compiler, name, 2, 3);
  const [from, to, by] = args as [Evaluate, Evaluate, Evaluate | undefined];
  const read = (frame: Frame): Progression => {
    const bounds = [from(frame), to(frame)] as const;
    const start = readBound(bounds[0], 34_443, "starting");
    const end = readBound(bounds[1], 34_445, "ending");
    const step = by === undefined ? 1 : readStep(by(frame));
    const bytes = 40 + Math.trunc((end - start) / step) * rangeItemBytes;
    if (bytes > rangeBytesMax)
      throw new MongoError(
        146,
        `$range would use too much memory (${bytes} bytes) and cannot spill to disk. Memory limit: ${rangeBytesMax} bytes`,
      );
    return { start, step, count: Math.max(Math.ceil((end - start) / step), 0) };
  };
  const evaluate: Evaluate = (frame) => {
    const { start, step, count } = read(frame);
    spend(frame, count);
    return Array.from({ length: count }, (_, index) => start + index * step);
  };
  const length = fold((frame) => read(frame).count, args).constant?.value;
  return typeof length === "number" && length > foldedItemsMax ? evaluate : fold(evaluate, args);
};

/** What `$range` counts out. */
interface Progression {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

function readBound(value: Value | undefined, code: number, which: "starting" | "ending"): number {
  if (!isNumber(value))
    throw new MongoError(
      code,
      `$range requires a numeric ${which} value, found value of type: ${typeName(value)}`,
    );
  const whole = toInt32(value);
  if (whole === undefined)
    throw new MongoError(
      code + 1,
      `$range requires ${which === "starting" ? "a" : "an"} ${which} value that can be represented as a 32-bit integer, found value: ${printValue(value)}`,
    );
  return whole;
}

function readStep(value: Value | undefined): number {
  if (!isNumber(value))
    throw new MongoError(
      34_447,
      `$range requires a numeric step value, found value of type:${typeName(value)}`,
    );
  const whole = toInt32(value);
  if (whole === undefined)
    throw new MongoError(
      34_448,
      `$range requires a step value that can be represented as a 32-bit integer, found value: ${printValue(value)}`,
    );
  if (whole === 0) throw new MongoError(34_449, "$range requires a non-zero step value");
  return whole;
}

export const iterationOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$filter", compileFilter],
  ["$map", compileMap],
  ["$range", compileRange],
  ["$reduce", compileReduce],
]);
