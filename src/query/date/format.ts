/** Dates to text, by a format of `%` specifiers. */
import { MongoError } from "../../kit/mongo-error.ts";
import type { DateTime } from "../../bson/value.ts";
import {
  civilDate,
  dayOfWeek,
  dayOfYear,
  isoDayOfWeek,
  isoWeek,
  momentOf,
  type Moment,
  weekOfYear,
} from "./calendar.ts";
import { toLocal, utc, type Zone } from "./zone.ts";

/** What `$dateToString` uses by default. */
export const isoFormat = "%Y-%m-%dT%H:%M:%S.%LZ";

const months: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

type Write = (local: Moment, offset: number) => string;

const specifiers: ReadonlyMap<string, Write> = new Map<string, Write>([
  ["d", ({ days }) => pad(civilDate(days).day, 2)],
  ["G", ({ days }) => year(isoWeek(days).year)],
  ["H", ({ ms }) => pad(Math.floor(ms / 3_600_000), 2)],
  ["j", ({ days }) => pad(dayOfYear(days), 3)],
  ["L", ({ ms }) => pad(ms % 1000, 3)],
  ["m", ({ days }) => pad(civilDate(days).month, 2)],
  ["M", ({ ms }) => pad(Math.floor(ms / 60_000) % 60, 2)],
  ["S", ({ ms }) => pad(Math.floor(ms / 1000) % 60, 2)],
  ["U", ({ days }) => pad(weekOfYear(days), 2)],
  ["u", ({ days }) => String(isoDayOfWeek(days))],
  ["V", ({ days }) => pad(isoWeek(days).week, 2)],
  ["w", ({ days }) => String(dayOfWeek(days) + 1)],
  ["Y", ({ days }) => year(civilDate(days).year)],
  ["z", (_, offset) => offsetText(offset)],
  ["Z", (_, offset) => String(Math.trunc(offset / 60))],
  ["%", () => "%"],
  // Since MongoDB 7.0; the manual shows small letters, the server's release notes capitals, which are taken here.
  ["b", ({ days }) => (months[civilDate(days).month - 1] ?? "").slice(0, 3)],
  ["B", ({ days }) => months[civilDate(days).month - 1] ?? ""],
]);

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

function year(value: number): string {
  if (value < 0 || value > 9999)
    throw new MongoError(
      18537,
      `Could not convert date to string: date component was outside the supported range of 0-9999: ${value}`,
    );
  return pad(value, 4);
}

function offsetText(offset: number): string {
  const minutes = Math.trunc(Math.abs(offset) / 60);
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60), 2)}${pad(minutes % 60, 2)}`;
}

/** A format cut into literal text and specifiers. */
type Format = readonly (string | Write)[];

/** @throws {MongoError} 18535, 18536 when the format is none */
export function checkFormat(format: string): void {
  readFormat(format);
}

function readFormat(format: string): Format {
  const parts: (string | Write)[] = [];
  let from = 0;
  for (let at = format.indexOf("%"); at >= 0; at = format.indexOf("%", from)) {
    if (at > from) parts.push(format.slice(from, at));
    const letter = format[at + 1];
    if (letter === undefined) throw new MongoError(18535, "Unmatched '%' at end of format string");
    const write = specifiers.get(letter);
    if (write === undefined)
      throw new MongoError(18536, `Invalid format character '%${letter}' in format string`);
    parts.push(write);
    from = at + 2;
  }
  if (from < format.length) parts.push(format.slice(from));
  return parts;
}

let lastFormat = "";
let lastParts: Format = [];

/**
 * Writes a date.
 *
 * @throws {MongoError} 18535, 18536 when the format is none; 18537 when a year to be written is not within 0 to 9999
 */
export function formatDate(date: DateTime, format: string = isoFormat, zone: Zone = utc): string {
  if (format !== lastFormat) {
    lastParts = readFormat(format);
    lastFormat = format;
  }
  const moment = momentOf(date.ms);
  const local = toLocal(zone, moment);
  const offset = zone.offsetAt(moment);
  let text = "";
  for (const part of lastParts) text += typeof part === "string" ? part : part(local, offset);
  return text;
}
