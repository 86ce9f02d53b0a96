/** The values of a `$densify`: numbers or dates, and the step from one to the next. */
import { compare } from "../../bson/compare.ts";
import { DateTime, isNumber, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { addToDate } from "../date/add.ts";
import { differenceOfDates } from "../date/difference.ts";
import type { TimeUnit } from "../date/unit.ts";
import { utc } from "../date/zone.ts";
import type { QueryEnvironment } from "../environment.ts";
import { compileExpressionFor } from "../expression.ts";
import { addFreely, type NumberValue, toDouble } from "../number.ts";
import { Doc } from "../../bson/doc.ts";

export type DensifyValue = NumberValue | DateTime;

export interface DensifyStep {
  /** @throws {MongoError} 5733201, 6053600 for what the step can not be added to */
  check(value: Value): DensifyValue;
  next(value: DensifyValue): DensifyValue;
  previous(value: DensifyValue): DensifyValue;
  /** Whether whole steps lead from `base` to the value. */
  isOnStep(value: DensifyValue, base: DensifyValue): boolean;
}

function mustBeValue(value: Value): DensifyValue {
  if (isNumber(value) || value instanceof DateTime) return value;
  throw new MongoError(5_733_201, "Densify field type must be numeric or a date");
}

export function numericStep(step: NumberValue, environment: QueryEnvironment): DensifyStep {
  const reckon = (expression: Value): ((value: Value, other: Value) => NumberValue) => {
    const variables = ["value", "other", "step"];
    const compiled = compileExpressionFor(expression, environment, { variables });
    return (value, other) => compiled.evaluate(Doc.empty, [value, other, step]) as NumberValue;
  };
  const previous = reckon(Doc.of({ $subtract: ["$$value", "$$step"] }));
  const rest = reckon(Doc.of({ $mod: [Doc.of({ $subtract: ["$$value", "$$other"] }), "$$step"] }));
  return {
    check(value): DensifyValue {
      const checked = mustBeValue(value);
      if (isNumber(checked)) return checked;
      throw new MongoError(
        6_053_600,
        "Encountered date densify value in collection when step does not have a date unit.",
      );
    },
    next: (value) => addFreely(value as NumberValue, step),
    previous: (value) => previous(value, null),
    isOnStep: (value, base) => toDouble(rest(value, base)) === 0,
  };
}

export function dateStep(amount: bigint, unit: TimeUnit): DensifyStep {
  const isCalendar = unit === "month" || unit === "quarter" || unit === "year";
  const move = (value: DensifyValue, by: bigint): DateTime =>
    addToDate(value as DateTime, unit, by, utc);
  return {
    check(value): DensifyValue {
      const checked = mustBeValue(value);
      if (checked instanceof DateTime) return checked;
      throw new MongoError(
        6_053_600,
        "Encountered numeric densify value in collection when step has a date unit.",
      );
    },
    next: (value) => move(value, amount),
    previous: (value) => move(value, -amount),
    isOnStep(value, base): boolean {
      const [date, from] = [value as DateTime, base as DateTime];
      if (isCalendar) return isOnCalendarStep(date, from, amount, unit);
      const length = BigInt(move(new DateTime(0), amount).ms);
      return (BigInt(date.ms) - BigInt(from.ms)) % length === 0n;
    },
  };
}

/** Steps until a day of the month that does not exist everywhere has been cut as far as it ever is. */
const stepsUntilEven = 4800;

/** A step from the 31st may lead to the 30th, and those after it on from there: so steps are made one by one. */
function isOnCalendarStep(date: DateTime, from: DateTime, amount: bigint, unit: TimeUnit): boolean {
  let at = from;
  for (let steps = 0; steps < stepsUntilEven && compare(at, date) < 0; steps += 1)
    at = addToDate(at, unit, amount, utc);
  if (compare(at, date) >= 0) return compare(at, date) === 0;
  const distance = differenceOfDates(at, date, unit, utc, 0);
  return compare(addToDate(at, unit, distance - (distance % amount), utc), date) === 0;
}
