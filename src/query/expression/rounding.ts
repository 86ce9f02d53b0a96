/** `$ceil $floor $round $trunc`. */
import { decimalNaN } from "../../bson/decimal128.ts";
import { Double, isNumber, toInteger, typeName, type Value } from "../../bson/value.ts";
import { MongoError } from "../../kit/mongo-error.ts";
import { quantizeDecimal, towardsExponent, type Rounding } from "../decimal.ts";
import { toDouble, toExactDecimal, type NumberValue } from "../number.ts";
import { isNullish } from "../truth.ts";
import { compileArguments, fold, type CompileOperator, type Evaluate } from "./operator.ts";
import { toInt32, toLong } from "./argument.ts";

function toWhole(rounding: Rounding, double: (value: number) => number): CompileOperator {
  return (operand, compiler, name) => {
    const args = compileArguments(operand, compiler, name, 1);
    const [argument] = args as [Evaluate];
    return fold((frame) => {
      const value = argument(frame);
      if (isNullish(value)) return null;
      if (!isNumber(value))
        throw new MongoError(28765, `${name} only supports numeric types, not ${typeName(value)}`);
      if (typeof value !== "object") return value;
      return value.bsonType === 1
        ? new Double(double(value.value))
        : value.class === "finite"
          ? quantizeDecimal(value, 0, rounding)
          : // So the server, for infinities too; `$round` and `$trunc` keep them.
            decimalNaN;
    }, args);
  };
}

function toPlace(rounding: Rounding): CompileOperator {
  return (operand, compiler, name) => {
    const args = compileArguments(operand, compiler, name, 1, 2);
    const [argument, precision] = args as [Evaluate, Evaluate | undefined];
    return fold((frame) => {
      const value = argument(frame);
      if (isNullish(value)) return null;
      if (!isNumber(value))
        throw new MongoError(51081, `${name} only supports numeric types, not ${typeName(value)}`);
      if (precision === undefined) return roundTo(value, 0, rounding, name);
      const place = precision(frame);
      if (isNullish(place)) return null;
      return roundTo(value, readPrecision(place, name), rounding, name);
    }, args);
  };
}

const precisionMin = -20n;
const precisionMax = 100n;

function readPrecision(value: Value, name: string): number {
  const precision = toLong(value);
  if (!isIntegral(value as NumberValue))
    throw new MongoError(51082, `precision argument to  ${name} must be a integral value`);
  if (precision < precisionMin || precision > precisionMax)
    throw new MongoError(
      51083,
      `cannot apply ${name} with precision value ${precision} value must be in [-20, 100]`,
    );
  return Number(precision);
}

function isIntegral(value: NumberValue): boolean {
  return toInt32(value) !== undefined;
}

function roundTo(
  value: NumberValue,
  precision: number,
  rounding: Rounding,
  name: string,
): NumberValue {
  if (typeof value !== "object") {
    if (precision >= 0) return value;
    const rounded = quantizeDecimal(toExactDecimal(value), -precision, rounding);
    const whole = rounded.coefficient * 10n ** BigInt(rounded.exponent);
    const long = rounded.negative ? -whole : whole;
    if (BigInt.asIntN(64, long) !== long)
      throw new MongoError(
        51080,
        `invalid conversion from Decimal128 result in ${name} resulting from arguments: [${value}, ${precision}]`,
      );
    return typeof value === "bigint" ? long : toInteger(long);
  }
  const exact = toExactDecimal(value);
  const rounded = quantizeDecimal(exact, -precision, rounding);
  // More digits than a decimal has: there is nothing to round.
  const isTooLong = rounded.class === "nan";
  if (value.bsonType === 1) return isTooLong ? value : new Double(toDouble(rounded));
  return isTooLong ? towardsExponent(value, -precision) : rounded;
}

export const roundingOperators: ReadonlyMap<string, CompileOperator> = new Map([
  ["$ceil", toWhole("ceiling", Math.ceil)],
  ["$floor", toWhole("floor", Math.floor)],
  ["$round", toPlace("halfEven")],
  ["$trunc", toPlace("down")],
]);
