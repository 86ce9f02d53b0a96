import { expect, test } from "vitest";
import { mergeFiles } from "./merge-files.ts";

type Texts = Readonly<Record<string, string>>;

function filesOf(texts: Texts): Map<string, Uint8Array> {
  return new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
}

function textsOf(files: ReadonlyMap<string, Uint8Array>): Texts {
  return Object.fromEntries([...files].map(([path, bytes]) => [path, String(bytes)]));
}

const list = '[\n  { "name": "a" },\n  { "name": "b", "private": true }\n]\n';

test.for<
  [title: string, base: Texts, mine: Texts, theirs: Texts, merged: Texts, conflicts?: string[]]
>([
  ["nothing changed", { "a.js": "1" }, { "a.js": "1" }, { "a.js": "1" }, { "a.js": "1" }],
  ["a change of mine", { "a.js": "1" }, { "a.js": "2" }, { "a.js": "1" }, { "a.js": "2" }],
  ["a change of theirs", { "a.js": "1" }, { "a.js": "1" }, { "a.js": "2" }, { "a.js": "2" }],
  ["the same change", { "a.js": "1" }, { "a.js": "2" }, { "a.js": "2" }, { "a.js": "2" }],
  ["a file of each", {}, { "a.js": "1" }, { "b.js": "2" }, { "a.js": "1", "b.js": "2" }],
  [
    "mine deleted",
    { "a.js": "1", "b.js": "2" },
    { "b.js": "2" },
    { "a.js": "1", "b.js": "3" },
    { "b.js": "3" },
  ],
  ["theirs deleted", { "a.js": "1" }, { "a.js": "1" }, {}, {}],
  [
    "two changes of a source",
    { "a.js": "1" },
    { "a.js": "2" },
    { "a.js": "3" },
    { "a.js": "3" },
    ["a.js"],
  ],
  ["changed here, deleted there", { "a.js": "1" }, { "a.js": "2" }, {}, {}, ["a.js"]],
  ["deleted here, changed there", { "a.js": "1" }, {}, { "a.js": "2" }, { "a.js": "2" }, ["a.js"]],
  ["two new files of one name", {}, { "a.js": "1" }, { "a.js": "2" }, { "a.js": "2" }, ["a.js"]],
  [
    "two fields of one object",
    { "v.json": '{ "a": 1, "b": { "c": 1, "d": 1 } }' },
    { "v.json": '{ "a": 2, "b": { "c": 1, "d": 2 } }' },
    { "v.json": '{ "a": 1, "b": { "c": 2, "d": 1 } }' },
    { "v.json": '{\n    "a": 2,\n    "b": {\n        "c": 2,\n        "d": 2\n    }\n}' },
  ],
  [
    "one field in two ways",
    { "v.json": '{ "a": 1 }' },
    { "v.json": '{ "a": 2 }' },
    { "v.json": '{ "a": 3 }' },
    { "v.json": '{ "a": 3 }' },
    ["v.json"],
  ],
  [
    "named items, one of each, with the layout of theirs",
    { "functions/config.json": list },
    { "functions/config.json": list.replace("\n]", ',\n  { "name": "mine" }\n]') },
    { "functions/config.json": list.replace("\n]", ',\n  { "name": "theirs" }\n]') },
    {
      "functions/config.json":
        '[\n  { "name": "a" },\n  { "name": "b", "private": true },\n  { "name": "theirs" },\n  {\n    "name": "mine"\n  }\n]\n',
    },
  ],
  [
    "a route for two methods",
    { "e.json": "[]" },
    { "e.json": '[{ "route": "/a", "http_method": "GET" }]' },
    { "e.json": '[{ "route": "/a", "http_method": "PUT" }]' },
    {
      "e.json":
        '[\n    { "route": "/a", "http_method": "PUT" },\n    {\n        "route": "/a",\n        "http_method": "GET"\n    }\n]',
    },
  ],
  [
    "lists of things without names",
    { "l.json": "[1]" },
    { "l.json": "[1, 2]" },
    { "l.json": "[1, 3]" },
    { "l.json": "[1, 3]" },
    ["l.json"],
  ],
  [
    "roles in another order",
    { "r.json": '[{ "name": "a" }, { "name": "b" }]' },
    { "r.json": '[{ "name": "b" }, { "name": "a" }]' },
    { "r.json": '[{ "name": "a" }, { "name": "b" }, { "name": "c" }]' },
    { "r.json": '[{ "name": "a" }, { "name": "b" }, { "name": "c" }]' },
    ["r.json"],
  ],
  [
    "a change of mine in a file that they laid out otherwise",
    { "v.json": '{"a":1,"b":2}' },
    { "v.json": '{"a":5,"b":2}' },
    { "v.json": '{\n\t"a": 1,\n\t"b": 2\n}\n' },
    { "v.json": '{\n\t"a": 5,\n\t"b": 2\n}\n' },
  ],
  [
    "fields named like what every object has",
    { "v.json": '{ "__proto__": 1 }' },
    { "v.json": '{ "__proto__": 2 }' },
    { "v.json": '{ "__proto__": 1, "constructor": 3 }' },
    { "v.json": '{\n    "__proto__": 2,\n    "constructor": 3\n}' },
  ],
  [
    "what is no JSON",
    { "v.json": "{" },
    { "v.json": "[" },
    { "v.json": "(" },
    { "v.json": "(" },
    ["v.json"],
  ],
])("two sides: %s", ([, base, mine, theirs, merged, conflicts = []]) => {
  const found = mergeFiles(filesOf(base), filesOf(mine), filesOf(theirs));
  expect([textsOf(found.files), found.conflicts]).toEqual([merged, conflicts]);
});

test.for<["mine" | "theirs", Texts]>([
  ["mine", { "a.js": "2", "b.js": "5" }],
  ["theirs", { "a.js": "3", "b.js": "5" }],
])("a conflict is decided: %s", ([take, merged]) => {
  const found = mergeFiles(
    filesOf({ "a.js": "1", "b.js": "4" }),
    filesOf({ "a.js": "2", "b.js": "5" }),
    filesOf({ "a.js": "3", "b.js": "4" }),
    take,
  );
  expect([textsOf(found.files), found.conflicts]).toEqual([merged, []]);
});
