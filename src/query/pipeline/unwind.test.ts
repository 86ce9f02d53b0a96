import { expect, test } from "vitest";
import { runStages } from "../../../test/support/pipeline.ts";

const documents = `[
  {"_id":1,"g":"a","t":[1,2],"u":{"v":[3,4],"w":5},"i":9},
  {"_id":2,"g":"b","t":[],"u":{"v":[]}},
  {"_id":3,"g":"a","t":7,"u":8},
  {"_id":4,"g":"c","t":null},
  {"_id":5}
]`;

test.for<[unwind: string, group: string]>([
  [`"$t"`, `{"_id":"$g","n":{"$sum":"$t"}}`],
  [`"$u.v"`, `{"_id":"$u.w","all":{"$push":"$u"}}`],
  [
    `{"path":"$t","preserveNullAndEmptyArrays":true,"includeArrayIndex":"i"}`,
    `{"_id":"$i","t":{"$push":"$t"}}`,
  ],
  [`{"path":"$u.v","includeArrayIndex":"u.w"}`, `{"_id":"$u.w","n":{"$sum":1}}`],
  [`{"path":"$t","includeArrayIndex":"k.l"}`, `{"_id":"$k","ids":{"$push":"$_id"}}`],
  [`"$t"`, `{"_id":null,"n":{"$sum":1}}`],
  [`"$t"`, `{"_id":"$g","first":{"$first":"$$ROOT"}}`],
])("unwind: a $group that follows finds what it looks at: %s", async ([unwind, group]) => {
  const made = await runStages(`[{"$unwind":${unwind}},{"$group":${group}}]`, documents);
  // What stands between wants whole documents.
  const whole = `[{"$unwind":${unwind}},{"$addFields":{}},{"$group":${group}}]`;
  expect(made).toEqual(await runStages(whole, documents));
  expect(made.length).toBeGreaterThan(0);
});
