import { describe, expect, test } from "vitest";
import { evaluateText } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5 unless said otherwise. */
const doc =
  '{"s":"x","n":null,"z":0,"i":3,"l":{"$numberLong":"9223372036854775807"},"d":{"$numberDouble":"2.5"},"m":{"$numberDecimal":"1.10"},"t":{"$date":{"$numberLong":"1577836800000"}},"a":[1,2,3],"o":{"a":1,"b.c":2,"$d":3},"q":[{"b":1},{"b":[2]},5,[{"b":3}],{"c":4}]}';

describe("sets", () => {
  test.for([
    [
      '{"$setUnion":["$a",[3,5,{"$numberDouble":"1"}]]}',
      '[{"$numberInt":"1"},{"$numberInt":"2"},{"$numberInt":"3"},{"$numberInt":"5"}]',
    ],
    ['{"$setUnion":[["b","a"],[null,1]]}', '[null,{"$numberInt":"1"},"a","b"]'],
    ['{"$setUnion":["$a","$n"]}', "null"],
    [
      '{"$setUnion":["$a","$s"]}',
      "17043 All operands of $setUnion must be arrays. One argument is of type: string",
    ],
    ['{"$setUnion":[]}', "[]"],
    ['{"$setIntersection":["$a",[3,2,2]]}', '[{"$numberInt":"2"},{"$numberInt":"3"}]'],
    ['{"$setIntersection":[]}', "[]"],
    ['{"$setIntersection":["$a","$nope"]}', "null"],
    [
      '{"$setIntersection":["$a","$s"]}',
      "17047 All operands of $setIntersection must be arrays. One argument is of type: string",
    ],
    ['{"$setDifference":[[5,2,5,1],"$a"]}', '[{"$numberInt":"5"}]'],
    ['{"$setDifference":["$a","$n"]}', "null"],
    [
      '{"$setDifference":["$s","$a"]}',
      "17048 both operands of $setDifference must be arrays. First argument is of type: string",
    ],
    [
      '{"$setDifference":["$a","$s"]}',
      "17049 both operands of $setDifference must be arrays. Second argument is of type: string",
    ],
    [
      '{"$setDifference":["$a"]}',
      "16020 Expression $setDifference takes exactly 2 arguments. 1 were passed in.",
    ],
    ['{"$setEquals":["$a",[3,2,1,1]]}', "true"],
    ['{"$setEquals":["$a",[3,2]]}', "false"],
    [
      '{"$setEquals":["$a","$n"]}',
      "17044 All operands of $setEquals must be arrays. 2-th argument is of type: null",
    ],
    [
      '{"$setEquals":["$a",1]}',
      "5887502 All operands of $setEquals must be arrays. 2-th argument is of type: int",
    ],
    ['{"$setEquals":["$a"]}', "17045 $setEquals needs at least two arguments had: 1"],
    ['{"$setIsSubset":[[1],"$a"]}', "true"],
    ['{"$setIsSubset":[[9],"$a"]}', "false"],
    [
      '{"$setIsSubset":["$n","$a"]}',
      "17046 both operands of $setIsSubset must be arrays. First argument is of type: null",
    ],
    [
      '{"$setIsSubset":["$a","$s"]}',
      "17042 both operands of $setIsSubset must be arrays. Second argument is of type: string",
    ],
    [
      '{"$setIsSubset":["$a",1]}',
      "17311 both operands of $setIsSubset must be arrays. Second argument is of type: int",
    ],
    ['{"$anyElementTrue":["$a"]}', "true"],
    ['{"$anyElementTrue":[[0,null]]}', "false"],
    [
      '{"$anyElementTrue":["$s"]}',
      "17041 $anyElementTrue's argument must be an array, but is string",
    ],
    ['{"$allElementsTrue":[[]]}', "true"],
    ['{"$allElementsTrue":[[1,0]]}', "false"],
    [
      '{"$allElementsTrue":["$n"]}',
      "17040 $allElementsTrue's argument must be an array, but is null",
    ],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});

describe("accumulators over a list", () => {
  test.for([
    ['{"$sum":"$a"}', '{"$numberInt":"6"}'],
    ['{"$sum":["$a","$i"]}', '{"$numberInt":"3"}'],
    ['{"$sum":["$i",2147483647]}', '{"$numberLong":"2147483650"}'],
    ['{"$sum":["$l","$l"]}', '{"$numberDouble":"18446744073709551616.0"}'],
    ['{"$sum":["$m",0.1]}', '{"$numberDecimal":"1.200000000000000005551115123125783"}'],
    ['{"$sum":["$s","$nope"]}', '{"$numberInt":"0"}'],
    ['{"$sum":[]}', '{"$numberInt":"0"}'],
    ['{"$avg":"$a"}', '{"$numberDouble":"2.0"}'],
    ['{"$avg":["$m",2]}', '{"$numberDecimal":"1.55"}'],
    ['{"$avg":"$s"}', "null"],
    ['{"$max":["$i","$d","$n"]}', '{"$numberInt":"3"}'],
    ['{"$max":["$a","$s"]}', '[{"$numberInt":"1"},{"$numberInt":"2"},{"$numberInt":"3"}]'],
    ['{"$min":"$a"}', '{"$numberInt":"1"}'],
    ['{"$min":["$n","$nope"]}', "null"],
    ['{"$stdDevPop":"$a"}', '{"$numberDouble":"0.816496580927726"}'],
    ['{"$stdDevSamp":"$a"}', '{"$numberDouble":"1.0"}'],
    ['{"$stdDevSamp":[1]}', "null"],
    ['{"$stdDevPop":[]}', "null"],
    // Newer than the server that gave these verdicts: by the manual.
    ['{"$median":{"input":[4,1,3,2],"method":"approximate"}}', '{"$numberDouble":"2.0"}'],
    [
      '{"$percentile":{"input":"$a","p":[0,0.5,1],"method":"approximate"}}',
      '[{"$numberDouble":"1.0"},{"$numberDouble":"2.0"},{"$numberDouble":"3.0"}]',
    ],
    ['{"$median":{"input":"$s","method":"approximate"}}', "null"],
    [
      '{"$median":{"input":"$a","method":"exact"}}',
      "2 Currently only 'approximate' can be used as percentile 'method'.",
    ],
    [
      '{"$percentile":{"input":"$a","p":[2],"method":"approximate"}}',
      "7750303 The $percentile 'p' field must be an array of numbers from [0.0, 1.0]",
    ],
    ['{"$bitAnd":[6,3]}', '{"$numberInt":"2"}'],
    ['{"$bitOr":[6,{"$numberLong":"1"}]}', '{"$numberLong":"7"}'],
    ['{"$bitXor":["$i","$n"]}', "null"],
    ['{"$bitNot":5}', '{"$numberInt":"-6"}'],
    ['{"$bitAnd":[6,1.5]}', "14 $bitAnd only supports int and long operands."],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});
