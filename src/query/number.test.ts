import { describe, expect, test } from "vitest";
import { parseEjsonValue } from "../bson/parse-ejson.ts";
import { toText } from "../bson/stringify.ts";
import { add, multiply, subtract, toDecimal, type NumberValue } from "./number.ts";
import { Sum } from "./sum.ts";

const read = (text: string): NumberValue => parseEjsonValue(Buffer.from(text)) as NumberValue;
const long = (value: string): string => `{"$numberLong":"${value}"}`;
const int = (value: string): string => `{"$numberInt":"${value}"}`;
const double = (value: string): string => `{"$numberDouble":"${value}"}`;
const decimal = (value: string): string => `{"$numberDecimal":"${value}"}`;

const operations = { "+": add, "-": subtract, "*": multiply };

describe("number types", () => {
  test.for([
    ["1", "+", "2", int("3")],
    ["2147483647", "+", "1", long("2147483648")],
    ["-2147483648", "-", "1", long("-2147483649")],
    ["2147483647", "*", "2147483647", long("4611686014132420609")],
    ["0", "*", "-5", int("0")],
    ["1", "+", long("1"), long("2")],
    [long("9223372036854775807"), "+", "1", "overflow"],
    [long("-9223372036854775808"), "-", "1", "overflow"],
    [long("4611686018427387904"), "*", "2", "overflow"],
    ["1", "+", double("1"), double("2.0")],
    [long("9223372036854775807"), "+", double("0"), double("9.223372036854775807e18")],
    [double("0.1"), "+", decimal("1.0"), decimal("1.100000000000000")],
    ["2", "*", decimal("1.50"), decimal("3.00")],
  ] as const)("%s %s %s = %s", ([left, operator, right, wanted]) => {
    const result = operations[operator](read(left), read(right));
    const text = result === undefined ? "overflow" : toText(result, "canonical");
    const normalized = wanted === "overflow" ? wanted : toText(read(wanted), "canonical");
    expect(text).toBe(normalized);
  });

  test.for([
    [double("0.1"), "0.100000000000000"],
    [double("0"), "0"],
    [double("1e20"), "1.00000000000000E+20"],
    [double("NaN"), "NaN"],
    ["5", "5"],
    [long("9007199254740993"), "9007199254740993"],
  ] as const)("%s as a decimal is %s", ([text, wanted]) => {
    expect(toDecimal(read(text)).toString()).toBe(wanted);
  });
});

describe("Sum", () => {
  test.for([
    [[], int("0")],
    [["2147483647", "1"], long("2147483648")],
    [["1", long("1")], long("2")],
    [[long("9223372036854775807"), long("9223372036854775807")], double("18446744073709551616")],
    [[long("9223372036854775807"), "1", "-1"], long("9223372036854775807")],
    [[double("0.1"), double("0.2"), double("0.3")], double("0.6")],
    [[double("1e308"), double("1e308"), double("-1e308")], double("Infinity")],
    [[double("Infinity"), double("-Infinity")], double("NaN")],
    [[decimal("1.10"), decimal("2.20")], decimal("3.30")],
  ] as const)("of %j is %s", ([numbers, wanted]) => {
    const sum = new Sum();
    for (const each of numbers) sum.add(read(each));
    expect(toText(sum.value(), "canonical")).toBe(toText(read(wanted), "canonical"));
  });
});
