import { expect, test } from "vitest";
import { Double, type Value } from "../bson/value.ts";
import { expressionEnvironment } from "../../test/support/expression.ts";
import { runStages } from "../../test/support/pipeline.ts";

/** Accumulators and window functions that came after MongoDB 6.0, by the manual of 8.3. */

const docs =
  '[{"_id":1,"a":[1,2],"v":10},{"_id":2,"a":[2],"v":20},{"_id":3,"v":15},{"_id":4,"a":[1,[3]],"v":40}]';

test.for<[stages: string, result: string]>([
  ['{"$group":{"_id":null,"x":{"$concatArrays":"$a"}}}', '{"_id":null,"x":[1,2,2,1,[3]]}'],
  ['{"$group":{"_id":null,"x":{"$setUnion":"$a"}}}', '{"_id":null,"x":[1,2,[3]]}'],
  ['{"$group":{"_id":null,"x":{"$concatArrays":"$none"}}}', '{"_id":null,"x":[]}'],
  [
    '{"$bucket":{"groupBy":"$_id","boundaries":[0,10],"output":{"x":{"$setUnion":"$a"}}}}',
    '{"_id":0,"x":[1,2,[3]]}',
  ],
])("%s", async ([stages, result]) => {
  expect(await runStages(`[${stages}]`, docs)).toEqual([result]);
});

test.for<[windowFunction: string, values: string]>([
  [
    '{"$concatArrays":"$a","window":{"documents":["unbounded","current"]}}',
    "[1,2] [1,2,2] [1,2,2] [1,2,2,1,[3]]",
  ],
  ['{"$concatArrays":"$a","window":{"documents":[-1,0]}}', "[1,2] [1,2,2] [2] [1,[3]]"],
  ['{"$setUnion":"$a","window":{"documents":[-1,0]}}', "[1,2] [1,2] [2] [1,[3]]"],
  ['{"$minMaxScaler":{"input":"$v"}}', "0.0 0.3333333333333333 0.16666666666666666 1.0"],
  [
    '{"$minMaxScaler":{"input":"$v","min":100,"max":200}}',
    "100.0 133.33333333333331 116.66666666666666 200.0",
  ],
  ['{"$minMaxScaler":{"input":"$v"},"window":{"documents":[-1,0]}}', "0.0 1.0 0.0 1.0"],
  ['{"$minMaxScaler":{"input":{"$literal":7}}}', "0.0 0.0 0.0 0.0"],
])("$setWindowFields: %s", async ([windowFunction, values]) => {
  const stage = `{"$setWindowFields":{"sortBy":{"_id":1},"output":{"x":${windowFunction}}}}`;
  const found = await runStages(`[${stage},{"$project":{"_id":0,"x":1}}]`, docs);
  expect(found.map((each) => /^\{"x":(.*)\}$/.exec(each)?.[1] ?? each).join(" ")).toBe(values);
});

test.for<[stages: string, failure: string]>([
  [
    '{"$group":{"_id":null,"x":{"$concatArrays":"$v"}}}',
    "14 PlanExecutor error during aggregation :: caused by :: $concatArrays requires array inputs, but input 10 is of type int",
  ],
  [
    '{"$group":{"_id":null,"x":{"$setUnion":{"$literal":null}}}}',
    "14 PlanExecutor error during aggregation :: caused by :: $setUnion requires array inputs, but input null is of type null",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$minMaxScaler":{}}}}}',
    "9 $minMaxScaler requires an 'input' expression",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$minMaxScaler":{"input":"$v","min":2}}}}}',
    "9 $minMaxScaler requires 'max' to be greater than 'min'",
  ],
  [
    '{"$setWindowFields":{"output":{"x":{"$minMaxScaler":{"input":"$a"}}}}}',
    "14 PlanExecutor error during aggregation :: caused by :: 'input' of $minMaxScaler must be a number, but is array",
  ],
  ['{"$search":{}}', "40324 Unrecognized pipeline stage name: '$search'"],
  ['{"$vectorSearch":{}}', "40324 Unrecognized pipeline stage name: '$vectorSearch'"],
  ['{"$rankFusion":{}}', "40324 Unrecognized pipeline stage name: '$rankFusion'"],
  ['{"$scoreFusion":{}}', "40324 Unrecognized pipeline stage name: '$scoreFusion'"],
])("refused: %s", async ([stages, failure]) => {
  expect(await runStages(`[${stages}]`, docs)).toEqual([failure]);
});

test.for([
  '{"$group":{"_id":null,"x":{"$percentile":{"input":"$v","p":"$$all","method":"approximate"}}}}',
  '{"$group":{"_id":null,"x":{"$percentile":{"input":"$v","p":["$$half",1],"method":"approximate"}}}}',
  '{"$group":{"_id":null,"v":{"$push":"$v"}}},{"$project":{"x":{"$percentile":{"input":"$v","p":"$$all","method":"approximate"}}}}',
])("$percentile by variables of the request: %s", async (stages) => {
  const variables = new Map<string, Value>([
    ["half", new Double(0.5)],
    ["all", [new Double(0.5), 1]],
  ]);
  const environment = { ...expressionEnvironment, variables };
  expect(await runStages(`[${stages}]`, docs, environment)).toEqual([
    '{"_id":null,"x":[15.0,40.0]}',
  ]);
});
