import { expect, test } from "vitest";
import { readDate, readDuration } from "./iso-time.ts";

test.for<[text: string, iso: string]>([
  ["2026-01-02", "2026-01-02T00:00:00.000Z"],
  ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"],
  ["2026-01-02T03:04:05.1+02:00", "2026-01-02T01:04:05.100Z"],
  // A plus sign that was not encoded.
  ["2026-01-02T03:04:05.1 02:00", "2026-01-02T01:04:05.100Z"],
])("dates: %s", ([text, iso]) => {
  expect(new Date(readDate("start", text)).toISOString()).toBe(iso);
});

test.for(["", "now", "2026", "2026-1-2", "2026-01-02T25:00Z", "1764000000000"])(
  "dates: '%s' is none",
  (text) => {
    expect(() => readDate("start", text)).toThrow("start must be an ISO 8601 date");
  },
);

test.for<[text: string, ms: number]>([
  ["PT1H", 3_600_000],
  ["P31D", 2_678_400_000],
  ["P1DT2H3M4S", 93_784_000],
  ["P2W", 1_209_600_000],
])("durations: %s", ([text, ms]) => {
  expect(readDuration("granularity", text)).toBe(ms);
});

test.for(["", "P", "PT", "PT0S", "1H", "P1M", "-PT1H"])("durations: '%s' is none", (text) => {
  expect(() => readDuration("granularity", text)).toThrow("must be an ISO 8601 duration");
});
