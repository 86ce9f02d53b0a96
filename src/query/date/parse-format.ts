/** Reads the text of a date by a format. */
import { MongoError } from "../../kit/mongo-error.ts";
import { civilDate, daysOfCivil, daysOfIsoWeek } from "./calendar.ts";
import {
  createParsedTime,
  describeProblem,
  isValidDate,
  isValidTime,
  type ParsedTime,
} from "./parsed-time.ts";
import {
  createCursor,
  readDigits,
  readMonth,
  readNumber,
  readZone,
  type TextCursor,
  zoneRefused,
} from "./text-cursor.ts";

interface Reading {
  readonly cursor: TextCursor;
  readonly time: ParsedTime;
  isoYear?: number;
  isoWeek?: number;
  isoDay?: number;
  /** Notes a problem at the place where the specifier began. */
  readonly report: (message: string) => void;
}

type Read = (reading: Reading) => void;

const specifiers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["d", (reading) => readField(reading, "day", 2, "A two digit day could not be found")],
  ["m", (reading) => readField(reading, "month", 2, "A two digit month could not be found")],
  ["Y", (reading) => readField(reading, "year", 4, "A four digit year could not be found")],
  ["H", (reading) => readField(reading, "hour", 2, "A two digit hour could not be found")],
  ["M", (reading) => readTwoDigits(reading, "minute")],
  ["S", (reading) => readTwoDigits(reading, "second")],
  ["L", readMilliseconds],
  ["G", readIsoYear],
  ["V", readIsoWeek],
  ["u", readIsoDay],
  ["z", readZoneOffset],
  ["Z", readMinutesOffset],
  // Since MongoDB 6.1 and 7.0.
  ["b", readMonthName],
  ["B", readMonthName],
  ["j", readDayOfYear],
]);

/** @throws {MongoError} 18535, 18536 when the format is none */
export function checkParseFormat(format: string): void {
  for (let at = format.indexOf("%"); at >= 0; at = format.indexOf("%", at + 2)) {
    const letter = format[at + 1];
    if (letter === undefined) throw new MongoError(18535, "Unmatched '%' at end of format string");
    if (letter !== "%" && !specifiers.has(letter))
      throw new MongoError(18536, `Invalid format character '%${letter}' in format string`);
  }
}

/** Reads all of the text; problems are noted in the result. @param format one that `checkParseFormat` lets pass */
export function parseByFormat(text: string, format: string): ParsedTime {
  const time = createParsedTime();
  const cursor = createCursor(text);
  let began = 0;
  const reading: Reading = {
    cursor,
    time,
    report: (message) => time.errors.push(describeProblem(text, began, message)),
  };
  let at = 0;
  while (at < format.length && cursor.at < text.length) {
    began = cursor.at;
    const read = format[at] === "%" ? specifiers.get(format[at + 1] ?? "") : undefined;
    if (read !== undefined) read(reading);
    else {
      const literal = format[at] ?? "";
      if (text[cursor.at] !== literal) reading.report("Format literal not found");
      cursor.at += 1;
    }
    at += format[at] === "%" ? 2 : 1;
  }
  began = cursor.at;
  if (cursor.at < text.length) reading.report("Trailing data");
  if (at < format.length) reading.report("Not enough data available to satisfy format");
  finish(reading, text);
  return time;
}

function finish(reading: Reading, text: string): void {
  const { time } = reading;
  const warn = (message: string): number =>
    time.warnings.push(describeProblem(text, reading.cursor.at, message));
  const clock = ["hour", "minute", "second", "microsecond"] as const;
  if (clock.some((field) => time[field] !== undefined))
    for (const field of clock) time[field] ??= 0;
  if (!joinIsoDate(reading)) warn("The parsed date was invalid");
  if (!isValidTime(time)) warn("The parsed time was invalid");
  const isComplete = [time.year, time.month, time.day].every((each) => each !== undefined);
  if (isComplete && !isValidDate(time)) warn("The parsed date was invalid");
}

/** @returns false when there is a week or a day of the week without a year */
function joinIsoDate({ time, report, isoYear, isoWeek, isoDay }: Reading): boolean {
  if (isoYear === undefined && isoWeek === undefined && isoDay === undefined) return true;
  const mixed = "Mixing of ISO dates with natural dates is not allowed";
  if (time.year !== undefined) report(mixed);
  if (isoYear === undefined) return false;
  if (time.year !== undefined || time.month !== undefined || time.day !== undefined) report(mixed);
  Object.assign(time, civilDate(daysOfIsoWeek(isoYear, isoWeek ?? 1, isoDay ?? 1)));
  return true;
}

function demandDigit({ cursor, report }: Reading): void {
  const next = cursor.text[cursor.at] ?? "";
  if (next < "0" || next > "9") report("Unexpected data found.");
}

function readField(
  reading: Reading,
  field: "day" | "month" | "year" | "hour",
  width: number,
  problem: string,
): void {
  demandDigit(reading);
  const value = readNumber(reading.cursor, width);
  if (value === undefined) reading.report(problem);
  else reading.time[field] = value;
}

function readTwoDigits(reading: Reading, field: "minute" | "second"): void {
  demandDigit(reading);
  const digits = readDigits(reading.cursor, 2);
  if (digits?.length === 2) reading.time[field] = Number(digits);
  else reading.report(`A two digit ${field} could not be found`);
}

function readMilliseconds(reading: Reading): void {
  demandDigit(reading);
  const digits = readDigits(reading.cursor, 3);
  if (digits === undefined) reading.report("A three digit millisecond could not be found");
  else reading.time.microsecond = Number(digits.padEnd(3, "0")) * 1000;
}

function readIsoYear(reading: Reading): void {
  const value = readNumber(reading.cursor, 4);
  if (value === undefined) reading.report("A four digit ISO year could not be found");
  else reading.isoYear = value;
}

function readIsoWeek(reading: Reading): void {
  const value = readNumber(reading.cursor, 2);
  if (value === undefined) return reading.report("A two digit ISO week could not be found");
  reading.isoWeek = value;
  if (value < 1 || value > 53) reading.report("ISO Week must be between 1 and 53");
}

function readIsoDay(reading: Reading): void {
  const value = readNumber(reading.cursor, 1);
  if (value === undefined) return reading.report("A single digit day of week could not be found");
  reading.isoDay = value;
  if (value < 1 || value > 7) reading.report("Day of week must be between 1 and 7");
}

function readZoneOffset(reading: Reading): void {
  const zone = readZone(reading.cursor);
  if (zone === undefined) reading.report(zoneRefused);
  else reading.time.zone = zone;
}

function readMinutesOffset({ cursor, time, report }: Reading): void {
  const match = /^([+-])(\d*)/.exec(cursor.text.slice(cursor.at));
  if (match === null) return report("Invalid timezone offset in minutes");
  cursor.at += match[0].length;
  const size = Number(match[2]) * 60;
  time.zone = { offset: match[1] === "-" ? -size : size };
}

function readMonthName(reading: Reading): void {
  const month = readMonth(reading.cursor);
  if (month === undefined) reading.report("A textual month could not be found");
  else reading.time.month = month;
}

/** The server counts from 0 here, though it writes days of the year from 1. */
function readDayOfYear(reading: Reading): void {
  const { time, cursor } = reading;
  demandDigit(reading);
  if (time.year === undefined)
    reading.report("A 'day of year' can only come after a year has been found");
  const day = readNumber(cursor, 3);
  if (day === undefined) return reading.report("A three digit day-of-year could not be found");
  if (time.year !== undefined) Object.assign(time, civilDate(daysOfCivil(time.year, 1, 1) + day));
}
