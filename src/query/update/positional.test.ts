// The rows were answered by a mongod 6.0.5; plain integers are Int32, and the document is `sample` unless a row has its own.
import { expect, test } from "vitest";
import { expected, type UpdateOptions, updateText } from "../../../test/support/update.ts";

type Row = [update: string, outcome: string, options?: UpdateOptions];

test.for<Row>([
  [
    '{"$set":{"a.$":9}}',
    '{"_id":1,"n":1,"s":"x","a":[1,9,{"b":1}],"o":{"p":1,"q":[1]}}',
    { filter: '{"a":2}' },
  ],
  [
    '{"$set":{"a.$.c":9,"a.2.d":8}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1,"c":9,"d":8}],"o":{"p":1,"q":[1]}}',
    { filter: '{"a.b":1}' },
  ],
  [
    '{"$set":{"a.$.c":9,"a.2.c":8}}',
    "40 Update created a conflict at 'a.2.c'",
    { filter: '{"a.b":1}' },
  ],
  [
    '{"$unset":{"a.$":1}}',
    '{"_id":1,"n":1,"s":"x","a":[null,2,{"b":1}],"o":{"p":1,"q":[1]}}',
    { filter: '{"a":1}' },
  ],
  ['{"$set":{"a.$":9}}', "2 The positional operator did not find the match needed from the query."],
  [
    '{"$set":{"$":9}}',
    "2 Cannot have positional (i.e. '$') element in the first position in path '$'",
  ],
  ['{"$set":{"a.$.b.$":9}}', "2 Too many positional (i.e. '$') elements found in path 'a.$.b.$'"],
  ['{"$set":{"a.$[]":9}}', '{"_id":1,"n":1,"s":"x","a":[9,9,9],"o":{"p":1,"q":[1]}}'],
  ['{"$set":{"o.q.$[]":9}}', '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[9]}}'],
  ['{"$set":{"n.$[]":9}}', "2 Cannot apply array updates to non-array element n: 1"],
  [
    '{"$set":{"zz.$[]":9}}',
    "2 The path 'zz' must exist in the document in order to apply array updates.",
  ],
  ['{"$set":{"a.$[].c":9}}', "28 Cannot create field 'c' in element {0: 1}"],
  ['{"$set":{"a.$[]":1,"a.0":2}}', "40 Updating the path 'a.0' would create a conflict at 'a'"],
  [
    '{"$set":{"a.$[x]":9}}',
    '{"_id":1,"n":1,"s":"x","a":[1,9,{"b":1}],"o":{"p":1,"q":[1]}}',
    { arrayFilters: '{"x":{"$gt":1}}' },
  ],
  [
    '{"$set":{"a.$[x].b":9}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":9}],"o":{"p":1,"q":[1]}}',
    { arrayFilters: '{"x.b":1}' },
  ],
  [
    '{"$set":{"a.$[x]":9,"a.$[y]":8}}',
    '{"_id":1,"n":1,"s":"x","a":[9,8,{"b":1}],"o":{"p":1,"q":[1]}}',
    { arrayFilters: '{"x":1},{"y":2}' },
  ],
  [
    '{"$set":{"a.$[x]":9,"a.$[y]":8}}',
    "40 Update created a conflict at 'a.0'",
    { arrayFilters: '{"x":1},{"y":{"$lt":2}}' },
  ],
  ['{"$set":{"a.$[x]":9}}', "2 No array filter found for identifier 'x' in path 'a.$[x]'"],
  [
    '{"$set":{"n":9}}',
    "9 The array filter for identifier 'x' was not used in the update { $set: { n: 9 } }",
    { arrayFilters: '{"x":1}' },
  ],
  [
    '{"$set":{"a.$[x]":9}}',
    "9 Found multiple array filters with the same top-level field name x",
    { arrayFilters: '{"x":1},{"x":2}' },
  ],
  [
    '{"$set":{"a.$[x]":9}}',
    "9 Error parsing array filter :: caused by :: Expected a single top-level field name, found 'x' and 'y'",
    { arrayFilters: '{"x":1,"y":1}' },
  ],
  [
    '{"$set":{"a.$[x]":9}}',
    "9 Cannot use an expression without a top-level field name in arrayFilters",
    { arrayFilters: "{}" },
  ],
  [
    '{"$set":{"a.$[X]":9}}',
    "2 Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found 'X'",
    { arrayFilters: '{"X":1}' },
  ],
  [
    '{"$set":{"a.$[x]":9}}',
    "2 Error parsing array filter :: caused by :: unknown operator: $foo",
    { arrayFilters: '{"x":{"$foo":1}}' },
  ],
  [
    '{"$set":{"a.$[x]":9}}',
    "224 Error parsing array filter :: caused by :: $expr is not allowed in this context",
    { arrayFilters: '{"$expr":true}' },
  ],
])("update: array elements are found by %s", ([update, outcome, options]) => {
  expect(updateText(update, options)).toBe(expected(outcome));
});
