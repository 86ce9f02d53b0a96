/**
 * Reads numbers, months and zones out of a piece of text, from left to right.
 *
 * Numbers are looked for: what stands before one is skipped.
 */
import type { ParsedZone } from "./parsed-time.ts";
import { offsetOfAbbreviation } from "./zone-abbreviation.ts";

export interface TextCursor {
  readonly text: string;
  at: number;
}

/** @param at where the piece begins, @param until where it ends */
export function createCursor(text: string, at = 0, until: number = text.length): TextCursor {
  return { text: text.slice(at, until), at: 0 };
}

function isDigit(text: string | undefined): boolean {
  return text !== undefined && text >= "0" && text <= "9";
}

/** The next digits, at most `width` of them; undefined where there are none. */
export function readDigits(cursor: TextCursor, width: number): string | undefined {
  const { text } = cursor;
  while (cursor.at < text.length && !isDigit(text[cursor.at])) cursor.at += 1;
  const from = cursor.at;
  while (cursor.at - from < width && isDigit(text[cursor.at])) cursor.at += 1;
  return cursor.at === from ? undefined : text.slice(from, cursor.at);
}

/** The next number of at most `width` digits. */
export function readNumber(cursor: TextCursor, width: number): number | undefined {
  const digits = readDigits(cursor, width);
  return digits === undefined ? undefined : Number(digits);
}

/** The same with any signs before it: an odd count of `-` negates. */
export function readSigned(cursor: TextCursor, width: number): number | undefined {
  const { text } = cursor;
  let isNegative = false;
  while (cursor.at < text.length && !isDigit(text[cursor.at])) {
    if (text[cursor.at] === "-") isNegative = !isNegative;
    cursor.at += 1;
  }
  const value = readNumber(cursor, width);
  return value === undefined || !isNegative ? value : -value;
}

/** A year; of fewer than four digits, one near 2000 is meant. */
export function readShortYear(cursor: TextCursor, width = 4): number | undefined {
  const digits = readDigits(cursor, width);
  if (digits === undefined) return undefined;
  const year = Number(digits);
  if (digits.length >= 4 || year >= 100) return year;
  return year < 70 ? year + 2000 : year + 1900;
}

/** What follows a decimal point, in whole microseconds. */
export function readFraction(cursor: TextCursor): number {
  const digits = readDigits(cursor, cursor.text.length) ?? "";
  return Number(digits.slice(0, 6).padEnd(6, "0"));
}

const months: ReadonlyMap<string, number> = new Map(
  (
    [
      ["jan january i", 1],
      ["feb february ii", 2],
      ["mar march iii", 3],
      ["apr april iv", 4],
      ["may v", 5],
      ["jun june vi", 6],
      ["jul july vii", 7],
      ["aug august viii", 8],
      ["sep sept september ix", 9],
      ["oct october x", 10],
      ["nov november xi", 11],
      ["dec december xii", 12],
    ] as const
  ).flatMap(([names, month]) => names.split(" ").map((name) => [name, month] as const)),
);

/** Reads a word of letters, lower-cased. */
export function readWord(cursor: TextCursor): string {
  const from = cursor.at;
  while (/^[a-z]$/i.test(cursor.text[cursor.at] ?? "")) cursor.at += 1;
  return cursor.text.slice(from, cursor.at).toLowerCase();
}

/** A month by its name, 1 to 12; undefined where there is none. */
export function readMonth(cursor: TextCursor): number | undefined {
  while (/^[-\s./]$/.test(cursor.text[cursor.at] ?? "")) cursor.at += 1;
  return months.get(readWord(cursor));
}

export function skipBlanks(cursor: TextCursor): void {
  while (cursor.text[cursor.at] === " " || cursor.text[cursor.at] === "\t") cursor.at += 1;
}

/** Passes by the ending of an ordinal number. */
export function skipOrdinalEnding(cursor: TextCursor): void {
  if (/^(?:st|nd|rd|th)$/i.test(cursor.text.slice(cursor.at, cursor.at + 2))) cursor.at += 2;
}

/** Hours to be added on account of `am` or `pm`. */
export function readMeridian(cursor: TextCursor, hour: number): number {
  const letter = /[ap]/i.exec(cursor.text.slice(cursor.at))?.[0].toLowerCase();
  if (letter === "a") return hour === 12 ? -12 : 0;
  return hour === 12 ? 0 : 12;
}

const offsetForm = /^(?:GMT(?=[+-]))?([+-])([\d:]*)/;

/**
 * Reads a time zone: an offset or an abbreviation, in brackets or not.
 *
 * @returns undefined for anything else: identifiers such as `Europe/Berlin` are not allowed here
 */
export function readZone(cursor: TextCursor): ParsedZone | undefined {
  const { text } = cursor;
  while (/^[ \t(]$/.test(text[cursor.at] ?? "")) cursor.at += 1;
  const match = offsetForm.exec(text.slice(cursor.at));
  let zone: ParsedZone | undefined;
  if (match === null) zone = readAbbreviation(cursor);
  else {
    cursor.at += match[0].length;
    const size = offsetSize(match[2] ?? "");
    if (size !== undefined) zone = { offset: match[1] === "-" ? -size : size };
  }
  while (text[cursor.at] === ")") cursor.at += 1;
  return zone;
}

function readAbbreviation(cursor: TextCursor): ParsedZone | undefined {
  const word = /^[^\s()]*/.exec(cursor.text.slice(cursor.at))?.[0] ?? "";
  cursor.at += word.length;
  const offset = offsetOfAbbreviation(word);
  return offset === undefined ? undefined : { offset, abbreviation: word.toUpperCase() };
}

const clockForms: readonly RegExp[] = [
  /^(\d\d?)$/,
  /^(\d\d?):(\d\d?)$/,
  /^(\d\d?)(\d\d)$/,
  /^(\d\d)(\d\d)(\d\d)$/,
  /^(\d\d):(\d\d):(\d\d)$/,
];

/** Seconds of `h`, `hh`, `hmm`, `hhmm`, `hh:mm`, `hhmmss` and `hh:mm:ss`. */
function offsetSize(text: string): number | undefined {
  for (const form of clockForms) {
    const match = form.exec(text);
    if (match !== null)
      return Number(match[1]) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
  }
  return undefined;
}

/** The message for a zone that can not be read. */
export const zoneRefused = "passing a time zone identifier as part of the string is not allowed";
