/** An explanation of one operation under the rules of a row. */
import { expect } from "vitest";
import { parseEjson } from "../../src/bson/parse-ejson.ts";
import { Doc } from "../../src/bson/doc.ts";
import { readAppDirectory } from "../../src/config/app-directory.ts";
import type { App } from "../../src/config/app.ts";
import type { Scope } from "../../src/config/scope.ts";
import { systemUser, type User } from "../../src/config/user.ts";
import { explain, type ExplainedOperation, type Explanation } from "../../src/rules/explain.ts";
import { toFiles } from "../support/app-samples.ts";

export interface Row {
  /** Roles of `db.c`; absent: it has none. */
  readonly roles?: readonly object[];
  readonly filters?: readonly object[];
  readonly schema?: object;
  readonly operation: ExplainedOperation;
  readonly document?: object;
  readonly after?: object;
  readonly named?: readonly string[];
  readonly asSystem?: boolean;
  readonly database?: string;
  readonly tells: Partial<Explanation>;
}

export const always = { name: "all", apply_when: {} };
export const owned = {
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

export async function explainRow(row: Row): Promise<Explanation> {
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
      named: row.named,
    },
    {
      callFunction: () => Promise.reject(new Error("nothing to call")),
      isRefused: (name) => name === "admin",
    },
  );
}
