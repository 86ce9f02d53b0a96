/** `$integral`: the sum of the trapezoids between the documents of the window. */
import { DateTime, Double, isArray, isNumber, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { addFreely, type NumberValue, toDouble } from "../number.ts";
import { noBounds } from "./bounds.ts";
import { compileFormula, type Formula, operation } from "./formula.ts";
import { createList } from "./list.ts";
import { windowed, type WindowState } from "./sliding.ts";
import { SlidingSum } from "./sliding-sum.ts";
import { readUnitInput } from "./unit-input.ts";
import type { CompileWindowFunction } from "./window-function.ts";

export const compileIntegral: CompileWindowFunction = (spec, context, name) => {
  const { input, position, unitMs, bounds } = readUnitInput(spec, context, name);
  const { environment } = context;
  const area = compileFormula(
    operation(
      "$divide",
      operation("$multiply", "$$sum", operation("$subtract", "$$x2", "$$x1")),
      new Double(2),
    ),
    ["x1", "x2", "sum"],
    environment,
  );
  const divide = compileFormula(operation("$divide", "$$a", "$$b"), ["a", "b"], environment);
  const start = (): WindowState => slidingIntegral(area, unitMs, divide);
  return windowed(bounds ?? noBounds, environment, {
    evaluate: (doc) => [position.evaluate(doc) ?? null, input.evaluate(doc) ?? null],
    startGrowing: start,
    startSliding: start,
    keepsValues: true,
  });
};

type Point = readonly [x: NumberValue | DateTime, y: NumberValue];

function slidingIntegral(area: Formula, unitMs: number | undefined, divide: Formula): WindowState {
  const sum = new SlidingSum();
  const points = createList<Point>();
  let nans = 0;
  const areaOf = (left: Point, right: Point): NumberValue => {
    if (hasNaN(left) || hasNaN(right)) return 0;
    const [[x1, y1], [x2, y2]] = [left, right];
    return area(x1, x2, addFreely(y1, y2)) as NumberValue;
  };
  return {
    add(value) {
      const point = mustBePoint(value, unitMs !== undefined);
      if (hasNaN(point)) nans += 1;
      const [last] = points.last(1);
      if (last !== undefined) sum.add(areaOf(last, point));
      points.push(point);
    },
    remove() {
      const point = points.shift();
      if (hasNaN(point)) nans -= 1;
      const [first] = points.first(1);
      if (first !== undefined) sum.remove(areaOf(point, first));
    },
    result(): Value {
      if (points.length === 0) return null;
      if (nans > 0) return new Double(Number.NaN);
      return unitMs === undefined ? sum.value() : divide(sum.value(), BigInt(unitMs));
    },
  };
}

function hasNaN(point: Point): boolean {
  return point.some((each) => isNumber(each) && Number.isNaN(toDouble(each)));
}

function mustBePoint(value: Value | undefined, hasUnit: boolean): Point {
  const [x, y] = isArray(value) ? value : [];
  if (!isNumber(y) || !(isNumber(x) || x instanceof DateTime))
    throw new MongoError(
      5_423_900,
      "The input value of $integral window function must be a vector of 2 value, the first value must be numeric or date type and the second must be numeric.",
    );
  if (hasUnit && isNumber(x))
    throw new MongoError(5_423_901, "$integral with 'unit' expects the sortBy field to be a Date");
  if (!hasUnit && !isNumber(x))
    throw new MongoError(
      5_423_902,
      "$integral (with no 'unit') expects the sortBy field to be numeric",
    );
  return [x, y];
}
