import { expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { Double, type Value } from "../bson/value.ts";
import { compileDefinition } from "./index-definition.ts";
import { isUntouched } from "./untouched-index.ts";

type Fields = Readonly<Record<string, Value>>;

function definitionOf(key: Fields, options: Fields = {}): ReturnType<typeof compileDefinition> {
  return compileDefinition(Doc.of({ v: 2, key: Doc.of(key), name: "i", ...options }));
}

const partial = { partialFilterExpression: Doc.of({ b: Doc.of({ $gt: 1 }) }) };

test.for<[title: string, key: Fields, before: Fields, after: Fields, isSame: boolean]>([
  ["another field changed", { a: 1 }, { _id: 1, a: 1, b: 1 }, { _id: 1, a: 1, b: 2 }, true],
  ["the field changed", { a: 1 }, { a: 1, b: 1 }, { a: 2, b: 1 }, false],
  ["the field moved", { a: 1 }, { a: "x", b: 1 }, { b: 1, a: "x" }, true],
  ["the field came", { a: 1 }, { b: 1 }, { b: 1, a: null }, false],
  ["the field went", { a: 1 }, { a: 1 }, {}, false],
  ["the field is in neither", { a: 1 }, { b: 1 }, { b: 2 }, true],
  ["a number of another type", { a: 1 }, { a: 1 }, { a: new Double(1) }, false],
  [
    "deep within the field",
    { "a.b": 1 },
    { a: Doc.of({ b: 1, c: 1 }) },
    { a: Doc.of({ b: 1, c: 2 }) },
    false,
  ],
  ["a name that begins like it", { a: 1 }, { ab: 1, a: 1 }, { ab: 2, a: 1 }, true],
  ["a name that it begins like", { ab: 1 }, { a: 1, ab: 1 }, { a: 2, ab: 1 }, true],
  ["the second of two fields", { a: 1, b: -1 }, { a: 1, b: 1 }, { a: 1, b: 2 }, false],
  ["a name beyond ASCII", { ä: 1 }, { ä: 1, b: 1 }, { ä: 1, b: 2 }, true],
])("untouched index: %s", ([, key, before, after, isSame]) => {
  const [former, later] = [Doc.of(before).toBytes(), Doc.of(after).toBytes()];
  expect(isUntouched(definitionOf(key), former, later)).toBe(isSame);
});

test("untouched index: what a partial filter looks at is not known", () => {
  const bytes = Doc.of({ a: 1, b: 1 }).toBytes();
  expect(isUntouched(definitionOf({ a: 1 }, partial), bytes, bytes)).toBe(false);
});
