/** Cuts dates to the beginning of a unit of time, or of a bin of several. */
import { DateTime, toDateTime } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { addToDate } from "./add.ts";
import { dayOfWeek, daysOfCivil, momentOf, msPerDay } from "./calendar.ts";
import { differenceOfDays } from "./difference.ts";
import { msOfUnit, type TimeUnit } from "./unit.ts";
import { toLocal, type Zone } from "./zone.ts";

/** Bins are counted from 2000-01-01; weeks from the first one after it. */
const origin = daysOfCivil(2000, 1, 1);

/** What longer bins of days and longer units may have. */
const binSizeMax = 100_000_000_000n;

/**
 * The beginning of the bin that a date lies in.
 *
 * @param binSize above 0
 * @param weekStart 0 for Sunday to 6 for Saturday
 * @throws {MongoError} 5439000 to 5439006, 5166406, 5976500 when something gets out of range
 */
export function truncateDate(
  date: DateTime,
  unit: TimeUnit,
  binSize: bigint,
  zone: Zone,
  weekStart: number,
): DateTime {
  const offset = zone.offsetAt({ days: origin, ms: 0 });
  const originMs = origin * msPerDay - offset * 1000;
  if (unit === "millisecond" || unit === "second" || unit === "minute" || unit === "hour") {
    const size = int64(binSize * BigInt(msOfUnit[unit]), 5_439_002);
    const distance = int64(BigInt(date.ms) - BigInt(originMs), 5_439_000);
    return toDateTime(int64(BigInt(date.ms) - floorRest(distance, size), 5_439_001));
  }
  if (binSize > binSizeMax) throw new MongoError(5_439_006, "dateTrunc unsupported binSize value");
  const first = unit === "week" ? (weekStart - dayOfWeek(origin) + 7) % 7 : 0;
  const { days } = toLocal(zone, momentOf(date.ms));
  const distance = BigInt(differenceOfDays(origin + first, days, unit, weekStart));
  const begin = new DateTime(originMs + first * msPerDay);
  return addToDate(begin, unit, distance - floorRest(distance, binSize), zone);
}

/** The remainder of a division, 0 or above. */
function floorRest(value: bigint, divisor: bigint): bigint {
  const rest = value % divisor;
  return rest < 0n ? rest + divisor : rest;
}

function int64(value: bigint, code: number): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new MongoError(code, "dateTrunc overflowed");
  return value;
}
