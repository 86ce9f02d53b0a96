/** Whole numbers out of values of any numeric type. */
import { int64Max, int64Min, isNumber, type Value } from "../../bson/value.ts";

/** The value as an int64 when it is a number that is exactly one. */
export function integerOf(value: Value): bigint | undefined {
  if (!isNumber(value)) return undefined;
  if (typeof value === "number" || typeof value === "bigint") return BigInt(value);
  const wide = value.bsonType === 1 ? integerOfDouble(value.value) : integerOfDecimal(value);
  return wide !== undefined && wide >= int64Min && wide <= int64Max ? wide : undefined;
}

function integerOfDouble(value: number): bigint | undefined {
  return Number.isInteger(value) ? BigInt(value) : undefined;
}

/** Powers of ten beyond int64 in either direction. */
const exponentMax = 40;

function integerOfDecimal(value: {
  readonly class: string;
  readonly negative: boolean;
  readonly coefficient: bigint;
  readonly exponent: number;
}): bigint | undefined {
  if (value.class !== "finite") return undefined;
  if (value.coefficient === 0n) return 0n;
  if (Math.abs(value.exponent) > exponentMax) return undefined;
  const power = 10n ** BigInt(Math.abs(value.exponent));
  if (value.exponent < 0 && value.coefficient % power !== 0n) return undefined;
  const whole = value.exponent < 0 ? value.coefficient / power : value.coefficient * power;
  return value.negative ? -whole : whole;
}
