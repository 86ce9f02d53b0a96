// The rows were answered by a mongod 6.0.5; plain integers are Int32, and the document is `sample` unless a row has its own.
import { expect, test } from "vitest";
import { expected, type UpdateOptions, updateText } from "../../../test/support/update.ts";

type Row = [update: string, outcome: string, options?: UpdateOptions];

test.for<Row>([
  [
    '{"$push":{"a":5,"x":[1]}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1},5],"o":{"p":1,"q":[1]},"x":[[1]]}',
  ],
  [
    '{"$push":{"a":{"$each":[8,9],"$position":1}}}',
    '{"_id":1,"n":1,"s":"x","a":[1,8,9,2,{"b":1}],"o":{"p":1,"q":[1]}}',
  ],
  [
    '{"$push":{"a":{"$each":[8],"$position":-1}}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,8,{"b":1}],"o":{"p":1,"q":[1]}}',
  ],
  [
    '{"$push":{"a":{"$each":[],"$slice":-2}}}',
    '{"_id":1,"n":1,"s":"x","a":[2,{"b":1}],"o":{"p":1,"q":[1]}}',
  ],
  [
    '{"$push":{"a":{"$slice":1,"$position":1,"$each":[8,9],"$sort":-1}}}',
    '{"_id":1,"n":1,"s":"x","a":[{"b":1}],"o":{"p":1,"q":[1]}}',
  ],
  [
    '{"$push":{"a":{"$each":[],"$sort":{"b":1}}}}',
    '{"_id":1,"a":[5,{"b":{"$numberDouble":"1.0"},"c":2},{"b":1,"c":3},{"b":2,"c":1}]}',
    { of: '{"_id":1,"a":[{"b":2,"c":1},{"b":{"$numberDouble":"1.0"},"c":2},{"b":1,"c":3},5]}' },
  ],
  [
    '{"$push":{"a":{"$each":[],"$sort":{"b.0":1}}}}',
    '{"_id":1,"a":[{"b":[1,9]},{"b":[3]}]}',
    { of: '{"_id":1,"a":[{"b":[3]},{"b":[1,9]}]}' },
  ],
  ['{"$push":{"a":{"$each":[],"$sort":1}}}', '{"_id":1,"a":[1,2]}', { of: '{"_id":1,"a":[1,2]}' }],
  ['{"$push":{"a":{"$each":[],"$sort":1}}}', "unchanged", { of: '{"_id":1,"a":[]}' }],
  ['{"$push":{"a":{"$each":[]}}}', "unchanged"],
  [
    '{"$push":{"x":{"$each":[]}}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[1]},"x":[]}',
  ],
  [
    '{"$push":{"a":{"$slice":1}}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1},{"$slice":1}],"o":{"p":1,"q":[1]}}',
  ],
  ['{"$push":{"n":1}}', "2 The field 'n' must be an array but is of type int in document {_id: 1}"],
  [
    '{"$push":{"a":{"$each":1}}}',
    "2 The argument to $each in $push must be an array but it was of type: int",
  ],
  ['{"$push":{"a":{"$each":[],"foo":1}}}', "2 Unrecognized clause in $push: foo"],
  [
    '{"$push":{"a":{"$each":[],"$slice":"x"}}}',
    "2 The value for $slice must be an integer value but was given type: string",
  ],
  [
    '{"$push":{"a":{"$each":[],"$position":{"$numberDouble":"1.5"}}}}',
    "2 The value for $position must be an integer value, not of type: double",
  ],
  ['{"$push":{"a":{"$each":[],"$sort":2}}}', "2 The $sort element value must be either 1 or -1"],
  [
    '{"$push":{"a":{"$each":[],"$sort":{}}}}',
    "2 The sort pattern is empty when it should be a set of fields.",
  ],
  [
    '{"$push":{"a":{"$each":[],"$sort":{"b":2}}}}',
    "2 The sort element value must be either 1 or -1",
  ],
  ['{"$push":{"a":{"$each":[],"$sort":{"":1}}}}', "2 The sort field cannot be empty"],
  [
    '{"$push":{"a":{"$each":[],"$sort":"x"}}}',
    "2 The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields",
  ],
])("update: elements are put into arrays by %s", ([update, outcome, options]) => {
  expect(updateText(update, options)).toBe(expected(outcome));
});
