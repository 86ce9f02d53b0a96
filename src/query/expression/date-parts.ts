/** `$dateFromParts` and `$dateToParts`. */
import { Doc } from "../../bson/doc.ts";
import {
  int64Max,
  int64Min,
  isNumber,
  toDateTime,
  typeName,
  type DateTime,
  type Value,
} from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import {
  civilDate,
  daysOfCivil,
  daysOfIsoWeek,
  isoDayOfWeek,
  isoWeek,
  millisecondsOf,
  momentOf,
  type Moment,
} from "../date/calendar.ts";
import { toLocal, type Zone } from "../date/zone.ts";
import { toExactInteger } from "../number-value.ts";
import { printValue } from "../../bson/print-value.ts";
import { isNullish } from "../truth.ts";
import { evaluateZone, mustBeDate } from "./date-argument.ts";
import { mustHave, readNamedArguments } from "./named-arguments.ts";
import {
  fold,
  type CompileOperator,
  type Compiler,
  type Evaluate,
  type Frame,
} from "./operator.ts";

const naturalNames: readonly string[] = ["year", "month", "day"];
const isoNames: readonly string[] = ["isoWeekYear", "isoWeek", "isoDayOfWeek"];
const clockNames: readonly string[] = ["hour", "minute", "second", "millisecond"];

type Arguments = ReadonlyMap<string, Evaluate>;

function compileAll(args: Doc, compiler: Compiler): Arguments {
  return new Map([...args.entries()].map(([name, spec]) => [name, compiler.compile(spec)]));
}

const compileFromParts: CompileOperator = (operand, compiler) => {
  const args = readNamedArguments(operand, {
    names: [...naturalNames, ...isoNames, ...clockNames, "timezone"],
    notAnObject: [40_519, "$dateFromParts only supports an object as its argument"],
    unknown: [40_518, (name) => `Unrecognized argument to $dateFromParts: ${name}`],
  });
  if (!args.has("year") && !args.has("isoWeekYear"))
    throw new MongoError(
      40_516,
      "$dateFromParts requires either 'year' or 'isoWeekYear' to be present",
    );
  const isIso = !args.has("year");
  if (!isIso && isoNames.some((name) => args.has(name)))
    throw new MongoError(
      40_489,
      "$dateFromParts does not allow mixing natural dates with ISO dates",
    );
  if (isIso && naturalNames.some((name) => args.has(name)))
    throw new MongoError(
      40_525,
      "$dateFromParts does not allow mixing ISO dates with natural dates",
    );
  const parts = compileAll(args, compiler);
  return fold((frame) => fromParts(parts, isIso, frame), [...parts.values()]);
};

/** The clock's parts are evaluated first, then the zone, then the date's. */
function fromParts(parts: Arguments, isIso: boolean, frame: Frame): Value {
  const clock = evaluateParts(parts, clockNames, frame);
  if (clock === undefined) return null;
  const zone = evaluateZone(parts.get("timezone"), frame);
  if (zone === undefined) return null;
  const names = isIso ? isoNames : naturalNames;
  const date = evaluateParts(parts, names, frame);
  if (date === undefined) return null;
  const [year, month, day] = date.map(Number) as [number, number, number];
  if (year < 1 || year > 9999)
    throw new MongoError(
      isIso ? 31_095 : 40_523,
      `'${names[0]}' must evaluate to an integer in the range 1 to 9999, found ${date[0]}`,
    );
  const days = isIso ? daysOfIsoWeek(year, month, day) : daysOfCivil(year, month, day);
  const [hour, minute, second, millisecond] = clock as [bigint, bigint, bigint, bigint];
  return join(days, hour * 3600n + minute * 60n + second, millisecond, zone);
}

/** @returns undefined when one of them is null */
function evaluateParts(
  parts: Arguments,
  names: readonly string[],
  frame: Frame,
): bigint[] | undefined {
  const values: bigint[] = [];
  for (const name of names) {
    const value = evaluatePart(parts.get(name), name, frame);
    if (value === null) return undefined;
    values.push(value);
  }
  return values;
}

/** Those that may be any int64; the others are 16 bits wide. */
const wideNames: ReadonlySet<string> = new Set(["year", "isoWeekYear", "second", "millisecond"]);

/** @returns null when it evaluates to null */
function evaluatePart(part: Evaluate | undefined, name: string, frame: Frame): bigint | null {
  if (part === undefined) return clockNames.includes(name) ? 0n : 1n;
  const value = part(frame);
  if (isNullish(value)) return null;
  const exact = isNumber(value) ? toExactInteger(value) : undefined;
  if (exact === undefined)
    throw new MongoError(
      40_515,
      `'${name}' must evaluate to an integer, found ${typeName(value)} with value ${printValue(value)}`,
    );
  if (!wideNames.has(name) && (exact < -32_768n || exact > 32_767n))
    throw new MongoError(
      31_034,
      `'${name}' must evaluate to a value in the range [-32768, 32767]; value ${exact} is not in range`,
    );
  return exact;
}

function overflow(): MongoError {
  return new MongoError(
    159,
    "Overflow casting from a lower-precision duration to a higher-precision duration",
  );
}

/** The server holds microseconds and milliseconds in an int64. */
function join(days: number, seconds: bigint, ms: bigint, zone: Zone): DateTime {
  if (ms * 1000n > int64Max || ms * 1000n < int64Min) throw overflow();
  const local = momentOf(BigInt(days) * 86_400_000n + seconds * 1000n + ms);
  const result = millisecondsOf(zone.toUtc(local));
  if (result > int64Max || result < int64Min) throw overflow();
  return toDateTime(result);
}

const compileToParts: CompileOperator = (operand, compiler) => {
  const args = readNamedArguments(operand, {
    names: ["date", "timezone", "iso8601"],
    notAnObject: [40_524, "$dateToParts only supports an object as its argument"],
    unknown: [40_520, (name) => `Unrecognized argument to $dateToParts: ${name}`],
  });
  const date = compiler.compile(
    mustHave(args, "date", 40_522, "Missing 'date' parameter to $dateToParts"),
  );
  const compiled = compileAll(args.without("date"), compiler);
  const iso = compiled.get("iso8601");
  return fold(
    (frame) => {
      const value = date(frame);
      const zone = evaluateZone(compiled.get("timezone"), frame);
      if (zone === undefined) return null;
      const flag = iso === undefined ? false : iso(frame);
      if (isNullish(flag)) return null;
      if (typeof flag !== "boolean")
        throw new MongoError(40_521, `iso8601 must evaluate to a bool, found ${typeName(flag)}`);
      if (isNullish(value)) return null;
      const local = toLocal(zone, momentOf(mustBeDate(value).ms));
      return flag ? isoParts(local) : naturalParts(local);
    },
    [date, ...compiled.values()],
  );
};

function naturalParts(local: Moment): Doc {
  const { year, month, day } = civilDate(local.days);
  return Doc.fromParts([...naturalNames, ...clockNames], [year, month, day, ...clockParts(local)]);
}

function isoParts(local: Moment): Doc {
  const { year, week } = isoWeek(local.days);
  const day = isoDayOfWeek(local.days);
  return Doc.fromParts([...isoNames, ...clockNames], [year, week, day, ...clockParts(local)]);
}

function clockParts({ ms }: Moment): number[] {
  return [
    Math.floor(ms / 3_600_000),
    Math.floor(ms / 60_000) % 60,
    Math.floor(ms / 1000) % 60,
    ms % 1000,
  ];
}

export const datePartsOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$dateFromParts", compileFromParts],
  ["$dateToParts", compileToParts],
]);
