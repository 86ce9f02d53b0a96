import { expect, test } from "vitest";
import { checkFunctionSource, checkSource } from "./check-source.ts";

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
  ["a bracket that closes what is not open", "} exports = 1; {", [{ severity: "error" }]],
  [
    "a prototype that is extended",
    "exports = 1;\nDate.prototype.addDays = function () {};",
    [{ severity: "warning", line: 2, column: 1 }],
  ],
  ["a prototype that is looked at", "exports = () => Date.prototype.getTime === 1;", []],
])("check: %s", async ([, source, found]) => {
  expect(checkSource("f", source)).toMatchObject(found);
  expect(await checkFunctionSource({ name: "f", source })).toMatchObject(found);
});

test.for<[title: string, source: string, found: readonly object[]]>([
  ["an ES module", "import a from 'b';\nexport default (c) => a + c;", []],
  ["types", "exports = (a: number, b?: string): string => `${a}${b as string}`;", []],
  [
    "types in a module",
    "import type { A } from 'a';\ninterface B { b: A }\nenum C { D }\nexport default async (b: B): Promise<C> => C.D;",
    [],
  ],
  [
    "a type that is missing",
    "export default (a) => {\n  let b: = 1;\n};",
    [
      {
        severity: "error",
        line: 2,
        column: 10,
        message: "function 'f' can not be compiled: Unexpected \"=\" (line 2)",
      },
    ],
  ],
  [
    "a name for the second time",
    "import a from 'a';\nexport default () => {\n  const b = 1; const b = a;\n};",
    [
      {
        line: 3,
        message:
          "function 'f' can not be compiled: The symbol \"b\" has already been declared (line 3)",
      },
    ],
  ],
  ["a namespace", "namespace N { export const a = 1; }\nexport default () => N.a;", []],
  [
    "a module that waits",
    "export default 1;\nawait 1;",
    [{ line: 2, message: expect.stringContaining("Top-level await") as string }],
  ],
  [
    "a prototype that is extended in a module",
    "export default 1;\nDate.prototype.addDays = function () {};",
    [{ severity: "warning", line: 2, column: 1 }],
  ],
])("check: %s", async ([, source, found]) => {
  const checked = await checkFunctionSource({ name: "f", source, language: "typescript" });
  expect(checked.length).toBe(found.length);
  expect(checked).toMatchObject(found);
});

test("check: nothing of a source is run", () => {
  expect(checkSource("f", "throw new Error('ran');")).toEqual([]);
});

test("check: a source that is too long", () => {
  expect(checkSource("f", " ".repeat(2 ** 20 + 1))).toMatchObject([{ severity: "error" }]);
});
