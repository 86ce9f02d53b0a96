/**
 * Sine and cosine, rounded correctly but for one case in many thousands.
 *
 * `Math.sin` may be one unit in the last place off, and then three points of one meridian are no longer on one great
 * circle as they are for the server. Numbers are carried as a double and what it lacks where that counts.
 */

export interface SineAndCosine {
  readonly sine: number;
  readonly cosine: number;
}

/** π/2 in three parts; the first has so few digits that its multiples are exact. */
const quarterHigh = 1.570_796_326_734_125_6;
const quarterMiddle = 6.077_100_506_303_966e-11;
const quarterLow = 2.022_266_248_795_950_6e-21;

/** @param angle in radians, -π to π */
export function sineAndCosine(angle: number): SineAndCosine {
  const quarters = Math.round(angle / (Math.PI / 2));
  // What is left is below π/4: `high` and, much smaller, `low`.
  const first = angle - quarters * quarterHigh;
  const second = quarters * quarterMiddle;
  const high = first - second;
  const low = first - high - second - quarters * quarterLow;
  const rest = high + low;
  const lacking = low - (rest - high);
  const sine = smallSine(rest, lacking);
  const cosine = smallCosine(rest, lacking);
  switch (((quarters % 4) + 4) % 4) {
    case 0:
      return { sine, cosine };
    case 1:
      return { sine: cosine, cosine: -sine };
    case 2:
      return { sine: -sine, cosine: -cosine };
    default:
      return { sine: -cosine, cosine: sine };
  }
}

const splitter = 2 ** 27 + 1;

/** What the rounded product of two doubles lacks. */
function productError(a: number, b: number, product: number): number {
  const bigA = splitter * a;
  const highA = bigA - (bigA - a);
  const lowA = a - highA;
  const bigB = splitter * b;
  const highB = bigB - (bigB - b);
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}

/** 1/6 and 1/24 lack this much as doubles. */
const sixth = 1 / 6;
const sixthLacks = 9.251_858_538_542_97e-18;

/** x - x³/6 + x⁵/120 - …, the first three terms with what they lack. */
function smallSine(x: number, lacking: number): number {
  const square = x * x;
  const squareLacks = productError(x, x, square) + 2 * x * lacking;
  const tail =
    square *
    (-1 / 5040 +
      square *
        (1 / 362_880 +
          square *
            (-1 / 39_916_800 +
              square *
                (1 / 6_227_020_800 +
                  square * (-1 / 1_307_674_368_000 + square / 355_687_428_096_000)))));
  // 1/6 - x²/120 + …, then times x³.
  const inner = 1 / 120 + tail;
  const term = square * inner;
  const factor = sixth - term;
  const factorLacks =
    sixth - factor - term + sixthLacks - squareLacks * inner - productError(square, inner, term);
  const cube = square * x;
  const cubeLacks = productError(square, x, cube) + squareLacks * x + square * lacking;
  const taken = cube * factor;
  const takenLacks = productError(cube, factor, taken) + cubeLacks * factor + cube * factorLacks;
  const result = x - taken;
  return result + (x - result - taken - takenLacks + lacking);
}

/** 1 - x²/2 + x⁴/24 - …, likewise. */
function smallCosine(x: number, lacking: number): number {
  const square = x * x;
  const squareLacks = productError(x, x, square) + 2 * x * lacking;
  const tail =
    square *
    (-1 / 720 +
      square *
        (1 / 40_320 +
          square *
            (-1 / 3_628_800 +
              square *
                (1 / 479_001_600 + square * (-1 / 87_178_291_200 + square / 20_922_789_888_000)))));
  // 1/2 - x²·(1/24 - …), then times x².
  const inner = 1 / 24 + tail;
  const term = square * inner;
  const factor = 0.5 - term;
  const factorLacks = 0.5 - factor - term - squareLacks * inner - productError(square, inner, term);
  const taken = square * factor;
  const takenLacks =
    productError(square, factor, taken) + squareLacks * factor + square * factorLacks;
  const result = 1 - taken;
  return result + (1 - result - taken - takenLacks);
}
