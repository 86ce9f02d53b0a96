import { expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { parseEjson } from "../bson/parse-ejson.ts";
import { createPacer } from "../kit/pacer.ts";
import { collectDistinct } from "./distinct.ts";

test.for([
  ["a", '{"a":[1,2,{"$numberLong":"1"},[3],{"b":1}]}', '{"v":[1,2,[3],{"b":1}]}'],
  ["a", '{"a":1}', '{"v":[1]}'],
  ["b", '{"a":[1]}', '{"v":[]}'],
  ["a.b", '{"a":[{"b":1},{"b":[2,3]},4,{"c":5},[{"b":6}]]}', '{"v":[1,2,3]}'],
  ["a.1", '{"a":[1,{"1":2}]}', '{"v":[{"1":2},2]}'],
  ["a.1.b", '{"a":[{"b":1},{"b":2,"1":{"b":3}}]}', '{"v":[2,3]}'],
  ["a.b.c", '{"a":{"b":[{"c":1},{"c":2}]}}', '{"v":[1,2]}'],
  ["é", '{"é":[1,2]}', '{"v":[1,2]}'],
  ["a", '{"a":null}', '{"v":[null]}'],
  ["a", '{"b":1,"a":{"$symbol":"x"}}', '{"v":[{"$symbol":"x"}]}'],
  ["a", '{"a":{"$numberDouble":"1.5"}}', '{"v":[1.5]}'],
] as const)("distinct %s of %s", async ([field, document, wanted]) => {
  const doc = parseEjson(Buffer.from(document));
  const [atOnce, slowly] = [collectDistinct(field, undefined), collectDistinct(field, undefined)];
  atOnce.add(doc);
  await slowly.addSlowly(doc, createPacer());
  const inBytes = collectDistinct(field, undefined);
  const bytes = Buffer.concat([Buffer.from("before"), doc.toBytes()]);
  if (!inBytes.addScalar(bytes, 6)) inBytes.add(doc);
  bytes.fill(1);
  for (const each of [atOnce, slowly, inBytes])
    expect(Doc.of({ v: each.values() }).toBytes()).toEqual(
      parseEjson(Buffer.from(wanted)).toBytes(),
    );
});
