import { expect, test } from "vitest";
import { parseEjsonValue } from "../../bson/parse-ejson.ts";
import { fieldsIn } from "./needed-fields.ts";

test.for<[spec: string, fields: readonly string[] | undefined]>([
  ['{"_id":"$a","n":{"$sum":1}}', ["a"]],
  ['{"_id":{"x":"$a.b"},"n":{"$push":["$c","$a.d"]}}', ["a", "c"]],
  ['{"_id":null,"n":{"$sum":{"$map":{"input":"$l","in":"$$this.x"}}}}', ["l"]],
  ['{"_id":"$$ROOT"}', undefined],
  ['{"_id":"$$CURRENT.a"}', undefined],
  ['{"_id":{"$getField":"a"}}', undefined],
  ['{"_id":null,"t":{"$top":{"sortBy":{"a":1},"output":"$b"}}}', undefined],
  ['{"_id":{"$meta":"textScore"}}', undefined],
])("needed fields: %s", ([spec, fields]) => {
  const found = fieldsIn(parseEjsonValue(Buffer.from(spec)));
  expect(found === undefined ? undefined : [...found]).toEqual(fields);
});
