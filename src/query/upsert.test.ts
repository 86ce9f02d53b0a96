// The rows were answered by a mongod 6.0.5; plain integers are Int32.
import { expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import {
  expected,
  outcomeOf,
  readChange,
  readDoc,
  updateEnvironment,
} from "../../test/support/update.ts";
import { compileUpdate, isOperatorUpdate } from "./update.ts";
import { composeUpsert, type UpsertChange } from "./upsert.ts";

function toChange(text: string): UpsertChange {
  const operand = readChange(text);
  if (operand instanceof Doc && !isOperatorUpdate(operand))
    return { kind: "replacement", replacement: operand };
  return { kind: "update", update: compileUpdate(operand, {}, updateEnvironment) };
}

const set = '{"$set":{"x":1}}';

test.for<[filter: string, change: string, outcome: string]>([
  ['{"b":1,"a":2}', set, '{"_id":"new","a":2,"b":1,"x":1}'],
  ['{"a":1,"_id":5}', set, '{"_id":5,"a":1,"x":1}'],
  ['{"a.b":1,"a.c":2}', set, '{"_id":"new","a":{"b":1,"c":2},"x":1}'],
  ['{"a.0":1}', set, '{"_id":"new","a":{"0":1},"x":1}'],
  ['{"a":{"$eq":1,"$gt":0}}', set, '{"_id":"new","a":1,"x":1}'],
  ['{"a":{"$in":[1]}}', set, '{"_id":"new","a":1,"x":1}'],
  ['{"a":{"$in":[1,2]}}', set, '{"_id":"new","x":1}'],
  ['{"a":{"$all":[1]}}', set, '{"_id":"new","a":1,"x":1}'],
  ['{"a":{"$gt":1}}', set, '{"_id":"new","x":1}'],
  ['{"a":1,"$and":[{"b":2},{"$or":[{"c":3}]}]}', set, '{"_id":"new","a":1,"b":2,"c":3,"x":1}'],
  ['{"$or":[{"a":1},{"b":1}]}', set, '{"_id":"new","x":1}'],
  ['{"$nor":[{"a":1}]}', set, '{"_id":"new","x":1}'],
  ['{"a":null}', set, '{"_id":"new","a":null,"x":1}'],
  ['{"_id.x":1,"_id.y":2}', set, '{"_id":{"x":1,"y":2},"x":1}'],
  ['{"z":1,"10":1,"9":1}', set, '{"_id":"new","10":1,"9":1,"z":1,"x":1}'],
  ['{"a":{"$all":[1,2]}}', set, "54 cannot infer query fields to set, path 'a' is matched twice"],
  [
    '{"$and":[{"a":1},{"a":1}]}',
    set,
    "54 cannot infer query fields to set, path 'a' is matched twice",
  ],
  [
    '{"a.b":1,"a":2}',
    set,
    "54 cannot infer query fields to set, both paths 'a.b' and 'a' are matched",
  ],
  ['{"_id":[1]}', set, "53 The '_id' value cannot be of type array"],
  ['{"$expr":true}', set, "224 $expr is not allowed in the query predicate for an upsert"],
  ['{"":1}', set, "20 Cannot call setValue on the root object"],
  ['{"a":1}', '{"$set":{"_id":6}}', '{"_id":6,"a":1}'],
  [
    '{"_id":5}',
    '{"$set":{"_id":6}}',
    "66 Performing an update on the path '_id' would modify the immutable field '_id'",
  ],
  [
    '{"_id":5}',
    '{"$setOnInsert":{"_id":6}}',
    "66 Performing an update on the path '_id' would modify the immutable field '_id'",
  ],
  ['{"a":1}', '{"$setOnInsert":{"a":2,"b":3}}', '{"_id":"new","a":2,"b":3}'],
  ['{"a":1,"_id":5}', '{"$inc":{"a":1}}', '{"_id":5,"a":2}'],
  [
    '{"a":1}',
    '{"$push":{"a":1}}',
    "2 The field 'a' must be an array but is of type int in document {no id}",
  ],
  ['{"a":1}', '{"$rename":{"a":"_id"}}', '{"_id":1}'],
  [
    '{"_id":5}',
    '{"$unset":{"_id":1}}',
    "66 Performing an update on the path '_id' would modify the immutable field '_id'",
  ],
  ['{"_id":5}', '{"$set":{"$x":1}}', '{"_id":5,"$x":1}'],
  ['{"_id":5,"a":1,"b":{"$all":[]}}', set, '{"_id":"new","x":1}'],
  ['{"_id":5,"a":1,"b":{"$in":[]}}', set, '{"_id":5,"a":1,"x":1}'],
  ['{"_id":5,"a":1}', '{"x":1}', '{"_id":5,"x":1}'],
  ['{"a":1,"_id":{"$in":[7]}}', '{"x":1}', '{"_id":7,"x":1}'],
  [
    '{"_id.x":1}',
    '{"x":1}',
    "111 field at '_id' must be exactly specified, field at sub-path '_id.x'found",
  ],
  [
    '{"_id":5}',
    '{"_id":6}',
    "66 After applying the update, the (immutable) field '_id' was found to have been altered to _id: 6",
  ],
  ['{"a":1}', '{"x":1,"_id":6}', '{"_id":6,"x":1}'],
  [
    '{"a":1}',
    '{"_id":[6]}',
    "54 After applying the update to the document, the (immutable) field '_id' was found to be an array or array descendant.",
  ],
  ['{"_id":5,"a":1}', '[{"$set":{"b":"$a"}}]', '{"_id":5,"a":1,"b":1}'],
  [
    '{"_id":5}',
    '[{"$set":{"_id":6}}]',
    "66 After applying the update, the (immutable) field '_id' was found to have been altered to _id: 6",
  ],
  ['{"_id":5}', '[{"$replaceWith":{"x":1}}]', '{"_id":5,"x":1}'],
])("upsert: %s with %s", ([filter, change, outcome]) => {
  const compose = (): Doc =>
    composeUpsert(readDoc(filter), toChange(change), updateEnvironment, () => "new");
  expect(outcomeOf(compose)).toBe(expected(outcome));
});
