import { describe, expect, test } from "vitest";
import { evaluateText } from "../../../test/support/expression.ts";

/** Verdicts of a mongod 6.0.5 unless said otherwise. */
const doc =
  '{"s":"x","n":null,"z":0,"i":3,"l":{"$numberLong":"9223372036854775807"},"d":{"$numberDouble":"2.5"},"m":{"$numberDecimal":"1.10"},"t":{"$date":{"$numberLong":"1577836800000"}},"a":[1,2,3],"o":{"a":1,"b.c":2,"$d":3},"q":[{"b":1},{"b":[2]},5,[{"b":3}],{"c":4}]}';

describe("paths", () => {
  test.for([
    ['"$i"', '{"$numberInt":"3"}'],
    ['"$o.a"', '{"$numberInt":"1"}'],
    ['"$o.nope"', "missing"],
    ['"$s.a"', "missing"],
    ['"$q.b"', '[{"$numberInt":"1"},[{"$numberInt":"2"}]]'],
    ['"$q.0"', "[]"],
    ['"$$ROOT.i"', '{"$numberInt":"3"}'],
    ['"$$CURRENT.i"', '{"$numberInt":"3"}'],
    ['"$"', "16872 '$' by itself is not a valid FieldPath"],
    ['"$$"', "9 empty variable names are not allowed"],
    ['"$a..b"', "15998 FieldPath field names may not be empty strings."],
    ['"$.a"', "15998 FieldPath field names may not be empty strings."],
    ['"$a."', "40353 FieldPath must not end with a '.'."],
    [
      '"$a.$b"',
      "16410 FieldPath field names may not start with '$'. Consider using $getField or $setField.",
    ],
    ['"$o.$id"', "missing"],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});

describe("variables", () => {
  test.for([
    ['"$$x"', "17276 Use of undefined variable: x"],
    ['"$$REMOVE"', "missing"],
    ['"$$NOW.a"', "missing"],
    ['"$$DESCEND"', "17276 Use of undefined variable: DESCEND"],
    ['"$$JS_SCOPE"', "51144 Builtin variable '$$JS_SCOPE' is not available"],
    ['"$$a-b"', "9 'a-b' contains an invalid character for a variable name: '-'"],
    ['"$$1"', "9 '1' starts with an invalid character for a user variable name"],
    ['{"$let":{"vars":{"x":"$i","y":1},"in":{"$add":["$$x","$$y"]}}}', '{"$numberInt":"4"}'],
    [
      '{"$let":{"vars":{"x":1},"in":{"$let":{"vars":{"x":2,"y":"$$x"},"in":["$$x","$$y"]}}}}',
      '[{"$numberInt":"2"},{"$numberInt":"1"}]',
    ],
    ['{"$let":{"vars":{"x":"$o"},"in":"$$x.a"}}', '{"$numberInt":"1"}'],
    [
      '{"$let":{"vars":{"CURRENT":"$o"},"in":["$a","$$ROOT.i"]}}',
      '[{"$numberInt":"1"},{"$numberInt":"3"}]',
    ],
    ['{"$let":{"vars":{"éa":1},"in":"$$éa"}}', '{"$numberInt":"1"}'],
    [
      '{"$let":{"vars":{"X":1},"in":1}}',
      "9 'X' starts with an invalid character for a user variable name",
    ],
    [
      '{"$let":{"vars":{"x y":1},"in":1}}',
      "9 'x y' contains an invalid character for a variable name: ' '",
    ],
    ['{"$let":{"vars":{"":1},"in":1}}', "9 empty variable names are not allowed"],
    ['{"$let":{"vars":{"x":1}}}', "16877 Missing 'in' parameter to $let"],
    ['{"$let":{"in":1}}', "16876 Missing 'vars' parameter to $let"],
    ['{"$let":{"vars":1,"in":1}}', "10065 invalid parameter: expected an object (vars)"],
    ['{"$let":{"vars":{},"in":1,"z":1}}', "16875 Unrecognized parameter to $let: z"],
    ['{"$let":1}', "16874 $let only supports an object as its argument"],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});

describe("literals, arrays, documents", () => {
  test.for([
    ['{"$literal":{"$foo":"$i"}}', '{"$foo":"$i"}'],
    ['{"$const":"$i"}', '"$i"'],
    ['["$nope","$i"]', '[null,{"$numberInt":"3"}]'],
    ['{"x":"$nope","y":{"z":"$nope","w":"$i"}}', '{"y":{"w":{"$numberInt":"3"}}}'],
    ["{}", "{}"],
    [
      '{"a.b":1}',
      "16412 FieldPath field names may not contain '.'. Consider using $getField or $setField.",
    ],
    [
      '{"a":1,"$b":2}',
      "16410 FieldPath field names may not start with '$'. Consider using $getField or $setField.",
    ],
    ['{"":1}', "15998 FieldPath field names may not be empty strings."],
    [
      '{"$add":1,"b":2}',
      "15983 An object representing an expression must have exactly one field: { $add: 1, b: 2 }",
    ],
    ['{"$foo":1}', "168 Unrecognized expression '$foo'"],
    ['{"$meta":"textScore"}', "40218 query requires text score metadata, but it is not available"],
    ['{"$meta":"x"}', "17308 Unsupported argument to $meta: x"],
    ['{"$meta":1}', "17307 $meta only supports string arguments"],
    ['{"$rand":1}', "10065 invalid parameter: expected an object ($rand)"],
    ['{"$rand":{"a":1}}', "3040501 $rand does not currently accept arguments"],
  ] as const)("%s gives %s", ([spec, wanted]) => {
    expect(evaluateText(spec, doc)).toBe(wanted);
  });
});
