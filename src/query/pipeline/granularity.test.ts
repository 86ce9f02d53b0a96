import { expect, test } from "vitest";
import { readGranularity } from "./granularity.ts";

const names = ["R5", "R80", "1-2-5", "E6", "E192", "POWERSOF2"];
const ends = [0, Number.POSITIVE_INFINITY, Number.MIN_VALUE, 1e-310];

test.for(names.flatMap((name) => ends.map((value) => [name, value] as const)))(
  "granularity: %s leaves %d as it is",
  ([name, value]) => {
    const { above, below } = readGranularity(name);
    expect([above(value), below(value)]).toEqual([value, value]);
  },
);

test.for(
  names.flatMap((name) => [1e-290, 0.3, 1, 77, 1e300].map((value) => [name, value] as const)),
)("granularity: %s has a number above and one below %d", ([name, value]) => {
  const { above, below } = readGranularity(name);
  expect(above(value)).toBeGreaterThan(value);
  expect(below(value)).toBeLessThan(value);
});
