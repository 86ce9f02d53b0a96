import { describe, expect, test } from "vitest";
import { evaluateText } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5 unless said otherwise. */
const doc =
  '{"s":"x","n":null,"z":0,"i":3,"l":{"$numberLong":"9223372036854775807"},"d":{"$numberDouble":"2.5"},"m":{"$numberDecimal":"1.10"},"t":{"$date":{"$numberLong":"1577836800000"}},"a":[1,2,3],"o":{"a":1,"b.c":2,"$d":3},"q":[{"b":1},{"b":[2]},5,[{"b":3}],{"c":4}]}';

describe("$ceil, $floor", () => {
  test.for([
    ['{"$ceil":"$d"}', '{"$numberDouble":"3.0"}'],
    ['{"$floor":-2.5}', '{"$numberDouble":"-3.0"}'],
    ['{"$ceil":"$m"}', '{"$numberDecimal":"2"}'],
    ['{"$floor":{"$numberDecimal":"-1.10"}}', '{"$numberDecimal":"-2"}'],
    ['{"$ceil":"$l"}', '{"$numberLong":"9223372036854775807"}'],
    ['{"$ceil":"$i"}', '{"$numberInt":"3"}'],
    ['{"$ceil":-0.5}', '{"$numberDouble":"-0.0"}'],
    ['{"$ceil":{"$numberDecimal":"Infinity"}}', '{"$numberDecimal":"NaN"}'],
    ['{"$floor":"$s"}', "28765 $floor only supports numeric types, not string"],
    ['{"$floor":"$n"}', "null"],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});

describe("$round, $trunc", () => {
  test.for([
    ['{"$round":2.5}', '{"$numberDouble":"2.0"}'],
    ['{"$round":3.5}', '{"$numberDouble":"4.0"}'],
    ['{"$round":-0.4}', '{"$numberDouble":"-0.0"}'],
    ['{"$round":[1.005,2]}', '{"$numberDouble":"1.0"}'],
    ['{"$round":[5.015,2]}', '{"$numberDouble":"5.01"}'],
    ['{"$round":[123.4567,-2]}', '{"$numberDouble":"100.0"}'],
    ['{"$round":[1234,-2]}', '{"$numberInt":"1200"}'],
    ['{"$round":[{"$numberLong":"1250"},-2]}', '{"$numberLong":"1200"}'],
    ['{"$round":[2147483647,-1]}', '{"$numberLong":"2147483650"}'],
    [
      '{"$round":["$l",-1]}',
      "51080 invalid conversion from Decimal128 result in $round resulting from arguments: [9223372036854775807, -1]",
    ],
    ['{"$round":[{"$numberDecimal":"2.5"}]}', '{"$numberDecimal":"2"}'],
    ['{"$round":[{"$numberDecimal":"123.456"},2]}', '{"$numberDecimal":"123.46"}'],
    ['{"$round":[{"$numberDecimal":"123.456"},-2]}', '{"$numberDecimal":"1E+2"}'],
    [
      '{"$round":[{"$numberDecimal":"1E+40"},0]}',
      '{"$numberDecimal":"1.000000000000000000000000000000000E+40"}',
    ],
    ['{"$round":[{"$numberDouble":"1e300"},2]}', '{"$numberDouble":"1e+300"}'],
    ['{"$round":[{"$numberDouble":"Infinity"},2]}', '{"$numberDouble":"Infinity"}'],
    ['{"$trunc":[-1.29,1]}', '{"$numberDouble":"-1.2"}'],
    ['{"$trunc":{"$numberDecimal":"-1.5"}}', '{"$numberDecimal":"-1"}'],
    ['{"$trunc":[1.5,"$n"]}', "null"],
    ['{"$round":["$n",101]}', "null"],
    ['{"$round":["$s",1]}', "51081 $round only supports numeric types, not string"],
    ['{"$round":[1,"$s"]}', "16004 can't convert from BSON type string to long"],
    ['{"$round":[1,1.5]}', "51082 precision argument to  $round must be a integral value"],
    [
      '{"$round":[1,101]}',
      "51083 cannot apply $round with precision value 101 value must be in [-20, 100]",
    ],
    [
      '{"$round":[1,-21]}',
      "51083 cannot apply $round with precision value -21 value must be in [-20, 100]",
    ],
    [
      '{"$round":[]}',
      "28667 Expression $round takes at least 1 arguments, and at most 2, but 0 were passed in.",
    ],
    [
      '{"$round":[1,2,3]}',
      "28667 Expression $round takes at least 1 arguments, and at most 2, but 3 were passed in.",
    ],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});
