import { expect, test } from "vitest";
import { createPacer } from "../../kit/pacer.ts";
import { radixSort } from "./radix-sort.ts";

async function sorted(numbers: readonly number[]): Promise<readonly number[]> {
  const positions = Uint32Array.from(numbers, (_, index) => index);
  return [...(await radixSort(positions, Float64Array.from(numbers), createPacer()))];
}

test.for<[title: string, numbers: readonly number[], positions: readonly number[]]>([
  ["nothing", [], []],
  ["one", [5], [0]],
  ["signs and fractions", [1, -1, 0.5, -0.5, 0], [1, 3, 4, 2, 0]],
  ["the ends", [Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, 0], [1, 3, 2, 0]],
  ["-0 is 0, and equals stay in their order", [0, -0, 0, -1], [3, 0, 1, 2]],
  ["equals", [2, 1, 2, 1], [1, 3, 0, 2]],
])("radix sort: %s", async ([, numbers, positions]) => {
  expect(await sorted(numbers)).toEqual(positions);
});

test("radix sort: as comparing does", async () => {
  const numbers = Array.from(
    { length: 20_000 },
    (_, index) => Math.sin(index) * 10 ** (index % 40),
  );
  const wanted = numbers
    .map((_, index) => index)
    .toSorted((left, right) => (numbers[left] as number) - (numbers[right] as number));
  expect(await sorted(numbers)).toEqual(wanted);
});
