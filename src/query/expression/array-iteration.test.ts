import { describe, expect, test } from "vitest";
import { evaluateText } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5 unless said otherwise. */
const doc =
  '{"s":"x","n":null,"z":0,"i":3,"l":{"$numberLong":"9223372036854775807"},"d":{"$numberDouble":"2.5"},"m":{"$numberDecimal":"1.10"},"t":{"$date":{"$numberLong":"1577836800000"}},"a":[1,2,3],"o":{"a":1,"b.c":2,"$d":3},"q":[{"b":1},{"b":[2]},5,[{"b":3}],{"c":4}]}';

describe("for each element", () => {
  test.for([
    [
      '{"$map":{"input":"$a","in":{"$add":["$$this","$i"]}}}',
      '[{"$numberInt":"4"},{"$numberInt":"5"},{"$numberInt":"6"}]',
    ],
    [
      '{"$map":{"input":"$q","as":"e","in":"$$e.b"}}',
      '[{"$numberInt":"1"},[{"$numberInt":"2"}],null,[{"$numberInt":"3"}],null]',
    ],
    [
      '{"$map":{"input":"$a","as":"x","in":{"$map":{"input":"$a","as":"y","in":{"$multiply":["$$x","$$y"]}}}}}',
      '[[{"$numberInt":"1"},{"$numberInt":"2"},{"$numberInt":"3"}],[{"$numberInt":"2"},{"$numberInt":"4"},{"$numberInt":"6"}],[{"$numberInt":"3"},{"$numberInt":"6"},{"$numberInt":"9"}]]',
    ],
    ['{"$map":{"input":"$n","in":1}}', "null"],
    ['{"$map":{"input":"$s","in":1}}', "16883 input to $map must be an array not string"],
    ['{"$map":{"input":"$a"}}', "16882 Missing 'in' parameter to $map"],
    ['{"$map":{"in":1}}', "16880 Missing 'input' parameter to $map"],
    [
      '{"$map":{"input":"$a","as":"X","in":1}}',
      "9 'X' starts with an invalid character for a user variable name",
    ],
    ['{"$map":{"input":"$a","in":1,"x":1}}', "16879 Unrecognized parameter to $map: x"],
    ['{"$map":1}', "16878 $map only supports an object as its argument"],
    [
      '{"$filter":{"input":"$a","cond":{"$gt":["$$this",1]}}}',
      '[{"$numberInt":"2"},{"$numberInt":"3"}]',
    ],
    [
      '{"$filter":{"input":"$a","as":"e","cond":{"$gt":["$$e",1]},"limit":1}}',
      '[{"$numberInt":"2"}]',
    ],
    [
      '{"$filter":{"input":"$a","cond":true,"limit":"$n"}}',
      '[{"$numberInt":"1"},{"$numberInt":"2"},{"$numberInt":"3"}]',
    ],
    [
      '{"$filter":{"input":"$a","cond":true,"limit":0}}',
      "327392 $filter: limit must be greater than 0: 0",
    ],
    [
      '{"$filter":{"input":"$a","cond":true,"limit":1.5}}',
      "327391 $filter: limit must be represented as a 32-bit integral value: 1.5",
    ],
    [
      '{"$filter":{"input":"$s","cond":true}}',
      "28651 input to $filter must be an array not string",
    ],
    ['{"$filter":{"input":"$a"}}', "28650 Missing 'cond' parameter to $filter"],
    ['{"$filter":{"cond":1}}', "28648 Missing 'input' parameter to $filter"],
    ['{"$filter":{"input":"$a","as":1,"cond":true}}', "9 empty variable names are not allowed"],
    ['{"$filter":{"input":"$a","cond":true,"x":1}}', "28647 Unrecognized parameter to $filter: x"],
    ['{"$filter":1}', "28646 $filter only supports an object as its argument"],
    [
      '{"$reduce":{"input":"$a","initialValue":{"$numberLong":"0"},"in":{"$add":["$$value","$$this"]}}}',
      '{"$numberLong":"6"}',
    ],
    [
      '{"$reduce":{"input":"$a","initialValue":[],"in":{"$concatArrays":[["$$this"],"$$value"]}}}',
      '[{"$numberInt":"3"},{"$numberInt":"2"},{"$numberInt":"1"}]',
    ],
    ['{"$reduce":{"input":"$n","initialValue":0,"in":1}}', "null"],
    [
      '{"$reduce":{"input":"$s","initialValue":0,"in":1}}',
      "40080 $reduce requires that 'input' be an array, found: \"x\"",
    ],
    ['{"$reduce":{"input":1,"initialValue":1}}', "40079 $reduce requires 'in' to be specified"],
    ['{"$reduce":{"input":1,"in":1}}', "40078 $reduce requires 'initialValue' to be specified"],
    ['{"$reduce":{"initialValue":1,"in":1}}', "40077 $reduce requires 'input' to be specified"],
    [
      '{"$reduce":{"input":1,"initialValue":1,"in":1,"x":1}}',
      "40076 $reduce found an unknown argument: x",
    ],
    ['{"$reduce":1}', "40075 $reduce requires an object as an argument, found: int"],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});
