import { expect, test } from "vitest";
import { parseSchedule } from "./schedule.ts";

function matches(expression: string, moment: string): boolean {
  const schedule = parseSchedule(expression);
  if (!("matches" in schedule)) throw new Error(`${schedule.expected}, not ${schedule.found}`);
  return schedule.matches(Date.parse(moment));
}

test.for<[expression: string, moment: string, isOne: boolean]>([
  ["* * * * *", "2024-02-29T23:59:59.999Z", true],
  ["0 11 * * *", "2024-05-01T11:00:30Z", true],
  ["0 11 * * *", "2024-05-01T11:01:00Z", false],
  ["0 11 * * *", "2024-05-01T11:00:00+02:00", false],
  ["0 11 * 1,3,7 *", "2024-03-09T11:00:00Z", true],
  ["0 11 * 1,3,7 *", "2024-04-09T11:00:00Z", false],
  ["0 11 * 1-4 *", "2024-04-30T11:00:00Z", true],
  ["0 11 * JAN-apr *", "2024-04-30T11:00:00Z", true],
  ["*/25 * * * *", "2024-01-01T00:00:00Z", true],
  ["*/25 * * * *", "2024-01-01T00:50:00Z", true],
  ["*/25 * * * *", "2024-01-01T00:55:00Z", false],
  ["5-59/25 * * * *", "2024-01-01T00:05:00Z", false],
  ["5-59/25 * * * *", "2024-01-01T00:25:00Z", true],
  ["0 0 * * SUN", "2024-01-07T00:00:00Z", true],
  ["0 0 * * 0", "2024-01-08T00:00:00Z", false],
  ["0 0 13 * 5", "2024-09-13T00:00:00Z", true],
  ["0 0 13 * 5", "2024-09-20T00:00:00Z", false],
  ["  0  0\t* * *  ", "2024-09-20T00:00:00Z", true],
])("schedule: %s at %s: %s", ([expression, moment, isOne]) => {
  expect(matches(expression, moment)).toBe(isOne);
});

test.for<[expression: string, expected: string]>([
  ["", "five fields"],
  ["* * * *", "five fields"],
  ["* * * * * *", "five fields"],
  [`${"*,".repeat(1000)}* * * * *`, "five fields"],
  ["60 * * * *", "a minute of 0 to 59"],
  ["-1 * * * *", "a minute"],
  ["1.5 * * * *", "a minute"],
  ["*/0 * * * *", "a minute"],
  ["*/2/2 * * * *", "a minute"],
  ["1,,2 * * * *", "a minute"],
  ["* 24 * * *", "an hour of 0 to 23"],
  ["* * 0 * *", "a day of the month of 1 to 31"],
  ["* * * 13 *", "a month of 1 to 12 (JAN to DEC)"],
  ["* * * * 7", "a weekday of 0 to 6 (SUN to SAT)"],
  ["* * * * MON-SUN", "a weekday"],
  ["* * * * constructor", "a weekday"],
  ["@daily", "five fields"],
])("schedule: %s is none", ([expression, expected]) => {
  expect(parseSchedule(expression)).toMatchObject({
    expected: expect.stringContaining(expected) as string,
  });
});

test.for<[expression: string, after: string, next: string | undefined]>([
  ["* * * * *", "2024-02-29T23:59:30Z", "2024-03-01T00:00:00Z"],
  ["* * * * *", "2024-02-29T23:58:00Z", "2024-02-29T23:59:00Z"],
  ["0 9,17 * * *", "2024-05-01T09:00:00Z", "2024-05-01T17:00:00Z"],
  ["30 2-4 1 * *", "2024-05-01T04:30:00Z", "2024-06-01T02:30:00Z"],
  ["0 0 13 * FRI", "2024-09-13T00:00:00Z", "2024-12-13T00:00:00Z"],
  ["0 0 29 2 MON", "2072-02-29T00:00:00Z", "2112-02-29T00:00:00Z"],
  ["0 0 30 2 *", "2024-01-01T00:00:00Z", undefined],
])("schedule: %s after %s is %s", ([expression, after, next]) => {
  const schedule = parseSchedule(expression);
  if (!("matches" in schedule)) throw new Error(schedule.expected);
  const found = schedule.nextAfter(Date.parse(after));
  expect(found).toBe(next === undefined ? undefined : Date.parse(next));
});
