import { expect, test } from "vitest";
import { runStages } from "../../../test/support/pipeline.ts";

type Row = readonly [title: string, stage: string, documents: readonly string[]];

const docs = `[
  {"_id":1,"a":1,"b":2,"p":1},
  {"_id":2,"a":2,"b":null,"p":1},
  {"_id":3,"a":3,"p":2},
  {"_id":4,"a":4,"b":1.5,"p":2},
  {"_id":5,"a":5,"p":1}
]`;

test.for<Row>([
  [
    "the last value",
    '{"$fill":{"output":{"b":{"method":"locf"}}}}',
    [
      '{"_id":1,"a":1,"b":2,"p":1}',
      '{"_id":2,"a":2,"b":2,"p":1}',
      '{"_id":3,"a":3,"p":2,"b":2}',
      '{"_id":4,"a":4,"b":1.5,"p":2}',
      '{"_id":5,"a":5,"p":1,"b":1.5}',
    ],
  ],
  [
    "values on a line",
    '{"$fill":{"sortBy":{"a":1},"output":{"b":{"method":"linear"}}}}',
    [
      '{"_id":1,"a":1,"b":2,"p":1}',
      '{"_id":2,"a":2,"b":1.8333333333333333,"p":1}',
      '{"_id":3,"a":3,"p":2,"b":1.6666666666666667}',
      '{"_id":4,"a":4,"b":1.5,"p":2}',
      '{"_id":5,"a":5,"p":1,"b":null}',
    ],
  ],
  [
    "an expression",
    '{"$fill":{"output":{"b":{"value":{"$add":["$a",10]}},"c.d":{"value":0}}}}',
    [
      '{"_id":1,"a":1,"b":2,"p":1,"c":{"d":0}}',
      '{"_id":2,"a":2,"b":12,"p":1,"c":{"d":0}}',
      '{"_id":3,"a":3,"p":2,"b":13,"c":{"d":0}}',
      '{"_id":4,"a":4,"b":1.5,"p":2,"c":{"d":0}}',
      '{"_id":5,"a":5,"p":1,"b":15,"c":{"d":0}}',
    ],
  ],
  [
    "a method beside a value",
    '{"$fill":{"sortBy":{"a":-1},"output":{"b":{"method":"locf"},"c":{"value":"$p"}}}}',
    [
      '{"_id":5,"a":5,"p":1,"b":null,"c":1}',
      '{"_id":4,"a":4,"b":1.5,"p":2,"c":2}',
      '{"_id":3,"a":3,"p":2,"b":1.5,"c":2}',
      '{"_id":2,"a":2,"b":1.5,"p":1,"c":1}',
      '{"_id":1,"a":1,"b":2,"p":1,"c":1}',
    ],
  ],
  [
    "partitions",
    '{"$fill":{"sortBy":{"a":1},"partitionBy":{"x":"$p"},"output":{"b":{"method":"locf"}}}}',
    [
      '{"_id":1,"a":1,"b":2,"p":1}',
      '{"_id":2,"a":2,"b":2,"p":1}',
      '{"_id":5,"a":5,"p":1,"b":2}',
      '{"_id":3,"a":3,"p":2,"b":null}',
      '{"_id":4,"a":4,"b":1.5,"p":2}',
    ],
  ],
  [
    "partitions by fields",
    '{"$fill":{"sortBy":{"a":1},"partitionByFields":["p"],"output":{"b":{"method":"locf"}}}}',
    [
      '{"_id":1,"a":1,"b":2,"p":1}',
      '{"_id":2,"a":2,"b":2,"p":1}',
      '{"_id":5,"a":5,"p":1,"b":2}',
      '{"_id":3,"a":3,"p":2,"b":null}',
      '{"_id":4,"a":4,"b":1.5,"p":2}',
    ],
  ],
  [
    "nothing",
    '{"$fill":{"output":{"b":{}}}}',
    [
      '{"_id":1,"a":1,"b":2,"p":1}',
      '{"_id":2,"a":2,"b":null,"p":1}',
      '{"_id":3,"a":3,"p":2}',
      '{"_id":4,"a":4,"b":1.5,"p":2}',
      '{"_id":5,"a":5,"p":1}',
    ],
  ],
])("$fill: %s", async ([, stage, documents]) => {
  expect(await runStages(stage, docs)).toEqual(documents);
});

test("$fill: partitions by a path, which MongoDB 6.0 refuses and later versions take", async () => {
  const stage = '{"$fill":{"sortBy":{"a":1},"partitionBy":"$p","output":{"b":{"method":"locf"}}}}';
  const byDocument = stage.replace('"$p"', '{"p":"$p"}');
  expect(await runStages(stage, docs)).toEqual(await runStages(byDocument, docs));
});

test.for<readonly [stage: string, failure: string]>([
  ['{"$fill":1}', "9 The $fill stage specification must be an object, found int"],
  ['{"$fill":{}}', "40414 BSON field '$fill.output' is missing but a required field"],
  [
    '{"$fill":{"output":{}}}',
    "6050203 The output field in '$fill' must contain an object with at least one element",
  ],
  [
    '{"$fill":{"output":{"x":1}}}',
    "6050200 Each fill output specification must be an object with exactly one field",
  ],
  ['{"$fill":{"output":{"x":{"foo":1}}}}', "40415 BSON field '$fill.foo' is an unknown field."],
  [
    '{"$fill":{"output":{"x":{"value":1,"method":"locf"}}}}',
    "6050201 Each fill output specification must have exactly one of 'method' or 'value' fields, not both",
  ],
  ['{"$fill":{"output":{"x":{"method":"foo"}}}}', "6050202 Method must be either locf or linear"],
  [
    '{"$fill":{"output":{"x":{"method":"linear"}}}}',
    "605001 $linearFill must be specified with a top level sortBy expression with exactly one element",
  ],
  [
    '{"$fill":{"partitionBy":1,"output":{"b":{"method":"locf"}}}}',
    "14 BSON field '$fill.partitionBy' is the wrong type 'int', expected type 'object'",
  ],
  [
    '{"$fill":{"partitionBy":{"x":"$p"},"partitionByFields":["p"],"output":{"b":{"method":"locf"}}}}',
    "6050204 Maximum one of 'partitionBy' and 'partitionByFields can be specified in '$fill'",
  ],
  [
    '{"$fill":{"partitionByFields":["p.x"],"output":{"b":{"method":"locf"}}}}',
    "16412 FieldPath field names may not contain '.'. Consider using $getField or $setField.",
  ],
  [
    '{"$fill":{"foo":1,"output":{"b":{"method":"locf"}}}}',
    "40415 BSON field '$fill.foo' is an unknown field.",
  ],
  [
    '{"$fill":{"output":{"b":{"value":{"$divide":[1,0]}}}}}',
    "2 Failed to optimize pipeline :: caused by :: can't $divide by zero",
  ],
  [
    '{"$fill":{"output":{"$b":{"value":5}}}}',
    "16410 Invalid $addFields :: caused by :: FieldPath field names may not start with '$'. Consider using $getField or $setField.",
  ],
])("$fill: refused: %s", async ([stage, failure]) => {
  expect(await runStages(stage, docs)).toEqual([failure]);
});
