/**
 * Sines and cosines and the angles of them, rounded correctly but for one case in many thousands.
 *
 * `Math.sin` and its kin may be one unit in the last place off, and then three points of one meridian are no longer on
 * one great circle as they are for the server, nor what is just as far as a circle's border. Numbers are carried as a
 * double and what it lacks where that counts.
 */

export interface SineAndCosine {
  readonly sine: number;
  readonly cosine: number;
}

/** A number that is more exact than a double: the nearest one, and what that lacks. */
interface Exact {
  readonly value: number;
  readonly lacking: number;
}

/** π/2 in three parts; the first has so few digits that its multiples are exact. */
const quarterHigh = 1.570_796_326_734_125_6;
const quarterMiddle = 6.077_100_506_303_966e-11;
const quarterLow = 2.022_266_248_795_950_6e-21;

/** @param angle in radians, -π to π */
export function sineAndCosine(angle: number): SineAndCosine {
  const [sine, cosine] = exactSineAndCosine(angle);
  return { sine: sine.value, cosine: cosine.value };
}

/** @param x -1 to 1 @returns the angle with this sine, -π/2 to π/2 */
export function arcOfSine(x: number): number {
  const angle = Math.asin(x);
  if (Math.abs(x) >= 1 || x === 0) return angle;
  const [sine, cosine] = exactSineAndCosine(angle);
  return angle + (x - sine.value - sine.lacking) / cosine.value;
}

/** @returns the direction of a point, -π to π, as `Math.atan2` */
export function directionOf(y: number, x: number): number {
  const angle = Math.atan2(y, x);
  if (y === 0 || x === 0) return angle;
  const [sine, cosine] = exactSineAndCosine(angle);
  const [up, along] = [y * cosine.value, x * sine.value];
  const lacks = productError(y, cosine.value, up) - productError(x, sine.value, along);
  // The length of the part of the point's arrow that is square to the direction found, and of that along it.
  const aside = up - along + (lacks + y * cosine.lacking - x * sine.lacking);
  return angle + aside / (x * cosine.value + y * sine.value);
}

function exactSineAndCosine(angle: number): readonly [sine: Exact, cosine: Exact] {
  // It keeps the sign of its zero.
  if (angle === 0) return [exact(angle, angle), exact(1, 0)];
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
      return [sine, cosine];
    case 1:
      return [cosine, negative(sine)];
    case 2:
      return [negative(sine), negative(cosine)];
    default:
      return [negative(cosine), sine];
  }
}

function negative({ value, lacking }: Exact): Exact {
  return { value: -value, lacking: -lacking };
}

/** @param lacking much smaller than the result */
function exact(result: number, lacking: number): Exact {
  const value = result + lacking;
  return { value, lacking: result - value + lacking };
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
function smallSine(x: number, lacking: number): Exact {
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
  return exact(result, x - result - taken - takenLacks + lacking);
}

/** 1 - x²/2 + x⁴/24 - …, likewise. */
function smallCosine(x: number, lacking: number): Exact {
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
  return exact(result, 1 - result - taken - takenLacks);
}
