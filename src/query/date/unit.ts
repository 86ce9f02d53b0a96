/** Units of time, and days that weeks begin on. */

export type TimeUnit =
  | "year"
  | "quarter"
  | "month"
  | "week"
  | "day"
  | "hour"
  | "minute"
  | "second"
  | "millisecond";

const units: ReadonlySet<string> = new Set<TimeUnit>([
  "year",
  "quarter",
  "month",
  "week",
  "day",
  "hour",
  "minute",
  "second",
  "millisecond",
]);

export function isTimeUnit(text: string): text is TimeUnit {
  return units.has(text);
}

export const msOfUnit = {
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
} as const;

/** Units that are always as long, on a calendar without changes of offset; in milliseconds. */
export const fixedUnitsMs: ReadonlyMap<string, number> = new Map([
  ["week", 604_800_000],
  ["day", 86_400_000],
  ...Object.entries(msOfUnit),
]);

const weekdays: ReadonlyMap<string, number> = new Map(
  ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"].flatMap(
    (name, day) => [[name, day] as const, [name.slice(0, 3), day] as const],
  ),
);

/** 0 for Sunday to 6 for Saturday, by the name or its first three letters in any case; undefined for other texts. */
export function readWeekday(text: string): number | undefined {
  return weekdays.get(text.toLowerCase());
}
