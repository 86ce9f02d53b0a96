import { describe, expect, test } from "vitest";
import { evaluateText } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5 unless said otherwise. */
const doc =
  '{"s":"x","n":null,"z":0,"i":3,"l":{"$numberLong":"9223372036854775807"},"d":{"$numberDouble":"2.5"},"m":{"$numberDecimal":"1.10"},"t":{"$date":{"$numberLong":"1577836800000"}},"a":[1,2,3],"o":{"a":1,"b.c":2,"$d":3},"q":[{"b":1},{"b":[2]},5,[{"b":3}],{"c":4}]}';

describe("sorting and the best ones", () => {
  test.for([
    [
      '{"$sortArray":{"input":"$a","sortBy":-1}}',
      '[{"$numberInt":"3"},{"$numberInt":"2"},{"$numberInt":"1"}]',
    ],
    [
      '{"$sortArray":{"input":"$q","sortBy":{"b":1}}}',
      '[{"$numberInt":"5"},[{"b":{"$numberInt":"3"}}],{"c":{"$numberInt":"4"}},{"b":{"$numberInt":"1"}},{"b":[{"$numberInt":"2"}]}]',
    ],
    [
      '{"$sortArray":{"input":[{"a":1,"b":2},{"a":1,"b":1},{"a":0}],"sortBy":{"a":-1,"b":1}}}',
      '[{"a":{"$numberInt":"1"},"b":{"$numberInt":"1"}},{"a":{"$numberInt":"1"},"b":{"$numberInt":"2"}},{"a":{"$numberInt":"0"}}]',
    ],
    [
      '{"$sortArray":{"input":["x",1,null,{"a":1},[2]],"sortBy":1}}',
      '[null,{"$numberInt":"1"},"x",{"a":{"$numberInt":"1"}},[{"$numberInt":"2"}]]',
    ],
    ['{"$sortArray":{"input":"$n","sortBy":1}}', "null"],
    [
      '{"$sortArray":{"input":"$s","sortBy":1}}',
      "2942504 The input argument to $sortArray must be an array, but was of type: string",
    ],
    [
      '{"$sortArray":{"input":"$a","sortBy":2}}',
      "2942506 The $sort element value must be either 1 or -1",
    ],
    [
      '{"$sortArray":{"input":"$a","sortBy":{"a":2}}}',
      "2942505 BadValue: The sort element value must be either 1 or -1",
    ],
    [
      '{"$sortArray":{"input":"$a","sortBy":{"a.":1}}}',
      "2942505 BadValue: The sort field is a dotted field but has an empty part: a.",
    ],
    [
      '{"$sortArray":{"input":"$a","sortBy":{}}}',
      "2942505 BadValue: The sort pattern is empty when it should be a set of fields.",
    ],
    [
      '{"$sortArray":{"input":"$a","sortBy":"x"}}',
      "2942507 The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields",
    ],
    ['{"$sortArray":{"input":"$a"}}', "2942503 $sortArray requires 'sortBy' to be specified"],
    ['{"$sortArray":{"sortBy":1}}', "2942502 $sortArray requires 'input' to be specified"],
    ['{"$sortArray":1}', "2942500 $sortArray requires an object as an argument, found: int"],
    ['{"$firstN":{"n":2,"input":"$a"}}', '[{"$numberInt":"1"},{"$numberInt":"2"}]'],
    ['{"$lastN":{"n":2,"input":"$a"}}', '[{"$numberInt":"2"},{"$numberInt":"3"}]'],
    ['{"$maxN":{"n":2,"input":[3,null,1,2]}}', '[{"$numberInt":"3"},{"$numberInt":"2"}]'],
    [
      '{"$maxN":{"n":3,"input":[1,{"$numberLong":"1"},{"$numberDouble":"1"}]}}',
      '[{"$numberDouble":"1.0"},{"$numberLong":"1"},{"$numberInt":"1"}]',
    ],
    [
      '{"$minN":{"n":{"$numberLong":"9"},"input":[3,null,1,2]}}',
      '[{"$numberInt":"1"},{"$numberInt":"2"},{"$numberInt":"3"}]',
    ],
    ['{"$firstN":{"n":0,"input":"$a"}}', "5787908 'n' must be greater than 0, found 0"],
    [
      '{"$firstN":{"n":1.5,"input":"$a"}}',
      "5787903 Value for 'n' must be of integral type, but found 1.5",
    ],
    [
      '{"$firstN":{"n":"$s","input":"$a"}}',
      "5787902 Value for 'n' must be of integral type, but found \"x\"",
    ],
    ['{"$firstN":{"n":1,"input":"$s"}}', "5788200 Input must be an array"],
    ['{"$firstN":{"n":1}}', "5787907 Missing value for 'input'"],
    ['{"$firstN":{"input":"$a"}}', "5787906 Missing value for 'n'"],
    ['{"$firstN":{"n":1,"input":"$a","x":1}}', "5787901 Unknown argument for 'n' operator: x"],
    ['{"$firstN":1}', "5787801 specification must be an object; found $firstN: 1"],
    ['{"$minN":1}', "5787900 specification must be an object; found $minN: 1"],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});
