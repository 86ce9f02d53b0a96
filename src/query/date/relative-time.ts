/** Relative parts of the text of a date, such as `+1 day`, `last monday of`, and what they make of a date. */
import { civilDate, dayOfWeek, daysOfCivil } from "./calendar.ts";

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

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/**
 * Applies the relative parts to a date.
 *
 * @returns days since 1970, and microseconds of that day that may be any number
 */
export function applyRelative(
  date: Day,
  microseconds: number,
  relative: RelativeTime,
): { readonly days: number; readonly microseconds: number } {
  const weekday = toWeekday(toEdge(date, relative), relative);
  const moved = {
    year: weekday.year + relative.year,
    month: weekday.month + (relative.weekdayOf === undefined ? relative.month : 0),
    day: weekday.day + relative.day,
  };
  const { year, month, day } = toEdge(moved, relative);
  const seconds = relative.hour * 3600 + relative.minute * 60 + relative.second;
  const clock = microseconds + seconds * 1_000_000 + relative.microsecond;
  const carried = Math.floor(clock / microsecondsPerDay);
  const days = daysOfCivil(year, month, day) + carried;
  return {
    days: addWorkdays(days, relative.workdays),
    microseconds: clock - carried * microsecondsPerDay,
  };
}

const microsecondsPerDay = 86_400_000_000;

function toWeekday({ year, month, day }: Day, relative: RelativeTime): Day {
  const isCounted = relative.weekdayOf !== undefined;
  const monthsOn =
    (isCounted ? relative.month : 0) + (relative.weekdayOf === "lastOfMonth" ? 1 : 0);
  const days = daysOfCivil(year, month + monthsOn, isCounted ? 1 : day);
  const distance =
    relative.weekday === undefined ? 0 : weekdayDistance(days, relative.weekday, relative);
  return isCounted || distance !== 0 ? civilDate(days + distance) : { year, month, day };
}

/** The first or last day of the month, where that is asked for: before anything else, and once more after it. */
function toEdge(date: Day, { edge }: RelativeTime): Day {
  if (edge === undefined) return date;
  const { year, month } = date;
  return civilDate(
    edge === "first" ? daysOfCivil(year, month, 1) : daysOfCivil(year, month + 1, 0),
  );
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
