/**
 * Trigonometry on Decimal128, right to its 34 digits.
 *
 * A mongod computes in binary with 113 bits, so that its last digit may be another one.
 */
import {
  type Decimal128,
  decimalInfinity,
  decimalNaN,
  decimalNegativeInfinity,
  exponentMin,
  readDecimal,
  roundDecimal,
} from "../../bson/decimal128.ts";
import { divideDecimals, multiplyDecimals, negateDecimal } from "../decimal.ts";
import {
  arcCosine,
  arcSine,
  arcTangent,
  divide,
  hyperbolicCosine,
  hyperbolicSine,
  hyperbolicTangent,
  inverseHyperbolicCosine,
  inverseHyperbolicSine,
  inverseHyperbolicTangent,
  logarithmOfDecimal,
  pi as fixedPi,
  sineAndCosine,
  unit,
} from "./trigonometry-fixed.ts";
import { piDigits } from "./trigonometry-pi.ts";

const digitsMax = 34;

export type DecimalFunctionName =
  | "sin"
  | "cos"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "sinh"
  | "cosh"
  | "tanh"
  | "asinh"
  | "acosh"
  | "atanh"
  | "degreesToRadians"
  | "radiansToDegrees";

function read(text: string): Decimal128 {
  return readDecimal(text)?.value ?? decimalNaN;
}

const one = read("1");
const halfPi = read("1.570796326794896619231321691639751");
const pi = read("3.141592653589793238462643383279503");
const radian = read("0.01745329251994329576923690768488613");
const degree = read("57.29577951308232087679815481410517");
const leastZero = roundDecimal(false, "", exponentMin).value;

/** By how much the server lowers a zero's exponent on its way through some functions; others make it the least. */
const lowered = -40;
const toLeast = -20_000;

/** What is beyond is left as it comes: it has no result, or its own. */
interface Bounds {
  /** The exponent that a zero gets added. */
  readonly zero: number;
  readonly infinity: (value: Decimal128) => Decimal128;
}

/** Sine and its like; there f(-x) = -f(x), and f(x) is x near 0. */
function odd(
  value: Decimal128,
  { zero, infinity }: Bounds,
  compute: (value: bigint) => bigint | Decimal128,
): Decimal128 {
  if (value.class === "nan") return decimalNaN;
  if (value.class === "infinity") return infinity(value);
  if (value.isZero) return roundDecimal(value.negative, "", value.exponent + zero).value;
  if (isTiny(value)) return pad(value);
  return result(compute(fixed(value)));
}

const noValue = (): Decimal128 => decimalNaN;
const itself = (value: Decimal128): Decimal128 => value;

/** The arguments have been checked against each function's bounds, or are NaN. */
export const decimalFunctions: Readonly<
  Record<DecimalFunctionName, (value: Decimal128) => Decimal128>
> = {
  sin: (value) =>
    odd(value, { zero: 0, infinity: noValue }, () => sineAndCosine(reduce(value)).sine),
  cos: (value) => {
    if (value.class !== "finite") return decimalNaN;
    return isTiny(value) ? pad(one) : result(sineAndCosine(reduce(value)).cosine);
  },
  tan: (value) =>
    odd(value, { zero: lowered, infinity: noValue }, () => {
      const { sine, cosine } = sineAndCosine(reduce(value));
      return divide(sine, cosine);
    }),
  asin: (value) => odd(value, { zero: lowered, infinity: noValue }, arcSine),
  acos: (value) => {
    if (value.class !== "finite") return decimalNaN;
    const angle = arcCosine(fixed(value));
    return angle === 0n ? leastZero : result(angle);
  },
  atan: (value) =>
    odd(value, { zero: 0, infinity: (each) => signed(halfPi, each) }, (exact) =>
      isFar(value) ? signed(halfPi, value) : arcTangent(exact),
    ),
  sinh: (value) =>
    odd(value, { zero: lowered, infinity: itself }, (exact) =>
      isOverflowing(value) ? infinityOf(value.negative) : hyperbolicSine(exact),
    ),
  cosh: (value) => {
    if (value.class === "nan") return decimalNaN;
    if (isOverflowing(value)) return decimalInfinity;
    if (isTiny(value)) return pad(one);
    const exact = fixed(value);
    return result(hyperbolicCosine(exact < 0n ? -exact : exact));
  },
  tanh: (value) =>
    odd(value, { zero: 0, infinity: (each) => signed(one, each) }, (exact) =>
      isFar(value) ? signed(one, value) : hyperbolicTangent(exact),
    ),
  asinh: (value) =>
    odd(value, { zero: toLeast, infinity: itself }, (exact) =>
      isFar(value) ? signed(logarithmOfTwice(value), value) : inverseHyperbolicSine(exact),
    ),
  acosh: (value) => {
    if (value.class !== "finite") return value;
    if (isFar(value)) return logarithmOfTwice(value);
    const exact = fixed(value);
    return exact === unit ? read("0") : result(inverseHyperbolicCosine(exact));
  },
  atanh: (value) =>
    odd(value, { zero: toLeast, infinity: noValue }, (exact) =>
      exact === unit || exact === -unit
        ? infinityOf(value.negative)
        : inverseHyperbolicTangent(exact),
    ),
  degreesToRadians: (value) => multiplyDecimals(value, radian),
  radiansToDegrees: (value) => multiplyDecimals(value, degree),
};

/** The value's first digit is that of 10^(magnitude - 1). */
function magnitude(value: Decimal128): number {
  return value.exponent + value.coefficient.toString().length;
}

/** So near to 0 that the second term of every series is lost in rounding. */
function isTiny(value: Decimal128): boolean {
  return value.isZero || magnitude(value) < -20;
}

/** So far from 0 that its inverse, or the inverse of its square beside 1, is lost in rounding. */
function isFar(value: Decimal128): boolean {
  return magnitude(value) > 40;
}

/** The hyperbolic functions of what is greater are no Decimal128 any more. */
const powerMax = 14_150n;

function isOverflowing(value: Decimal128): boolean {
  if (value.isZero) return false;
  if (value.class === "infinity" || magnitude(value) > 6) return true;
  const exact = fixed(value);
  return exact > powerMax * unit || exact < -powerMax * unit;
}

function infinityOf(negative: boolean): Decimal128 {
  return negative ? decimalNegativeInfinity : decimalInfinity;
}

/** As a fixed-point number; 0 for what does not fit, which is not computed with. */
function fixed(value: Decimal128): bigint {
  if (isFar(value) || magnitude(value) < -70) return 0n;
  const { coefficient, exponent } = value;
  const size =
    exponent >= 0
      ? coefficient * unit * 10n ** BigInt(exponent)
      : (coefficient * unit) / 10n ** BigInt(-exponent);
  return value.negative ? -size : size;
}

/** Places behind the point that a reduced argument is given. */
const reducedPlaces = 110;

/** The argument less whole turns, as a fixed-point number. */
function reduce(value: Decimal128): bigint {
  const front = magnitude(value);
  if (front <= 1) return fixed(value);
  // Modulo a turn that has as many digits more as the argument has in front of the point.
  const places = front + reducedPlaces;
  const scaled = value.coefficient * 10n ** BigInt(places + value.exponent);
  const rest = scaled % (2n * piDigits(places));
  const size = (rest * unit) / 10n ** BigInt(places);
  return value.negative ? -size : size;
}

function logarithmOfTwice({ coefficient, exponent }: Decimal128): Decimal128 {
  return result(logarithmOfDecimal(2n * coefficient, exponent));
}

/** Digits that a result is cut to before it is rounded. */
const roundingDigits = 50;

/** A fixed-point number as a decimal of 34 digits; 1 and -1 stand alone, as the server has them. */
function result(value: bigint | Decimal128): Decimal128 {
  if (typeof value !== "bigint") return value;
  const size = value < 0n ? -value : value;
  const front = Math.ceil((size.toString(16).length - 64) * Math.log10(16));
  const places = roundingDigits - front;
  const scaled =
    places >= 0 ? (size * 10n ** BigInt(places)) / unit : size / (unit * 10n ** BigInt(-places));
  const rounded = roundDecimal(value < 0n, scaled.toString(), -places).value;
  const isOne = rounded.coefficient === 10n ** 33n && rounded.exponent === -33;
  return isOne ? signed(one, rounded) : rounded;
}

/** With as many zeros behind as there is room for. */
function pad(value: Decimal128): Decimal128 {
  const digits = value.coefficient.toString();
  const room = Math.max(Math.min(digitsMax - digits.length, value.exponent - exponentMin), 0);
  return roundDecimal(value.negative, digits + "0".repeat(room), value.exponent - room).value;
}

function signed(value: Decimal128, like: Decimal128): Decimal128 {
  return like.negative === value.negative ? value : negateDecimal(value);
}

/** The angle of a point, between -π and π. */
export function decimalArcTangentOf(y: Decimal128, x: Decimal128): Decimal128 {
  if (y.class === "nan" || x.class === "nan") return decimalNaN;
  if (y.class === "infinity") return signed(angleOfInfinity(x), y);
  if (x.class === "infinity" || y.isZero) return signed(x.negative ? pi : leastZero, y);
  if (x.isZero) return signed(halfPi, y);
  const steepness = magnitude(y) - magnitude(x);
  if (steepness > 40) return signed(halfPi, y);
  if (steepness < -40) return x.negative ? signed(pi, y) : pad(divideDecimals(y, x));
  const ratio = ratioOf(y, x);
  const angle = x.negative ? fixedPi - arcTangent(ratio) : arcTangent(ratio);
  return signed(result(angle), y);
}

/** |y / x| as a fixed-point number. */
function ratioOf(y: Decimal128, x: Decimal128): bigint {
  const shift = y.exponent - x.exponent;
  return shift >= 0
    ? (y.coefficient * unit * 10n ** BigInt(shift)) / x.coefficient
    : (y.coefficient * unit) / (x.coefficient * 10n ** BigInt(-shift));
}

function angleOfInfinity(x: Decimal128): Decimal128 {
  if (x.class !== "infinity") return halfPi;
  return read(
    x.negative ? "2.356194490192344928846982537459627" : "0.785398163397448309615660845819876",
  );
}
