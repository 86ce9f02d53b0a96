import { expect, test } from "vitest";
import { Doc } from "../bson/doc.ts";
import { printBson } from "../bson/print.ts";
import { Double, type Value } from "../bson/value.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { compileDefinition, isSameIndex, readIndexSpec } from "./index-definition.ts";

type Fields = Readonly<Record<string, Value>>;

function attempt(run: () => string): string {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof MongoError) return `${cause.code} ${cause.message}`;
    throw cause;
  }
}

/** Errors of one specification, after the part that all of them begin with. */
function read(keys: Fields, options: Fields): string {
  const told = attempt(() => printBson(readIndexSpec(Doc.of(keys), Doc.of(options))));
  return told.replace(/Error in specification .* :: caused by :: /, "");
}

// Each outcome is what a mongod 6.0 answered.
test.for<[keys: Fields, options: Fields, outcome: string]>([
  [{ a: 1 }, {}, '{ v: 2, key: { a: 1 }, name: "a_1" }'],
  [
    { a: 1, "b.c": -1 },
    { unique: 1 },
    '{ v: 2, key: { a: 1, b.c: -1 }, name: "a_1_b.c_-1", unique: true }',
  ],
  [{ a: new Double(1.5) }, {}, '{ v: 2, key: { a: 1.5 }, name: "a_1.5" }'],
  [{ a: "hashed" }, {}, '{ v: 2, key: { a: "hashed" }, name: "a_hashed" }'],
  [
    { a: 1 },
    { background: true, hidden: true },
    '{ v: 2, key: { a: 1 }, name: "a_1", background: true, hidden: true }',
  ],
  [{ "a.$id": 1 }, {}, '{ v: 2, key: { a.$id: 1 }, name: "a.$id_1" }'],
  [{}, {}, "67 Index keys cannot be empty."],
  [
    { a: "hashed" },
    { unique: 1 },
    "16764 Currently hashed indexes cannot guarantee uniqueness. Use a regular index.",
  ],
  [
    { a: "hashed", b: "hashed" },
    {},
    '31303 A maximum of one index field is allowed to be hashed but found 2 for \'key\' { a: "hashed", b: "hashed" }',
  ],
  [{ a: 1 }, { hidden: 1 }, "14 The field 'name' must be a bool, but got int"],
  [{ a: 1, _fts: 1 }, {}, "67 Index key contains an illegal field name: '_fts'"],
  [
    { a: 1 },
    { name: "_id_" },
    "2 The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}, found key: { a: 1 }",
  ],
  [{ a: "2dsphere" }, { coarsestIndexedLevel: -1 }, "16747 coarsestIndexedLevel must be >= 0"],
  [{ a: "2dsphere" }, { finestIndexedLevel: 31 }, "16748 finestIndexedLevel must be <= 30"],
  [
    { a: "2dsphere" },
    { coarsestIndexedLevel: 31 },
    "16749 finestIndexedLevel must be >= coarsestIndexedLevel",
  ],
  [{ a: 0 }, {}, "67 Values in the index key pattern cannot be 0."],
  [{ a: new Double(Number.NaN) }, {}, "67 Values in the index key pattern cannot be NaN."],
  [{ a: "foo" }, {}, "67 Unknown index plugin 'foo'"],
  [{ a: "" }, {}, "67 Values in the index key pattern cannot be empty strings"],
  [
    { a: true },
    {},
    "67 Values in v:2 index key pattern cannot be of type bool. Only numbers > 0, numbers < 0, and strings are allowed.",
  ],
  [{ "": 1 }, {}, "67 Index keys cannot be an empty field."],
  [{ "a..b": 1 }, {}, "67 Index keys cannot contain an empty field."],
  [{ "a.$b": 1 }, {}, "67 Index key contains an illegal field name: field name starts with '$'."],
  [{ "$**": 1 }, {}, "67 Index type 'wildcard' is not supported by the embedded store"],
  [
    { a: 1 },
    { foo: 1 },
    "197 The field 'foo' is not valid for an index specification. Specification: { key: { a: 1 }, name: \"a_1\", foo: 1 }",
  ],
  [
    { a: 1 },
    { unique: "yes" },
    '14 The field \'unique has value unique: "yes", which is not convertible to bool',
  ],
  [{ a: 1 }, { name: "" }, "67 index name cannot be empty"],
  [{ a: 1 }, { name: "*" }, "2 The index name '*' is not valid."],
  [{ a: 1 }, { name: 3 }, "14 The field 'name' must be a string, but got int"],
  [
    { a: 1 },
    { v: 3 },
    '67 Invalid index specification { key: { a: 1 }, name: "a_1", v: 3 }; cannot create an index with v=3',
  ],
  [
    { a: 1, b: 1 },
    { expireAfterSeconds: 1 },
    '67 TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: { key: { a: 1, b: 1 }, name: "a_1_b_1", expireAfterSeconds: 1 }',
  ],
  [
    { a: 1 },
    { expireAfterSeconds: "a" },
    "67 TTL index 'expireAfterSeconds' option must be numeric, but received a type of 'string'. Index spec: { key: { a: 1 }, name: \"a_1\", expireAfterSeconds: \"a\" }",
  ],
  [
    { a: 1 },
    { expireAfterSeconds: -1 },
    "67 TTL index 'expireAfterSeconds' option cannot be less than 0. Index spec: { key: { a: 1 }, name: \"a_1\", expireAfterSeconds: -1 }",
  ],
  [
    { a: 1 },
    { partialFilterExpression: 3 },
    "14 The field 'partialFilterExpression' must be an object, but got int",
  ],
  [
    { a: 1 },
    { partialFilterExpression: Doc.of({ b: 1 }), sparse: true },
    '67 cannot mix "partialFilterExpression" and "sparse" options',
  ],
  [
    { a: 1 },
    { partialFilterExpression: Doc.of({ b: Doc.of({ $foo: 1 }) }) },
    "2 unknown operator: $foo",
  ],
  [
    { _id: 1 },
    { unique: true, name: "_id_" },
    "197 The field 'unique' is not valid for an _id index specification. Specification: { key: { _id: 1 }, name: \"_id_\", unique: true, v: 2 }",
  ],
])("index definition: %o %o", ([keys, options, outcome]) => {
  expect(read(keys, options)).toBe(outcome);
});

function define(keys: Fields, options: Fields): ReturnType<typeof compileDefinition> {
  return compileDefinition(readIndexSpec(Doc.of(keys), Doc.of(options)));
}

test.for<[title: string, wanted: Fields, present: Fields, outcome: string]>([
  ["the same is the same", {}, {}, "true"],
  [
    "another name for the same keys is refused",
    { name: "x" },
    {},
    "85 Index already exists with a different name: a_1",
  ],
  ["another name and another kind stand side by side", { name: "x", unique: true }, {}, "false"],
  [
    "the same name for another kind is refused",
    { unique: true },
    {},
    '86 An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: { v: 2, unique: true, key: { a: 1 }, name: "a_1" }, existing index: { v: 2, key: { a: 1 }, name: "a_1" }',
  ],
  [
    "another expiry under the same name is refused",
    { expireAfterSeconds: 10 },
    { expireAfterSeconds: 5 },
    '85 An equivalent index already exists with the same name but different options. Requested index: { v: 2, key: { a: 1 }, name: "a_1", expireAfterSeconds: 10 }, existing index: { v: 2, key: { a: 1 }, name: "a_1", expireAfterSeconds: 5 }',
  ],
])("index definition: %s", ([, wanted, present, outcome]) => {
  expect(
    attempt(() => String(isSameIndex(define({ a: 1 }, wanted), define({ a: 1 }, present)))),
  ).toBe(outcome);
});
