/**
 * CRON expressions of five fields, in UTC: minute, hour, day of the month, month, weekday.
 *
 * Read here rather than by a library, since the original differs from what these do: a step matches the values that it
 * divides (`5-59/25`: 25 and 50), and all five fields must match, the day of the month and the weekday too.
 */

/** Which minutes are meant. */
export interface Schedule {
  /** Whether the minute that a moment lies in is one of them. @param moment in milliseconds since 1970 */
  matches(moment: number): boolean;
  /**
   * The beginning of the first of them that begins later, in milliseconds since 1970; undefined where there is none, as
   * of the 30th of February.
   */
  nextAfter(moment: number): number | undefined;
}

/** What is wrong, for `expected …, found …`. */
export interface ScheduleFault {
  readonly expected: string;
  /** The faulty field; undefined: the expression as a whole. */
  readonly found: string | undefined;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Three letters each, for the values from `min` on. */
  readonly words?: readonly string[];
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const fields: readonly Field[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of the month", min: 1, max: 31 },
  { name: "month", min: 1, max: 12, words: months },
  { name: "weekday", min: 0, max: 6, words: weekdays },
];

const none: ReadonlySet<number> = new Set();
const lengthMax = 1000;
const dayMs = 86_400_000;
/** By then every day of a year has met every weekday, the 29th of February too, past a century without one. */
const searchedDaysMax = 366 * 41;

export function parseSchedule(text: string): Schedule | ScheduleFault {
  const parts = text.slice(0, lengthMax).trim().split(/\s+/);
  if (parts.length !== fields.length || text.length > lengthMax)
    return { expected: "a CRON expression of five fields", found: undefined };
  const sets: ReadonlySet<number>[] = [];
  for (const [index, field] of fields.entries()) {
    const part = parts[index] ?? "";
    const set = parseField(part, field);
    if (set === undefined) return { expected: describe(field), found: JSON.stringify(part) };
    sets.push(set);
  }
  const [minutes = none, hours = none, ...ofDays] = sets;
  const isMeant = (day: Date): boolean =>
    [day.getUTCDate(), day.getUTCMonth() + 1, day.getUTCDay()].every((value, index) =>
      ofDays[index]?.has(value),
    );
  return {
    matches(moment) {
      const at = new Date(moment);
      return minutes.has(at.getUTCMinutes()) && hours.has(at.getUTCHours()) && isMeant(at);
    },
    nextAfter(moment) {
      const today = Math.floor(moment / dayMs) * dayMs;
      for (let ahead = 0; ahead < searchedDaysMax; ahead += 1) {
        const midnight = today + ahead * dayMs;
        if (!isMeant(new Date(midnight))) continue;
        const times = timesOf(hours, minutes).map((minute) => midnight + minute * 60_000);
        const found = times.find((time) => time > moment);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/** Minutes of a day, in their order. */
function timesOf(hours: ReadonlySet<number>, minutes: ReadonlySet<number>): readonly number[] {
  const times = [...hours].flatMap((hour) => [...minutes].map((minute) => hour * 60 + minute));
  return times.toSorted((left, right) => left - right);
}

function describe({ name, min, max, words }: Field): string {
  const named = words === undefined ? "" : ` (${words[0]} to ${words.at(-1)})`;
  return `${name === "hour" ? "an" : "a"} ${name} of ${min} to ${max}${named}, '*', a list, a range or a step`;
}

function parseField(text: string, field: Field): ReadonlySet<number> | undefined {
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", step, ...rest] = part.split("/");
    const bounds = parseRange(range, field);
    const divisor = step === undefined ? 1 : parseNumber(step);
    if (bounds === undefined || divisor === undefined || divisor === 0 || rest.length > 0)
      return undefined;
    for (let value = bounds[0]; value <= bounds[1]; value += 1)
      if (value % divisor === 0) found.add(value);
  }
  return found;
}

function parseRange(text: string, field: Field): readonly [number, number] | undefined {
  if (text === "*") return [field.min, field.max];
  const [first = "", last = first, ...rest] = text.split("-");
  const from = parseValue(first, field);
  const to = parseValue(last, field);
  if (from === undefined || to === undefined || from > to || rest.length > 0) return undefined;
  return [from, to];
}

function parseValue(text: string, { min, max, words }: Field): number | undefined {
  const word = words?.indexOf(text.toUpperCase()) ?? -1;
  const value = word >= 0 ? min + word : parseNumber(text);
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

function parseNumber(text: string): number | undefined {
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
