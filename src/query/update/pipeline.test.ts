// The rows were answered by a mongod 6.0.5; plain integers are Int32, and the document is `sample` unless a row has its own.
import { expect, test } from "vitest";
import { expected, type UpdateOptions, updateText } from "../../../test/support/update.ts";

type Row = [update: string, outcome: string, options?: UpdateOptions];

test.for<Row>([
  [
    '[{"$set":{"n":{"$add":["$n",1]},"x":"$s"}}]',
    '{"_id":1,"n":2,"s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[1]},"x":"x"}',
  ],
  [
    '[{"$unset":["n","o.p"]},{"$set":{"n":1}}]',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1}],"o":{"q":[1]}}',
  ],
  ['[{"$project":{"n":1}}]', '{"_id":1,"n":1}'],
  ['[{"$replaceWith":{"q":"$n"}}]', '{"_id":1,"q":1}'],
  ['[{"$replaceRoot":{"newRoot":"$o"}}]', '{"_id":1,"p":1,"q":[1]}'],
  ['[{"$set":{"n":1}}]', "unchanged"],
  ["[]", "unchanged"],
  ['[{"$unset":"_id"}]', '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[1]}}'],
  [
    '[{"$set":{"_id":2}}]',
    "66 After applying the update, the (immutable) field '_id' was found to have been altered to _id: 2",
  ],
  ['[{"$set":{"_id":[1]}}]', "53 The '_id' value cannot be of type array"],
  ['[{"$match":{}}]', "72 $match is not allowed to be used within an update"],
  [
    '[{"$replaceWith":"$n"}]',
    "40228 'replacement document'  must evaluate to an object, but resulting value was: 1. Type of resulting value: 'int'. Input document: {_id: 1, n: 1, s: \"x\", a: [1, 2, {b: 1}], o: {p: 1, q: [1]}}",
  ],
  ['[{"$set":{"n":{"$divide":[1,0]}}}]', "2 can't $divide by zero"],
  [
    '[{"$set":{"$x":1}}]',
    "16410 Invalid $set :: caused by :: FieldPath field names may not start with '$'. Consider using $getField or $setField.",
  ],
  ['[{"$replaceWith":{"$literal":{"$x":1}}}]', '{"_id":1,"$x":1}'],
  [
    '[{"$unset":[]}]',
    "31119 $unset specification must be a string or an array with at least one field",
  ],
  ["[{}]", "40323 A pipeline stage specification object must contain exactly one field."],
  ["[5]", "14 Each element of the 'pipeline' array must be an object"],
])("update: pipelines transform the document by %s", ([update, outcome, options]) => {
  expect(updateText(update, options)).toBe(expected(outcome));
});
