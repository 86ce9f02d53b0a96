// The rows were answered by a mongod 6.0.5; plain integers are Int32.
import { expect, test } from "vitest";
import { expected, outcomeOf, readDoc, updateEnvironment } from "../../test/support/update.ts";
import { compileReplacement } from "./replacement.ts";

test.for<[replacement: string, document: string, outcome: string]>([
  ['{"x":1}', '{"_id":1,"x":1}', '{"_id":1,"x":1}'],
  ['{"_id":1,"x":1}', '{"_id":1,"x":1}', "unchanged"],
  ['{"y":2}', '{"_id":1,"x":1}', '{"_id":1,"y":2}'],
  [
    '{"y":2,"_id":{"$numberDouble":"1.0"}}',
    '{"_id":1,"x":1}',
    '{"_id":{"$numberDouble":"1.0"},"y":2}',
  ],
  [
    '{"_id":2}',
    '{"_id":1}',
    "66 After applying the update, the (immutable) field '_id' was found to have been altered to _id: 2",
  ],
  ['{"_id":[1]}', '{"_id":1}', "53 The '_id' value cannot be of type array"],
  ['{"a":{"$b":1},"c.d":1,"":1}', '{"_id":1}', '{"_id":1,"a":{"$b":1},"c.d":1,"":1}'],
  [
    '{"a":1,"$x":1}',
    '{"_id":1}',
    "52 The dollar ($) prefixed field '$x' in '$x' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.",
  ],
  ['{"a":1,"$ref":1}', '{"_id":1}', "55 The DBRef $ref field must be a String, not a int"],
  [
    '{"a":1,"$id":1}',
    '{"_id":1}',
    "55 Found $id field without a $ref before it, which is invalid.",
  ],
  [
    '{"a":1,"$ref":"x","$db":"y"}',
    '{"_id":1}',
    "55 The DBRef $ref field must be followed by a $id field",
  ],
  [
    '{"_id":{"$x":1}}',
    '{"_id":1}',
    "52 _id fields may not contain '$'-prefixed fields: $x is not valid for storage.",
  ],
  ["{}", '{"_id":1}', '{"_id":1}'],
  [
    '{"$set":{"a":1}}',
    '{"_id":1}',
    "9 the replace operation document must not contain atomic operators",
  ],
  [
    '{"t":{"$timestamp":{"t":0,"i":0}},"o":{"t":{"$timestamp":{"t":0,"i":0}}}}',
    '{"_id":1}',
    '{"_id":1,"t":{"$timestamp":{"t":1700000000,"i":1}},"o":{"t":{"$timestamp":{"t":0,"i":0}}}}',
  ],
])("replacement: %s for %s", ([replacement, document, outcome]) => {
  const doc = readDoc(document);
  let isSame = false;
  const text = outcomeOf(() => {
    const after = compileReplacement(readDoc(replacement), updateEnvironment)(doc);
    isSame = after === doc;
    return after;
  });
  expect(isSame ? "unchanged" : text).toBe(expected(outcome));
});
