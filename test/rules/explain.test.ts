/** Why a user may, or may not: rows of rules, user, operation and document. */
import { expect, test } from "vitest";
import { always, explainRow, owned, type Row } from "./explain-row.ts";

test.for<[title: string, row: Row]>([
  [
    "no roles at all",
    {
      operation: "find",
      tells: { isAllowed: false, reason: "neither the collection nor its data source has a role" },
    },
  ],
  [
    "the system",
    {
      operation: "find",
      asSystem: true,
      tells: { isAllowed: true, reason: "the system skips rules and schemas" },
    },
  ],
  [
    "a closed database",
    {
      operation: "find",
      database: "admin",
      tells: { isAllowed: false, reason: "the database 'admin' is closed to all requests" },
    },
  ],
  [
    "everybody reads all",
    {
      roles: [{ ...always, read: true }],
      operation: "find",
      tells: { isAllowed: true, role: "all", isPushedWhole: true, pushedFilter: "{}" },
    },
  ],
  [
    "an owner's query, without a document",
    {
      roles: [owned],
      operation: "find",
      tells: {
        isAllowed: undefined,
        roles: [{ name: "owner", applies: undefined }],
        pushedFilter: '{ owner: { $eq: "ann" } }',
        isPushedWhole: true,
      },
    },
  ],
  [
    "an owner's document",
    {
      roles: [owned, { ...always, read: false }],
      operation: "find",
      document: { _id: 1, owner: "ann" },
      tells: {
        isAllowed: true,
        role: "owner",
        roles: [{ name: "owner", applies: true }],
        fields: { shown: ["_id", "owner"], hidden: [] },
      },
    },
  ],
  [
    "somebody else's document",
    {
      roles: [owned, { ...always, read: false }],
      operation: "find",
      document: { _id: 1, owner: "bob" },
      tells: {
        isAllowed: false,
        role: "all",
        roles: [
          { name: "owner", applies: false },
          { name: "all", applies: true },
        ],
      },
    },
  ],
  [
    "hidden fields",
    {
      roles: [
        {
          ...always,
          fields: {
            a: { read: true },
            b: { fields: { c: { read: true } } },
            l: { fields: { p: { read: true } } },
          },
        },
      ],
      operation: "find",
      document: { _id: 1, a: 1, b: { c: 1, d: 1 }, l: [{ p: 1, q: 1 }], z: 1 },
      tells: {
        isAllowed: true,
        fields: { shown: ["a", "b.c", "l"], hidden: ["_id", "b.d", "l.*", "z"] },
      },
    },
  ],
  [
    "a filter of the rules",
    {
      roles: [{ ...always, read: true }],
      filters: [{ name: "live", apply_when: {}, query: { gone: false } }],
      operation: "find",
      document: { _id: 1, gone: true },
      tells: { isAllowed: false, filters: ["live"] },
    },
  ],
  [
    "an insert that nobody may do",
    {
      roles: [{ ...always, read: true, write: true, insert: false }],
      operation: "insert",
      document: { _id: 1 },
      tells: { isAllowed: false, reason: "insert of all", role: "all" },
    },
  ],
  [
    "an update of a field",
    {
      roles: [{ ...always, fields: { a: { write: true }, b: { read: true } } }],
      operation: "update",
      document: { _id: 1, a: 1, b: 1 },
      after: { _id: 1, a: 1, b: 2 },
      tells: { isAllowed: false, reason: "write of field b of all" },
    },
  ],
  [
    "an update of a document that the user does not see",
    {
      roles: [owned],
      filters: [{ name: "live", apply_when: {}, query: { gone: { $ne: true } } }],
      operation: "update",
      document: { _id: 1, owner: "ann", gone: true },
      after: { _id: 1, owner: "ann" },
      tells: {
        isAllowed: false,
        reason: "the user does not see the document, so that no request finds it",
        role: "owner",
        filters: ["live"],
      },
    },
  ],
  [
    "an update that names a hidden field and leaves it as it is",
    {
      roles: [{ ...always, fields: { a: { write: true } }, additional_fields: { write: true } }],
      operation: "update",
      document: { _id: 1, a: 1, s: 1 },
      after: { _id: 1, a: 2, s: 1 },
      named: ["a", "s"],
      tells: { isAllowed: true },
    },
  ],
  [
    "the same where it may not be written",
    {
      roles: [{ ...always, fields: { a: { write: true }, s: {} } }],
      operation: "update",
      document: { _id: 1, a: 1, s: 1 },
      after: { _id: 1, a: 2, s: 1 },
      named: ["a", "s"],
      tells: { isAllowed: false, reason: "write of field s of all" },
    },
  ],
  [
    "a delete where no role applies",
    {
      roles: [{ ...owned, apply_when: { "%%user.id": "eve" } }],
      operation: "delete",
      document: { _id: 1, owner: "ann" },
      tells: { isAllowed: false, reason: "no role applies", role: undefined },
    },
  ],
  [
    "an update, without what it makes",
    {
      roles: [{ ...always, write: true }],
      operation: "update",
      document: { _id: 1 },
      tells: { isAllowed: undefined },
    },
  ],
  [
    "a document that its schema does not let in",
    {
      roles: [{ ...always, write: true }],
      schema: { bsonType: "object", title: "c", required: ["a"] },
      operation: "insert",
      document: { _id: 1 },
      tells: {
        isAllowed: false,
        violations: [{ kind: "required", field: "(root).a", message: "a is required" }],
      },
    },
  ],
  [
    "a delete",
    {
      roles: [owned],
      operation: "delete",
      document: { _id: 1, owner: "ann" },
      tells: { isAllowed: true, role: "owner" },
    },
  ],
])("explain: %s", async ([, row]) => {
  expect(await explainRow(row)).toMatchObject(row.tells);
});
