import { expect, test } from "vitest";
import { toFiles, v20210101 } from "../../test/support/app-samples.ts";
import { readAppDirectory, writeAppDirectory } from "./app-directory.ts";
import { diffApps, keepTexts, printDiff } from "./app-diff.ts";

type Texts = Readonly<Record<string, string>>;

test.for<[title: string, before: Texts, after: Texts, patches: readonly string[]]>([
  ["nothing", { "a.json": "{}" }, { "a.json": "{}" }, []],
  ["white space in JSON", { "a.json": '{"a":[1]}' }, { "a.json": '{\n  "a": [ 1 ]\n}\n' }, []],
  [
    "white space in a source",
    { "a.js": "x\n" },
    { "a.js": "x \n" },
    ["--- a.js\n+++ a.js\n@@ -1,1 +1,1 @@\n-x\n+x \n"],
  ],
  [
    "a file more and a file less, in order",
    { "b.js": "old\n", "c.js": "same" },
    { "a.js": "new\n", "c.js": "same" },
    [
      "--- /dev/null\n+++ a.js\n@@ -0,0 +1,1 @@\n+new\n",
      "--- b.js\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-old\n",
    ],
  ],
  [
    "an empty file, and one whose last line has no end",
    { "a.js": "", "b.js": "1\n2" },
    {},
    [
      "--- a.js\n+++ /dev/null\n",
      "--- b.js\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-1\n-2\n\\ No newline at end of file\n",
    ],
  ],
  [
    "a line in the middle, with three lines around it",
    { "a.js": "1\n2\n3\n4\n5\n6\n7\n8\n9\n" },
    { "a.js": "1\n2\n3\n4\nfive\n6\n7\n8\n9\n" },
    ["--- a.js\n+++ a.js\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"],
  ],
  [
    "the order of fields",
    { "a.json": '{"a":1,"b":2}' },
    { "a.json": '{"b":2,"a":1}' },
    [
      '--- a.json\n+++ a.json\n@@ -1,1 +1,1 @@\n-{"a":1,"b":2}\n\\ No newline at end of file\n+{"b":2,"a":1}\n\\ No newline at end of file\n',
    ],
  ],
  [
    "what is no text",
    { "a.bin": "\0" },
    { "a.bin": "\0\0" },
    ["--- a.bin\n+++ a.bin\nBinary files differ\n"],
  ],
])("shows %s", ([, before, after, patches]) => {
  const changes = diffApps(toFiles(before), toFiles(after));
  expect(printDiff(changes)).toEqual(patches);
});

test("says what became of each file", () => {
  const changes = diffApps(toFiles({ a: "1", b: "1" }), toFiles({ b: "2", c: "1" }));
  expect(changes.map(({ file, kind }) => [file, kind])).toEqual([
    ["a", "deleted"],
    ["b", "modified"],
    ["c", "added"],
  ]);
});

test("does not compare two big texts line by line without end", () => {
  const [change] = diffApps(toFiles({ "a.js": lines("a") }), toFiles({ "a.js": lines("b") }));
  expect(change?.patch).toBe(
    "--- a.js\n+++ a.js\nToo many lines differ (20000 before, 20000 after)\n",
  );
});

test("what a tool sorted and wrote anew is no difference, and gets its old text back", () => {
  const before = toFiles(v20210101);
  const sorted = new Map(
    [...before].map(([path, bytes]) => [path, path.endsWith(".json") ? sort(bytes) : bytes]),
  );
  expect(diffApps(before, sorted).length).toBeGreaterThan(0);
  expect(diffApps(before, sorted, { fieldOrder: "ignored" })).toEqual([]);
  expect(keepTexts(before, sorted)).toEqual(before);
});

function lines(word: string): string {
  return Array.from({ length: 20_000 }, (_, index) => `${word}${index}\n`).join("");
}

function sort(bytes: Uint8Array): Uint8Array {
  const text = JSON.stringify(JSON.parse(Buffer.from(bytes).toString()), (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return Buffer.from(text);
}

test("a change of the model is the diff of its file alone", () => {
  const { app } = readAppDirectory(toFiles(v20210101));
  const [first, ...others] = app.endpoints;
  if (first === undefined) throw new TypeError("the sample has no endpoint");
  const endpoints = [{ ...first, disabled: true }, ...others];
  expect(printDiff(diffApps(app.files, writeAppDirectory({ ...app, endpoints })))).toEqual([
    [
      "--- http_endpoints/config.json",
      "+++ http_endpoints/config.json",
      "@@ -8,7 +8,7 @@",
      '         "respond_result": true,',
      '         "fetch_custom_user_data": false,',
      '         "create_user_on_auth": false,',
      '-        "disabled": false,',
      '+        "disabled": true,',
      '         "return_type": "EJSON"',
      "     },",
      "     {",
      "",
    ].join("\n"),
  ]);
});
