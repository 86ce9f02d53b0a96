import { describe, expect, test } from "vitest";
import { evaluateText } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5 unless said otherwise. */
const doc =
  '{"s":"x","n":null,"z":0,"i":3,"l":{"$numberLong":"9223372036854775807"},"d":{"$numberDouble":"2.5"},"m":{"$numberDecimal":"1.10"},"t":{"$date":{"$numberLong":"1577836800000"}},"a":[1,2,3],"o":{"a":1,"b.c":2,"$d":3},"q":[{"b":1},{"b":[2]},5,[{"b":3}],{"c":4}]}';

describe("$and, $or, $not", () => {
  test.for([
    ['{"$and":[]}', "true"],
    ['{"$or":[]}', "false"],
    ['{"$and":["$i","$s","$a"]}', "true"],
    ['{"$and":["$i","$z"]}', "false"],
    ['{"$and":["$nope"]}', "false"],
    ['{"$or":["$nope","$n",{"$numberDouble":"0"},{"$numberDecimal":"0E+3"}]}', "false"],
    ['{"$or":[{"$numberDouble":"NaN"}]}', "true"],
    ['{"$not":["$z"]}', "true"],
    ['{"$not":"$s"}', "false"],
    ['{"$not":[[]]}', "false"],
    ['{"$not":[1,2]}', "16020 Expression $not takes exactly 1 arguments. 2 were passed in."],
    ['{"$and":["$i",{"$divide":[1,"$z"]}]}', "2 can't $divide by zero"],
    ['{"$or":["$i",{"$divide":[1,"$z"]}]}', "true"],
    // A constant that decides makes the others superfluous.
    ['{"$and":[{"$divide":[1,"$z"]},false]}', "false"],
    ['{"$or":[{"$divide":[1,"$z"]},1]}', "true"],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});

describe("$cond, $ifNull, $switch", () => {
  test.for([
    ['{"$cond":["$i","yes","no"]}', '"yes"'],
    ['{"$cond":{"if":"$z","then":1,"else":"$nope"}}', "missing"],
    ['{"$cond":[1,2]}', "16020 Expression $cond takes exactly 3 arguments. 2 were passed in."],
    ['{"$cond":{"if":1,"then":1}}', "17082 Missing 'else' parameter to $cond"],
    ['{"$cond":{"if":1,"else":1}}', "17081 Missing 'then' parameter to $cond"],
    ['{"$cond":{"then":1}}', "17080 Missing 'if' parameter to $cond"],
    ['{"$cond":{"if":1,"then":1,"else":1,"x":1}}', "17083 Unrecognized parameter to $cond: x"],
    ['{"$ifNull":["$n","$nope",7]}', '{"$numberInt":"7"}'],
    ['{"$ifNull":["$n","$nope"]}', "missing"],
    ['{"$ifNull":["$z",1]}', '{"$numberInt":"0"}'],
    ['{"$ifNull":[1]}', "1257300 $ifNull needs at least two arguments, had: 1"],
    [
      '{"$switch":{"branches":[{"case":"$z","then":1},{"case":"$i","then":2}],"default":3}}',
      '{"$numberInt":"2"}',
    ],
    ['{"$switch":{"branches":[{"case":"$z","then":1}],"default":3}}', '{"$numberInt":"3"}'],
    [
      '{"$switch":{"branches":[{"case":"$z","then":1}]}}',
      "40066 $switch could not find a matching branch for an input, and no default was specified.",
    ],
    [
      '{"$switch":{"branches":[{"case":false,"then":1}]}}',
      "40069 Cannot execute a switch statement where all the cases evaluate to false without a default",
    ],
    ['{"$switch":{"branches":[]}}', "40068 $switch requires at least one branch"],
    ['{"$switch":{"branches":1}}', "40061 $switch expected an array for 'branches', found: int"],
    [
      '{"$switch":{"branches":[1]}}',
      "40062 $switch expected each branch to be an object, found: int",
    ],
    [
      '{"$switch":{"branches":[{"case":1}]}}',
      "40065 $switch requires each branch have a 'then' expression.",
    ],
    [
      '{"$switch":{"branches":[{"then":1}]}}',
      "40064 $switch requires each branch have a 'case' expression",
    ],
    [
      '{"$switch":{"branches":[{"case":1,"then":1,"x":1}]}}',
      "40063 $switch found an unknown argument to a branch: x",
    ],
    ['{"$switch":{"x":1}}', "40067 $switch found an unknown argument: x"],
    ['{"$switch":1}', "40060 $switch requires an object as an argument, found: int"],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});

describe("comparisons", () => {
  test.for([
    ['{"$eq":["$i",{"$numberDouble":"3"}]}', "true"],
    ['{"$eq":["$nope",null]}', "false"],
    ['{"$eq":["$nope",{"$undefined":true}]}', "false"],
    ['{"$lt":["$nope",null]}', "true"],
    ['{"$gt":["$s",5]}', "true"],
    ['{"$gt":["$a",{}]}', "true"],
    ['{"$cmp":[1,2]}', '{"$numberInt":"-1"}'],
    ['{"$cmp":["$l",{"$numberDouble":"9223372036854775807"}]}', '{"$numberInt":"-1"}'],
    ['{"$cmp":["abc","abd"]}', '{"$numberInt":"-1"}'],
    ['{"$ne":[0.1,{"$numberDecimal":"0.1"}]}', "true"],
    ['{"$gte":[{"$numberDouble":"NaN"},{"$numberDouble":"NaN"}]}', "true"],
    ['{"$lte":[{"$minKey":1},"$nope"]}', "true"],
    ['{"$eq":[1]}', "16020 Expression $eq takes exactly 2 arguments. 1 were passed in."],
    ['{"$eq":[1,2,3]}', "16020 Expression $eq takes exactly 2 arguments. 3 were passed in."],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});
