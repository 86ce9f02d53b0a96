/** `$locf` and `$linearFill`: values in the place of those that are null or missing. */
import { compare } from "../../bson/compare.ts";
import type { Doc } from "../../bson/doc.ts";
import { isNumber, typeName, type Value } from "../../bson/value.ts";
import { failedToParse, MongoError, typeMismatch } from "../../kit/mongo-error.ts";
import {
  type CompiledExpression,
  compileExpression,
  compileStageExpression,
} from "../expression.ts";
import { toDate } from "../expression/date-argument.ts";
import { addFreely } from "../number.ts";
import { isNullish } from "../truth.ts";
import { compileFormula, type Formula, operation } from "./formula.ts";
import {
  type CompileWindowFunction,
  type Evaluation,
  onlyPath,
  type Partition,
  readArguments,
  startDirect,
} from "./window-function.ts";

function readOperand(...[spec, context, name]: Parameters<CompileWindowFunction>): Value {
  let hasWindow = false;
  const operand = readArguments(spec, context, () => {
    hasWindow = true;
  });
  if (hasWindow) throw failedToParse(`'window' field is not allowed in ${name}`);
  return operand;
}

/** The last observation, carried forward. */
const compileLocf: CompileWindowFunction = (spec, context, name) => {
  const operand = readOperand(spec, context, name);
  const expression = compileStageExpression(operand, context.environment);
  return {
    start({ docs }) {
      let last: Value = null;
      return startDirect((index) => {
        const value = expression.evaluate(docs[index] as Doc);
        if (!isNullish(value)) last = value;
        return last;
      });
    },
  };
};

const compileLinearFill: CompileWindowFunction = (spec, context, name) => {
  const { environment, order } = context;
  const operand = readOperand(spec, context, name);
  if (order?.size !== 1)
    throw new MongoError(
      605_001,
      `${name} must be specified with a top level sortBy expression with exactly one element`,
    );
  const input = compileStageExpression(operand, environment);
  const position = compileExpression(`$${onlyPath(order) ?? ""}`, environment);
  const rise = compileFormula(
    operation(
      "$multiply",
      operation("$subtract", "$$x", "$$x1"),
      operation(
        "$divide",
        operation("$subtract", "$$y2", "$$y1"),
        operation("$subtract", "$$x2", "$$x1"),
      ),
    ),
    ["x1", "y1", "x2", "y2", "x"],
    environment,
  );
  return { start: (partition) => startLinearFill(partition, { input, position, rise }) };
};

interface LinearFill {
  readonly input: CompiledExpression;
  /** What the documents are sorted by. */
  readonly position: CompiledExpression;
  /** From (x1, y1) on the way to (x2, y2), at x; given in this order. */
  readonly rise: Formula;
}

type Point = readonly [x: Value, y: Value];

function startLinearFill(
  { docs, pacer }: Partition,
  { input, position, rise }: LinearFill,
): Evaluation {
  let previous: Point | undefined;
  /** The next known point, as far as the search for it has got. */
  let next: Point | undefined;
  let searched = 0;
  // Atlas: MongoDB 6.0 goes on comparing where another partition begins, and refuses what its manual allows.
  let lastPosition: Value | undefined;
  let checked = -1;
  let result: Value = null;

  /** @returns false when the pacer is due first */
  function search(from: number): boolean {
    searched = Math.max(searched, from);
    while (next === undefined && searched < docs.length) {
      const doc = docs[searched] as Doc;
      searched += 1;
      const [x, y] = [position.evaluate(doc), input.evaluate(doc)];
      if (!isNullish(y) && !isNullish(x)) next = [x, y];
      if (pacer.due()) return false;
    }
    return true;
  }

  return {
    reach(index): boolean {
      const doc = docs[index] as Doc;
      const y = input.evaluate(doc);
      const x = position.evaluate(doc) as Value;
      if (checked < index) {
        check(x, y, lastPosition);
        lastPosition = x;
        checked = index;
      }
      if (!isNullish(y)) {
        previous = next ?? [x, y];
        next = undefined;
        result = y;
        return true;
      }
      result = null;
      if (previous === undefined) return true;
      if (next === undefined && !search(index + 1)) return false;
      if (next !== undefined) result = addRise(previous[1], rise(...previous, ...next, x));
      return true;
    },
    value: () => result,
  };
}

function addRise(y: Value, rise: Value): Value {
  return isNumber(y) && isNumber(rise) ? addFreely(y, rise) : null;
}

function check(x: Value | undefined, y: Value | undefined, last: Value | undefined): void {
  if (!isNumber(y) && !isNullish(y))
    throw typeMismatch(`Value to be filled must be numeric or nullish, but found ${typeName(y)}`);
  const isDate = toDate(x) !== undefined;
  if (x === undefined || (!isNumber(x) && !isDate))
    throw typeMismatch(
      `Value of the sortBy field must be numeric or a date, but found ${typeName(x)}`,
    );
  if (last === undefined) return;
  if (compare(x, last) === 0)
    throw new MongoError(6_050_106, "There can be no repeated values in the sort field");
  if (isNumber(last) !== isNumber(x))
    throw typeMismatch(
      `Conflicting sort value types, previously received type ${typeName(last)}, but found ${typeName(x)}`,
    );
}

export const fillFunctions: ReadonlyMap<string, CompileWindowFunction> = new Map([
  ["$locf", compileLocf],
  ["$linearFill", compileLinearFill],
]);
