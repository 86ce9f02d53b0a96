/**
 * The proleptic Gregorian calendar over all of int64's milliseconds.
 *
 * A moment is kept as days since 1970-01-01 and milliseconds of that day: both exact as numbers, where the milliseconds
 * alone would not be.
 */

export const msPerDay = 86_400_000;
export const secondsPerDay = 86_400;

export interface Moment {
  /** Since 1970-01-01; negative before. */
  readonly days: number;
  /** 0 to 86,399,999. */
  readonly ms: number;
}

export function momentOf(ms: number | bigint): Moment {
  if (typeof ms === "number") {
    const days = Math.floor(ms / msPerDay);
    return { days, ms: ms - days * msPerDay };
  }
  const rest = Number(BigInt.asIntN(64, ((ms % 86_400_000n) + 86_400_000n) % 86_400_000n));
  return { days: Number((ms - BigInt(rest)) / 86_400_000n), ms: rest };
}

/** @param days any integer, @param ms any integer, of which whole days are carried over */
export function toMoment(days: number, ms: number): Moment {
  const carried = Math.floor(ms / msPerDay);
  return { days: days + carried, ms: ms - carried * msPerDay };
}

/** Milliseconds since 1970: a number while exact, else a bigint, which may be beyond int64. */
export function millisecondsOf({ days, ms }: Moment): number | bigint {
  const sum = days * msPerDay + ms;
  return Number.isSafeInteger(sum) ? sum : BigInt(days) * 86_400_000n + BigInt(ms);
}

/** Rounded down. */
export function secondsOf({ days, ms }: Moment): number {
  return days * secondsPerDay + Math.floor(ms / 1000);
}

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

const daysPerEra = 146_097;
/** Days from 0000-03-01 to 1970-01-01. */
const daysToEpoch = 719_468;

/** The algorithm counts years from March, so that the leap day is the last of its year. */
export function civilDate(days: number): CivilDate {
  const shifted = days + daysToEpoch;
  const era = Math.floor(shifted / daysPerEra);
  const dayOfEra = shifted - era * daysPerEra;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const fromYearStart =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * fromYearStart + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: fromYearStart - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}

/** Days since 1970-01-01; a month or day out of its range counts on from there. */
export function daysOfCivil(year: number, month: number, day: number): number {
  const monthsOver = Math.floor((month - 1) / 12);
  const inYear = month - monthsOver * 12;
  const marchYear = year + monthsOver - (inYear <= 2 ? 1 : 0);
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const fromYearStart = Math.floor((153 * (inYear > 2 ? inYear - 3 : inYear + 9) + 2) / 5);
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + fromYearStart;
  return era * daysPerEra + dayOfEra - daysToEpoch + day - 1;
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** @param month 1 to 12 */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** 0 for Sunday to 6 for Saturday. */
export function dayOfWeek(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

/** 1 for Monday to 7 for Sunday. */
export function isoDayOfWeek(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

/** 1 to 366. */
export function dayOfYear(days: number): number {
  return days - daysOfCivil(civilDate(days).year, 1, 1) + 1;
}

/** 0 to 53; weeks begin on Sundays, and what is before the first one is in week 0. */
export function weekOfYear(days: number): number {
  return Math.floor((dayOfYear(days) - dayOfWeek(days) + 6) / 7);
}

export interface IsoWeek {
  readonly year: number;
  /** 1 to 53. */
  readonly week: number;
}

/** ISO 8601's week belongs to the year that its Thursday lies in. */
export function isoWeek(days: number): IsoWeek {
  const thursday = days + 4 - isoDayOfWeek(days);
  const { year } = civilDate(thursday);
  return { year, week: Math.floor((thursday - daysOfCivil(year, 1, 1)) / 7) + 1 };
}

/** Days since 1970-01-01; a week or day out of its range counts on from there. */
export function daysOfIsoWeek(year: number, week: number, day: number): number {
  // 4 January is always in week 1.
  const fourth = daysOfCivil(year, 1, 4);
  return fourth - isoDayOfWeek(fourth) + (week - 1) * 7 + day;
}
