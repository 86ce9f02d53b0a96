/** What the forms of dates in `text-grammar.ts` mean. */
import { daysOfCivil, daysOfIsoWeek } from "./calendar.ts";
import {
  readMonth,
  readNumber,
  readShortYear,
  readSigned,
  skipOrdinalEnding,
  type TextCursor,
} from "./text-cursor.ts";
import { type Act, type Token, takesDate } from "./text-token.ts";

type Part = readonly [
  field: "year" | "month" | "day",
  read: (cursor: TextCursor) => number | undefined,
];

const year: Part = ["year", (cursor) => readNumber(cursor, 4)];
const shortYear: Part = ["year", readShortYear];
const signedYear: Part = ["year", (cursor) => readSigned(cursor, 4)];
const month: Part = ["month", (cursor) => readNumber(cursor, 2)];
const monthName: Part = ["month", readMonth];
const january: Part = ["month", (): number => 1];
const day: Part = ["day", (cursor) => readNumber(cursor, 2)];
const first: Part = ["day", (): number => 1];
const ordinalDay: Part = [
  "day",
  (cursor): number | undefined => {
    const number = readNumber(cursor, 2);
    skipOrdinalEnding(cursor);
    return number;
  },
];

/** Form → its parts in their order; what is not there stays unset. */
const forms: readonly (readonly [form: string, ...parts: Part[]])[] = [
  ["american", month, day, shortYear],
  ["isoDate", signedYear, month, day],
  ["shortIsoDate", shortYear, month, day],
  ["longIsoDate", ["year", (cursor) => readSigned(cursor, 19)], month, day],
  ["yearMonth", shortYear, month, first],
  ["dayMonthNameYear", ordinalDay, monthName, shortYear],
  ["dayMonthYear", day, month, year],
  ["dayMonthShortYear", day, month, ["year", (cursor) => readShortYear(cursor, 2)]],
  ["monthNameYear", monthName, shortYear, first],
  ["yearMonthName", shortYear, monthName, first],
  ["monthNameDay", monthName, day, shortYear],
  ["dayMonthName", ordinalDay, monthName],
  ["dateDigits", year, month, day],
  ["yearDay", shortYear, ["day", (cursor) => readNumber(cursor, 3)], january],
  ["yearMonthNameDay", shortYear, monthName, day],
  ["monthName", monthName],
];

export const dateActions: ReadonlyMap<string, Act> = new Map<string, Act>([
  ...forms.map(([form, ...parts]) => [form, reader(parts)] as const),
  ["isoWeekDay", (token) => setIsoWeek(token, true)],
  ["isoWeek", (token) => setIsoWeek(token, false)],
  [
    "year",
    ({ time, cursor }) => {
      time.year = readNumber(cursor, 4) ?? 0;
    },
  ],
]);

function reader(parts: readonly Part[]): Act {
  return (token) => {
    if (takesDate(token)) readParts(token, parts);
  };
}

function readParts({ time, cursor }: Token, parts: readonly Part[]): void {
  for (const [field, read] of parts) {
    const value = read(cursor);
    if (value !== undefined) time[field] = value;
  }
}

/** Reads year, month and day as digits. */
export function readDateDigits(token: Token): void {
  readParts(token, [year, month, day]);
}

export function readMonthDay(token: Token): void {
  readParts(token, [monthName, day]);
}

export function readDayMonthNameYear(token: Token): void {
  readParts(token, [ordinalDay, monthName, year]);
}

function setIsoWeek(token: Token, hasDay: boolean): void {
  if (!takesDate(token)) return;
  const { cursor, time } = token;
  const isoYear = readNumber(cursor, 4) ?? 0;
  const week = readNumber(cursor, 2) ?? 0;
  const weekday = hasDay ? (readNumber(cursor, 1) ?? 1) : 1;
  Object.assign(time, { year: isoYear, month: 1, day: 1 });
  time.relative.day = daysOfIsoWeek(isoYear, week, weekday) - daysOfCivil(isoYear, 1, 1);
}
