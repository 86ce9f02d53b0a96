import { expect, test } from "vitest";
import { durationBoundsMs, durationPlaceOf, percentileOf } from "./durations.ts";

test.for<[ms: number, place: number]>([
  [0, 0],
  [1, 0],
  [1.1, 1],
  [90_000, durationBoundsMs.length - 1],
  [90_001, durationBoundsMs.length],
])("durations: %d ms have place %d", ([ms, place]) => {
  expect(durationPlaceOf(ms)).toBe(place);
});

test.for<[title: string, counts: readonly number[], percentile: number]>([
  ["none", [], 0],
  ["all in one class", [0, 0, 100], 4.875],
  ["the slowest twentieth starts here", [95, 5], 1],
  ["beyond all bounds", [...durationBoundsMs.map(() => 0), 1], 90_000],
])("durations: the 95th percentile of %s", ([, counts, percentile]) => {
  expect(percentileOf(counts, 0.95)).toBe(percentile);
});
