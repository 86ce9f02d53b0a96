// The rows were answered by a mongod 6.0.5; plain integers are Int32, and the document is `sample` unless a row has its own.
import { expect, test } from "vitest";
import { expected, type UpdateOptions, updateText } from "../../../test/support/update.ts";

type Row = [update: string, outcome: string, options?: UpdateOptions];

test.for<Row>([
  ['{"$addToSet":{"a":{"$numberDouble":"1.0"}}}', "unchanged"],
  [
    '{"$addToSet":{"a":{"$each":[1,3,3,{"b":1}]},"x":5}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1},3],"o":{"p":1,"q":[1]},"x":[5]}',
  ],
  [
    '{"$addToSet":{"x":{"$each":[1,{"$numberLong":"1"},2,3,4,5,1]}}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[1]},"x":[1,2,3,4,5]}',
  ],
  [
    '{"$addToSet":{"a":{"b":1,"$each":[1]}}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1},{"b":1,"$each":[1]}],"o":{"p":1,"q":[1]}}',
  ],
  [
    '{"$addToSet":{"n":1}}',
    "2 Cannot apply $addToSet to non-array field. Field named 'n' has non-array type int",
  ],
  [
    '{"$addToSet":{"a":{"$each":1}}}',
    "14 The argument to $each in $addToSet must be an array but it was of type int",
  ],
  [
    '{"$addToSet":{"a":{"$each":[1],"x":1}}}',
    "2 Found unexpected fields after $each in $addToSet: { $each: [ 1 ], x: 1 }",
  ],
  ['{"$pop":{"a":1}}', '{"_id":1,"n":1,"s":"x","a":[1,2],"o":{"p":1,"q":[1]}}'],
  ['{"$pop":{"a":-1,"zz":1}}', '{"_id":1,"n":1,"s":"x","a":[2,{"b":1}],"o":{"p":1,"q":[1]}}'],
  ['{"$pop":{"n":1}}', "14 Path 'n' contains an element of non-array type 'int'"],
  ['{"$pop":{"a":2}}', "9 $pop expects 1 or -1, found: 2"],
  ['{"$pop":{"a":"x"}}', '9 Expected a number in: a: "x"'],
  ['{"$pop":{"s.x":1}}', '28 Cannot use the part (x) of (s.x) to traverse the element ({s: "x"})'],
  [
    '{"$pull":{"a":1}}',
    '{"_id":1,"a":[2,[1,2],{"b":1,"c":2},"x",null]}',
    { of: '{"_id":1,"a":[1,2,[1,2],{"b":1,"c":2},"x",null]}' },
  ],
  [
    '{"$pull":{"a":{"$gt":1}}}',
    '{"_id":1,"a":[1,{"b":1,"c":2},"x",null]}',
    { of: '{"_id":1,"a":[1,2,[1,2],{"b":1,"c":2},"x",null]}' },
  ],
  [
    '{"$pull":{"a":{"b":1}}}',
    '{"_id":1,"a":[1,2,[1,2],"x",null]}',
    { of: '{"_id":1,"a":[1,2,[1,2],{"b":1,"c":2},"x",null]}' },
  ],
  [
    '{"$pull":{"a":{"$or":[{"b":1}]}}}',
    '{"_id":1,"a":[1,2,[1,2],"x",null]}',
    { of: '{"_id":1,"a":[1,2,[1,2],{"b":1,"c":2},"x",null]}' },
  ],
  [
    '{"$pull":{"a":[1,2]}}',
    '{"_id":1,"a":[1,2,{"b":1,"c":2},"x",null]}',
    { of: '{"_id":1,"a":[1,2,[1,2],{"b":1,"c":2},"x",null]}' },
  ],
  [
    '{"$pull":{"a":{}}}',
    '{"_id":1,"a":[1,2,[1,2],"x",null]}',
    { of: '{"_id":1,"a":[1,2,[1,2],{"b":1,"c":2},"x",null]}' },
  ],
  ['{"$pull":{"n":1,"zz":1}}', "2 Cannot apply $pull to a non-array value"],
  [
    '{"$pull":{"a":{"$foo":1}}}',
    "2 unknown top level operator: $foo. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.",
  ],
  ['{"$pull":{"a":{"$expr":true}}}', "224 $expr is not allowed in this context"],
  ['{"$pullAll":{"a":[1,{"b":1}]}}', '{"_id":1,"n":1,"s":"x","a":[2],"o":{"p":1,"q":[1]}}'],
  ['{"$pullAll":{"a":1}}', "2 $pullAll requires an array argument but was given a int"],
  ['{"$pullAll":{"n":[1]}}', "2 Cannot apply $pull to a non-array value"],
])("update: sets are kept and elements taken out by %s", ([update, outcome, options]) => {
  expect(updateText(update, options)).toBe(expected(outcome));
});
