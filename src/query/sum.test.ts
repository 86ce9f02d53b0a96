import { expect, test } from "vitest";
import { Double } from "../bson/value.ts";
import { Sum } from "./sum.ts";

test.for<readonly [title: string, numbers: readonly number[], sum: string]>([
  ["compensates for what rounding loses", [1e16, 1, 1, -1e16], "2"],
  [
    "loses what is below all digits, as the server does",
    [916_400_028_392.6725, 5e-324, 43.2, -916_400_028_392.6725, -5e-324, -43.2],
    "0",
  ],
])("Sum: %s", ([, numbers, expected]) => {
  const sum = new Sum();
  for (const each of numbers) sum.add(new Double(each));
  expect(sum.toDecimal().toString()).toBe(expected);
});
