import { expect, test } from "vitest";
import { runStages } from "../../../test/support/pipeline.ts";

test.for<readonly [title: string, accumulator: string, ids: string]>([
  ["$top keeps the first of equal ones", '{"$top":{"sortBy":{"v":1},"output":"$_id"}}', "1"],
  ["$bottom too", '{"$bottom":{"sortBy":{"v":-1},"output":"$_id"}}', "1"],
  ["$topN too", '{"$topN":{"n":2,"sortBy":{"v":1},"output":"$_id"}}', "[1,2]"],
  ["$bottomN too", '{"$bottomN":{"n":2,"sortBy":{"v":-1},"output":"$_id"}}', "[1,2]"],
  [
    "arrays are compared whole",
    '{"$topN":{"n":9,"sortBy":{"l":1},"output":"$_id"}}',
    "[4,5,2,3,1]",
  ],
])("accumulators: %s", async ([, accumulator, ids]) => {
  const docs = `[
    {"_id":1,"v":1,"l":[1,9]},{"_id":2,"v":1,"l":1},{"_id":3,"v":1,"l":[0,3]},
    {"_id":4,"v":1,"l":[]},{"_id":5,"v":2}
  ]`;
  expect(await runStages(`{"$group":{"_id":null,"x":${accumulator}}}`, docs)).toEqual([
    `{"_id":null,"x":${ids}}`,
  ]);
});
