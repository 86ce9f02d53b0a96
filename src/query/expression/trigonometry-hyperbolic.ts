/** Hyperbolic sine and cosine of decimals. */
import {
  Decimal128,
  decimalFromInteger,
  decimalInfinity,
  decimalNaN,
  decimalNegativeInfinity,
  readDecimal,
} from "../../bson/decimal128.ts";
import {
  addDecimals,
  divideDecimals,
  multiplyDecimals,
  negateDecimal,
  quantizeDecimal,
  subtractDecimals,
} from "../decimal.ts";
import {
  exponential,
  hyperbolicCosine,
  hyperbolicSine,
  multiply,
  unit,
} from "./trigonometry-fixed.ts";
import { cutToQuad, decimalOfQuad, quadOfDecimal, toFixed, toQuad } from "./trigonometry-quad.ts";
import { isTiny, magnitude, pad } from "./trigonometry-tiny.ts";

const one = decimalFromInteger(1);
const half = readDecimal("0.5")?.value ?? decimalNaN;

/** Greater arguments have no Decimal128 for a result, by far. */
const argumentMax = 15_000n * unit;

const leastArgument = toQuad(unit / 10n ** 40n);

export function decimalSinh(value: Decimal128): Decimal128 {
  if (isTiny(value)) return pad(value);
  if (isBeyond(value)) return value.negative ? decimalNegativeInfinity : decimalInfinity;
  const quad = quadOfDecimal(value);
  if (-unit <= quad && quad <= unit) return decimalOfQuad(toQuad(hyperbolicSine(quad)));
  const size = value.negative ? negateDecimal(value) : value;
  const result = ofPower(size, (power, inverse) => subtractDecimals(power, inverse));
  return value.negative ? negateDecimal(result) : result;
}

export function decimalCosh(value: Decimal128): Decimal128 {
  if (isTiny(value)) return pad(one);
  if (isBeyond(value)) return decimalInfinity;
  const quad = quadOfDecimal(value);
  if (-leastArgument <= quad && quad <= leastArgument) return pad(one);
  if (-unit <= quad && quad <= unit) return decimalOfQuad(toQuad(hyperbolicCosine(quad)));
  const size = value.negative ? negateDecimal(value) : value;
  return ofPower(size, addDecimals);
}

function isBeyond(value: Decimal128): boolean {
  if (magnitude(value) > 5) return true;
  const exact = toFixed(value);
  return exact > argumentMax || exact < -argumentMax;
}

/** Beyond, the inverse of the power does not count. */
const inverseMax = 64n * unit;

/** Half of what is made of e to the power of the argument and its inverse. @param value above 1 */
function ofPower(
  value: Decimal128,
  join: (half: Decimal128, halfInverse: Decimal128) => Decimal128,
): Decimal128 {
  if (quadOfDecimal(value) > inverseMax) return halfOfGreatPower(value);
  const power = exponentialOf(value);
  const inverse = multiplyDecimals(half, divideDecimals(one, power));
  return join(exactHalf(power), inverse);
}

/** Half of a number, unrounded: it may have a digit more than there is room for. */
function exactHalf({ negative, coefficient, exponent }: Decimal128): Decimal128 {
  return new Decimal128("finite", negative, coefficient * 5n, exponent - 1);
}

/** What is lost in making the argument binary is added to the result. */
function exponentialOf(value: Decimal128): Decimal128 {
  const exact = toFixed(value);
  const high = cutToQuad(exact);
  const power = toQuad(exponential(high));
  const lost = toQuad(multiply(power, toQuad(exact - high)));
  return decimalOfQuad(toQuad(power + lost));
}

/** Above, the power is beyond binary numbers of the server's kind. */
const binaryMax = 11_000n;

let greatPower: Decimal128 | undefined;

/** The argument's whole and fraction are taken apart. */
function halfOfGreatPower(value: Decimal128): Decimal128 {
  const whole = quantizeDecimal(value, 0, "halfEven");
  const fraction = toQuad(exponential(quadOfDecimal(subtractDecimals(value, whole))));
  const isGreat = whole.coefficient > binaryMax;
  const steps = isGreat ? whole.coefficient - binaryMax : whole.coefficient;
  const power = toQuad(exponential(steps * unit));
  const result = decimalOfQuad(toQuad(multiply(power, fraction)) >> 1n);
  if (!isGreat) return result;
  greatPower ??= decimalOfQuad(exponential(binaryMax * unit));
  return multiplyDecimals(result, greatPower);
}
