import { expect, test } from "vitest";
import { checkSource } from "./check-source.ts";

test.for<[title: string, source: string, found: readonly object[]]>([
  ["a function", "exports = () => 1;", []],
  ["a given name declared again", "const utils = 1;\nexports = () => utils;", []],
  ["strict mode", "'use strict';\nexports = async function* () {};", []],
  [
    "an end that is missing",
    "exports = () => {\n",
    [
      {
        severity: "error",
        line: 2,
        message: "function 'f' can not be compiled: Unexpected end of input (line 2)",
      },
    ],
  ],
  [
    "a word too many",
    "exports = () => {\n  let a b;\n};",
    [
      {
        severity: "error",
        line: 2,
        column: 9,
        message: "function 'f' can not be compiled: Unexpected identifier 'b' (line 2)",
      },
    ],
  ],
  ["an import", "import a from 'b';", [{ severity: "error", line: 1 }]],
  ["a bracket that closes what is not open", "} exports = 1; {", [{ severity: "error" }]],
  [
    "a prototype that is extended",
    "exports = 1;\nDate.prototype.addDays = function () {};",
    [{ severity: "warning", line: 2, column: 1 }],
  ],
  ["a prototype that is looked at", "exports = () => Date.prototype.getTime === 1;", []],
])("check: %s", ([, source, found]) => {
  expect(checkSource("f", source)).toMatchObject(found);
});

test("check: nothing of a source is run", () => {
  expect(checkSource("f", "throw new Error('ran');")).toEqual([]);
});

test("check: a source that is too long", () => {
  expect(checkSource("f", " ".repeat(2 ** 20 + 1))).toMatchObject([{ severity: "error" }]);
});
