import { expect, test } from "vitest";
import { runStages } from "../../../test/support/pipeline.ts";

test.for<readonly [stage: string, failure: string]>([
  [
    '{"$setWindowFields":1}',
    "9 the $setWindowFields stage specification must be an object, found int",
  ],
  [
    '{"$setWindowFields":{}}',
    "40414 BSON field '$setWindowFields.output' is missing but a required field",
  ],
  [
    '{"$setWindowFields":{"output":{},"x":1}}',
    "40415 BSON field '$setWindowFields.x' is an unknown field.",
  ],
  [
    '{"$setWindowFields":{"output":{},"sortBy":1}}',
    "14 BSON field '$setWindowFields.sortBy' is the wrong type 'int', expected type 'object'",
  ],
  [
    '{"$setWindowFields":{"output":{},"sortBy":{"a":2}}}',
    "15975 $sort key ordering must be 1 (for ascending) or -1 (for descending)",
  ],
  [
    '{"$setWindowFields":{"output":{},"partitionBy":[1]}}',
    "14 An expression used to partition cannot evaluate to value of type array",
  ],
  [
    '{"$setWindowFields":{"output":{},"partitionBy":["$a"]}}',
    "14 PlanExecutor error during aggregation :: caused by :: An expression used to partition cannot evaluate to value of type array",
  ],
  [
    '{"$setWindowFields":{"output":{},"partitionBy":{"$divide":[1,0]}}}',
    "2 Failed to optimize partitionBy expression :: caused by :: can't $divide by zero",
  ],
  ['{"$setWindowFields":{"output":{"x":1}}}', "9 The field 'x' must be an object"],
  ['{"$setWindowFields":{"output":{"x":{}}}}', "9 Expected a $-prefixed window function"],
  ['{"$setWindowFields":{"output":{"x":{"a":1}}}}', "9 Expected a $-prefixed window function, a"],
  [
    '{"$setWindowFields":{"output":{"x":{"constructor":1}}}}',
    "9 Expected a $-prefixed window function, constructor",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$mergeObjects":1}}}}',
    "9 Unrecognized window function, $mergeObjects",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$sum":1,"foo":1}}}}',
    "9 Window function found an unknown argument: foo",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$sum":1,"$avg":1}}}}',
    "9 Cannot specify two functions in window function spec",
  ],
  [
    '{"$setWindowFields":{"output":{"a.b":{"$sum":1},"a":{"$sum":1}}}}',
    "6307900 $setWindowFields 'output' specification contains two conflicting paths",
  ],
  [
    '{"$setWindowFields":{"output":{"$x":{"$sum":1}}}}',
    "16410 FieldPath field names may not start with '$'. Consider using $getField or $setField.",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$sum":{"$divide":[1,0]}}}}}',
    "2 Failed to optimize pipeline :: caused by :: can't $divide by zero",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$sum":1,"window":1}}}}',
    "9 'window' field must be an object",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$sum":1,"window":{"x":1}}}}}',
    "9 'window' field can only contain 'documents' as the only argument or 'range' with an optional 'unit' field",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$sum":1,"window":{"unit":"day"}}}}}',
    "9 Window bounds can only specify 'unit' with range-based bounds.",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$sum":1,"window":{"documents":[0,0],"range":[0,0]}}}}}',
    "9 Window bounds can specify either 'documents' or 'unit', not both.",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$sum":1,"window":{"documents":[0,0]}}}}}',
    "5339901 Document-based bounds require a sortBy",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$sum":1,"window":{"documents":[0]}}}}}',
    "9 Window bounds must be a 2-element array: documents: [ 0 ]",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$sum":1,"window":{"documents":["x",1]}}}}}',
    "9 Window bounds must be 'unbounded', 'current', or a number.",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$sum":1,"window":{"documents":[1.5,1]}}}}}',
    "9 Numeric document-based bounds must be an integer",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$sum":1,"window":{"documents":[{"$add":["$a",1]},1]}}}}}',
    "9 Window bounds expression must be a constant.",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"_id":1},"output":{"x":{"$sum":1,"window":{"documents":[1,"current"]}}}}}',
    "5339900 Lower bound must not exceed upper bound: [1, 0]",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"_id":1},"output":{"x":{"$sum":1,"window":{"range":[0,1],"unit":"foo"}}}}}',
    "9 unknown time unit value: foo",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"_id":1},"output":{"x":{"$sum":1,"window":{"range":[1.5,2],"unit":"day"}}}}}',
    "9 With 'unit', range-based bounds must be an integer",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"_id":1},"output":{"x":{"$sum":1,"window":{"range":[0,1],"unit":"day"}}}}}',
    "5429513 PlanExecutor error during aggregation :: caused by :: Invalid range: Expected the sortBy field to be a Date, but it was int",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"_id":-1},"output":{"x":{"$sum":1,"window":{"range":[0,1]}}}}}',
    "5429404 PlanExecutor error during aggregation :: caused by :: Missing _sortExpr with range-based bounds",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"_id":1,"a":1},"output":{"x":{"$sum":1,"window":{"range":[0,1]}}}}}',
    "5339902 Range-based bounds require sortBy a single field",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"b":-1},"output":{"x":{"$sum":1,"window":{"documents":[0,1]}},"y":{"$rank":{"a":1}}}}}',
    "5371603 (None) must be specified with '{}' as the value",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"d":1},"output":{"x":{"$sum":1,"window":{"range":[0,1]}}}}}',
    "5429413 PlanExecutor error during aggregation :: caused by :: Invalid range: For windows that involve date or time ranges, a unit must be provided.",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"_id":1},"output":{"x":{"$rank":{},"window":{}}}}}',
    "5371601 Rank style window functions take no other arguments",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$rank":{}}}}}',
    "5371602 $rank must be specified with a top level sortBy expression with exactly one element",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"_id":1},"output":{"x":{"$expMovingAvg":{"input":"$a","N":1.5}}}}}',
    "9 'N' field must be an integer, but found  N: 1.5. To use a non-integer, use the 'alpha' argument instead",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"_id":1},"output":{"x":{"$expMovingAvg":{"input":"$a","alpha":1}}}}}',
    "9 'alpha' must be between 0 and 1 (exclusive), found alpha: 1",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$derivative":{"input":"$a"}}}}}',
    "9 $derivative requires a sortBy",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"a":1},"output":{"x":{"$derivative":{"input":"$a"}}}}}',
    "9 $derivative requires explicit window bounds",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"a":1},"output":{"x":{"$derivative":{"input":"$a","unit":"month"},"window":{"documents":[-1,0]}}}}}',
    "5490710 unit must be 'week' or smaller",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"a":1},"output":{"x":{"$derivative":{"input":"$b"},"window":{"documents":[-1,0]}}}}}',
    "5624903 PlanExecutor error during aggregation :: caused by :: $derivative input must not be null or missing",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"d":1},"output":{"x":{"$derivative":{"input":"$a"},"window":{"documents":[-1,0]}}}}}',
    "5624901 PlanExecutor error during aggregation :: caused by :: $derivative where the sortBy is a Date requires an 'unit'",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"a":1},"output":{"x":{"$integral":{"input":"$b"}}}}}',
    "5423900 PlanExecutor error during aggregation :: caused by :: The input value of $integral window function must be a vector of 2 value, the first value must be numeric or date type and the second must be numeric.",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"_id":1},"output":{"x":{"$shift":{"output":"$a"}}}}}',
    "9 $shift requires 'by' as an integer value.",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"_id":1},"output":{"x":{"$shift":{"output":"$a","by":{"$numberLong":"3000000000"}}}}}}',
    "9 '$shift:by' field must be an integer, but found  by: 3000000000",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$linearFill":"$b"}}}}',
    "605001 $linearFill must be specified with a top level sortBy expression with exactly one element",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"_id":1},"output":{"x":{"$locf":"$b","window":{}}}}}',
    "9 'window' field is not allowed in $locf",
  ],
  [
    '{"$setWindowFields":{"sortBy":{"_id":1},"output":{"x":{"$linearFill":"$d"}}}}',
    "14 PlanExecutor error during aggregation :: caused by :: Value to be filled must be numeric or nullish, but found date",
  ],
  [
    '[{"$set":{"k":1}},{"$setWindowFields":{"sortBy":{"k":1},"output":{"x":{"$linearFill":"$a"}}}}]',
    "6050106 PlanExecutor error during aggregation :: caused by :: There can be no repeated values in the sort field",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$firstN":{"n":0,"input":"$b"}}}}}',
    "5787908 PlanExecutor error during aggregation :: caused by :: 'n' must be greater than 0, found 0",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$count":1}}}}',
    "9 $count only accepts an empty object as input",
  ],
])("$setWindowFields: refused: %s", async ([stage, failure]) => {
  const docs = `[
    {"_id":1,"a":1,"b":2,"d":{"$date":"2020-01-01T00:00:00Z"}},
    {"_id":2,"a":2,"b":null,"d":{"$date":"2020-01-02T00:00:00Z"}}
  ]`;
  expect(await runStages(stage, docs)).toEqual([failure]);
});
