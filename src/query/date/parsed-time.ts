/** What reading the text of a date has found so far: shared by the reader with a format and the one without. */
import { MongoError } from "../../kit/mongo-error.ts";
import { daysInMonth } from "./calendar.ts";

/** Fields are undefined until found. */
export interface ParsedTime {
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  minute?: number;
  second?: number;
  microsecond?: number;
  zone?: ParsedZone;
  hasDate: boolean;
  hasTime: boolean;
  hasZone: boolean;
  readonly errors: string[];
  readonly warnings: string[];
}

export interface ParsedZone {
  /** Seconds east of Greenwich. */
  readonly offset: number;
  /** As it was written, in upper case, where it was no number. */
  readonly abbreviation?: string;
}

export function createParsedTime(): ParsedTime {
  return { hasDate: false, hasTime: false, hasZone: false, errors: [], warnings: [] };
}

/** A problem at a place of the text, as the server words it; past the end there is a NUL. */
export function describeProblem(text: string, at: number, message: string): string {
  return `${at}: ${message} '${text[at] ?? "\0"}'`;
}

export function conversionFailure(message: string): MongoError {
  return new MongoError(241, message);
}

/** @throws {MongoError} 241 when there were problems */
export function throwProblems(text: string, { errors, warnings }: ParsedTime): void {
  if (errors.length + warnings.length === 0) return;
  throw conversionFailure(
    `Error parsing date string '${text}'; ${[...errors, ...warnings].join("; ")}`,
  );
}

export function isValidTime(time: ParsedTime): boolean {
  return (time.hour ?? 0) < 24 && (time.minute ?? 0) < 60 && (time.second ?? 0) < 60;
}

/** What the server has in place of a number that was not found. */
const notFound = -9_999_999;

export function isValidDate(time: Pick<ParsedTime, "year" | "month" | "day">): boolean {
  const { year = notFound, month = notFound, day = notFound } = time;
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}
