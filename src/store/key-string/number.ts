/**
 * Numbers of all four types in one order.
 *
 * A key is the greatest double that is not above the number, and a mark that says whether it is the number itself. If it
 * is not, the decimal digits follow: integers beyond 2^53 and decimals between two doubles.
 */
import { compareDoubleToDecimal, type NumberValue } from "../../bson/compare.ts";
import { type Decimal128, decimalFromInteger } from "../../bson/decimal128.ts";
import { ensureKey, type KeyBuffer } from "../key-buffer.ts";

const float64 = new Float64Array(1);
const words = new Uint32Array(float64.buffer);

/** Digits of the longest decimal. */
const digitsMax = 34;
/** Exponents of a leading digit reach from -6176 to 6144. */
const exponentOffset = 10_000;
const coefficientBytes = 15;

export function writeNumberKey(key: KeyBuffer, value: NumberValue): void {
  if (typeof value === "number") {
    writeDouble(key, value, true);
    return;
  }
  if (typeof value === "bigint") {
    const near = Number(value);
    if (BigInt(near) === value) writeDouble(key, near, true);
    else writeBetween(key, near, decimalFromInteger(value));
    return;
  }
  if (value.bsonType === 1) writeDouble(key, value.value, true);
  else writeDecimal(key, value);
}

function writeDecimal(key: KeyBuffer, value: Decimal128): void {
  if (value.class !== "finite") {
    const special = value.negative ? -Infinity : Infinity;
    writeDouble(key, value.class === "nan" ? Number.NaN : special, true);
    return;
  }
  writeBetween(key, Number(value.toString()), value);
}

/** `near` is the double next to the number, above or below. */
function writeBetween(key: KeyBuffer, near: number, value: Decimal128): void {
  const difference = compareDoubleToDecimal(near, value);
  if (difference === 0) {
    writeDouble(key, near, true);
    return;
  }
  writeDouble(key, difference < 0 ? near : doubleBelow(near), false);
  writeDigits(key, value);
}

/** Eight bytes and the mark. NaN is below all, -0 equals 0. */
function writeDouble(key: KeyBuffer, value: number, isExact: boolean): void {
  float64[0] = value === 0 ? 0 : value;
  let low = words[0] as number;
  let high = words[1] as number;
  if (Number.isNaN(value)) {
    low = 0;
    high = 0;
  } else if (high >>> 31 === 0) high = (high | 0x8000_0000) >>> 0;
  else {
    low = ~low;
    high = ~high;
  }
  ensureKey(key, 9);
  const { bytes, length } = key;
  bytes[length] = high >>> 24;
  bytes[length + 1] = high >>> 16;
  bytes[length + 2] = high >>> 8;
  bytes[length + 3] = high;
  bytes[length + 4] = low >>> 24;
  bytes[length + 5] = low >>> 16;
  bytes[length + 6] = low >>> 8;
  bytes[length + 7] = low;
  bytes[length + 8] = isExact ? 0 : 1;
  key.length = length + 9;
}

/** Sign, place of the first digit, digits: bigger numbers have bigger bytes, negative ones are inverted. */
function writeDigits(key: KeyBuffer, value: Decimal128): void {
  ensureKey(key, coefficientBytes + 3);
  const text = value.coefficient.toString();
  const place = text.length + value.exponent + exponentOffset;
  let digits = value.coefficient * 10n ** BigInt(digitsMax - text.length);
  const { bytes, length } = key;
  const flip = value.negative ? 0xff : 0;
  bytes[length] = value.negative ? 0 : 1;
  bytes[length + 1] = (place >>> 8) ^ flip;
  bytes[length + 2] = (place & 0xff) ^ flip;
  for (let at = length + 2 + coefficientBytes; at > length + 2; at -= 1) {
    bytes[at] = Number(digits & 0xffn) ^ flip;
    digits >>= 8n;
  }
  key.length = length + coefficientBytes + 3;
}

function doubleBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  if (value === -Infinity) return value;
  float64[0] = value;
  const bits = words[0] as number;
  if (value > 0) {
    words[0] = bits - 1;
    if (bits === 0) words[1] = (words[1] as number) - 1;
  } else {
    words[0] = bits + 1;
    if (bits === 0xffff_ffff) words[1] = (words[1] as number) + 1;
  }
  return float64[0];
}
