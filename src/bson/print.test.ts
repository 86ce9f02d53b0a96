// As a mongod 6.0.5 prints them.
import { expect, test } from "vitest";
import { parseEjsonValue } from "../bson/parse-ejson.ts";
import { printField } from "./print.ts";

test.for([
  ["null", "a: null"],
  ["5", "a: 5"],
  ['{"$numberLong":"9223372036854775807"}', "a: 9223372036854775807"],
  ['{"$numberDouble":"1.0"}', "a: 1.0"],
  ['{"$numberDouble":"1.5"}', "a: 1.5"],
  ['{"$numberDouble":"1e300"}', "a: 1e+300.0"],
  ['{"$numberDouble":"123456789.123456789"}', "a: 123456789.1234568"],
  ['{"$numberDouble":"-0.0"}', "a: -0.0"],
  ['{"$numberDouble":"NaN"}', "a: nan.0"],
  ['{"$numberDouble":"-Infinity"}', "a: -inf.0"],
  ['{"$numberDecimal":"1.20"}', "a: 1.20"],
  ['"x"', 'a: "x"'],
  [`"${"x".repeat(160)}"`, `a: "${"x".repeat(150)}..."`],
  ['{"$oid":"507f1f77bcf86cd799439011"}', "a: ObjectId('507f1f77bcf86cd799439011')"],
  ['{"$date":{"$numberLong":"-1"}}', "a: new Date(-1)"],
  ['{"$timestamp":{"t":5,"i":6}}', "a: Timestamp(5, 6)"],
  ['{"$binary":{"base64":"YWJj","subType":"00"}}', "a: BinData(0, 616263)"],
  [
    '{"$binary":{"base64":"BwcHBwcHBwcHBwcHBwcHBw==","subType":"04"}}',
    'a: UUID("07070707-0707-0707-0707-070707070707")',
  ],
  ['{"$regularExpression":{"pattern":"a/b","options":"i"}}', "a: /a/b/i"],
  ['{"$code":"f()","$scope":{"a":1}}', "a: CodeWScope( f(), { a: 1 })"],
  ['{"$minKey":1}', "a: MinKey"],
  ["[1,[2,{}],[]]", "a: [ 1, [ 2, {} ], [] ]"],
  ['{"b":1,"c":[1]}', "a: { b: 1, c: [ 1 ] }"],
] as const)("print: %s is shown as %s", ([value, text]) => {
  expect(printField("a", parseEjsonValue(Buffer.from(value)))).toBe(text);
});
