// The rows were answered by a mongod 6.0.5; plain integers are Int32, and the document is `sample` unless a row has its own.
import { expect, test } from "vitest";
import { expected, type UpdateOptions, updateText } from "../../../test/support/update.ts";

type Row = [update: string, outcome: string, options?: UpdateOptions];

test.for<Row>([
  ['{"$rename":{"n":"m"}}', '{"_id":1,"s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[1]},"m":1}'],
  ['{"$rename":{"n":"o.p"}}', '{"_id":1,"s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[1]}}'],
  [
    '{"$rename":{"o.p":"x.y"}}',
    '{"_id":1,"n":1,"s":"x","a":[1,2,{"b":1}],"o":{"q":[1]},"x":{"y":1}}',
  ],
  ['{"$rename":{"zz":"n"}}', "unchanged"],
  ['{"$rename":{"n":"n"}}', '2 The source and target field for $rename must differ: n: "n"'],
  [
    '{"$rename":{"o":"o.p"}}',
    '2 The source and target field for $rename must not be on the same path: o: "o.p"',
  ],
  [
    '{"$rename":{"a.0":"x"}}',
    "2 The source field cannot be an array element, 'a.0' in doc with _id: 1 has an array field called 'a'",
  ],
  [
    '{"$rename":{"n":"a.0"}}',
    "2 The destination field cannot be an array element, 'a.0' in doc with _id: 1 has an array field called 'a'",
  ],
  [
    '{"$rename":{"s.x":"y"}}',
    '28 cannot use the part (s of s.x) to traverse the element ({s: "x"})',
  ],
  ['{"$rename":{"n":"s.x"}}', "28 Cannot create field 'x' in element {s: \"x\"}"],
  ['{"$rename":{"n":1}}', "2 The 'to' field for $rename must be a string: n: 1"],
  ['{"$rename":{"a.$":"y"}}', "2 The source field for $rename may not be dynamic: a.$"],
  ['{"$rename":{"n":"y.$[]"}}', "2 The destination field for $rename may not be dynamic: y.$[]"],
  [
    '{"$rename":{"_id":"z"}}',
    "66 Performing an update on the path '_id' would modify the immutable field '_id'",
  ],
  ['{"$rename":{"n":"b","s":"b"}}', "40 Updating the path 'b' would create a conflict at 'b'"],
  [
    '{"$rename":{"n":"b"},"$set":{"n":1}}',
    "40 Updating the path 'n' would create a conflict at 'n'",
  ],
])("update: fields are renamed by %s", ([update, outcome, options]) => {
  expect(updateText(update, options)).toBe(expected(outcome));
});
