// The rows were answered by a mongod 6.0.5; plain integers are Int32, and the document is `sample` unless a row has its own.
import { expect, test } from "vitest";
import { expected, type UpdateOptions, updateText } from "../../../test/support/update.ts";

type Row = [update: string, outcome: string, options?: UpdateOptions];

test.for<Row>([
  [
    '{"$inc":{"n":1}}',
    '{"_id":1,"n":{"$numberLong":"2147483648"}}',
    { of: '{"_id":1,"n":2147483647}' },
  ],
  [
    '{"$inc":{"n":1}}',
    "2 Failed to apply $inc operations to current value ((NumberLong)9223372036854775807) for document {_id: 1}",
    { of: '{"_id":1,"n":{"$numberLong":"9223372036854775807"}}' },
  ],
  [
    '{"$inc":{"n":{"$numberDouble":"1.5"}}}',
    '{"_id":1,"n":{"$numberDouble":"2.5"}}',
    { of: '{"_id":1,"n":1}' },
  ],
  [
    '{"$inc":{"n":{"$numberDecimal":"1.10"}}}',
    '{"_id":1,"n":{"$numberDecimal":"1.200000000000000"}}',
    { of: '{"_id":1,"n":{"$numberDouble":"0.1"}}' },
  ],
  [
    '{"$inc":{"n":{"$numberDecimal":"2.20"}}}',
    '{"_id":1,"n":{"$numberDecimal":"3.30"}}',
    { of: '{"_id":1,"n":{"$numberDecimal":"1.10"}}' },
  ],
  [
    '{"$inc":{"n":{"$numberDecimal":"0.00"}}}',
    "unchanged",
    { of: '{"_id":1,"n":{"$numberDecimal":"1.0"}}' },
  ],
  [
    '{"$inc":{"n":1}}',
    '{"_id":1,"n":{"$numberDouble":"NaN"}}',
    { of: '{"_id":1,"n":{"$numberDouble":"NaN"}}' },
  ],
  [
    '{"$inc":{"n":{"$numberDouble":"-0.0"}}}',
    "unchanged",
    { of: '{"_id":1,"n":{"$numberDouble":"0.0"}}' },
  ],
  [
    '{"$inc":{"n":{"$numberLong":"0"}}}',
    '{"_id":1,"n":{"$numberLong":"5"}}',
    { of: '{"_id":1,"n":5}' },
  ],
  [
    '{"$inc":{"a.b":{"$numberLong":"3"}}}',
    '{"_id":1,"a":{"b":{"$numberLong":"3"}}}',
    { of: '{"_id":1}' },
  ],
  [
    '{"$mul":{"n":65536}}',
    '{"_id":1,"n":{"$numberLong":"4294967296"}}',
    { of: '{"_id":1,"n":65536}' },
  ],
  [
    '{"$mul":{"a":{"$numberDouble":"-5.5"},"b":{"$numberDecimal":"1.20"},"c":{"$numberLong":"3"},"d":7}}',
    '{"_id":1,"a":{"$numberDouble":"-0.0"},"b":{"$numberDecimal":"0.00"},"c":{"$numberLong":"0"},"d":0}',
    { of: '{"_id":1}' },
  ],
  [
    '{"$mul":{"n":{"$numberLong":"1099511627776"}}}',
    "2 Failed to apply $mul operations to current value ((NumberLong)1099511627776) for document {_id: 1}",
    { of: '{"_id":1,"n":{"$numberLong":"1099511627776"}}' },
  ],
  [
    '{"$inc":{"s":1}}',
    "14 Cannot apply $inc to a value of non-numeric type. {_id: 1} has the field 's' of non-numeric type string",
  ],
  [
    '{"$mul":{"o.q":1}}',
    "14 Cannot apply $mul to a value of non-numeric type. {_id: 1} has the field 'q' of non-numeric type array",
  ],
  ['{"$inc":{"n":"x"}}', '14 Cannot increment with non-numeric argument: {n: "x"}'],
  ['{"$mul":{"n":null}}', "14 Cannot multiply with non-numeric argument: {n: null}"],
  ['{"$inc":{"_id":0}}', "unchanged"],
  [
    '{"$inc":{"_id":1}}',
    "66 Performing an update on the path '_id' would modify the immutable field '_id'",
  ],
  [
    '{"$min":{"n":{"$numberDouble":"1.0"},"s":5,"x":null}}',
    '{"_id":1,"n":1,"s":5,"a":[1,2,{"b":1}],"o":{"p":1,"q":[1]},"x":null}',
  ],
  [
    '{"$max":{"n":"x","o.p":{"$numberLong":"1"}}}',
    '{"_id":1,"n":"x","s":"x","a":[1,2,{"b":1}],"o":{"p":1,"q":[1]}}',
  ],
  [
    '{"$bit":{"n":{"and":{"$numberLong":"4"}}}}',
    '{"_id":1,"n":{"$numberLong":"4"}}',
    { of: '{"_id":1,"n":5}' },
  ],
  ['{"$bit":{"n":{"or":2,"xor":1}}}', '{"_id":1,"n":6}', { of: '{"_id":1,"n":5}' }],
  ['{"$bit":{"n":{"or":5}}}', '{"_id":1,"n":5}', { of: '{"_id":1}' }],
  [
    '{"$bit":{"n":{"and":5}}}',
    "2 Cannot apply $bit to a value of non-integral type._id: 1 has the field n of non-integer type double",
    { of: '{"_id":1,"n":{"$numberDouble":"5.0"}}' },
  ],
  [
    '{"$bit":{"n":{"foo":1}}}',
    "2 The $bit modifier only supports 'and', 'or', and 'xor', not 'foo' which is an unknown operator: {foo: 1}",
  ],
  [
    '{"$bit":{"n":{"and":"x"}}}',
    "2 The $bit modifier field must be an Integer(32/64 bit); a 'string' is not supported here: {and: \"x\"}",
  ],
  [
    '{"$bit":{"n":{}}}',
    "2 You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}",
  ],
  [
    '{"$bit":{"n":1}}',
    "2 The $bit modifier is not compatible with a int. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}",
  ],
  [
    '{"$currentDate":{"n":1}}',
    "2 int is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).",
  ],
  [
    '{"$currentDate":{"n":{"$type":"x"}}}',
    "2 The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
  ],
  ['{"$currentDate":{"n":{"$foo":1}}}', "2 Unrecognized $currentDate option: $foo"],
])("update: numbers are computed by %s", ([update, outcome, options]) => {
  expect(updateText(update, options)).toBe(expected(outcome));
});
