/** `$dateAdd`, `$dateSubtract`, `$dateDiff` and `$dateTrunc`. */
import type { Doc } from "../../bson/doc.ts";
import { int64Min, isNumber, typeName, type DateTime, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { addToDate } from "../date/add.ts";
import { differenceOfDates } from "../date/difference.ts";
import { truncateDate } from "../date/truncate.ts";
import { isTimeUnit, readWeekday, type TimeUnit } from "../date/unit.ts";
import type { Zone } from "../date/zone.ts";
import { toExactInteger } from "../number-value.ts";
import { printValue } from "../../bson/print-value.ts";
import { isNullish } from "../truth.ts";
import { evaluateZone, toDate } from "./date-argument.ts";
import { mustHave, readNamedArguments } from "./named-arguments.ts";
import {
  fold,
  type CompileOperator,
  type Compiler,
  type Evaluate,
  type Frame,
} from "./operator.ts";

const compileAdd: CompileOperator = (operand, compiler, name) => {
  const args = readNamedArguments(operand, {
    names: ["startDate", "unit", "amount", "timezone"],
    notAnObject: [5_166_400, `${name} expects an object as its argument`],
    unknown: [
      5_166_401,
      (key) =>
        `Unrecognized argument to ${name}: ${key}. Expected arguments are startDate, unit, amount, and optionally timezone.`,
    ],
  });
  const missing = `${name} requires startDate, unit, and amount to be present`;
  const required = ["startDate", "unit", "amount"].map((key) =>
    compiler.compile(mustHave(args, key, 5_166_402, missing)),
  );
  const zone = compileOptional(args, "timezone", compiler);
  return fold(
    (frame) => {
      const values: Value[] = [];
      // One after the other: what follows a null is not evaluated.
      for (const each of required) {
        const value = each(frame);
        if (isNullish(value)) return null;
        values.push(value);
      }
      const there = evaluateZone(zone, frame);
      if (there === undefined) return null;
      const sum = readAddition(name, values);
      return addToDate(sum.date, sum.unit, sum.amount, there);
    },
    present([...required, zone]),
  );
};

function readAddition(
  name: string,
  [start, unitName, amount]: readonly Value[],
): { readonly date: DateTime; readonly unit: TimeUnit; readonly amount: bigint } {
  const date = toDate(start);
  if (date === undefined)
    throw new MongoError(5_166_403, `${name} requires startDate to be convertible to a date`);
  if (typeof unitName !== "string")
    throw new MongoError(5_166_404, `${name} expects string defining the time unit`);
  if (!isTimeUnit(unitName)) throw new MongoError(9, `unknown time unit value: ${unitName}`);
  const exact = isNumber(amount) ? toExactInteger(amount) : undefined;
  if (exact === undefined)
    throw new MongoError(5_166_405, `${name} expects integer amount of time units`);
  if (name === "$dateAdd") return { date, unit: unitName, amount: exact };
  if (exact === int64Min)
    throw new MongoError(6_045_000, `invalid ${name} 'amount' parameter value: ${exact}`);
  return { date, unit: unitName, amount: -exact };
}

const compileDifference: CompileOperator = (operand, compiler, name) => {
  const args = readNamedArguments(operand, {
    names: ["startDate", "endDate", "unit", "timezone", "startOfWeek"],
    notAnObject: [5_166_301, `${name} only supports an object as its argument`],
    unknown: [5_166_302, (key) => `Unrecognized argument to ${name}: ${key}`],
  });
  const required = ["startDate", "endDate", "unit"].map((key, index) =>
    compiler.compile(
      mustHave(args, key, 5_166_303 + index, `Missing '${key}' parameter to ${name}`),
    ),
  ) as [Evaluate, Evaluate, Evaluate];
  const zone = compileOptional(args, "timezone", compiler);
  const weekStart = compileOptional(args, "startOfWeek", compiler);
  return fold(
    (frame) => {
      const [startDate, endDate, unitExpression] = required;
      const start = startDate(frame);
      if (isNullish(start)) return null;
      const end = endDate(frame);
      if (isNullish(end)) return null;
      const unitName = unitExpression(frame);
      if (isNullish(unitName)) return null;
      const firstDay = unitName === "week" ? weekStart?.(frame) : "sunday";
      if (weekStart !== undefined && isNullish(firstDay)) return null;
      const there = zoneNamed(name, zone, frame);
      if (there === undefined) return null;
      const from = mustBeDateNamed(name, "startDate", start, 5_166_307);
      const until = mustBeDateNamed(name, "endDate", end, 5_166_307);
      const unit = mustBeUnit(name, unitName);
      const day = unit === "week" ? mustBeWeekday(name, firstDay ?? "sunday") : 0;
      return differenceOfDates(from, until, unit, there, day);
    },
    present([...required, zone, weekStart]),
  );
};

const compileTruncation: CompileOperator = (operand, compiler, name) => {
  const args = readNamedArguments(operand, {
    names: ["date", "unit", "binSize", "timezone", "startOfWeek"],
    notAnObject: [5_439_007, `${name} only supports an object as its argument`],
    unknown: [
      5_439_008,
      (key) =>
        `Unrecognized argument to ${name}: ${key}. Expected arguments are date, unit, and optionally, binSize, timezone, startOfWeek`,
    ],
  });
  const [date, unit] = ["date", "unit"].map((key, index) =>
    compiler.compile(
      mustHave(args, key, 5_439_009 + index, `Missing '${key}' parameter to ${name}`),
    ),
  ) as [Evaluate, Evaluate];
  const zone = compileOptional(args, "timezone", compiler);
  const binSize = compileOptional(args, "binSize", compiler);
  const weekStart = compileOptional(args, "startOfWeek", compiler);
  return fold(
    (frame) => {
      const value = date(frame);
      if (isNullish(value)) return null;
      const unitName = unit(frame);
      if (isNullish(unitName)) return null;
      const size = binSize === undefined ? 1 : binSize(frame);
      if (isNullish(size)) return null;
      const firstDay = unitName === "week" ? weekStart?.(frame) : "sunday";
      if (weekStart !== undefined && isNullish(firstDay)) return null;
      const there = zoneNamed(name, zone, frame);
      if (there === undefined) return null;
      const from = mustBeDateNamed(name, "date", value, 5_439_012);
      const known = mustBeUnit(name, unitName);
      const bin = mustBeBinSize(name, size);
      const day = known === "week" ? mustBeWeekday(name, firstDay ?? "sunday") : 0;
      return truncateDate(from, known, bin, there, day);
    },
    present([date, unit, binSize, zone, weekStart]),
  );
};

function mustBeDateNamed(
  name: string,
  key: string,
  value: Value | undefined,
  code: number,
): DateTime {
  const date = toDate(value);
  if (date === undefined)
    throw new MongoError(
      code,
      `${name} requires '${key}' to be a date, but got ${typeName(value)}`,
    );
  return date;
}

function mustBeUnit(name: string, value: Value | undefined): TimeUnit {
  if (typeof value !== "string")
    throw new MongoError(
      5_439_013,
      `${name} requires 'unit' to be a string, but got ${typeName(value)}`,
    );
  if (!isTimeUnit(value))
    throw new MongoError(
      5_439_014,
      `${name} parameter 'unit' value cannot be recognized as a time unit: ${value}`,
    );
  return value;
}

/** 0 for Sunday to 6 for Saturday. */
function mustBeWeekday(name: string, value: Value): number {
  if (typeof value !== "string")
    throw new MongoError(
      5_439_015,
      `${name} requires 'startOfWeek' to be a string, but got ${typeName(value)}`,
    );
  const day = readWeekday(value);
  if (day === undefined)
    throw new MongoError(
      5_439_016,
      `${name} parameter 'startOfWeek' value cannot be recognized as a day of a week: ${value}`,
    );
  return day;
}

function mustBeBinSize(name: string, value: Value | undefined): bigint {
  const size = isNumber(value) ? toExactInteger(value) : undefined;
  if (size === undefined)
    throw new MongoError(
      5_439_017,
      `${name} requires 'binSize' to be a 64-bit integer, but got value '${printValue(value)}' of type ${typeName(value)}`,
    );
  if (size <= 0n)
    throw new MongoError(
      5_439_018,
      `${name} requires 'binSize' to be greater than 0, but got value ${size}`,
    );
  return size;
}

/** As `evaluateZone`; failures say which operator and argument it was. */
function zoneNamed(name: string, zone: Evaluate | undefined, frame: Frame): Zone | undefined {
  try {
    return evaluateZone(zone, frame);
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    throw new MongoError(
      error.code,
      `${name} parameter 'timezone' value parsing failed :: caused by :: ${error.message}`,
      { cause: error },
    );
  }
}

function compileOptional(args: Doc, key: string, compiler: Compiler): Evaluate | undefined {
  const spec = args.get(key);
  return spec === undefined ? undefined : compiler.compile(spec);
}

function present(args: readonly (Evaluate | undefined)[]): Evaluate[] {
  return args.filter((each) => each !== undefined);
}

export const dateArithmeticOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$dateAdd", compileAdd],
  ["$dateDiff", compileDifference],
  ["$dateSubtract", compileAdd],
  ["$dateTrunc", compileTruncation],
]);
