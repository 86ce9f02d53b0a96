/** Relative parts of the text of a date, such as `+1 day`, `last monday of`, and what they make of a date. */
import { dayOfWeek, daysOfCivil } from "./calendar.ts";

export interface RelativeTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  microsecond: number;
  /** 0 for Sunday to 6; negative after `ago`. */
  weekday?: number;
  /** 0: the weekday after the date, 1: on or after it, 2: of the date's week. */
  weekdayBehaviour: 0 | 1 | 2;
  edge?: "first" | "last";
  /** How many days from Monday to Friday to go. */
  workdays: number;
  /** `first monday of` and the like: what `weekday` is counted in. */
  weekdayOf?: "month" | "lastOfMonth";
}

export function createRelativeTime(): RelativeTime {
  return {
    year: 0,
    month: 0,
    day: 0,
    hour: 0,
    minute: 0,
    second: 0,
    microsecond: 0,
    weekdayBehaviour: 0,
    workdays: 0,
  };
}

type Field = "year" | "month" | "day" | "hour" | "minute" | "second" | "microsecond";

const units: ReadonlyMap<string, readonly [Field, number]> = new Map(
  (
    [
      ["ms msec msecs millisecond milliseconds", "microsecond", 1000],
      ["usec usecs microsecond microseconds", "microsecond", 1],
      ["sec secs second seconds", "second", 1],
      ["min mins minute minutes", "minute", 1],
      ["hour hours", "hour", 1],
      ["day days", "day", 1],
      ["week weeks", "day", 7],
      ["fortnight fortnights forthnight forthnights", "day", 14],
      ["month months", "month", 1],
      ["year years", "year", 1],
    ] as const
  ).flatMap(([names, field, size]) =>
    names.split(" ").map((name) => [name, [field, size] as const] as const),
  ),
);

const weekdays: readonly string[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** 0 for Sunday to 6 for Saturday, by the name or its first three letters. */
export function weekdayOf(word: string): number | undefined {
  const index = weekdays.indexOf(word.slice(0, 3));
  return index < 0 || word.startsWith("month") ? undefined : index;
}

/**
 * Adds an amount of a unit, a weekday among them.
 *
 * @returns whether the unit is one that begins its day, as weekdays are
 */
export function addRelative(
  relative: RelativeTime,
  amount: number,
  unit: string,
  behaviour: 0 | 1 | 2,
): boolean {
  if (unit.startsWith("weekday")) {
    relative.workdays = amount;
    return true;
  }
  const known = units.get(unit);
  if (known !== undefined) {
    relative[known[0]] += amount * known[1];
    return false;
  }
  const weekday = weekdayOf(unit);
  if (weekday === undefined) return false;
  relative.day += (amount > 0 ? amount - 1 : amount) * 7;
  relative.weekday = weekday;
  relative.weekdayBehaviour = behaviour;
  return true;
}

/** `ago`: turns everything before it round. */
export function invertRelative(relative: RelativeTime): void {
  for (const field of ["year", "month", "day", "hour", "minute", "second"] as const)
    relative[field] = -relative[field];
  if (relative.weekday !== undefined)
    relative.weekday = relative.weekday === 0 ? -7 : -relative.weekday;
  relative.workdays = -relative.workdays;
}

/**
 * Applies the relative parts to a date.
 *
 * @returns days since 1970, and microseconds of that day that may be any number
 */
export function applyRelative(
  date: { readonly year: number; readonly month: number; readonly day: number },
  microseconds: number,
  relative: RelativeTime,
): { readonly days: number; readonly microseconds: number } {
  let { year, month, day } = date;
  if (relative.weekdayOf !== undefined) {
    day = 1;
    month += relative.month + (relative.weekdayOf === "month" ? 0 : 1);
    relative.month = 0;
  }
  if (relative.weekday !== undefined)
    day += weekdayDistance(daysOfCivil(year, month, day), relative.weekday, relative);
  year += relative.year;
  month += relative.month;
  day += relative.day;
  if (relative.edge === "first") day = 1;
  else if (relative.edge === "last") {
    day = 0;
    month += 1;
  }
  const seconds = relative.hour * 3600 + relative.minute * 60 + relative.second;
  return {
    days: addWorkdays(daysOfCivil(year, month, day), relative.workdays),
    microseconds: microseconds + seconds * 1_000_000 + relative.microsecond,
  };
}

function weekdayDistance(days: number, weekday: number, relative: RelativeTime): number {
  const current = dayOfWeek(days);
  if (relative.weekdayBehaviour === 2) {
    if (current === 0 && weekday !== 0) return weekday - 7;
    return (weekday === 0 && current !== 0 ? 7 : weekday) - current;
  }
  const difference = weekday - current;
  if (weekday < 0) return -(7 - (Math.abs(weekday) - current));
  const isBefore = relative.day < 0 ? difference < 0 : difference <= -relative.weekdayBehaviour;
  return isBefore ? difference + 7 : difference;
}

/** Goes from working day to working day, over week-ends. */
function addWorkdays(days: number, amount: number): number {
  if (amount === 0) return days;
  const step = amount < 0 ? -1 : 1;
  const size = Math.abs(amount);
  // The last one to five days are gone one by one, whole weeks at once.
  const single = ((size - 1) % 5) + 1;
  let at = days;
  for (let gone = 0; gone < single; gone += 1) {
    at += step;
    while (dayOfWeek(at) === 0 || dayOfWeek(at) === 6) at += step;
  }
  return at + step * 7 * ((size - single) / 5);
}
