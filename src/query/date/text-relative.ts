/** What the relative forms in `text-grammar.ts` mean, such as `tomorrow` and `+1 day`. */
import { addRelative, invertRelative, type RelativeTime, weekdayOf } from "./relative-time.ts";
import { readMeridian, readNumber, readSigned, readWord, skipBlanks } from "./text-cursor.ts";
import { type Act, resetTime, type Token } from "./text-token.ts";

export const relativeActions: ReadonlyMap<string, Act> = new Map<string, Act>([
  ["yesterday", dayOff(-1)],
  ["tomorrow", dayOff(1)],
  ["today", ({ time }) => resetTime(time, false)],
  ["noon", setNoon],
  ["edgeOf", setEdge],
  ["aroundHour", setAroundHour],
  ["weekdayOf", setWeekdayOf],
  ["ago", ({ time }) => invertRelative(time.relative)],
  ["weekday", setWeekday],
  ["relativeWeek", setWeek],
  [
    "relativeText",
    (token) => {
      addText(token);
    },
  ],
  ["relative", addNumber],
]);

function dayOff(days: number): Act {
  return ({ time }) => {
    resetTime(time, false);
    time.relative.day = days;
  };
}

function setNoon({ time }: Token): void {
  resetTime(time, true);
  time.hour = 12;
}

function setEdge({ time, cursor }: Token): void {
  resetTime(time, false);
  time.relative.edge = /^l/i.test(cursor.text) ? "last" : "first";
}

/** `back of 7pm` is a quarter past it, `front of` a quarter before. */
function setAroundHour({ time, cursor }: Token): void {
  resetTime(time, true);
  const isBack = cursor.text.startsWith("b");
  const hour = (readNumber(cursor, 2) ?? 0) - (isBack ? 0 : 1);
  const hasMeridian = /m/i.test(cursor.text.slice(cursor.at));
  time.hour = hour + (hasMeridian ? readMeridian(cursor, hour) : 0);
  time.minute = isBack ? 15 : 45;
}

function setWeekdayOf(token: Token): void {
  const { relative } = token.time;
  const isCounted = addText(token) > 0;
  relative.weekdayOf = isCounted ? "month" : "lastOfMonth";
  if (isCounted) relative.weekdayBehaviour = 1;
}

function setWeekday({ time, cursor }: Token): void {
  resetTime(time, false);
  time.relative.weekday = weekdayOf(readWord(cursor)) ?? 1;
  if (time.relative.weekdayBehaviour !== 2) time.relative.weekdayBehaviour = 1;
}

function setWeek(token: Token): void {
  addText(token);
  const relative: RelativeTime = token.time.relative;
  relative.weekdayBehaviour = 2;
  relative.weekday ??= 1;
}

const amounts: ReadonlyMap<string, number> = new Map([
  ...[
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
  ].map((word, index) => [word, index + 1] as const),
  ["eight", 8],
  ["next", 1],
  ["last", -1],
  ["previous", -1],
  ["this", 0],
]);

/** `third friday`, `next month`. @returns the amount */
function addText({ cursor, time }: Token): number {
  const word = readWord(cursor);
  const amount = amounts.get(word) ?? 0;
  skipBlanks(cursor);
  const beginsDay = addRelative(time.relative, amount, readWord(cursor), word === "this" ? 1 : 0);
  if (beginsDay) resetTime(time, false);
  return amount;
}

/** `+3 days`. */
function addNumber({ cursor, time }: Token): void {
  const amount = readSigned(cursor, 24) ?? 0;
  skipBlanks(cursor);
  addRelative(time.relative, amount, readWord(cursor), 1);
}
