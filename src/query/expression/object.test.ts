import { describe, expect, test } from "vitest";
import { evaluateText } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5 unless said otherwise. */
const doc =
  '{"s":"x","n":null,"z":0,"i":3,"l":{"$numberLong":"9223372036854775807"},"d":{"$numberDouble":"2.5"},"m":{"$numberDecimal":"1.10"},"t":{"$date":{"$numberLong":"1577836800000"}},"a":[1,2,3],"o":{"a":1,"b.c":2,"$d":3},"q":[{"b":1},{"b":[2]},5,[{"b":3}],{"c":4}]}';

describe("documents", () => {
  test.for([
    [
      '{"$mergeObjects":["$o",{"a":5,"e":6}]}',
      '{"a":{"$numberInt":"5"},"b.c":{"$numberInt":"2"},"$d":{"$numberInt":"3"},"e":{"$numberInt":"6"}}',
    ],
    ['{"$mergeObjects":["$n","$nope"]}', "{}"],
    [
      '{"$mergeObjects":{"$literal":[{"a":1},{"b":2}]}}',
      '{"a":{"$numberInt":"1"},"b":{"$numberInt":"2"}}',
    ],
    [
      '{"$mergeObjects":["$s"]}',
      '40400 $mergeObjects requires object inputs, but input "x" is of type string',
    ],
    [
      '{"$objectToArray":"$o"}',
      '[{"k":"a","v":{"$numberInt":"1"}},{"k":"b.c","v":{"$numberInt":"2"}},{"k":"$d","v":{"$numberInt":"3"}}]',
    ],
    ['{"$objectToArray":"$n"}', "null"],
    ['{"$objectToArray":"$s"}', "40390 $objectToArray requires a document input, found: string"],
    [
      '{"$arrayToObject":{"$literal":[["b",2],["b",3],["a.c",1],["$x",1],["",2]]}}',
      '{"b":{"$numberInt":"3"},"a.c":{"$numberInt":"1"},"$x":{"$numberInt":"1"},"":{"$numberInt":"2"}}',
    ],
    [
      '{"$arrayToObject":{"$literal":[{"k":"a","v":1},{"v":2,"k":"b"}]}}',
      '{"a":{"$numberInt":"1"},"b":{"$numberInt":"2"}}',
    ],
    ['{"$arrayToObject":{"$literal":[]}}', "{}"],
    ['{"$arrayToObject":"$s"}', "40386 $arrayToObject requires an array input, found: string"],
    [
      '{"$arrayToObject":{"$literal":["x"]}}',
      "40398 Unrecognised input type format for $arrayToObject: string",
    ],
    [
      '{"$arrayToObject":{"$literal":[["x"]]}}',
      "40397 $arrayToObject requires an array of size 2 arrays,found array of size: 1",
    ],
    [
      '{"$arrayToObject":{"$literal":[[1,2]]}}',
      "40395 $arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: int",
    ],
    [
      '{"$arrayToObject":{"$literal":[{"k":"a"}]}}',
      "40392 $arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:1",
    ],
    [
      '{"$arrayToObject":{"$literal":[{"k":"a","x":1}]}}',
      "40393 $arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys from: {k: \"a\", x: 1}",
    ],
    [
      '{"$arrayToObject":{"$literal":[{"k":1,"v":1}]}}',
      "40394 $arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string. Found type: int",
    ],
    [
      '{"$arrayToObject":{"$literal":[["a\\u0000",1]]}}',
      "4940400 Key field cannot contain an embedded null byte",
    ],
    [
      '{"$arrayToObject":{"$literal":[{"k":"a","v":1},["b",2]]}}',
      "40391 $arrayToObject requires a consistent input format. Elements mustall be arrays or all be objects. Object was detected, now found: array",
    ],
    [
      '{"$arrayToObject":{"$literal":[["b",2],{"k":"a","v":1}]}}',
      "40396 $arrayToObject requires a consistent input format. Elements mustall be arrays or all be objects. Array was detected, now found: object",
    ],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});

describe("one field", () => {
  test.for([
    ['{"$getField":"i"}', '{"$numberInt":"3"}'],
    ['{"$getField":{"field":"b.c","input":"$o"}}', '{"$numberInt":"2"}'],
    ['{"$getField":{"field":{"$literal":"$d"},"input":"$o"}}', '{"$numberInt":"3"}'],
    ['{"$getField":{"field":"a","input":"$s"}}', "missing"],
    ['{"$getField":{"field":"a","input":"$n"}}', "null"],
    ['{"$getField":{"field":"a","input":"$nope"}}', "missing"],
    [
      '{"$getField":{"field":"$d","input":"$o"}}',
      "5654600 '$CURRENT.d' is a field path reference which is not allowed in this context. Did you mean {$literal: '$CURRENT.d'}?",
    ],
    [
      '{"$getField":{"field":"$$ROOT.d","input":"$o"}}',
      "5654600 '$ROOT.d' is a field path reference which is not allowed in this context. Did you mean {$literal: '$ROOT.d'}?",
    ],
    [
      '{"$getField":{"field":1,"input":"$o"}}',
      "5654602 $getField requires 'field' to evaluate to type String, but got int",
    ],
    [
      '{"$getField":{"field":{"$concat":["a"]},"input":"$o"}}',
      "5654601 $getField requires 'field' to evaluate to a constant, but got a non-constant argument",
    ],
    ['{"$getField":{"field":"a"}}', "3041703 $getField requires 'input' to be specified"],
    ['{"$getField":{"input":"$o"}}', "3041702 $getField requires 'field' to be specified"],
    [
      '{"$getField":{"field":"a","input":"$o","x":1}}',
      "3041701 $getField found an unknown argument: x",
    ],
    [
      '{"$getField":null}',
      "5654602 $getField requires 'field' to evaluate to type String, but got null",
    ],
    [
      '{"$setField":{"field":"b.c","input":"$o","value":"new"}}',
      '{"a":{"$numberInt":"1"},"b.c":"new","$d":{"$numberInt":"3"}}',
    ],
    [
      '{"$setField":{"field":"e","input":"$o","value":1}}',
      '{"a":{"$numberInt":"1"},"b.c":{"$numberInt":"2"},"$d":{"$numberInt":"3"},"e":{"$numberInt":"1"}}',
    ],
    [
      '{"$setField":{"field":"a","input":"$o","value":"$$REMOVE"}}',
      '{"b.c":{"$numberInt":"2"},"$d":{"$numberInt":"3"}}',
    ],
    ['{"$setField":{"field":"a","input":"$n","value":1}}', "null"],
    [
      '{"$setField":{"field":"a","input":"$s","value":1}}',
      "4161105 $setField requires 'input' to evaluate to type Object",
    ],
    [
      '{"$setField":{"field":"a","input":"$o"}}',
      "4161103 $setField requires 'value' to be specified",
    ],
    ['{"$setField":{"field":"a","value":1}}', "4161109 $setField requires 'input' to be specified"],
    [
      '{"$setField":{"input":"$o","value":1}}',
      "4161102 $setField requires 'field' to be specified",
    ],
    [
      '{"$setField":{"field":"$s","input":"$o","value":1}}',
      "4161108 '$CURRENT.s' is a field path reference which is not allowed in this context. Did you mean {$literal: '$CURRENT.s'}?",
    ],
    ['{"$setField":1}', "4161100 $setField only supports an object as its argument"],
    [
      '{"$unsetField":{"field":"a","input":"$o"}}',
      '{"b.c":{"$numberInt":"2"},"$d":{"$numberInt":"3"}}',
    ],
    [
      '{"$unsetField":{"field":"zz","input":"$o"}}',
      '{"a":{"$numberInt":"1"},"b.c":{"$numberInt":"2"},"$d":{"$numberInt":"3"}}',
    ],
    [
      '{"$unsetField":{"field":"a","input":"$o","value":1}}',
      "4161101 $unsetField found an unknown argument: value",
    ],
    ['{"$unsetField":{"field":"a"}}', "4161109 $unsetField requires 'input' to be specified"],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});
