/** `$expMovingAvg`: reckoned in decimals, whatever the types. */
import { Doc } from "../../bson/doc.ts";
import { type Decimal128, decimalFromInteger } from "../../bson/decimal128.ts";
import { compareDecimals } from "../../bson/compare.ts";
import { Double, int64Max, int64Min, isNumber, typeName, type Value } from "../../bson/value.ts";
import { failedToParse } from "../../kit/mongo-error.ts";
import { addDecimals, divideDecimals, multiplyDecimals, subtractDecimals } from "../decimal.ts";
import { printField } from "../../bson/print.ts";
import { compileStageExpression } from "../expression.ts";
import { type NumberValue, toDecimal, toDouble, widthOf } from "../number.ts";
import { toTruncatedInteger } from "../number-value.ts";
import { type CompileWindowFunction, type Evaluation, startDirect } from "./window-function.ts";

const one = decimalFromInteger(1);
const zero = decimalFromInteger(0);

export const compileMovingAverage: CompileWindowFunction = (spec, { order, environment }, name) => {
  const operand = spec.get(name);
  if (spec.size !== 1 || !(operand instanceof Doc))
    throw failedToParse("$expMovingAvg must have exactly one argument that is an object");
  const input = operand.get("input");
  if (operand.size !== 2 || input === undefined)
    throw failedToParse(
      "$expMovingAvg sub object must have exactly two fields: An 'input' field, and either an 'N' field or an 'alpha' field",
    );
  if (order === undefined) throw failedToParse("$expMovingAvg requires an explicit 'sortBy'");
  const alpha = readAlpha(operand);
  const rest = subtractDecimals(one, alpha);
  const expression = compileStageExpression(input, environment);
  return {
    start({ docs }, before): MovingAverage {
      let average: Decimal128 | undefined;
      // The server does not forget a decimal where another partition begins.
      let hasDecimal = (before as MovingAverage | undefined)?.hasDecimal() ?? false;
      const add = (value: NumberValue): void => {
        if (widthOf(value) === 3) hasDecimal = true;
        const decimal = toDecimal(value);
        average =
          average === undefined
            ? decimal
            : addDecimals(multiplyDecimals(decimal, alpha), multiplyDecimals(average, rest));
      };
      const direct = startDirect((index) => {
        const value = expression.evaluate(docs[index] as Doc);
        if (isNumber(value)) add(value);
        if (average === undefined) return null;
        return hasDecimal ? average : new Double(toDouble(average));
      });
      return { ...direct, hasDecimal: () => hasDecimal };
    },
  };
};

interface MovingAverage extends Evaluation {
  hasDecimal(): boolean;
}

/** The weight of the newest value. */
function readAlpha(operand: Doc): Decimal128 {
  const count = operand.get("N");
  if (count !== undefined) return divideDecimals(decimalFromInteger(2), readSpan(count));
  const alpha = operand.get("alpha");
  if (alpha === undefined)
    throw failedToParse(
      "Got unrecognized field in $expMovingAvg$expMovingAvg sub object must have exactly two fields: An 'input' field, and either an 'N' field or an 'alpha' field",
    );
  if (!isNumber(alpha)) throw failedToParse("'alpha' must be a number");
  const decimal = toDecimal(alpha);
  const isWithin =
    decimal.class === "finite" &&
    compareDecimals(decimal, zero) > 0 &&
    compareDecimals(decimal, one) < 0;
  if (!isWithin)
    throw failedToParse(
      `'alpha' must be between 0 and 1 (exclusive), found ${printField("alpha", alpha)}`,
    );
  return decimal;
}

/** N + 1 */
function readSpan(count: Value): Decimal128 {
  if (!isNumber(count))
    throw failedToParse(`'N' field must be an integer, but found type ${typeName(count)}`);
  const number = toDouble(count);
  if (Number.isFinite(number) && !Number.isInteger(number))
    throw failedToParse(
      `'N' field must be an integer, but found  ${printField("N", count)}. To use a non-integer, use the 'alpha' argument instead`,
    );
  const whole = Number.isNaN(number)
    ? 0n
    : (toTruncatedInteger(count) ?? (number > 0 ? int64Max : int64Min));
  if (whole <= 0n) throw failedToParse(`'N' must be greater than zero. Got ${whole}`);
  return addDecimals(decimalFromInteger(whole), one);
}
