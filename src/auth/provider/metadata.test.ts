import { expect, test } from "vitest";
import { parseEjson } from "../../bson/parse-ejson.ts";
import { toText } from "../../bson/stringify.ts";
import { readMetadata, splitPath } from "./metadata.ts";

test.for<[path: string, parts: readonly string[]]>([
  ["name", ["name"]],
  ["a.b.c", ["a", "b", "c"]],
  [String.raw`http://example\.com/id`, ["http://example.com/id"]],
  [String.raw`valid\.json\.key.nested_key`, ["valid.json.key", "nested_key"]],
  [String.raw`a\\.b`, ["a\\", "b"]],
  [String.raw`a\b`, ["a\\b"]],
  ["a.", ["a", ""]],
  ["", [""]],
])("the path %s", ([path, parts]) => {
  expect(splitPath(path)).toEqual(parts);
});

const claims = parseEjson(
  Buffer.from('{"a":{"b":1,"c":["x"],"n":null},"constructor":"own","t":"text","__proto__":"p"}'),
);

test.for<[title: string, name: string, fieldName: string | undefined, found: string]>([
  ["a field", "t", undefined, '{"t":"text"}'],
  ["a field of an object", "a.b", undefined, '{"b":1}'],
  ["under another name", "a.c", "list", '{"list":["x"]}'],
  ["an object", "a", undefined, '{"a":{"b":1,"c":["x"],"n":null}}'],
  ["null, which is none", "a.n", undefined, "{}"],
  ["what is not there", "a.z", undefined, "{}"],
  ["what is in a text", "t.length", undefined, "{}"],
  ["what every object has", "toString", undefined, "{}"],
  ["a field called like it", "constructor", undefined, '{"constructor":"own"}'],
])("metadata: %s", ([, name, fieldName, found]) => {
  const field = { name, required: false, ...(fieldName === undefined ? {} : { fieldName }) };
  expect(toText(readMetadata(claims, [field]), "relaxed")).toBe(found);
});
