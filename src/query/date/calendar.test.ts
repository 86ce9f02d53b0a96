import { expect, test } from "vitest";
import {
  civilDate,
  dayOfWeek,
  dayOfYear,
  daysOfCivil,
  daysOfIsoWeek,
  isoDayOfWeek,
  isoWeek,
  millisecondsOf,
  momentOf,
} from "./calendar.ts";

test("calendar: agrees with JavaScript's own over thousands of years", () => {
  for (let days = -800_000; days < 800_000; days += 97) {
    const date = new Date(days * 86_400_000);
    const civil = civilDate(days);
    expect([civil.year, civil.month, civil.day]).toEqual([
      date.getUTCFullYear(),
      date.getUTCMonth() + 1,
      date.getUTCDate(),
    ]);
    expect(daysOfCivil(civil.year, civil.month, civil.day)).toBe(days);
    expect(dayOfWeek(days)).toBe(date.getUTCDay());
    const week = isoWeek(days);
    expect(daysOfIsoWeek(week.year, week.week, isoDayOfWeek(days))).toBe(days);
    expect(dayOfYear(days)).toBeLessThanOrEqual(366);
  }
});

test.for<[ms: number | bigint, days: number, rest: number]>([
  [0, 0, 0],
  [-1, -1, 86_399_999],
  [2n ** 63n - 1n, 106_751_991_167, 25_975_807],
  [-(2n ** 63n), -106_751_991_168, 60_424_192],
])("calendar: %s milliseconds are a day and a rest, and back", ([ms, days, rest]) => {
  const moment = momentOf(ms);
  expect(moment).toEqual({ days, ms: rest });
  expect(millisecondsOf(moment)).toBe(ms);
});

test.for<[year: number, month: number, day: number, text: string]>([
  [2017, 13, 1, "2018-01-01"],
  [2017, 0, 1, "2016-12-01"],
  [2017, 3, 0, "2017-02-28"],
  [2016, 3, 0, "2016-02-29"],
  [2017, -11, -30, "2015-12-01"],
])("calendar: %s-%s-%s counts on to %s", ([year, month, day, text]) => {
  const ms = millisecondsOf({ days: daysOfCivil(year, month, day), ms: 0 });
  expect(new Date(Number(ms)).toISOString().slice(0, 10)).toBe(text);
});
