import { expect, test } from "vitest";
import { MongoError } from "../kit/mongo-error.ts";
import { mustBeNamespace, mustBeWritable } from "./names.ts";

function messageOf(run: () => void): string | undefined {
  try {
    run();
  } catch (cause) {
    if (cause instanceof MongoError) return `${cause.code} ${cause.message}`;
    throw cause;
  }
  return undefined;
}

const long = "x".repeat(260);

// Each outcome is what a mongod 6.0 answered.
test.for<
  [database: string, collection: string, reading: string | undefined, writing: string | undefined]
>([
  ["db", "c", undefined, undefined],
  ["db", "a.b", undefined, undefined],
  ["db", "a..b", undefined, undefined],
  ["db", "a.", undefined, undefined],
  ["é", "c", undefined, undefined],
  ["db", "", "73 Invalid namespace specified 'db.'", "73 Invalid namespace specified 'db.'"],
  [
    "db",
    ".a",
    "73 Collection names cannot start with '.': .a",
    "73 Collection names cannot start with '.': .a",
  ],
  ["db", "a$b", "73 Invalid collection name: a$b", "73 Invalid collection name: a$b"],
  [
    "db",
    "a\0b",
    "73 namespaces cannot have embedded null characters",
    "73 namespaces cannot have embedded null characters",
  ],
  [
    "a\0b",
    "c",
    "73 namespaces cannot have embedded null characters",
    "73 namespaces cannot have embedded null characters",
  ],
  ["a b", "c", "73 Invalid namespace specified 'a b.c'", "73 Invalid namespace specified 'a b.c'"],
  ["a/b", "c", "73 Invalid namespace specified 'a/b.c'", "73 Invalid namespace specified 'a/b.c'"],
  ["a$b", "c", "73 Invalid namespace: a$b.c", "73 Invalid namespace: a$b.c"],
  ["", "c", "73 Invalid namespace specified '.c'", "73 Invalid namespace specified '.c'"],
  ["x".repeat(63), "c", undefined, undefined],
  [
    "x".repeat(64),
    "c",
    `73 Invalid namespace specified '${"x".repeat(64)}.c'`,
    `73 Invalid namespace specified '${"x".repeat(64)}.c'`,
  ],
  ["db", "system.foo", undefined, "73 Invalid system namespace: db.system.foo"],
  ["db", "system.views", undefined, "73 cannot write to db.system.views"],
  ["db", "system.users", undefined, undefined],
  [
    "db",
    long,
    undefined,
    `73 Fully qualified namespace is too long. Namespace: db.${long} Max: 255`,
  ],
])("names: %j . %j", ([database, collection, reading, writing]) => {
  expect(messageOf(() => mustBeNamespace(database, collection))).toBe(reading);
  expect(messageOf(() => mustBeWritable(database, collection))).toBe(writing);
});
