import { describe, expect, test } from "vitest";
import { evaluateText } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5 unless said otherwise. */
const doc =
  '{"s":"x","n":null,"z":0,"i":3,"l":{"$numberLong":"9223372036854775807"},"d":{"$numberDouble":"2.5"},"m":{"$numberDecimal":"1.10"},"t":{"$date":{"$numberLong":"1577836800000"}},"a":[1,2,3],"o":{"a":1,"b.c":2,"$d":3},"q":[{"b":1},{"b":[2]},5,[{"b":3}],{"c":4}]}';

describe("taking apart", () => {
  test.for([
    ['{"$arrayElemAt":["$a",0]}', '{"$numberInt":"1"}'],
    ['{"$arrayElemAt":["$a",-1]}', '{"$numberInt":"3"}'],
    ['{"$arrayElemAt":["$a",3]}', "missing"],
    ['{"$arrayElemAt":["$a",{"$numberDouble":"1"}]}', '{"$numberInt":"2"}'],
    [
      '{"$arrayElemAt":["$a",1.5]}',
      "28691 $arrayElemAt's second argument must be representable as a 32-bit integer: 1.5",
    ],
    [
      '{"$arrayElemAt":["$a","$s"]}',
      "28690 $arrayElemAt's second argument must be a numeric value, but is string",
    ],
    [
      '{"$arrayElemAt":["$s",0]}',
      "28689 $arrayElemAt's first argument must be an array, but is string",
    ],
    ['{"$arrayElemAt":["$n","$s"]}', "null"],
    ['{"$first":"$a"}', '{"$numberInt":"1"}'],
    ['{"$last":"$a"}', '{"$numberInt":"3"}'],
    ['{"$last":{"$literal":[]}}', "missing"],
    ['{"$first":"$s"}', "28689 $first's argument must be an array, but is string"],
    ['{"$first":[1,2]}', "16020 Expression $first takes exactly 1 arguments. 2 were passed in."],
    ['{"$slice":["$a",2]}', '[{"$numberInt":"1"},{"$numberInt":"2"}]'],
    ['{"$slice":["$a",-2]}', '[{"$numberInt":"2"},{"$numberInt":"3"}]'],
    ['{"$slice":["$a",1,1]}', '[{"$numberInt":"2"}]'],
    ['{"$slice":["$a",-2,1]}', '[{"$numberInt":"2"}]'],
    ['{"$slice":["$a",-9,2]}', '[{"$numberInt":"1"},{"$numberInt":"2"}]'],
    ['{"$slice":["$a",5,1]}', "[]"],
    ['{"$slice":["$a",1,0]}', "28729 Third argument to $slice must be positive: 0"],
    [
      '{"$slice":["$a",1.5]}',
      "28726 Second argument to $slice can't be represented as a 32-bit integer: 1.5",
    ],
    [
      '{"$slice":["$a","x"]}',
      "28725 Second argument to $slice must be a numeric value, but is of type: string",
    ],
    [
      '{"$slice":["$s",1]}',
      "28724 First argument to $slice must be an array, but is of type: string",
    ],
    ['{"$slice":["$n",1]}', "null"],
    [
      '{"$slice":["$a"]}',
      "28667 Expression $slice takes at least 2 arguments, and at most 3, but 1 were passed in.",
    ],
    ['{"$size":"$a"}', '{"$numberInt":"3"}'],
    ['{"$size":"$nope"}', "17124 The argument to $size must be an array, but was of type: missing"],
    ['{"$isArray":"$a"}', "true"],
    ['{"$isArray":["$a"]}', "true"],
    ['{"$isArray":[["$a"]]}', "true"],
    [
      '{"$isArray":[1,2]}',
      "16020 Expression $isArray takes exactly 1 arguments. 2 were passed in.",
    ],
    ['{"$reverseArray":"$a"}', '[{"$numberInt":"3"},{"$numberInt":"2"},{"$numberInt":"1"}]'],
    [
      '{"$reverseArray":"$s"}',
      "34435 The argument to $reverseArray must be an array, but was of type: string",
    ],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});

describe("putting together", () => {
  test.for([
    [
      '{"$concatArrays":["$a",[4],"$a"]}',
      '[{"$numberInt":"1"},{"$numberInt":"2"},{"$numberInt":"3"},{"$numberInt":"4"},{"$numberInt":"1"},{"$numberInt":"2"},{"$numberInt":"3"}]',
    ],
    ['{"$concatArrays":[]}', "[]"],
    ['{"$concatArrays":["$a","$n"]}', "null"],
    ['{"$concatArrays":["$a","$s"]}', "28664 $concatArrays only supports arrays, not string"],
    [
      '{"$range":[0,5]}',
      '[{"$numberInt":"0"},{"$numberInt":"1"},{"$numberInt":"2"},{"$numberInt":"3"},{"$numberInt":"4"}]',
    ],
    ['{"$range":[5,0,-2]}', '[{"$numberInt":"5"},{"$numberInt":"3"},{"$numberInt":"1"}]'],
    ['{"$range":[0,5,-1]}', "[]"],
    [
      '{"$range":[0,{"$numberLong":"3"}]}',
      '[{"$numberInt":"0"},{"$numberInt":"1"},{"$numberInt":"2"}]',
    ],
    [
      '{"$range":[0,2.5]}',
      "34446 $range requires an ending value that can be represented as a 32-bit integer, found value: 2.5",
    ],
    [
      '{"$range":[0.5,2]}',
      "34444 $range requires a starting value that can be represented as a 32-bit integer, found value: 0.5",
    ],
    ['{"$range":[0,2,0]}', "34449 $range requires a non-zero step value"],
    [
      '{"$range":[0,"$s"]}',
      "34445 $range requires a numeric ending value, found value of type: string",
    ],
    [
      '{"$range":["$n",1]}',
      "34443 $range requires a numeric starting value, found value of type: null",
    ],
    [
      '{"$range":[0,1,"$s"]}',
      "34447 $range requires a numeric step value, found value of type:string",
    ],
    [
      '{"$range":[0,100000000]}',
      "146 $range would use too much memory (1600000040 bytes) and cannot spill to disk. Memory limit: 104857600 bytes",
    ],
    [
      '{"$zip":{"inputs":["$a",[4,5]]}}',
      '[[{"$numberInt":"1"},{"$numberInt":"4"}],[{"$numberInt":"2"},{"$numberInt":"5"}]]',
    ],
    [
      '{"$zip":{"inputs":["$a",[4,5]],"useLongestLength":true}}',
      '[[{"$numberInt":"1"},{"$numberInt":"4"}],[{"$numberInt":"2"},{"$numberInt":"5"}],[{"$numberInt":"3"},null]]',
    ],
    [
      '{"$zip":{"inputs":["$a",[4]],"useLongestLength":true,"defaults":[0,9]}}',
      '[[{"$numberInt":"1"},{"$numberInt":"4"}],[{"$numberInt":"2"},{"$numberInt":"9"}],[{"$numberInt":"3"},{"$numberInt":"9"}]]',
    ],
    [
      '{"$zip":{"inputs":["$a",[4]],"useLongestLength":true,"defaults":[0,"$nope"]}}',
      '[[{"$numberInt":"1"},{"$numberInt":"4"}],[{"$numberInt":"2"}],[{"$numberInt":"3"}]]',
    ],
    ['{"$zip":{"inputs":["$a","$n"]}}', "null"],
    ['{"$zip":{"inputs":["$a","$s"]}}', '34468 $zip found a non-array expression in input: "x"'],
    ['{"$zip":{"inputs":[]}}', "34465 $zip requires at least one input array"],
    [
      '{"$zip":{"inputs":["$a"],"defaults":[1]}}',
      "34466 cannot specify defaults unless useLongestLength is true",
    ],
    [
      '{"$zip":{"inputs":["$a"],"defaults":[1,2],"useLongestLength":true}}',
      "34467 defaults and inputs must have the same length",
    ],
    [
      '{"$zip":{"inputs":["$a"],"useLongestLength":1}}',
      "34463 useLongestLength must be a bool, found object",
    ],
    ['{"$zip":{"inputs":"$a"}}', "34461 inputs must be an array of expressions, found string"],
    ['{"$zip":{"inputs":["$a"],"x":1}}', "34464 $zip found an unknown argument: x"],
    ['{"$zip":1}', "34460 $zip only supports an object as an argument, found int"],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});

describe("searching", () => {
  test.for([
    ['{"$in":[2,"$a"]}', "true"],
    ['{"$in":[{"$numberDouble":"2"},"$a"]}', "true"],
    ['{"$in":["$nope",[null]]}', "false"],
    ['{"$in":["$i",[1,2,3]]}', "true"],
    ['{"$in":[1,"$s"]}', "40081 $in requires an array as a second argument, found: string"],
    ['{"$in":[1]}', "16020 Expression $in takes exactly 2 arguments. 1 were passed in."],
    ['{"$indexOfArray":["$a",2]}', '{"$numberInt":"1"}'],
    ['{"$indexOfArray":["$a",2,2]}', '{"$numberInt":"-1"}'],
    ['{"$indexOfArray":["$a",3,0,2]}', '{"$numberInt":"-1"}'],
    ['{"$indexOfArray":["$a",9]}', '{"$numberInt":"-1"}'],
    ['{"$indexOfArray":["$n",1]}', "null"],
    [
      '{"$indexOfArray":["$s",1]}',
      "40090 $indexOfArray requires an array as a first argument, found: string",
    ],
    [
      '{"$indexOfArray":["$a",1,"x"]}',
      '40096 $indexOfArrayrequires an integral starting index, found a value of type: string, with value: "x"',
    ],
    [
      '{"$indexOfArray":["$a",1,-1]}',
      "40097 $indexOfArray requires a nonnegative starting index, found: -1",
    ],
    [
      '{"$indexOfArray":["$a",1,0,-1]}',
      "40097 $indexOfArray requires a nonnegative ending index, found: -1",
    ],
    [
      '{"$indexOfArray":["$a"]}',
      "28667 Expression $indexOfArray takes at least 2 arguments, and at most 4, but 1 were passed in.",
    ],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});
