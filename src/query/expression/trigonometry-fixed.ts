/**
 * Elementary functions on fixed-point numbers: bigints that stand for themselves over 2^384.
 *
 * That is 115 decimal places: enough for 34 digits of results that begin some sixty places behind the point. Tens of
 * microseconds a call, where decimal.js takes milliseconds.
 */
import { piDigits } from "./trigonometry-pi.ts";

export const bits = 384n;
export const unit: bigint = 1n << bits;

export function multiply(left: bigint, right: bigint): bigint {
  return (left * right) >> bits;
}

export function divide(left: bigint, right: bigint): bigint {
  return (left << bits) / right;
}

const piPlaces = 130;
export const pi: bigint = (piDigits(piPlaces) << bits) / 10n ** BigInt(piPlaces);
export const halfPi: bigint = pi >> 1n;

/** The sum of `factor` × atanh(1 / `inverse`) over pairs of both: gives logarithms. */
function sumOfArcTangents(pairs: readonly (readonly [factor: bigint, inverse: bigint])[]): bigint {
  let sum = 0n;
  for (const [factor, inverse] of pairs) {
    let power = unit / inverse;
    for (let divisor = 1n; power > 0n; divisor += 2n) {
      sum += (factor * power) / divisor;
      power /= inverse * inverse;
    }
  }
  return sum;
}

const ln2 = sumOfArcTangents([
  [18n, 26n],
  [-2n, 4801n],
  [8n, 8749n],
]);
export const ln10: bigint = sumOfArcTangents([
  [46n, 31n],
  [34n, 49n],
  [20n, 161n],
]);

function bitLength(value: bigint): number {
  return value.toString(16).length * 4;
}

/** Rounded down. @param value 0 or above */
export function squareRoot(value: bigint): bigint {
  const square = value << bits;
  if (square === 0n) return 0n;
  let root = 1n << BigInt(Math.ceil(bitLength(square) / 2));
  // Newton's method from above: each step doubles the digits that are right.
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** @param value within some turns of 0 */
export function sineAndCosine(value: bigint): { readonly sine: bigint; readonly cosine: bigint } {
  const quarters = (value + (halfPi >> 1n)) / halfPi - (value + (halfPi >> 1n) < 0n ? 1n : 0n);
  const rest = value - quarters * halfPi;
  const sine = seriesOf(rest, rest, 1n);
  const cosine = seriesOf(unit, rest, 0n);
  switch (((quarters % 4n) + 4n) % 4n) {
    case 0n:
      return { sine, cosine };
    case 1n:
      return { sine: cosine, cosine: -sine };
    case 2n:
      return { sine: -sine, cosine: -cosine };
    default:
      return { sine: -cosine, cosine: sine };
  }
}

/** The series of sine and cosine: every second power over its factorial, with alternating signs. */
function seriesOf(first: bigint, value: bigint, power: bigint): bigint {
  const square = multiply(value, value);
  let term = first;
  let sum = first;
  for (let at = power; term !== 0n && term !== -1n; at += 2n) {
    term = -multiply(term, square) / ((at + 1n) * (at + 2n));
    sum += term;
  }
  return sum;
}

/** e to a power. */
export function exponential(value: bigint): bigint {
  const exponent = value / ln2;
  // Halved eight times, so that the series is short, and squared as often.
  const halvings = 8n;
  const rest = (value - exponent * ln2) >> halvings;
  let term = unit;
  let mantissa = unit;
  for (let at = 1n; term !== 0n && term !== -1n; at += 1n) {
    term = multiply(term, rest) / at;
    mantissa += term;
  }
  for (let step = 0n; step < halvings; step += 1n) mantissa = multiply(mantissa, mantissa);
  return exponent >= 0n ? mantissa << exponent : mantissa >> -exponent;
}

/** @param value above 0 */
export function logarithm(value: bigint): bigint {
  const excess = BigInt(bitLength(value)) - bits;
  const mantissa = excess > 0n ? value >> excess : value << -excess;
  let result = fromNumber(Math.log(toNumber(mantissa)));
  // Halley's method: each step trebles the digits that are right.
  for (let step = 0; step < 3; step += 1) {
    const reached = exponential(result);
    result += divide(2n * (mantissa - reached), mantissa + reached);
  }
  return result + excess * ln2;
}

export function arcTangent(value: bigint): bigint {
  if (value < 0n) return -arcTangent(-value);
  if (value > unit) return halfPi - arcTangent((unit * unit) / value);
  const guess = fromNumber(Math.atan(toNumber(value)));
  const { sine, cosine } = sineAndCosine(guess);
  const rest = divide(multiply(value, cosine) - sine, cosine + multiply(value, sine));
  // The rest is below 10^-15, so that few terms of its series count.
  const square = multiply(rest, rest);
  const cube = multiply(rest, square);
  const fifth = multiply(cube, square);
  return guess + rest - cube / 3n + fifth / 5n - multiply(fifth, square) / 7n;
}

/** A value of about 1 or below. */
function toNumber(value: bigint): number {
  return Number(value >> (bits - 60n)) / 2 ** 60;
}

function fromNumber(value: number): bigint {
  return BigInt(Math.round(value * 2 ** 53)) << (bits - 53n);
}

/** @param value -1 to 1 */
export function arcSine(value: bigint): bigint {
  const cosine = squareRoot(multiply(unit - value, unit + value));
  if (cosine === 0n) return value < 0n ? -halfPi : halfPi;
  return arcTangent(divide(value, cosine));
}

/** @param value -1 to 1 */
export function arcCosine(value: bigint): bigint {
  if (value === -unit) return pi;
  return 2n * arcTangent(squareRoot(divide(unit - value, unit + value)));
}

export function hyperbolicSine(value: bigint): bigint {
  if (value < 0n) return -hyperbolicSine(-value);
  const power = exponential(value);
  return (power - (unit * unit) / power) >> 1n;
}

export function hyperbolicCosine(value: bigint): bigint {
  const power = exponential(value < 0n ? -value : value);
  return (power + (unit * unit) / power) >> 1n;
}

/** Beyond, no digit tells it from 1. */
const tangentMax = 200n * unit;

export function hyperbolicTangent(value: bigint): bigint {
  if (value < 0n) return -hyperbolicTangent(-value);
  if (value > tangentMax) return unit;
  const power = exponential(2n * value);
  return divide(power - unit, power + unit);
}

export function inverseHyperbolicSine(value: bigint): bigint {
  if (value < 0n) return -inverseHyperbolicSine(-value);
  return logarithm(value + squareRoot(multiply(value, value) + unit));
}

/** @param value 1 or above */
export function inverseHyperbolicCosine(value: bigint): bigint {
  return logarithm(value + squareRoot(multiply(value - unit, value + unit)));
}
