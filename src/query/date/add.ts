/** Adds amounts of time to dates. */
import { type DateTime, toDateTime } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import {
  civilDate,
  daysInMonth,
  daysOfCivil,
  millisecondsOf,
  momentOf,
  toMoment,
} from "./calendar.ts";
import { msOfUnit, type TimeUnit } from "./unit.ts";
import { toLocal, type Zone } from "./zone.ts";

/** The greatest amounts taken, in either direction: enough to get from one end of int64's milliseconds to the other. */
const amountsMax = {
  year: 584_942_417n,
  quarter: 2_339_769_671n,
  month: 7_019_309_015n,
  week: 30_500_568_904n,
  day: 213_503_982_334n,
  hour: 5_124_095_576_039n,
  minute: 307_445_734_562_399n,
  second: 18_446_744_073_743_999n,
} as const;

/**
 * Adds to a date. Days and longer units are added on the zone's calendar and clock; a day of the month that does not
 * exist becomes the last one that does. Hours and shorter units are spans of time.
 *
 * @throws {MongoError} 159, 5166406 when the date gets out of int64, 5976500 when the amount is out of all proportion
 */
export function addToDate(date: DateTime, unit: TimeUnit, amount: bigint, zone: Zone): DateTime {
  if (unit === "millisecond") return addMilliseconds(BigInt(date.ms), amount);
  const most = amountsMax[unit];
  if (amount > most || amount < -most)
    throw new MongoError(5_976_500, `invalid dateAdd 'amount' parameter value: ${amount} ${unit}`);
  if (unit === "hour" || unit === "minute" || unit === "second")
    return checked(BigInt(date.ms) + amount * BigInt(msOfUnit[unit]) - lostBefore1970(date));
  const moment = momentOf(date.ms);
  const local = toLocal(zone, moment);
  const days = addDays(local.days, unit, Number(amount));
  const sum = toMoment(days, local.ms - Number(lostBefore1970(date)));
  return checked(millisecondsOf(zone.toUtc(sum, moment)));
}

/** The server loses a second of dates before 1970 that are no whole number of seconds. */
function lostBefore1970({ ms }: DateTime): bigint {
  return ms < 0 && BigInt(ms) % 1000n !== 0n ? 1000n : 0n;
}

function addDays(
  days: number,
  unit: "year" | "quarter" | "month" | "week" | "day",
  amount: number,
): number {
  switch (unit) {
    case "day":
      return days + amount;
    case "week":
      return days + amount * 7;
    case "month":
      return addMonths(days, amount);
    case "quarter":
      return addMonths(days, amount * 3);
    case "year":
      return addMonths(days, amount * 12);
  }
}

function addMonths(days: number, amount: number): number {
  const { year, month, day } = civilDate(days);
  const sum = month - 1 + amount;
  const yearsOver = Math.floor(sum / 12);
  const inYear = sum - yearsOver * 12 + 1;
  const last = daysInMonth(year + yearsOver, inYear);
  return daysOfCivil(year + yearsOver, inYear, Math.min(day, last));
}

function addMilliseconds(ms: bigint, amount: bigint): DateTime {
  const sum = ms + amount;
  const wrapped = BigInt.asIntN(64, sum);
  // The server has overwritten the date by the time that it says so.
  if (wrapped !== sum)
    throw new MongoError(159, `Overflow while adding ${amount}ms to ${wrapped}ms`);
  return toDateTime(sum);
}

function checked(ms: number | bigint): DateTime {
  if (typeof ms === "bigint" && BigInt.asIntN(64, ms) !== ms)
    throw new MongoError(5_166_406, "dateAdd overflowed");
  return toDateTime(ms);
}
