/**
 * The preferred number series that `$bucketAuto` rounds its boundaries to.
 *
 * R: Renard series of ISO 3; E: IEC 60063; 1-2-5; powers of two. Each stands for one decade and repeats over all.
 */
import { MongoError } from "../../kit/mongo-error.ts";

export interface Granularity {
  /** The least number of the series above a number ≥ 0. */
  readonly above: (value: number) => number;
  /** The greatest number of the series below a number ≥ 0. */
  readonly below: (value: number) => number;
  /** Digits that a decimal is given with. */
  readonly digits: number;
  /** Whether whole numbers become integers. */
  readonly isWhole: boolean;
}

/** An E series of three digits: the rounded geometric sequence, but for one entry that the standard has otherwise. */
function eSeries(count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const value = Math.round(100 * 10 ** (index / count));
    return value === 919 ? 920 : value;
  });
}

const r10 = [100, 125, 160, 200, 250, 315, 400, 500, 630, 800];
const r20 = [
  100, 112, 125, 140, 160, 180, 200, 224, 250, 280, 315, 355, 400, 450, 500, 560, 630, 710, 800,
  900,
];
const r40 = [
  100, 106, 112, 118, 125, 132, 140, 150, 160, 170, 180, 190, 200, 212, 224, 236, 250, 265, 280,
  300, 315, 335, 355, 375, 400, 425, 450, 475, 500, 530, 560, 600, 630, 670, 710, 750, 800, 850,
  900, 950,
];
const r80 = [
  103,
  109,
  115,
  122,
  128,
  136,
  145,
  155,
  165,
  175,
  185,
  195,
  206,
  218,
  230,
  243,
  258,
  272,
  290,
  307,
  325,
  345,
  365,
  387,
  412,
  437,
  462,
  487,
  515,
  545,
  575,
  615,
  650,
  690,
  730,
  775,
  825,
  875,
  925,
  975,
  ...r40,
].toSorted((left, right) => left - right);

const series: ReadonlyMap<string, readonly number[]> = new Map([
  ["R5", [10, 16, 25, 40, 63]],
  ["R10", r10],
  ["R20", r20],
  ["R40", r40],
  ["R80", r80],
  ["1-2-5", [10, 20, 50]],
  ["E6", [10, 15, 22, 33, 47, 68]],
  ["E12", [10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82]],
  [
    "E24",
    [
      10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30, 33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82,
      91,
    ],
  ],
  ["E48", eSeries(48)],
  ["E96", eSeries(96)],
  ["E192", eSeries(192)],
]);

/** @throws {MongoError} 40257 for a name that is none */
export function readGranularity(name: string): Granularity {
  if (name === "POWERSOF2") return powersOfTwo;
  const numbers = series.get(name);
  if (numbers === undefined) throw new MongoError(40257, `Unknown rounding granularity '${name}'`);
  return preferredNumbers(numbers);
}

const powersOfTwo: Granularity = {
  digits: 34,
  isWhole: true,
  above: (value) => (!isScalable(value) ? value : 2 ** (Math.floor(Math.log2(value)) + 1)),
  below: (value) => (!isScalable(value) ? value : 2 ** (Math.ceil(Math.log2(value)) - 1)),
};

/** Below this number, a hundredth of it has lost digits. */
const scalableMin = 1e-300;

/** Atlas: zero, infinity and numbers that have no decade below them stay as they are. */
function isScalable(value: number): boolean {
  return value > scalableMin && value < Number.POSITIVE_INFINITY;
}

function preferredNumbers(numbers: readonly number[]): Granularity {
  const first = numbers[0] as number;
  const last = numbers.at(-1) as number;
  return {
    digits: 15,
    isWhole: false,
    above(value) {
      if (!isScalable(value)) return value;
      let scale = 1;
      while (value >= last * scale) scale *= 10;
      while (value < first * scale) {
        const previous = first * scale;
        scale /= 10;
        if (value >= last * scale) return previous;
      }
      return (numbers.find((each) => value < each * scale) as number) * scale;
    },
    below(value) {
      if (!isScalable(value)) return value;
      let scale = 1;
      while (value <= first * scale) scale /= 10;
      while (value > last * scale) {
        const previous = last * scale;
        scale *= 10;
        if (value <= first * scale) return previous;
      }
      return (numbers.findLast((each) => value > each * scale) as number) * scale;
    },
  };
}
