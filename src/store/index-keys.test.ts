import { expect, test } from "vitest";
import { printBson } from "../bson/print.ts";
import { Doc } from "../bson/doc.ts";
import type { Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import type { StoredIndex } from "./catalog.ts";
import { compileDefinition, readIndexSpec } from "./index-definition.ts";
import { keysOf, valuesOfKey } from "./index-keys.ts";

type Fields = Readonly<Record<string, Value>>;

function indexOn(pattern: Fields, options: Fields): StoredIndex {
  const definition = compileDefinition(readIndexSpec(Doc.of(pattern), Doc.of(options)));
  const multikey = definition.fields.map(() => false);
  return {
    id: 1,
    definition,
    multikey,
    isCut: false,
    isReady: true,
    uses: 0,
    changed: () => undefined,
  };
}

/** The values of a document's keys, in the order of the index. */
function keys(index: StoredIndex, doc: Doc): string {
  try {
    return keysOf(index, doc, 1)
      .map((key) =>
        valuesOfKey(index, doc, 1, key)
          .map((each) => printBson(each ?? null))
          .join(" "),
      )
      .join(", ");
  } catch (cause) {
    if (cause instanceof MongoError) return `${cause.code} ${cause.message}`;
    throw cause;
  }
}

const of = (fields: Fields): Doc => Doc.of(fields);

// As a mongod 6.0 shows them in the messages of duplicate keys.
test.for<[pattern: Fields, doc: Fields, wanted: string, multikey: readonly boolean[]]>([
  [{ a: 1 }, { a: 1 }, "1", [false]],
  [{ a: 1 }, {}, "null", [false]],
  [{ a: 1 }, { a: [3, 1, 3, 2] }, "1, 2, 3", [true]],
  [{ a: -1 }, { a: [3, 1] }, "3, 1", [true]],
  [{ a: 1 }, { a: [] }, "undefined", [true]],
  [{ a: 1 }, { a: [[1, 2], 3] }, "3, [ 1, 2 ]", [true]],
  [{ a: 1 }, { a: [null] }, "null", [true]],
  [{ "a.b": 1 }, { a: of({ b: 1 }) }, "1", [false]],
  [{ "a.b": 1 }, { a: [of({ b: 1 }), of({ c: 1 }), 5] }, "null, 1", [true]],
  [{ "a.b": 1 }, { a: [] }, "null", [true]],
  [{ "a.b": 1 }, { a: [[of({ b: 1 })]] }, "null", [true]],
  [{ "a.b": 1 }, { a: of({ b: [1, 2] }) }, "1, 2", [true]],
  [{ a: 1, b: 1 }, { a: [1, 2], b: 3 }, "1 3, 2 3", [true, false]],
  [{ a: 1, b: 1 }, { a: [1], b: [2] }, "171 cannot index parallel arrays [b] [a]", [false, false]],
  [
    { "a.b": "hashed", c: 1 },
    { a: of({ b: [1] }), c: [2] },
    "16766 Error: hashed indexes do not currently support array values. Found array at path: a.b",
    [false, false],
  ],
  [{ "a.x": 1, "a.y": 1 }, { a: [of({ x: 1, y: 2 }), of({ x: 3 })] }, "1 2, 3 null", [true, true]],
  [{ "a.0": 1 }, { a: [7, 8] }, "7", [false]],
  [{ "a.0": 1 }, { a: [[7], 8] }, "[ 7 ]", [false]],
  [{ "a.0": 1 }, { a: [[]] }, "undefined", [false]],
  [{ "a.0.b": 1 }, { a: [[of({ b: 1 })]] }, "1", [true]],
  [{ "a.1": 1 }, { a: [of({ "1": 7 })] }, "7", [true]],
  [
    { "a.0": 1 },
    { a: [of({ "0": 1 })] },
    "16746 Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '0' for array: { 0: { 0: 1 } }",
    [false],
  ],
])("index keys: %o of %o", ([pattern, doc, wanted, multikey]) => {
  const index = indexOn(pattern, {});
  expect(keys(index, of(doc))).toBe(wanted);
  expect(index.multikey).toEqual(multikey);
});

test.for<[title: string, options: Fields, doc: Fields, wanted: string]>([
  ["sparse: no key without the field", { sparse: true }, {}, ""],
  ["sparse: a key for null", { sparse: true }, { a: null }, "null"],
  [
    "partial: a key for what the filter holds",
    { partialFilterExpression: of({ b: 1 }) },
    { a: 5, b: 1 },
    "5",
  ],
  ["partial: no key for the rest", { partialFilterExpression: of({ b: 1 }) }, { a: 5 }, ""],
])("index keys: %s", ([, options, doc, wanted]) => {
  expect(keys(indexOn({ a: 1 }, options), of(doc))).toBe(wanted);
});

test("index keys: a key that is too long is cut, and two that differ behind the cut stay apart", () => {
  const index = indexOn({ a: 1 }, { unique: true });
  const [one] = keysOf(index, of({ a: `${"x".repeat(5000)}1` }), 1);
  const [two] = keysOf(index, of({ a: `${"x".repeat(5000)}2` }), 2);
  expect(index.isCut).toBe(true);
  expect(one?.length).toBe(two?.length);
  expect(one?.length).toBeLessThan(1978);
  expect(one?.bytes.equals(two?.bytes ?? Buffer.alloc(0))).toBe(false);
});
