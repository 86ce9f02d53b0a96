/** Counts the bounds of units that lie between two dates. */
import { type DateTime } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { civilDate, dayOfWeek, type Moment, momentOf } from "./calendar.ts";
import { type TimeUnit } from "./unit.ts";
import { toLocal, type Zone } from "./zone.ts";

/**
 * How many bounds of a unit, on the zone's calendar and clock, are passed from one date to another.
 *
 * @param weekStart 0 for Sunday to 6 for Saturday
 * @throws {MongoError} 5166308 when milliseconds overflow int64
 */
export function differenceOfDates(
  start: DateTime,
  end: DateTime,
  unit: TimeUnit,
  zone: Zone,
  weekStart: number,
): bigint {
  if (unit === "millisecond") return differenceInMilliseconds(start, end);
  const [from, until] = [momentOf(start.ms), momentOf(end.ms)];
  // A change of the zone's offset makes the clock show hours that did not pass.
  const shifted = zone.offsetAt(from) - zone.offsetAt(until);
  const [localFrom, localUntil] = [toLocal(zone, from), toLocal(zone, until)];
  switch (unit) {
    case "hour":
    case "minute":
    case "second":
      return differenceOnClock(localFrom, localUntil, secondsOfUnit[unit], shifted);
    default:
      return BigInt(differenceOfDays(localFrom.days, localUntil.days, unit, weekStart));
  }
}

function differenceInMilliseconds(start: DateTime, end: DateTime): bigint {
  const difference = BigInt(end.ms) - BigInt(start.ms);
  if (BigInt.asIntN(64, difference) !== difference)
    throw new MongoError(5_166_308, "dateDiff overflowed");
  return difference;
}

const secondsOfUnit = { hour: 3600, minute: 60, second: 1 } as const;

function differenceOnClock(from: Moment, until: Moment, size: number, shifted: number): bigint {
  const clock = (moment: Moment): bigint =>
    BigInt(moment.days) * BigInt(86_400 / size) + BigInt(Math.floor(moment.ms / (size * 1000)));
  return clock(until) - clock(from) + BigInt(Math.trunc(shifted / size));
}

/** The same between two local days. */
export function differenceOfDays(
  from: number,
  until: number,
  unit: "year" | "quarter" | "month" | "week" | "day",
  weekStart: number,
): number {
  switch (unit) {
    case "day":
      return until - from;
    case "week":
      return (until - dayInWeek(until, weekStart) - (from - dayInWeek(from, weekStart))) / 7;
    case "month":
      return monthsOf(until) - monthsOf(from);
    case "quarter":
      return Math.floor(monthsOf(until) / 3) - Math.floor(monthsOf(from) / 3);
    case "year":
      return civilDate(until).year - civilDate(from).year;
  }
}

function dayInWeek(days: number, weekStart: number): number {
  return (dayOfWeek(days) - weekStart + 7) % 7;
}

/** Months since the year 0. */
function monthsOf(days: number): number {
  const { year, month } = civilDate(days);
  return year * 12 + month - 1;
}
