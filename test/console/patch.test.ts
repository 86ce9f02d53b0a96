/** A unified patch as the console shows it. */
import { expect, test } from "vitest";
import { readPatch, sideBySide } from "../../console/src/parts/patch.ts";

const patch = `--- a.js
+++ a.js
@@ -1,4 +1,4 @@
 one
-two
-three
+2
 four
\\ No newline at end of file
@@ -10 +9,2 @@
 ten
+--- not a head
`;

test("a patch is read line by line, with the numbers of both files", () => {
  expect(
    readPatch(patch).map(({ kind, text, before, after }) => [kind, text, before, after]),
  ).toEqual([
    ["place", "@@ -1,4 +1,4 @@", undefined, undefined],
    ["same", "one", 1, 1],
    ["removed", "two", 2, undefined],
    ["removed", "three", 3, undefined],
    ["added", "2", undefined, 2],
    ["same", "four", 4, 3],
    ["note", "\\ No newline at end of file", undefined, undefined],
    ["place", "@@ -10 +9,2 @@", undefined, undefined],
    ["same", "ten", 10, 9],
    ["added", "--- not a head", undefined, 10],
  ]);
});

test("side by side: what came stands beside what went", () => {
  const rows = sideBySide(readPatch(patch)).map(([left, right]) => [left?.text, right?.text]);
  expect(rows.slice(1, 5)).toEqual([
    ["one", "one"],
    ["two", "2"],
    ["three", undefined],
    ["four", "four"],
  ]);
});

test.for<[title: string, patch: string, kinds: readonly string[]]>([
  ["binary files", "--- a\n+++ a\nBinary files differ\n", ["note"]],
  ["an empty new file", "--- /dev/null\n+++ a\n", []],
  ["a whole new file", "--- /dev/null\n+++ a\n@@ -0,0 +1 @@\n+x\n", ["place", "added"]],
])("a patch of %s", ([, text, kinds]) => {
  expect(readPatch(text).map(({ kind }) => kind)).toEqual(kinds);
});
