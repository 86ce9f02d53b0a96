import { expect, test } from "vitest";
import { findViolations } from "./layers.ts";

const messagesOf = (file: string, text: string): readonly string[] =>
  findViolations(new Map([[file, text]])).map(({ message }) => message);

test.for<[title: string, file: string, text: string]>([
  ["an earlier folder", "src/query/match.ts", 'import { a } from "../bson/value.ts";'],
  ["the own folder", "src/query/match.ts", 'import { a } from "./sort.ts";'],
  ["the own private folder", "src/query/match.ts", 'import { a } from "./match/array.ts";'],
  ["a sibling inside a private folder", "src/query/match/a.ts", 'import { b } from "./b.ts";'],
  [
    "a private folder from beside it",
    "src/query/match/a.ts",
    'import { b } from "../update/b.ts";',
  ],
  ["the surface from a private folder", "src/query/match/a.ts", 'import { b } from "../sort.ts";'],
  ["a package", "src/kit/a.ts", 'import { b } from "fastify";'],
  ["server.ts from cli", "src/cli/main.ts", 'import { serve } from "../server.ts";'],
  [
    "test support from a test",
    "src/kit/a.test.ts",
    'import { b } from "../../test/support/mongod.ts";',
  ],
  ["an import inside a line comment", "src/kit/a.ts", '// import { b } from "../cli/b.ts";'],
  ["an import inside a block comment", "src/kit/a.ts", '/*\nimport { b } from "../cli/b.ts";\n*/'],
  ["a word in a string", "src/kit/a.ts", 'const a = "from ../cli/b.ts";'],
])("layers: %s is allowed", ([, file, text]) => {
  expect(messagesOf(file, text)).toEqual([]);
});

test.for<[title: string, file: string, text: string, message: string]>([
  [
    "an upward import",
    "src/query/a.ts",
    'import { b } from "../store/b.ts";',
    "store comes after query",
  ],
  ["an upward type import", "src/kit/a.ts", 'import type { B } from "../bson/b.ts";', "upward"],
  ["a re-export", "src/kit/a.ts", 'export { b } from "../bson/b.ts";', "upward"],
  ["a re-export of all", "src/kit/a.ts", 'export * from "../bson/b.ts";', "upward"],
  ["a side-effect import", "src/kit/a.ts", 'import "../http/b.ts";', "upward"],
  ["a dynamic import", "src/kit/a.ts", 'const b = await import("../cli/b.ts");', "upward"],
  [
    "an import over several lines",
    "src/kit/a.ts",
    'import {\n  b,\n} from "../bson/b.ts";',
    "upward",
  ],
  ["a neighbour", "src/auth/a.ts", 'import { b } from "../rules/b.ts";', "are neighbours"],
  ["server.ts from http", "src/http/a.ts", 'import { serve } from "../server.ts";', "upward"],
  [
    "a private import",
    "src/rules/a.ts",
    'import { b } from "../query/match/b.ts";',
    "is private to src/query",
  ],
  [
    "a private import one deeper",
    "src/query/a.ts",
    'import { b } from "./c/d/b.ts";',
    "is private to src/query/c",
  ],
  [
    "a private import in a test",
    "src/rules/a.test.ts",
    'import { b } from "../query/c/b.ts";',
    "is private",
  ],
  [
    "an upward import in a test",
    "src/kit/a.test.ts",
    'import { b } from "../http/b.ts";',
    "upward",
  ],
  [
    "an import of a test",
    "src/kit/a.ts",
    'import { b } from "./b.test.ts";',
    "nobody imports a test",
  ],
  [
    "test support in the product",
    "src/kit/a.ts",
    'import { b } from "../../test/support/b.ts";',
    "leave src",
  ],
  ["an unknown folder", "src/stuff/a.ts", "", "has no place in the order"],
  ["a barrel", "src/kit/index.ts", "", "says nothing"],
  ["a deep folder", "src/query/a/b/c/d.ts", "", "deeper than 3"],
])("layers: %s is reported", ([, file, text, message]) => {
  const messages = messagesOf(file, text);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain(message);
});

test("layers: a violation names its line", () => {
  const text = '// why\nimport { a } from "./a.ts";\nimport { b } from "../cli/b.ts";\n';
  expect(findViolations(new Map([["src/kit/c.ts", text]]))).toMatchObject([
    { file: "src/kit/c.ts", line: 3, message: expect.stringContaining("src/cli/b.ts") },
  ]);
});
