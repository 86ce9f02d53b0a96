/** Dates as ISO 8601 text, to and from milliseconds since 1970. */

const dateForm =
  /^(\d{4}|[+-]\d{6})-(\d\d)-(\d\d)(?:[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,18}))?)?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?)?$/;

const fourHundredYearsMs = 12_622_780_800_000;

/**
 * Reads a date, or a date with a time, of the Gregorian calendar.
 *
 * Digits below milliseconds are cut off; without an offset it is UTC.
 *
 * @returns milliseconds since 1970; undefined when the text is no such date
 */
export function readIsoDate(text: string): number | undefined {
  const match = dateForm.exec(text);
  if (match === null || match[1] === "-000000") return undefined;
  const part = (index: number): number => Number(match[index] ?? "0");
  const [year, month, day] = [part(1), part(2), part(3)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  const [hour, minute, second] = [part(4), part(5), part(6)];
  const [offsetHour, offsetMinute] = [part(10), part(11)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59)
    return undefined;
  const ms = Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
  const offset = (offsetHour * 60 + offsetMinute) * (match[9] === "-" ? -60_000 : 60_000);
  // 400 years later the calendar is the same, and Date.UTC takes years below 100 for 19xx.
  const later = Date.UTC(year < 100 ? year + 400 : year, month - 1, day, hour, minute, second, ms);
  const utc = (year < 100 ? later - fourHundredYearsMs : later) - offset;
  return Number.isNaN(utc) ? undefined : utc;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
