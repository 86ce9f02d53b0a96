/** Why a user may, or may not: rows of rules, user, operation and document. */
import { expect, test } from "vitest";
import { parseEjson } from "../../src/bson/parse-ejson.ts";
import { Doc } from "../../src/bson/doc.ts";
import { readAppDirectory } from "../../src/config/app-directory.ts";
import type { App } from "../../src/config/app.ts";
import type { Scope } from "../../src/config/scope.ts";
import { systemUser, type User } from "../../src/config/user.ts";
import { explain, type ExplainedOperation, type Explanation } from "../../src/rules/explain.ts";
import { templates } from "../../src/rules/templates.ts";
import { toFiles } from "../support/app-samples.ts";

interface Row {
  /** Roles of `db.c`; absent: it has none. */
  readonly roles?: readonly object[];
  readonly filters?: readonly object[];
  readonly schema?: object;
  readonly operation: ExplainedOperation;
  readonly document?: object;
  readonly after?: object;
  readonly asSystem?: boolean;
  readonly database?: string;
  readonly tells: Partial<Explanation>;
}

const always = { name: "all", apply_when: {} };
const owned = {
  name: "owner",
  apply_when: { owner: "%%user.id" },
  read: true,
  write: true,
};

const ann: User = {
  id: "ann",
  type: "normal",
  permission: "readWrite",
  data: Doc.empty,
  customData: Doc.empty,
  identities: [],
};

async function explainRow(row: Row): Promise<Explanation> {
  const root = "data_sources/s";
  const { roles, filters = [], schema } = row;
  const place = { database: "db", collection: "c" };
  const { app: config, problems } = readAppDirectory(
    toFiles({
      "realm_config.json": { name: "rules", config_version: 20210101, app_id: "rules-abcde" },
      [`${root}/config.json`]: { name: "s", type: "mongodb-atlas", config: { clusterName: "c" } },
      ...(roles && { [`${root}/db/c/rules.json`]: { ...place, roles, filters } }),
      ...(schema && {
        [`${root}/db/c/schema.json`]: schema,
        [`${root}/db/c/relationships.json`]: {},
      }),
    }),
  );
  expect(problems.map(({ message }) => message)).toEqual([]);
  const user = row.asSystem === true ? systemUser : ann;
  const link = { id: "1", name: "s", store: "store", permission: "readWrite" } as const;
  const scope: Scope = {
    app: { id: "5f4863e4d49bd2191ff1e623", dataSources: new Map([["s", link]]) } as unknown as App,
    config,
    caller: user,
    user,
    request: undefined,
    signal: new AbortController().signal,
  };
  return explain(
    {
      scope,
      namespace: { dataSource: "s", database: row.database ?? "db", collection: "c" },
      operation: row.operation,
      document: row.document && parseEjson(Buffer.from(JSON.stringify(row.document))),
      after: row.after && parseEjson(Buffer.from(JSON.stringify(row.after))),
    },
    {
      callFunction: () => Promise.reject(new Error("nothing to call")),
      isRefused: (name) => name === "admin",
    },
  );
}

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

test.for(templates.map((each) => [each.name, each] as const))(
  "templates: %s is a role that a directory may hold",
  async ([name, template]) => {
    const role = Object.fromEntries(
      Object.entries(JSON.parse(JSON.stringify(toPlain(template.role("who"))))),
    );
    const told = await explainRow({
      roles: [role],
      operation: "insert",
      document: { _id: 1, who: "ann" },
      tells: {},
    });
    expect(told.roles.map((each) => each.name)).toEqual([name]);
    expect(told.isAllowed).toBe(!["readAll", "readAndWriteByEmail", "admin"].includes(name));
  },
);

function toPlain(value: unknown): unknown {
  if (!(value instanceof Doc)) return value;
  return Object.fromEntries([...value.entries()].map(([key, each]) => [key, toPlain(each)]));
}
