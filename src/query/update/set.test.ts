// The rows were answered by a mongod 6.0.5; plain integers are Int32, and the document is `sample` unless a row has its own.
import { expect, test } from "vitest";
import { expected, type UpdateOptions, updateText } from "../../../test/support/update.ts";

type Row = [update: string, outcome: string, options?: UpdateOptions];

test.for<Row>([
  ['{"$set":{"n":2}}', '{"_id":1,"n":2,"s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[1]}}'],
  ['{"$set":{"n":1}}', "unchanged"],
  [
    '{"$set":{"n":{"$numberDouble":"1.0"}}}',
    '{"_id":1,"n":{"$numberDouble":"1.0"},"s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[1]}}',
  ],
  [
    '{"$set":{"x.y.z":1}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[1]},"x":{"y":{"z":1}}}',
  ],
  [
    '{"$set":{"z":1,"10":1,"9":1,"b":1}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[1]},"9":1,"10":1,"b":1,"z":1}',
  ],
  [
    '{"$set":{"o.r":1,"o.p":2}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1}],"o":{"p":2,"q":[1],"r":1}}',
  ],
  ['{"$set":{"a.0":9}}', '{"_id":1,"n":1,"s":"x","a":[9,2,{"b":1}],"o":{"p":1,"q":[1]}}'],
  [
    '{"$set":{"a.5":9}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1},null,null,9],"o":{"p":1,"q":[1]}}',
  ],
  ['{"$set":{"a.2.c":9}}', '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1,"c":9}],"o":{"p":1,"q":[1]}}'],
  ['{"$set":{"a.01":9}}', '{"_id":1,"n":1,"s":"x","a":[1,9,{"b":1}],"o":{"p":1,"q":[1]}}'],
  ['{"$set":{"o.$x":1}}', '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[1],"$x":1}}'],
  [
    '{"$set":{"n":{"$b":1,"c.d":2}}}',
    '{"_id":1,"n":{"$b":1,"c.d":2},"s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[1]}}',
  ],
  ['{"$set":{}}', "unchanged"],
  ['{"$set":{"_id":1}}', "unchanged"],
  ['{"$set":{"n.b":1}}', "28 Cannot create field 'b' in element {n: 1}"],
  ['{"$set":{"s.b.c":1}}', "28 Cannot create field 'b' in element {s: \"x\"}"],
  ['{"$set":{"a.x":1}}', "28 Cannot create field 'x' in element {a: [ 1, 2, { b: 1 } ]}"],
  ['{"$set":{"a.0.x":1}}', "28 Cannot create field 'x' in element {0: 1}"],
  ['{"$set":{"a.2000000":1}}', "34 can't backfill more than 1500000 elements"],
  [
    '{"$set":{"_id":2}}',
    "66 Performing an update on the path '_id' would modify the immutable field '_id'",
  ],
  ['{"$set":{"_id.x":1}}', "28 Cannot create field 'x' in element {_id: 1}"],
  [
    '{"$set":{"_id.y":1}}',
    "66 Updating the path '_id' to _id: { x: 1, y: 1 } would modify the immutable field '_id'",
    { of: '{"_id":{"x":1}}' },
  ],
  [
    '{"$set":{"_id.x":2}}',
    "66 Performing an update on the path '_id.x' would modify the immutable field '_id'",
    { of: '{"_id":{"x":1}}' },
  ],
  [
    '{"$set":{"$x":1}}',
    "52 The dollar ($) prefixed field '$x' in '$x' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.",
  ],
  [
    '{"$set":{"$x.y":1}}',
    "52 The dollar ($) prefixed field '$x' in '$x' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.",
  ],
  ['{"$set":{"$ref":1}}', "55 The DBRef $ref field must be a String, not a int"],
  ['{"$set":{"":1}}', "56 An empty update path is not valid."],
  [
    '{"$set":{"a..b":1}}',
    "56 The update path 'a..b' contains an empty field name, which is not allowed.",
  ],
  [
    '{"$set":{"a.":1}}',
    "56 The update path 'a.' contains an empty field name, which is not allowed.",
  ],
  [
    '{"$set":5}',
    "9 Modifiers operate on fields but we found type int instead. For example: {$mod: {<field>: ...}} not {$set: 5}",
  ],
  [
    '{"$foo":{"a":1}}',
    "9 Unknown modifier: $foo. Expected a valid update modifier or pipeline-style update specified as an array",
  ],
  [
    '{"$set":{"x":1},"y":1}',
    "9 Unknown modifier: y. Expected a valid update modifier or pipeline-style update specified as an array",
  ],
  ['{"$set":{"o":1,"o.p":2}}', "40 Updating the path 'o.p' would create a conflict at 'o'"],
  ['{"$set":{"o.p":2,"o":1}}', "40 Updating the path 'o' would create a conflict at 'o'"],
  [
    '{"$set":{"o.p":1},"$inc":{"o.p":1}}',
    "40 Updating the path 'o.p' would create a conflict at 'o.p'",
  ],
  ['{"$setOnInsert":{"n":5,"n.x":1}}', "40 Updating the path 'n.x' would create a conflict at 'n'"],
  ['{"$setOnInsert":{"n.x":5}}', "unchanged"],
  [
    '{"$set":{"$x":2}}',
    "52 The dollar ($) prefixed field '$x' in '$x' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.",
    { of: '{"_id":1,"$x":1}' },
  ],
  ['{"$set":{"$x.y":2}}', '{"_id":1,"$x":{"y":2}}', { of: '{"_id":1,"$x":{}}' }],
  ['{"$unset":{"$x":1}}', '{"_id":1}', { of: '{"_id":1,"$x":1}' }],
])("update: fields are set by %s", ([update, outcome, options]) => {
  expect(updateText(update, options)).toBe(expected(outcome));
});

test.for<Row>([
  ['{"$unset":{"n":1,"o.p":1,"zz":1}}', '{"_id":1,"s":"x","a":[1,2,{"b":1}],"o":{"q":[1]}}'],
  ['{"$unset":{"a.0":1}}', '{"_id":1,"n":1,"s":"x","a":[null,2,{"b":1}],"o":{"p":1,"q":[1]}}'],
  ['{"$unset":{"a.9":1}}', "unchanged"],
  ['{"$unset":{"s.x":1}}', "unchanged"],
  ['{"$unset":{"a.0":1}}', '{"_id":1,"a":[null]}', { of: '{"_id":1,"a":[null]}' }],
  [
    '{"$unset":{"_id":1}}',
    "66 Performing an update on the path '_id' would modify the immutable field '_id'",
  ],
])("update: fields are taken away by %s", ([update, outcome, options]) => {
  expect(updateText(update, options)).toBe(expected(outcome));
});
