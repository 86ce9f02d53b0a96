/** What the forms in `text-grammar.ts` mean that hold a time of day or a zone. */
import {
  readFraction,
  readMeridian,
  readNumber,
  readSigned,
  type TextCursor,
} from "./text-cursor.ts";
import { readDateDigits, readDayMonthNameYear, readMonthDay } from "./text-date.ts";
import {
  type Act,
  readRest,
  readZoneOf,
  reportSecondZone,
  resetTime,
  takesDate,
  takesTime,
  type Token,
} from "./text-token.ts";

export const timeActions: ReadonlyMap<string, Act> = new Map<string, Act>([
  ["time12", timeOfDay(readClock12)],
  ["time12Fraction", timeOfDay(readClock12)],
  [
    "time24",
    timeOfDay((token) => {
      readClock(token);
      readRest(token);
    }),
  ],
  [
    "timeDigits",
    timeOfDay((token) => {
      readClockDigits(token);
      readRest(token);
    }),
  ],
  ["timeOrYear", setTimeOrYear],
  ["dateTime", dateAndTime(readDateDigits, readClockFraction)],
  [
    "logDate",
    dateAndTime(readDayMonthNameYear, (token) => {
      readClockDigits(token);
      readRest(token);
    }),
  ],
  ["monthNameDayTime12", dateThenTime(readClock12)],
  [
    "monthNameDayTime",
    dateThenTime((token) => {
      readClock(token);
      readZoneOf(token);
    }),
  ],
  ["zone", readRest],
  ["timestamp", setTimestamp],
  ["timestampFraction", setTimestamp],
]);

function timeOfDay(read: Act): Act {
  return (token) => {
    if (takesTime(token)) read(token);
  };
}

function dateAndTime(readDate: Act, readTime: Act): Act {
  return (token) => {
    if (!takesTime(token) || !takesDate(token)) return;
    readDate(token);
    readTime(token);
  };
}

function dateThenTime(readTime: Act): Act {
  return (token) => {
    if (!takesDate(token)) return;
    readMonthDay(token);
    if (takesTime(token)) readTime(token);
  };
}

function readClock({ cursor, time }: Token): void {
  time.hour = readNumber(cursor, 2) ?? 0;
  if (!isClockMark(cursor)) return;
  time.minute = readNumber(cursor, 2) ?? 0;
  if (!isClockMark(cursor)) return;
  time.second = readNumber(cursor, 2) ?? 0;
  if (isClockMark(cursor)) time.microsecond = readFraction(cursor);
}

function isClockMark({ text, at }: TextCursor): boolean {
  return text[at] === ":" || text[at] === ".";
}

function readClock12(token: Token): void {
  readClock(token);
  token.time.hour = (token.time.hour ?? 0) + readMeridian(token.cursor, token.time.hour ?? 0);
}

function readClockDigits({ time, cursor }: Token): void {
  time.hour = readNumber(cursor, 2) ?? 0;
  time.minute = readNumber(cursor, 2) ?? 0;
  time.second = readNumber(cursor, 2) ?? 0;
}

function readClockFraction(token: Token): void {
  readClockDigits(token);
  if (token.cursor.text[token.cursor.at] !== ".") return;
  token.time.microsecond = readFraction(token.cursor);
  readRest(token);
}

/** Four digits are a time if there has been none, and the year otherwise. */
function setTimeOrYear({ time, cursor }: Token): void {
  if (time.hasTime) {
    time.year = readNumber(cursor, 4) ?? 0;
    return;
  }
  time.hour = readNumber(cursor, 2) ?? 0;
  time.minute = readNumber(cursor, 2) ?? 0;
  time.second = 0;
  time.hasTime = true;
}

/** A moment in seconds since 1970, in UTC. */
function setTimestamp(token: Token): void {
  const { cursor, time } = token;
  resetTime(time, false);
  time.hasDate = false;
  if (time.hasZone) {
    reportSecondZone(token);
    return;
  }
  const isNegative = cursor.text[1] === "-";
  const seconds = readSigned(cursor, 24) ?? 0;
  const fraction = cursor.text[cursor.at] === "." ? readFraction(cursor) : 0;
  Object.assign(time, { hasZone: true, year: 1970, month: 1, day: 1 });
  time.relative.second += seconds;
  time.relative.microsecond = isNegative ? -fraction : fraction;
  time.zone = { offset: 0 };
}
