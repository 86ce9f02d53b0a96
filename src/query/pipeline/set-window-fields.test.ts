import { expect, test } from "vitest";
import { runStages } from "../../../test/support/pipeline.ts";

type Row = readonly [windowFunction: string, values: string];

/** What the function gives for each document in turn. */
async function valuesOf(windowFunction: string, sortBy: string, docs: string): Promise<string> {
  const stage = `{"$setWindowFields":{"sortBy":${sortBy},"output":{"x":${windowFunction}}}}`;
  const found = await runStages(`[${stage},{"$project":{"_id":0,"x":1}}]`, docs);
  return found
    .map((each) => (each === "{}" ? "missing" : (/^\{"x":(.*)\}$/.exec(each)?.[1] ?? each)))
    .join(" ");
}

const plain = `[
  {"_id":1,"v":2,"w":1.5},
  {"_id":2,"v":null,"w":{"$numberLong":"3"}},
  {"_id":3,"w":4},
  {"_id":5,"v":7,"w":{"$numberDecimal":"0.5"}},
  {"_id":6,"v":1.5,"w":2}
]`;

const tied = `[
  {"_id":1,"s":1,"v":3},
  {"_id":2,"s":1,"v":{"$numberDouble":"3.0"}},
  {"_id":3,"s":2,"v":1},
  {"_id":4,"s":2,"v":1},
  {"_id":5,"s":3,"v":2}
]`;

const dated = `[
  {"_id":1,"t":{"$date":"2020-01-31T00:00:00Z"},"v":1},
  {"_id":2,"t":{"$date":"2020-02-29T00:00:00Z"},"v":3},
  {"_id":3,"t":{"$date":"2020-03-01T12:00:00Z"},"v":null},
  {"_id":4,"t":{"$date":"2020-03-31T00:00:00Z"},"v":8}
]`;

const special = `[
  {"_id":1,"v":1},
  {"_id":2,"v":{"$numberDouble":"Infinity"}},
  {"_id":3,"v":{"$numberDouble":"-Infinity"}},
  {"_id":4,"v":{"$numberDecimal":"NaN"}},
  {"_id":5,"v":2},
  {"_id":6,"v":3}
]`;

const wide = `[
  {"_id":1,"v":2147483647},
  {"_id":2,"v":1},
  {"_id":3,"v":{"$numberLong":"9223372036854775807"}},
  {"_id":4,"v":1},
  {"_id":5,"v":-2147483648},
  {"_id":6,"v":0}
]`;

test.for<Row>([
  ['{"$sum":"$v"}', "10.5 10.5 10.5 10.5 10.5"],
  ['{"$sum":["$v"]}', "0 0 0 0 0"],
  ['{"$sum":"$v","window":{"documents":["unbounded",0]}}', "2 2 2 9 10.5"],
  [
    '{"$push":"$v","window":{"documents":["unbounded","current"]}}',
    "[2] [2,null] [2,null] [2,null,7] [2,null,7,1.5]",
  ],
  ['{"$max":"$v","window":{"range":["unbounded",-1]}}', "null 2 2 2 7"],
  [
    '{"$covariancePop":["$_id","$v"],"window":{"documents":["unbounded","current"]}}',
    "0.0 0.0 0.0 5.0 1.3333333333333333",
  ],
  ['{"$integral":{"input":"$_id"}}', "17.5 17.5 17.5 17.5 17.5"],
])("$setWindowFields: a window that grows: %s", async ([windowFunction, values]) => {
  expect(await valuesOf(windowFunction, '{"_id":1}', plain)).toBe(values);
});

test.for<Row>([
  ['{"$sum":"$v","window":{"documents":[-1,0]}}', "2 2 0 7 8.5"],
  ['{"$sum":"$w","window":{"documents":[0,1]}}', "4.5 7 4.5m 2.5m 2"],
  ['{"$sum":"$w","window":{"documents":[1,9]}}', "9.5m 6.5m 2.5m 2 0"],
  ['{"$avg":"$v","window":{"documents":[-1,1]}}', "2.0 2.0 7.0 4.25 4.25"],
  ['{"$avg":"$w","window":{"documents":[-1,0]}}', "1.5 2.25 3.5 2.25m 1.25m"],
  ['{"$count":{},"window":{"range":[-1,1]}}', "2 3 2 2 2"],
  ['{"$min":"$v","window":{"documents":[-1,1]}}', "2 2 7 1.5 1.5"],
  ['{"$max":"$w","window":{"documents":[-1,0]}}', "1.5 3L 4 4 2"],
  ['{"$push":"$v","window":{"documents":[0,1]}}', "[2,null] [null] [7] [7,1.5] [1.5]"],
  ['{"$addToSet":"$v","window":{"documents":[-2,0]}}', "[2] [null,2] [null,2] [null,7] [1.5,7]"],
  ['{"$stdDevPop":"$w","window":{"documents":[-1,0]}}', "0 0.75 0.5 1.75 0.75"],
  [
    '{"$stdDevSamp":"$w","window":{"documents":[-1,0]}}',
    "null 1.0606601717798212 0.7071067811865476 2.4748737341529163 1.0606601717798212",
  ],
  [
    '{"$firstN":{"n":2,"input":"$v"},"window":{"documents":[-1,1]}}',
    "[2,null] [2,null] [null,null] [null,7] [7,1.5]",
  ],
  [
    '{"$lastN":{"n":2,"input":"$v"},"window":{"documents":[-1,1]}}',
    "[2,null] [null,null] [null,7] [7,1.5] [7,1.5]",
  ],
  [
    '{"$minN":{"n":2,"input":"$w"},"window":{"documents":[-1,1]}}',
    "[1.5,3L] [1.5,3L] [0.5m,3L] [0.5m,2] [0.5m,2]",
  ],
  [
    '{"$maxN":{"n":2,"input":"$w"},"window":{"documents":[-1,1]}}',
    "[3L,1.5] [4,3L] [4,3L] [4,2] [2,0.5m]",
  ],
  ['{"$top":{"sortBy":{"w":-1},"output":"$_id"},"window":{"documents":[-1,1]}}', "2 3 3 3 6"],
  [
    '{"$bottomN":{"n":2,"sortBy":{"w":-1},"output":"$_id"},"window":{"documents":[-1,1]}}',
    "[2,1] [2,1] [2,5] [6,5] [6,5]",
  ],
  [
    '{"$covarianceSamp":["$_id","$w"],"window":{"documents":[-1,0]}}',
    "null 0.75 0.5 -3.5 0.7499999999999998",
  ],
  ['{"$integral":{"input":"$w"},"window":{"documents":[-1,0]}}', "0 2.25 3.5 4.5m 1.25m"],
])("$setWindowFields: a window that slides: %s", async ([windowFunction, values]) => {
  expect(await valuesOf(windowFunction, '{"_id":1}', plain)).toBe(values);
});

test.for<Row>([
  ['{"$push":"$_id","window":{"range":[-1,0]}}', "[1] [1,2] [2,3] [5] [5,6]"],
  ['{"$push":"$_id","window":{"range":["current",1.5]}}', "[1,2] [2,3] [3] [5,6] [6]"],
  ['{"$push":"$_id","window":{"range":[2,"unbounded"]}}', "[3,5,6] [5,6] [5,6] [] []"],
  ['{"$push":"$_id","window":{"range":[-9,-4]}}', "[] [] [] [1] [1,2]"],
  [
    '{"$push":"$_id","window":{"range":["unbounded",{"$numberDecimal":"-0.5"}]}}',
    "[] [1] [1,2] [1,2,3] [1,2,3,5]",
  ],
])("$setWindowFields: a range of values: %s", async ([windowFunction, values]) => {
  expect(await valuesOf(windowFunction, '{"_id":1}', plain)).toBe(values);
});

test.for<Row>([
  ['{"$first":"$v","window":{"documents":[-1,0]}}', "2 2 null missing 7"],
  ['{"$last":"$v","window":{"documents":[1,1]}}', "null missing 7 1.5 null"],
  ['{"$shift":{"output":"$v","by":1}}', "null missing 7 1.5 null"],
  ['{"$shift":{"output":"$_id","by":-2,"default":{"$add":[1,2]}}}', "3 3 1 2 3"],
  ['{"$derivative":{"input":"$w"},"window":{"documents":[-1,0]}}', "null 1.5 1.0 -1.75m 1.5m"],
  ['{"$expMovingAvg":{"input":"$v","N":3}}', "2.0 2.0 2.0 4.5 3.0"],
  [
    '{"$expMovingAvg":{"input":"$w","alpha":0.25}}',
    "1.5 1.875 2.40625 1.929687500000000000000000000000000m 1.947265625000000000000000000000000m",
  ],
  ['{"$locf":"$v"}', "2 2 2 7 1.5"],
  ['{"$linearFill":"$v"}', "2 3.25 4.5 7 1.5"],
  ['{"$rank":{}}', "1 2 3 4 5"],
  ['{"$documentNumber":{}}', "1 2 3 4 5"],
])("$setWindowFields: a function without sums: %s", async ([windowFunction, values]) => {
  expect(await valuesOf(windowFunction, '{"_id":1}', plain)).toBe(values);
});

test.for<Row>([
  ['{"$rank":{}}', "1 1 3 3 5"],
  ['{"$denseRank":{}}', "1 1 2 2 3"],
  ['{"$documentNumber":{}}', "1 2 3 4 5"],
  ['{"$min":"$v","window":{"documents":[-1,0]}}', "3 3 1 1 1"],
  ['{"$max":"$v","window":{"documents":[-1,0]}}', "3 3.0 3.0 1 2"],
  ['{"$addToSet":"$v","window":{"documents":[-1,1]}}', "[3] [1,3] [1,3.0] [1,2] [1,2]"],
  ['{"$top":{"sortBy":{"v":1},"output":"$_id"},"window":{"documents":[-1,1]}}', "1 3 3 3 4"],
  ['{"$bottom":{"sortBy":{"v":1},"output":"$_id"},"window":{"documents":[-1,1]}}', "2 2 2 5 5"],
  ['{"$topN":{"n":2,"sortBy":{"v":1},"output":"$_id"}}', "[3,4] [3,4] [3,4] [3,4] [3,4]"],
  ['{"$bottomN":{"n":2,"sortBy":{"v":-1},"output":"$_id"}}', "[3,4] [3,4] [3,4] [3,4] [3,4]"],
  ['{"$push":"$_id","window":{"range":[0,0]}}', "[1,2] [1,2] [3,4] [3,4] [5]"],
  ['{"$push":"$_id","window":{"range":["current","current"]}}', "[1] [2] [3] [4] [5]"],
])("$setWindowFields: equal values: %s", async ([windowFunction, values]) => {
  expect(await valuesOf(windowFunction, '{"s":1}', tied)).toBe(values);
});

test.for<Row>([
  ['{"$push":"$_id","window":{"range":[-1,0],"unit":"month"}}', "[1] [1,2] [2,3] [2,3,4]"],
  ['{"$push":"$_id","window":{"range":["current",36],"unit":"hour"}}', "[1] [2,3] [3] [4]"],
  ['{"$push":"$_id","window":{"range":[-30,-1],"unit":"day"}}', "[] [1] [2] [3]"],
  [
    '{"$derivative":{"input":"$_id","unit":"day"},"window":{"documents":[-1,0]}}',
    "null 0.034482758620689655 0.6666666666666667 0.03389830508474576",
  ],
  [
    '{"$integral":{"input":"$_id","unit":"week"},"window":{"documents":[0,1]}}',
    "6.214285714285714 0.5357142857142857 14.75 0.0",
  ],
  ['{"$linearFill":"$v"}', "1 3 3.2419354838709675 8"],
])("$setWindowFields: a range of time: %s", async ([windowFunction, values]) => {
  expect(await valuesOf(windowFunction, '{"t":1}', dated)).toBe(values);
});

test.for<Row>([
  ['{"$sum":"$v","window":{"documents":[-1,0]}}', "1 Infinity NaN NaNm NaNm 5"],
  ['{"$avg":"$v","window":{"documents":[-1,0]}}', "1.0 Infinity NaN NaNm NaNm 2.5"],
  ['{"$stdDevPop":"$v","window":{"documents":[-1,0]}}', "0 null null null null 1.5275252316519465"],
  [
    '{"$covarianceSamp":["$_id","$v"],"window":{"documents":[-1,0]}}',
    "null null null null null 0.5",
  ],
  ['{"$max":"$v","window":{"documents":[-1,0]}}', "1 Infinity Infinity -Infinity 2 3"],
  ['{"$integral":{"input":"$v"},"window":{"documents":[-1,0]}}', "0 Infinity NaN NaN NaN 2.5"],
])("$setWindowFields: numbers that are not finite: %s", async ([windowFunction, values]) => {
  expect(await valuesOf(windowFunction, '{"_id":1}', special)).toBe(values);
});

test.for<Row>([
  [
    '{"$sum":"$v","window":{"documents":[-1,0]}}',
    "2147483647 2147483648L 9223372036854775808.0 9223372036854775808.0 -2147483647 -2147483648",
  ],
  [
    '{"$sum":"$v","window":{"documents":[0,"unbounded"]}}',
    "9223372036854775808.0 9223372034707292161L 9223372034707292160L -2147483647 -2147483648 0",
  ],
])("$setWindowFields: integers that overflow: %s", async ([windowFunction, values]) => {
  expect(await valuesOf(windowFunction, '{"_id":1}', wide)).toBe(values);
});

test("$setWindowFields: options that depend on variables are refused without documents", async () => {
  const stage = '{"$setWindowFields":{"output":{"x":{"$firstN":{"n":-1,"input":"$b"}}}}}';
  expect(await runStages(stage, "[]")).toEqual([
    "5787908 PlanExecutor error during aggregation :: caused by :: 'n' must be greater than 0, found -1",
  ]);
});

test("$setWindowFields: partitions come in order, and each begins anew", async () => {
  const docs = `[
    {"_id":1,"p":2,"v":5},{"_id":2,"p":1,"v":1},{"_id":3,"p":{"$numberDouble":"1.0"},"v":2},
    {"_id":4,"v":7},{"_id":5,"p":null,"v":9}
  ]`;
  const output = '"output":{"s.x":{"$sum":"$v","window":{"documents":["unbounded","current"]}}}';
  const stage = `{"$setWindowFields":{"partitionBy":"$p","sortBy":{"v":-1},${output}}}`;
  expect(await runStages(stage, docs)).toEqual([
    '{"_id":5,"p":null,"v":9,"s":{"x":9}}',
    '{"_id":4,"v":7,"s":{"x":16}}',
    '{"_id":3,"p":1.0,"v":2,"s":{"x":2}}',
    '{"_id":2,"p":1,"v":1,"s":{"x":3}}',
    '{"_id":1,"p":2,"v":5,"s":{"x":5}}',
  ]);
});

test("$setWindowFields: a field that is missing is taken away", async () => {
  const stage = '{"$setWindowFields":{"sortBy":{"_id":1},"output":{"v":{"$first":"$nothing"}}}}';
  expect(await runStages(stage, '[{"_id":1,"v":2}]')).toEqual(['{"_id":1}']);
});

test.for<Row>([
  ['{"$median":{"input":"$v","method":"approximate"}}', "2.0 2.0 2.0 2.0 2.0"],
  [
    '{"$median":{"input":"$w","method":"approximate"},"window":{"documents":[-1,0]}}',
    "1.5 1.5 3.0 0.5 0.5",
  ],
  [
    '{"$percentile":{"input":"$v","p":[0,0.9],"method":"approximate"},"window":{"documents":[0,1]}}',
    "[2.0,2.0] [null,null] [7.0,7.0] [1.5,7.0] [1.5,1.5]",
  ],
])("$setWindowFields: a function of MongoDB 7.0: %s", async ([windowFunction, values]) => {
  expect(await valuesOf(windowFunction, '{"_id":1}', plain)).toBe(values);
});
