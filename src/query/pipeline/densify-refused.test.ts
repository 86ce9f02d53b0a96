import { expect, test } from "vitest";
import { runStages } from "../../../test/support/pipeline.ts";

test.for<readonly [stage: string, failure: string]>([
  ['{"$densify":1}', "9 The $densify stage specification must be an object, found int"],
  [
    '{"$densify":{"field":"a"}}',
    "40414 BSON field '$densify.range' is missing but a required field",
  ],
  [
    '{"$densify":{"field":1,"range":{"step":1,"bounds":"full"}}}',
    "14 BSON field '$densify.field' is the wrong type 'int', expected type 'string'",
  ],
  [
    '{"$densify":{"field":"a","range":{"bounds":"full"}}}',
    "40414 BSON field '$densify.range.step' is missing but a required field",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":1,"bounds":"full","foo":1}}}',
    "40415 BSON field '$densify.range.foo' is an unknown field.",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":"x","bounds":"full"}}}',
    "14 BSON field '$densify.range.step' is the wrong type 'string', expected types '[int, decimal, double, long']",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":0,"bounds":"full"}}}',
    "5733401 The step parameter in a range statement must be a strictly positive numeric value",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":1,"unit":"foo","bounds":"full"}}}',
    "9 unknown time unit value: foo",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":1.5,"unit":"day","bounds":"full"}}}',
    "6586400 The step parameter in a range statement must be a whole number when densifying a date range",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":1,"bounds":null}}}',
    "5733404 The bounds in a range statement must be the string 'full', 'partition', or an ascending array of two numbers or two dates",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":1,"bounds":"foo"}}}',
    "5946802 Bounds string must either be 'full' or 'partition'",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":1,"bounds":[]}}}',
    "5733403 A bounding array in a range statement must have exactly two elements",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":1,"bounds":[2,1]}}}',
    "5733402 A bounding array must be an ascending array of either two dates or two numbers",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":1.5,"bounds":[1,2]}}}',
    "5876900 Upper bound, lower bound, and step must all have the same type",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":1,"bounds":["a","b"]}}}',
    "5946800 Explicit bounds must be numeric or dates",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":1,"bounds":[1,"b"]}}}',
    "5733406 A bounding array must contain either both dates or both numeric types",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":1,"unit":"day","bounds":[1,2]}}}',
    "5733409 Numeric bounds may not have unit parameter",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":1,"bounds":"partition"}}}',
    "5733408 One cannot specify the bounds as 'partition' without specifying a non-empty array of partitionByFields. You may have meant to specify 'full' bounds.",
  ],
  [
    '{"$densify":{"field":"a","partitionByFields":[1],"range":{"step":1,"bounds":"partition"}}}',
    "14 BSON field '$densify.partitionByFields.0' is the wrong type 'int', expected type 'string'",
  ],
  [
    '{"$densify":{"field":"$a","range":{"step":1,"bounds":"full"}}}',
    "16410 FieldPath field names may not start with '$'. Consider using $getField or $setField.",
  ],
  [
    '{"$densify":{"field":"a","partitionByFields":["a"],"range":{"step":1,"bounds":[0,3]}}}',
    "5733306 PlanExecutor error during aggregation :: caused by :: DocGenerator cannot include field that is being densified",
  ],
  [
    '{"$densify":{"field":"d","range":{"step":1,"bounds":"full"}}}',
    "6053600 PlanExecutor error during aggregation :: caused by :: Encountered date densify value in collection when step does not have a date unit.",
  ],
  [
    '{"$densify":{"field":"a","range":{"step":1,"unit":"day","bounds":"full"}}}',
    "6053600 PlanExecutor error during aggregation :: caused by :: Encountered numeric densify value in collection when step has a date unit.",
  ],
  [
    '[{"$set":{"a":"x"}},{"$densify":{"field":"a","range":{"step":1,"bounds":"full"}}}]',
    "5733201 PlanExecutor error during aggregation :: caused by :: Densify field type must be numeric or a date",
  ],
  [
    '[{"$densify":{"field":"a","range":{"step":1,"bounds":[0,600000]}}},{"$count":"n"}]',
    "5897900 PlanExecutor error during aggregation :: caused by :: Generated 500001 documents in $densify, which is over the limit of 500000. Increase the 'internalQueryMaxAllowedDensifyDocs' parameter to allow more generated documents",
  ],
])("$densify: refused: %s", async ([stage, failure]) => {
  const found = await runStages(
    stage,
    '[{"_id":1,"a":1,"d":{"$date":"2020-01-01T00:00:00Z"}},{"_id":2,"a":4,"d":{"$date":"2020-01-02T00:00:00Z"}}]',
  );
  expect(found).toEqual([failure]);
});
