import { describe, expect, test } from "vitest";
import { evaluateText } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5 unless said otherwise. */
const doc =
  '{"s":"x","n":null,"z":0,"i":3,"l":{"$numberLong":"9223372036854775807"},"d":{"$numberDouble":"2.5"},"m":{"$numberDecimal":"1.10"},"t":{"$date":{"$numberLong":"1577836800000"}},"a":[1,2,3],"o":{"a":1,"b.c":2,"$d":3},"q":[{"b":1},{"b":[2]},5,[{"b":3}],{"c":4}]}';

describe("$add, $subtract, $multiply: types and overflow", () => {
  test.for([
    ['{"$add":["$i",1]}', '{"$numberInt":"4"}'],
    ['{"$add":[2147483647,1]}', '{"$numberLong":"2147483648"}'],
    ['{"$add":["$i",{"$numberLong":"1"}]}', '{"$numberLong":"4"}'],
    ['{"$add":["$l",1]}', '{"$numberDouble":"9223372036854775808.0"}'],
    ['{"$add":["$i",0.5]}', '{"$numberDouble":"3.5"}'],
    ['{"$add":[0.1,0.2,0.3]}', '{"$numberDouble":"0.6"}'],
    ['{"$add":["$m",{"$numberDecimal":"2.20"}]}', '{"$numberDecimal":"3.30"}'],
    ['{"$add":["$m",0.1]}', '{"$numberDecimal":"1.200000000000000005551115123125783"}'],
    [
      '{"$add":[{"$numberDouble":"Infinity"},{"$numberDouble":"-Infinity"}]}',
      '{"$numberDouble":"NaN"}',
    ],
    [
      '{"$add":[{"$numberDouble":"1e308"},{"$numberDouble":"1e308"},{"$numberDouble":"-1e308"}]}',
      '{"$numberDouble":"Infinity"}',
    ],
    ['{"$add":[]}', '{"$numberInt":"0"}'],
    ['{"$add":"$i"}', '{"$numberInt":"3"}'],
    ['{"$add":["$n","$s"]}', "null"],
    ['{"$add":["$s","$n"]}', "16554 $add only supports numeric or date types, not string"],
    ['{"$add":["x","$n"]}', "null"],
    ['{"$add":["$nope",1]}', "null"],
    ['{"$add":["$t",1.5]}', '{"$date":{"$numberLong":"1577836800001"}}'],
    ['{"$add":["$t",{"$numberDecimal":"2.5"}]}', '{"$date":{"$numberLong":"1577836800002"}}'],
    ['{"$add":["$t","$t"]}', "16612 only one date allowed in an $add expression"],
    ['{"$add":["$t","$l"]}', "15 date overflow in $add"],
    ['{"$subtract":["$i",5]}', '{"$numberInt":"-2"}'],
    ['{"$subtract":[-2147483648,1]}', '{"$numberLong":"-2147483649"}'],
    [
      '{"$subtract":[{"$numberLong":"-9223372036854775808"},1]}',
      '{"$numberDouble":"-9223372036854775808.0"}',
    ],
    ['{"$subtract":["$m",{"$numberDecimal":"1.1"}]}', '{"$numberDecimal":"0.00"}'],
    ['{"$subtract":["$t","$t"]}', '{"$numberLong":"0"}'],
    ['{"$subtract":["$t",1.9]}', '{"$date":{"$numberLong":"1577836799999"}}'],
    ['{"$subtract":[1,"$t"]}', "14 can't $subtract date from int"],
    ['{"$subtract":["$t","$s"]}', "14 can't $subtract string from Date"],
    [
      '{"$subtract":["$t",{"$numberDouble":"NaN"}]}',
      "31109 Can't coerce out of range value nan to long",
    ],
    [
      '{"$subtract":[1]}',
      "16020 Expression $subtract takes exactly 2 arguments. 1 were passed in.",
    ],
    ['{"$multiply":["$i",4]}', '{"$numberInt":"12"}'],
    ['{"$multiply":[2147483647,2]}', '{"$numberLong":"4294967294"}'],
    ['{"$multiply":["$l",2]}', '{"$numberDouble":"18446744073709551616.0"}'],
    ['{"$multiply":["$d","$i"]}', '{"$numberDouble":"7.5"}'],
    ['{"$multiply":["$m",{"$numberDecimal":"2"}]}', '{"$numberDecimal":"2.20"}'],
    ['{"$multiply":[0.1,{"$numberDecimal":"3"}]}', '{"$numberDecimal":"0.300000000000000"}'],
    ['{"$multiply":[]}', '{"$numberInt":"1"}'],
    ['{"$multiply":["$s",1]}', "14 $multiply only supports numeric types, not string"],
    ['{"$multiply":["$t",1]}', "14 $multiply only supports numeric types, not date"],
    ['{"$multiply":["$n","$s"]}', "null"],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});

describe("$divide, $mod, $abs", () => {
  test.for([
    ['{"$divide":[1,2]}', '{"$numberDouble":"0.5"}'],
    [
      '{"$divide":[{"$numberDecimal":"1"},{"$numberDecimal":"3"}]}',
      '{"$numberDecimal":"0.3333333333333333333333333333333333"}',
    ],
    ['{"$divide":[{"$numberDecimal":"2.0"},{"$numberDecimal":"0.5"}]}', '{"$numberDecimal":"4"}'],
    ['{"$divide":["$i","$z"]}', "2 can't $divide by zero"],
    ['{"$divide":[1,0]}', "2 can't $divide by zero"],
    ['{"$divide":["$n",0]}', "null"],
    ['{"$divide":["$s",1]}', "14 $divide only supports numeric types, not string and int"],
    ['{"$mod":[-7,3]}', '{"$numberInt":"-1"}'],
    ['{"$mod":[7,{"$numberLong":"4"}]}', '{"$numberLong":"3"}'],
    ['{"$mod":[7.5,2]}', '{"$numberDouble":"1.5"}'],
    ['{"$mod":[7,2.5]}', '{"$numberDouble":"2.0"}'],
    ['{"$mod":[7,{"$numberDouble":"4"}]}', '{"$numberInt":"3"}'],
    ['{"$mod":[{"$numberLong":"-9223372036854775808"},-1]}', '{"$numberLong":"0"}'],
    ['{"$mod":[{"$numberDecimal":"10.50"},3]}', '{"$numberDecimal":"1.50"}'],
    ['{"$mod":["$i",0]}', "16610 can't $mod by zero"],
    ['{"$mod":["$m",0]}', "5733415 can't $mod by zero"],
    ['{"$mod":["$s",1]}', "16611 $mod only supports numeric types, not string and int"],
    ['{"$abs":-2147483648}', '{"$numberLong":"2147483648"}'],
    ['{"$abs":{"$numberLong":"-5"}}', '{"$numberLong":"5"}'],
    ['{"$abs":{"$numberLong":"-9223372036854775808"}}', "28680 can't take $abs of long long min"],
    ['{"$abs":{"$numberDecimal":"-1.0"}}', '{"$numberDecimal":"1.0"}'],
    ['{"$abs":-0.5}', '{"$numberDouble":"0.5"}'],
    ['{"$abs":"$s"}', "28765 $abs only supports numeric types, not string"],
    ['{"$abs":"$nope"}', "null"],
    ['{"$abs":[1,2]}', "16020 Expression $abs takes exactly 1 arguments. 2 were passed in."],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});

describe("a constant that can only fail", () => {
  test.for([
    // It fails even where it is not reached.
    ['{"$cond":[true,1,{"$divide":[1,0]}]}', "2 can't $divide by zero"],
    ['{"$or":[true,{"$divide":[1,0]}]}', "2 can't $divide by zero"],
    ['{"$map":{"input":[],"in":{"$divide":[1,0]}}}', "2 can't $divide by zero"],
    // What is no expression comes first.
    ['{"$add":[{"$divide":[1,0]},{"$foo":1}]}', "168 Unrecognized expression '$foo'"],
    // Variables are not folded.
    [
      '{"$let":{"vars":{"x":0},"in":{"$cond":[true,1,{"$divide":[1,"$$x"]}]}}}',
      '{"$numberInt":"1"}',
    ],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});
