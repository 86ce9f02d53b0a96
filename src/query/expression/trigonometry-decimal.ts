/**
 * Trigonometry on Decimal128, by the same steps as a mongod does it: mostly in numbers of 113 binary digits, here and
 * there in decimals, each step rounded.
 */
import { compareDecimals } from "../../bson/compare.ts";
import {
  Decimal128,
  decimalFromInteger,
  decimalInfinity,
  decimalNaN,
  decimalNegativeInfinity,
  exponentMin,
  readDecimal,
  roundDecimal,
} from "../../bson/decimal128.ts";
import {
  addDecimals,
  divideDecimals,
  multiplyDecimals,
  negateDecimal,
  squareRootOfDecimal,
  subtractDecimals,
} from "../decimal.ts";
import {
  arcCosine,
  arcSine,
  arcTangent,
  divide,
  hyperbolicTangent,
  inverseHyperbolicCosine,
  inverseHyperbolicSine,
  ln10,
  logarithm,
  pi as fixedPi,
  sineAndCosine,
  squareRoot,
  unit,
} from "./trigonometry-fixed.ts";
import { decimalCosh, decimalSinh } from "./trigonometry-hyperbolic.ts";
import {
  decimalOfQuad,
  quadOfDecimal,
  toFixed,
  toQuad,
  toQuadHalfUp,
} from "./trigonometry-quad.ts";
import { reduceToQuarter } from "./trigonometry-reduce.ts";
import { isTiny, magnitude, pad } from "./trigonometry-tiny.ts";

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

const one = decimalFromInteger(1);
const minusOne = decimalFromInteger(-1);
const halfPi = read("1.570796326794896619231321691639751");
const pi = read("3.141592653589793238462643383279503");
const radian = read("0.01745329251994329576923690768488613");
const degree = read("57.29577951308232087679815481410517");
const leastZero = roundDecimal(false, "", exponentMin).value;

/** By how much a zero's exponent is lowered on its way through some functions; others make it the least. */
const lowered = -40;
const toLeast = -20_000;

/** What is special about a function f with f(-x) = -f(x). */
interface Special {
  /** What is added to the exponent of a zero. */
  readonly zero: number;
  readonly infinity: (value: Decimal128) => Decimal128;
}

function odd(
  value: Decimal128,
  { zero, infinity }: Special,
  compute: (value: Decimal128) => Decimal128,
): Decimal128 {
  if (value.class === "nan") return decimalNaN;
  if (value.class === "infinity") return infinity(value);
  if (value.isZero) return roundDecimal(value.negative, "", value.exponent + zero).value;
  return compute(value);
}

const noValue = (): Decimal128 => decimalNaN;
const itself = (value: Decimal128): Decimal128 => value;
const quarterTurn = (value: Decimal128): Decimal128 => signed(halfPi, value);
const unitLike = (value: Decimal128): Decimal128 => signed(one, value);

/** The arguments have been checked against each function's bounds, or are NaN. */
export const decimalFunctions: Readonly<
  Record<DecimalFunctionName, (value: Decimal128) => Decimal128>
> = {
  sin: (value) => odd(value, { zero: 0, infinity: noValue }, sine),
  cos: (value) => (value.class === "finite" ? cosine(value) : decimalNaN),
  tan: (value) => odd(value, { zero: lowered, infinity: noValue }, tangent),
  asin: (value) => odd(value, { zero: lowered, infinity: noValue }, inverseSine),
  acos: (value) => (value.class === "finite" ? inverseCosine(value) : decimalNaN),
  atan: (value) => odd(value, { zero: 0, infinity: quarterTurn }, inverseTangent),
  sinh: (value) => odd(value, { zero: lowered, infinity: itself }, decimalSinh),
  cosh: (value) => {
    if (value.class === "nan") return decimalNaN;
    return value.class === "infinity" ? decimalInfinity : decimalCosh(value);
  },
  tanh: (value) => odd(value, { zero: 0, infinity: unitLike }, tangentH),
  asinh: (value) => odd(value, { zero: toLeast, infinity: itself }, inverseSineH),
  acosh: (value) => (value.class === "finite" ? inverseCosineH(value) : value),
  atanh: (value) => odd(value, { zero: toLeast, infinity: noValue }, inverseTangentH),
  degreesToRadians: (value) => multiplyDecimals(value, radian),
  radiansToDegrees: (value) => multiplyDecimals(value, degree),
};

/** Exponents, not sizes: below the first one an argument is not reduced, below the second not even computed with. */
const reducedExponent = -35;
const computedExponent = -52;

function sine(value: Decimal128): Decimal128 {
  if (value.exponent < computedExponent) return pad(value);
  if (value.exponent < reducedExponent)
    return decimalOfQuad(toQuad(sineAndCosine(quadOfDecimal(value)).sine));
  return decimalOfQuad(sineOfQuarter(reduceToQuarter(value)));
}

function cosine(value: Decimal128): Decimal128 {
  if (value.isZero || value.exponent < computedExponent) return pad(one);
  if (value.exponent < reducedExponent)
    return decimalOfQuad(toQuad(sineAndCosine(quadOfDecimal(value)).cosine));
  const { quarter, angle } = reduceToQuarter(value);
  return decimalOfQuad(sineOfQuarter({ quarter: (quarter + 1) % 4, angle }));
}

function sineOfQuarter({
  quarter,
  angle,
}: {
  readonly quarter: number;
  readonly angle: bigint;
}): bigint {
  const both = sineAndCosine(angle);
  const size = toQuad(quarter % 2 === 0 ? both.sine : both.cosine);
  return quarter < 2 ? size : -size;
}

function tangent(value: Decimal128): Decimal128 {
  if (value.exponent < computedExponent) return pad(value);
  const { quarter, angle } =
    value.exponent < reducedExponent
      ? { quarter: 0, angle: quadOfDecimal(value) }
      : reduceToQuarter(value);
  const both = sineAndCosine(angle);
  const ratio = toQuad(divide(both.sine, both.cosine));
  return decimalOfQuad(quarter % 2 === 0 ? ratio : toQuad(divide(-unit, ratio)));
}

const sevenTenths = toQuad((7n * unit) / 10n);

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** √(1 - x²), of the decimal x² - 1. */
function complement(value: Decimal128): bigint {
  return toQuad(squareRoot(-quadOfDecimal(squareLessOne(value))));
}

/** x² - 1, rounded once: the square may have more digits than there is room for. */
function squareLessOne({ coefficient, exponent }: Decimal128): Decimal128 {
  const square = new Decimal128("finite", false, coefficient * coefficient, exponent * 2);
  return addDecimals(square, minusOne);
}

function inverseSine(value: Decimal128): Decimal128 {
  if (isTiny(value)) return pad(value);
  const quad = quadOfDecimal(value);
  if (absolute(quad) <= sevenTenths) return decimalOfQuad(toQuad(arcSine(quad)));
  const angle = toQuad(arcCosine(complement(value)));
  return decimalOfQuad(quad < 0n ? -angle : angle);
}

function inverseCosine(value: Decimal128): Decimal128 {
  if (isTiny(value)) return halfPi;
  const quad = quadOfDecimal(value);
  if (absolute(quad) <= sevenTenths) return decimalOfQuad(toQuad(arcCosine(quad)));
  if (quad >= unit) return leastZero;
  const angle = toQuad(arcSine(complement(value)));
  return decimalOfQuad(quad < 0n ? toQuadHalfUp(toQuad(fixedPi) - angle) : angle);
}

/** Beyond, the inverse of a number, or of its square beside 1, is lost in rounding. */
const farMagnitude = 40;

function inverseTangent(value: Decimal128): Decimal128 {
  if (isTiny(value)) return pad(value);
  if (magnitude(value) > farMagnitude) return quarterTurn(value);
  return decimalOfQuad(toQuad(arcTangent(quadOfDecimal(value))));
}

function tangentH(value: Decimal128): Decimal128 {
  if (isTiny(value)) return pad(value);
  if (magnitude(value) > farMagnitude) return unitLike(value);
  return decimalOfQuad(toQuad(hyperbolicTangent(quadOfDecimal(value))));
}

/** Greater exponents are taken by the logarithm of 10. */
const logarithmExponent = 34;

/** ln(2x) */
function logarithmOfTwice({ coefficient, exponent }: Decimal128): Decimal128 {
  const twice = 2n * quadOfDecimal(decimalFromInteger(coefficient));
  const ofTens = toQuad(BigInt(exponent) * toQuad(ln10));
  return decimalOfQuad(toQuad(toQuad(logarithm(twice)) + ofTens));
}

/** The server's binary numbers end there; how they do is not imitated. */
const binaryMagnitude = -4965;

function inverseSineH(value: Decimal128): Decimal128 {
  if (magnitude(value) < binaryMagnitude) return read(value.negative ? "-0" : "0");
  if (isTiny(value)) return pad(value);
  if (value.exponent > logarithmExponent) return signed(logarithmOfTwice(value), value);
  return decimalOfQuad(toQuad(inverseHyperbolicSine(quadOfDecimal(value))));
}

/** Below, √(x² - 1) is what is computed with. */
const nearOne = toFixed(read("1.03125"));

function inverseCosineH(value: Decimal128): Decimal128 {
  if (value.exponent > logarithmExponent) return logarithmOfTwice(value);
  if (toFixed(value) >= nearOne)
    return decimalOfQuad(toQuad(inverseHyperbolicCosine(quadOfDecimal(value))));
  const root = squareRootOfDecimal(squareLessOne(value));
  if (root.isZero) return read("0");
  return decimalOfQuad(toQuad(inverseHyperbolicSine(quadOfDecimal(root))));
}

/** Smaller exponents are left alone. */
const inverseExponent = -51;

/** ½ ln(1 + 2x / (1 - x)) */
function inverseTangentH(value: Decimal128): Decimal128 {
  if (value.exponent <= inverseExponent) return value;
  const size = value.negative ? negateDecimal(value) : value;
  const rest = subtractDecimals(one, size);
  if (rest.isZero) return value.negative ? decimalNegativeInfinity : decimalInfinity;
  const ratio = divideDecimals(size, rest);
  const twice = quadOfDecimal(addDecimals(ratio, ratio));
  return signed(decimalOfQuad(toQuad(logarithm(unit + twice)) >> 1n), value);
}

function signed(value: Decimal128, like: Decimal128): Decimal128 {
  return like.negative === value.negative ? value : negateDecimal(value);
}

/** Quotients beyond are angles of a quarter turn, or none. */
const steepest = read("1E+36");
const flattest = read("1E-36");

/** The angle of a point, between -π and π. */
export function decimalArcTangentOf(y: Decimal128, x: Decimal128): Decimal128 {
  if (y.class === "nan" || x.class === "nan") return decimalNaN;
  if (y.class === "infinity") return signed(angleOfInfinity(x), y);
  if (x.class === "infinity" || y.isZero) return signed(x.negative ? pi : leastZero, y);
  if (x.isZero) return signed(halfPi, y);
  const quotient = divideDecimals(y, x);
  const size = quotient.negative ? negateDecimal(quotient) : quotient;
  if (compareDecimals(size, steepest) > 0) return signed(halfPi, y);
  if (compareDecimals(size, flattest) < 0) return x.negative ? signed(pi, y) : quotient;
  const angle = decimalOfQuad(toQuad(arcTangent(quadOfDecimal(size))));
  return signed(x.negative ? subtractDecimals(pi, angle) : angle, y);
}

function angleOfInfinity(x: Decimal128): Decimal128 {
  if (x.class !== "infinity") return halfPi;
  return read(
    x.negative ? "2.356194490192344928846982537459627" : "0.785398163397448309615660845819876",
  );
}
