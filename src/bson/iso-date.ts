/** Dates as ISO 8601 text, to and from milliseconds since 1970. */

const dateForm =
  /^(\d{4}|[+-]\d{6})-(\d\d)-(\d\d)(?:[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,18}))?)?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?)?$/;

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
  const [offsetHour, offsetMinute] = [part(10), part(11)];
  if (!isTime(offsetHour, offsetMinute, 0)) return undefined;
  const ms = Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
  const offset = (offsetHour * 60 + offsetMinute) * (match[9] === "-" ? -60_000 : 60_000);
  const local = toMs(part(1), part(2), part(3), part(4), part(5), part(6));
  return local === undefined ? undefined : local + ms - offset;
}

const zero = 0x30;

/**
 * Reads the commonest form, `2024-03-01T10:20:30Z` with or without three digits of milliseconds, from ASCII bytes.
 *
 * @returns undefined for everything else, which may be a date all the same
 */
export function readIsoBytes(bytes: Uint8Array, at: number, length: number): number | undefined {
  if (length !== 24 && length !== 20) return undefined;
  const last = at + length - 1;
  const hasMarks =
    bytes[at + 4] === 0x2d &&
    bytes[at + 7] === 0x2d &&
    bytes[at + 10] === 0x54 &&
    bytes[at + 13] === 0x3a &&
    bytes[at + 16] === 0x3a &&
    bytes[last] === 0x5a &&
    (length === 20 || bytes[at + 19] === 0x2e);
  if (!hasMarks) return undefined;
  const local = toMs(
    twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2),
    twoDigits(bytes, at + 5),
    twoDigits(bytes, at + 8),
    twoDigits(bytes, at + 11),
    twoDigits(bytes, at + 14),
    twoDigits(bytes, at + 17),
  );
  if (local === undefined) return undefined;
  const ms = length === 20 ? 0 : twoDigits(bytes, at + 20) * 10 + oneDigit(bytes, at + 22);
  return Number.isNaN(ms) ? undefined : local + ms;
}

function oneDigit(bytes: Uint8Array, at: number): number {
  const digit = (bytes[at] as number) - zero;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  return oneDigit(bytes, at) * 10 + oneDigit(bytes, at + 1);
}

const dayMs = 86_400_000;

/** undefined when a part is out of its range, or NaN. */
function toMs(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  if (Number.isNaN(year)) return undefined;
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!isDay || !isTime(hour, minute, second)) return undefined;
  return daysSince1970(year, month, day) * dayMs + ((hour * 60 + minute) * 60 + second) * 1000;
}

function isTime(hour: number, minute: number, second: number): boolean {
  return hour < 24 && minute < 60 && second < 60;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1 March of the year 0 to 1 January 1970. */
const daysTo1970 = 719_468;

/** Counts years from March, so that the leap day is the last. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + yearOfEra * 365 + leapDays + dayOfYear - daysTo1970;
}

/** The first and the last millisecond that a year of four digits can name, the latter exclusive. */
export const year0Ms = -62_167_219_200_000;
export const year10000Ms = 253_402_300_800_000;

/** Bytes that `writeIsoDate` writes. */
export const isoLength = 24;

/**
 * Writes 24 bytes such as `2024-03-01T10:20:30.456Z`.
 *
 * @param ms an integer from `year0Ms` up to `year10000Ms`, exclusive
 */
export function writeIsoDate(bytes: Uint8Array, at: number, ms: number): void {
  const days = Math.floor(ms / dayMs);
  const rest = ms - days * dayMs;
  writeDay(bytes, at, days + daysTo1970);
  bytes[at + 10] = 0x54;
  const seconds = Math.floor(rest / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  writeTwo(bytes, at + 11, hours);
  bytes[at + 13] = 0x3a;
  writeTwo(bytes, at + 14, minutes - hours * 60);
  bytes[at + 16] = 0x3a;
  writeTwo(bytes, at + 17, seconds - minutes * 60);
  bytes[at + 19] = 0x2e;
  const fraction = rest - seconds * 1000;
  const tens = Math.floor(fraction / 10);
  writeTwo(bytes, at + 20, tens);
  bytes[at + 22] = zero + fraction - tens * 10;
  bytes[at + 23] = 0x5a;
}

/** @param days since 1 March of the year 0 */
function writeDay(bytes: Uint8Array, at: number, days: number): void {
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  const century = Math.floor(year / 100);
  writeTwo(bytes, at, century);
  writeTwo(bytes, at + 2, year - century * 100);
  bytes[at + 4] = 0x2d;
  writeTwo(bytes, at + 5, month);
  bytes[at + 7] = 0x2d;
  writeTwo(bytes, at + 8, dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1);
}

function writeTwo(bytes: Uint8Array, at: number, value: number): void {
  const tens = Math.floor(value / 10);
  bytes[at] = zero + tens;
  bytes[at + 1] = zero + value - tens * 10;
}
