import { describe, expect, test } from "vitest";
import { type Decimal128, readDecimal } from "../bson/decimal128.ts";
import {
  addDecimals,
  divideDecimals,
  multiplyDecimals,
  powerOfDecimals,
  quantizeDecimal,
  remainderOfDecimals,
  squareRootOfDecimal,
  subtractDecimals,
} from "./decimal.ts";

function read(text: string): Decimal128 {
  const reading = readDecimal(text);
  if (reading === undefined) throw new TypeError(text);
  return reading.value;
}

const operations = {
  "+": addDecimals,
  "-": subtractDecimals,
  "*": multiplyDecimals,
  "/": divideDecimals,
  "%": remainderOfDecimals,
  "^": powerOfDecimals,
};

describe("decimal arithmetic", () => {
  test.for([
    ["1.10", "+", "2.20", "3.30"],
    ["1", "+", "-1", "0"],
    ["-0", "+", "-0.0", "-0.0"],
    ["0", "+", "-0", "0"],
    ["1E+40", "+", "1", "1.000000000000000000000000000000000E+40"],
    [
      "9.999999999999999999999999999999999E+33",
      "+",
      "0.5",
      "1.000000000000000000000000000000000E+34",
    ],
    ["9999999999999999999999999999999999", "+", "1", "1.000000000000000000000000000000000E+34"],
    ["1E+6000", "+", "1E-6000", "1.000000000000000000000000000000000E+6000"],
    ["0E+3", "+", "1E-6176", "1E-6176"],
    ["Infinity", "+", "-Infinity", "NaN"],
    ["Infinity", "+", "1", "Infinity"],
    ["1.10", "-", "1.1", "0.00"],
    ["1.20", "*", "2", "2.40"],
    ["1E+6111", "*", "1E+100", "Infinity"],
    ["1E-6176", "*", "0.1", "0E-6176"],
    ["0", "*", "Infinity", "NaN"],
    ["-2", "*", "0", "-0"],
    ["1", "/", "3", "0.3333333333333333333333333333333333"],
    ["2", "/", "3", "0.6666666666666666666666666666666667"],
    ["6.0", "/", "2", "3.0"],
    ["1", "/", "8", "0.125"],
    ["1", "/", "0", "Infinity"],
    ["0", "/", "0", "NaN"],
    ["1", "/", "-Infinity", "-0E-6176"],
    ["10.50", "%", "3", "1.50"],
    ["-7", "%", "3", "-1"],
    ["9E+6100", "%", "7E-6176", "2E-6176"],
    ["1", "%", "Infinity", "1"],
    ["2", "^", "10", "1024.000000000000000000000000000000"],
    ["1.5", "^", "0.5", "1.224744871391589049098642037352946"],
    ["2", "^", "-Infinity", "0E-6176"],
    ["3", "^", "1E+300", "Infinity"],
    ["-8", "^", "0.5", "NaN"],
  ] as const)("%s %s %s = %s", ([left, operator, right, wanted]) => {
    expect(operations[operator](read(left), read(right)).toString()).toBe(wanted);
  });

  test.for([
    ["2.5", 0, "halfEven", "2"],
    ["3.5", 0, "halfEven", "4"],
    ["-2.5", 0, "halfEven", "-2"],
    ["2.51", 0, "halfEven", "3"],
    ["-1.9", 0, "down", "-1"],
    ["1.1", 0, "ceiling", "2"],
    ["-1.1", 0, "ceiling", "-1"],
    ["-1.1", 0, "floor", "-2"],
    ["123.456", -2, "halfEven", "123.46"],
    ["150", 2, "halfEven", "2E+2"],
    ["1", -3, "down", "1.000"],
    ["1E+40", 0, "down", "NaN"],
    ["1E-6000", 0, "ceiling", "1"],
  ] as const)("%s to the place %s, %s, is %s", ([text, exponent, rounding, wanted]) => {
    expect(quantizeDecimal(read(text), exponent, rounding).toString()).toBe(wanted);
  });

  test.for([
    ["4.00", "2.0"],
    ["2", "1.414213562373095048801688724209698"],
    ["1E+41", "316227766016837933199.8893544432719"],
    ["-0", "-0"],
    ["-1", "NaN"],
    ["Infinity", "Infinity"],
  ] as const)("the root of %s is %s", ([text, wanted]) => {
    expect(squareRootOfDecimal(read(text)).toString()).toBe(wanted);
  });
});
