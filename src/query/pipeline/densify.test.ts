import { expect, test } from "vitest";
import { runStages } from "../../../test/support/pipeline.ts";

type Row = readonly [title: string, stage: string, documents: readonly string[]];

const docs = `[
  {"_id":1,"a":1,"p":1,"d":{"$date":"2020-01-31T00:00:00Z"}},
  {"_id":2,"a":4,"p":2,"d":{"$date":"2020-03-31T00:00:00Z"}},
  {"_id":3,"a":6.5,"p":1,"d":{"$date":"2020-05-31T00:00:00Z"}},
  {"_id":4,"b":1.5},
  {"_id":5,"a":null,"b":7}
]`;

test.for<Row>([
  [
    "between the least and the greatest value",
    '{"$densify":{"field":"a","range":{"step":1,"bounds":"full"}}}',
    [
      '{"_id":4,"b":1.5}',
      '{"_id":5,"a":null,"b":7}',
      '{"_id":1,"a":1,"p":1,"d":@1580428800000}',
      '{"a":2}',
      '{"a":3}',
      '{"_id":2,"a":4,"p":2,"d":@1585612800000}',
      '{"a":5}',
      '{"a":6}',
      '{"_id":3,"a":6.5,"p":1,"d":@1590883200000}',
    ],
  ],
  [
    "steps of another type",
    '{"$densify":{"field":"a","range":{"step":1.5,"bounds":"full"}}}',
    [
      '{"_id":4,"b":1.5}',
      '{"_id":5,"a":null,"b":7}',
      '{"_id":1,"a":1,"p":1,"d":@1580428800000}',
      '{"a":2.5}',
      '{"_id":2,"a":4,"p":2,"d":@1585612800000}',
      '{"a":5.5}',
      '{"_id":3,"a":6.5,"p":1,"d":@1590883200000}',
    ],
  ],
  [
    "a range",
    '{"$densify":{"field":"a","range":{"step":1,"bounds":[0,9]}}}',
    [
      '{"_id":4,"b":1.5}',
      '{"_id":5,"a":null,"b":7}',
      '{"a":0}',
      '{"_id":1,"a":1,"p":1,"d":@1580428800000}',
      '{"a":2}',
      '{"a":3}',
      '{"_id":2,"a":4,"p":2,"d":@1585612800000}',
      '{"a":5}',
      '{"a":6}',
      '{"_id":3,"a":6.5,"p":1,"d":@1590883200000}',
      '{"a":7}',
      '{"a":8}',
    ],
  ],
  [
    "a range off the steps",
    '{"$densify":{"field":"a","range":{"step":2,"bounds":[2,5]}}}',
    [
      '{"_id":4,"b":1.5}',
      '{"_id":5,"a":null,"b":7}',
      '{"_id":1,"a":1,"p":1,"d":@1580428800000}',
      '{"a":2}',
      '{"_id":2,"a":4,"p":2,"d":@1585612800000}',
      '{"_id":3,"a":6.5,"p":1,"d":@1590883200000}',
    ],
  ],
  [
    "an empty range",
    '{"$densify":{"field":"a","range":{"step":1,"bounds":[2,2]}}}',
    [
      '{"_id":4,"b":1.5}',
      '{"_id":5,"a":null,"b":7}',
      '{"_id":1,"a":1,"p":1,"d":@1580428800000}',
      '{"a":2}',
      '{"_id":2,"a":4,"p":2,"d":@1585612800000}',
      '{"_id":3,"a":6.5,"p":1,"d":@1590883200000}',
    ],
  ],
  [
    "all partitions",
    '{"$densify":{"field":"a","partitionByFields":["p"],"range":{"step":1,"bounds":"full"}}}',
    [
      '{"_id":4,"b":1.5}',
      '{"_id":5,"a":null,"b":7}',
      '{"_id":1,"a":1,"p":1,"d":@1580428800000}',
      '{"p":2,"a":1}',
      '{"p":2,"a":2}',
      '{"p":2,"a":3}',
      '{"_id":2,"a":4,"p":2,"d":@1585612800000}',
      '{"p":1,"a":2}',
      '{"p":1,"a":3}',
      '{"p":1,"a":4}',
      '{"p":1,"a":5}',
      '{"p":1,"a":6}',
      '{"_id":3,"a":6.5,"p":1,"d":@1590883200000}',
      '{"p":2,"a":5}',
      '{"p":2,"a":6}',
    ],
  ],
  [
    "each partition",
    '{"$densify":{"field":"a","partitionByFields":["p"],"range":{"step":1,"bounds":"partition"}}}',
    [
      '{"_id":4,"b":1.5}',
      '{"_id":5,"a":null,"b":7}',
      '{"_id":1,"a":1,"p":1,"d":@1580428800000}',
      '{"p":1,"a":2}',
      '{"p":1,"a":3}',
      '{"p":1,"a":4}',
      '{"p":1,"a":5}',
      '{"p":1,"a":6}',
      '{"_id":3,"a":6.5,"p":1,"d":@1590883200000}',
      '{"_id":2,"a":4,"p":2,"d":@1585612800000}',
    ],
  ],
  [
    "a range of partitions",
    '{"$densify":{"field":"a","partitionByFields":["p"],"range":{"step":1,"bounds":[3,6]}}}',
    [
      '{"_id":4,"b":1.5}',
      '{"_id":5,"a":null,"b":7}',
      '{"_id":1,"a":1,"p":1,"d":@1580428800000}',
      '{"p":1,"a":3}',
      '{"p":1,"a":4}',
      '{"p":1,"a":5}',
      '{"_id":3,"a":6.5,"p":1,"d":@1590883200000}',
      '{"p":2,"a":3}',
      '{"_id":2,"a":4,"p":2,"d":@1585612800000}',
      '{"p":2,"a":5}',
    ],
  ],
  [
    "months",
    '{"$densify":{"field":"d","range":{"step":1,"unit":"month","bounds":"full"}}}',
    [
      '{"_id":4,"b":1.5}',
      '{"_id":5,"a":null,"b":7}',
      '{"_id":1,"a":1,"p":1,"d":@1580428800000}',
      '{"d":@1582934400000}',
      '{"d":@1585440000000}',
      '{"_id":2,"a":4,"p":2,"d":@1585612800000}',
      '{"d":@1588118400000}',
      '{"d":@1590710400000}',
      '{"_id":3,"a":6.5,"p":1,"d":@1590883200000}',
    ],
  ],
  [
    "a range of dates",
    '{"$densify":{"field":"d","range":{"step":20,"unit":"day","bounds":[{"$date":"2020-02-20T00:00:00Z"},{"$date":"2020-04-20T00:00:00Z"}]}}}',
    [
      '{"_id":4,"b":1.5}',
      '{"_id":5,"a":null,"b":7}',
      '{"_id":1,"a":1,"p":1,"d":@1580428800000}',
      '{"d":@1582156800000}',
      '{"d":@1583884800000}',
      '{"_id":2,"a":4,"p":2,"d":@1585612800000}',
      '{"_id":3,"a":6.5,"p":1,"d":@1590883200000}',
    ],
  ],
  [
    "a nested field of nothing",
    '{"$densify":{"field":"q.r","range":{"step":1,"bounds":[1,3]}}}',
    [
      '{"_id":1,"a":1,"p":1,"d":@1580428800000}',
      '{"_id":2,"a":4,"p":2,"d":@1585612800000}',
      '{"_id":3,"a":6.5,"p":1,"d":@1590883200000}',
      '{"_id":4,"b":1.5}',
      '{"_id":5,"a":null,"b":7}',
      '{"q":{"r":1}}',
      '{"q":{"r":2}}',
    ],
  ],
])("$densify: %s", async ([, stage, documents]) => {
  expect(await runStages(stage, docs)).toEqual(documents);
});

test.for<Row>([
  [
    "a range without documents",
    '{"$densify":{"field":"a","range":{"step":1,"bounds":[1,3]}}}',
    ['{"a":1}', '{"a":2}'],
  ],
  [
    "a range without documents, in partitions",
    '{"$densify":{"field":"a","partitionByFields":["p"],"range":{"step":1,"bounds":[1,3]}}}',
    ['{"a":1}', '{"a":2}'],
  ],
  ["nothing", '{"$densify":{"field":"a","range":{"step":1,"bounds":"full"}}}', []],
  [
    "steps that are no binary fraction",
    '{"$densify":{"field":"a","range":{"step":0.1,"bounds":[0.1,0.45]}}}',
    ['{"a":0.1}', '{"a":0.2}', '{"a":0.30000000000000004}', '{"a":0.4}'],
  ],
])("$densify: %s", async ([, stage, documents]) => {
  expect(await runStages(stage, "[]")).toEqual(documents);
});
