/** The types of numbers that JavaScript does not have, by the names and with the methods that the server gives them. */
import { type Decimal128, readDecimal } from "../../bson/decimal128.ts";
import { namedClass, textOf } from "./named-class.ts";
import { ScriptFailure } from "./script-error.ts";

const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;

class NumberLongValue {
  readonly #value: bigint;

  constructor(given?: unknown) {
    this.#value = toInt64(given);
  }
  get floatApprox(): number {
    return Number(this.#value);
  }
  get top(): number {
    return Number(this.#value >> 32n);
  }
  get bottom(): number {
    return Number(BigInt.asUintN(32, this.#value));
  }
  get exactValueString(): string {
    return String(this.#value);
  }
  toNumber(): number {
    return Number(this.#value);
  }
  valueOf(): number {
    return Number(this.#value);
  }
  compare(other: unknown): number {
    const right = toInt64(other);
    if (this.#value === right) return 0;
    return this.#value < right ? -1 : 1;
  }
  toString(): string {
    const isExact = Number.isSafeInteger(Number(this.#value));
    return isExact ? `NumberLong(${this.#value})` : `NumberLong("${this.#value}")`;
  }
  tojson(): string {
    return this.toString();
  }
  toJSON(): object {
    return { $numberLong: String(this.#value) };
  }
  static read(value: NumberLongValue): bigint {
    return value.#value;
  }
}

function toInt64(given: unknown): bigint {
  if (given === undefined) return 0n;
  if (typeof given === "bigint") return given;
  if (given instanceof NumberLongValue) return NumberLongValue.read(given);
  const number = typeof given === "string" ? undefined : Number(given);
  if (number !== undefined) {
    if (Number.isNaN(number)) return 0n;
    const isInRange = number >= -(2 ** 63) && number < 2 ** 63;
    if (isInRange) return BigInt(Math.trunc(number));
    throw new ScriptFailure(2, "number passed to NumberLong must be representable as an int64_t");
  }
  const text = textOf(given);
  const value = /^[+-]?\d{1,20}$/.test(text) ? BigInt(text.replace(/^\+/, "")) : undefined;
  if (value === undefined || value < int64Min || value > int64Max)
    throw new ScriptFailure(2, "could not convert string to long long");
  return value;
}

class NumberIntValue {
  readonly #value: number;

  constructor(given?: unknown) {
    this.#value = given === undefined ? 0 : Math.trunc(Number(given)) | 0;
  }
  toNumber(): number {
    return this.#value;
  }
  valueOf(): number {
    return this.#value;
  }
  toString(): string {
    return `NumberInt(${this.#value})`;
  }
  tojson(): string {
    return this.toString();
  }
  toJSON(): number {
    return this.#value;
  }
  static read(value: NumberIntValue): number {
    return value.#value;
  }
}

class NumberDecimalValue {
  readonly #value: Decimal128;

  constructor(given?: unknown) {
    this.#value = toDecimal(given);
  }
  toString(): string {
    return `NumberDecimal("${String(this.#value)}")`;
  }
  tojson(): string {
    return this.toString();
  }
  toJSON(): object {
    return { $numberDecimal: String(this.#value) };
  }
  equals(other: unknown): boolean {
    return other instanceof NumberDecimalValue && String(this) === String(other);
  }
  static read(value: NumberDecimalValue): Decimal128 {
    return value.#value;
  }
  static of(value: Decimal128): NumberDecimalValue {
    return new NumberDecimalValue(value);
  }
}

function toDecimal(given: unknown): Decimal128 {
  if (typeof given === "object" && given !== null && "bsonType" in given)
    return given as Decimal128;
  const reading = readDecimal(given === undefined ? "0" : textOf(given));
  if (reading === undefined) throw new ScriptFailure(2, "Input is not a valid Decimal128 value.");
  return reading.value;
}

export const NumberLong: typeof NumberLongValue = namedClass("NumberLong", NumberLongValue);
export const NumberInt: typeof NumberIntValue = namedClass("NumberInt", NumberIntValue);
export const NumberDecimal: typeof NumberDecimalValue = namedClass(
  "NumberDecimal",
  NumberDecimalValue,
);
