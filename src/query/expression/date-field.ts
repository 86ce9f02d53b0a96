/** `$year`, `$hour` and the like: one number out of a date. */
import { isArray, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import {
  civilDate,
  dayOfWeek,
  dayOfYear,
  isoDayOfWeek,
  isoWeek,
  momentOf,
  type Moment,
  weekOfYear,
} from "../date/calendar.ts";
import { findZone, toLocal } from "../date/zone.ts";
import { printValue } from "../../bson/print-value.ts";
import { printField } from "../../bson/print.ts";
import { isNullish } from "../truth.ts";
import { mustBeDate, zoneSteps } from "./date-argument.ts";
import { isDoc } from "./named-arguments.ts";
import { fold, spend, type CompileOperator, type Compiler, type Evaluate } from "./operator.ts";

const fields: readonly (readonly [name: string, read: (local: Moment) => Value])[] = [
  ["$dayOfMonth", ({ days }) => civilDate(days).day],
  ["$dayOfWeek", ({ days }) => dayOfWeek(days) + 1],
  ["$dayOfYear", ({ days }) => dayOfYear(days)],
  ["$hour", ({ ms }) => Math.floor(ms / 3_600_000)],
  ["$isoDayOfWeek", ({ days }) => isoDayOfWeek(days)],
  ["$isoWeek", ({ days }) => isoWeek(days).week],
  ["$isoWeekYear", ({ days }) => BigInt(isoWeek(days).year)],
  ["$millisecond", ({ ms }) => ms % 1000],
  ["$minute", ({ ms }) => Math.floor(ms / 60_000) % 60],
  ["$month", ({ days }) => civilDate(days).month],
  ["$second", ({ ms }) => Math.floor(ms / 1000) % 60],
  ["$week", ({ days }) => weekOfYear(days)],
  ["$year", ({ days }) => civilDate(days).year],
];

export const dateFieldOperators: ReadonlyMap<string, CompileOperator> = new Map(
  fields.map(([name, read]) => [name, compileWith(read)] as const),
);

function compileWith(read: (local: Moment) => Value): CompileOperator {
  return (operand, compiler, name) => {
    const { date, zone } = compileOperand(operand, compiler, name);
    const args = zone === undefined ? [date] : [date, zone];
    return fold((frame) => {
      const value = date(frame);
      if (isNullish(value)) return null;
      const moment = momentOf(mustBeDate(value).ms);
      if (zone === undefined) return read(moment);
      const identifier = zone(frame);
      if (isNullish(identifier)) return null;
      if (typeof identifier !== "string")
        throw new MongoError(
          40_533,
          `${name} requires a string for the timezone argument, but was given a ${typeName(identifier)} (${printValue(identifier)})`,
        );
      spend(frame, zoneSteps);
      return read(toLocal(findZone(identifier), moment));
    }, args);
  };
}

interface Operand {
  readonly date: Evaluate;
  readonly zone?: Evaluate;
}

/** A date alone, in an array or not, or `{ date, timezone }`. */
function compileOperand(operand: Value, compiler: Compiler, name: string): Operand {
  if (isArray(operand)) {
    if (operand.length !== 1)
      throw new MongoError(
        40_536,
        `${name} accepts exactly one argument if given an array, but was given ${operand.length}`,
      );
    return { date: compiler.compile(operand[0] ?? null) };
  }
  if (!isDoc(operand) || operand.keys()[0]?.startsWith("$") === true)
    return { date: compiler.compile(operand) };
  for (const key of operand.keys())
    if (key !== "date" && key !== "timezone")
      throw new MongoError(40_535, `unrecognized option to ${name}: "${key}"`);
  const date = operand.get("date");
  if (date === undefined)
    throw new MongoError(
      40_539,
      `missing 'date' argument to ${name}, provided: ${printField(name, operand)}`,
    );
  const zone = operand.get("timezone");
  const compiled = compiler.compile(date);
  return zone === undefined ? { date: compiled } : { date: compiled, zone: compiler.compile(zone) };
}
