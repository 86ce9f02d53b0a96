/**
 * Why a user may do something with a document, or may not: the same decisions as in a request, told as data.
 *
 * @module
 */
import type { Doc } from "../bson/doc.ts";
import type { IsRefused } from "../config/internal-database.ts";
import type { Scope } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import { mustAllow } from "./access.ts";
import { explainRead } from "./explain-read.ts";
import { explainWrite } from "./explain-write.ts";
import { allowed, type Decided, denied } from "./explained-role.ts";
import type { RequestEnvironment } from "./expressions.ts";
import { createAccess } from "./namespace-access.ts";
import { rulesOf } from "./namespace-rules.ts";
import type { Namespace } from "./open-namespace.ts";
import type { Violation } from "./schema.ts";

export type ExplainedOperation = "find" | "insert" | "update" | "delete";

export interface ExplainRequest {
  readonly scope: Scope;
  readonly namespace: Namespace;
  readonly operation: ExplainedOperation;
  /** As it is stored; for an insert, as it would be. Absent: what can be said of all documents. */
  readonly document?: Doc | undefined;
  /** What an update would make of it. */
  readonly after?: Doc | undefined;
  /** Paths that an update names, whether it changes them or not. */
  readonly named?: readonly string[] | undefined;
}

export interface Explanation {
  /** Undefined where it depends on the document, and none was given. */
  readonly isAllowed: boolean | undefined;
  /** In a sentence, without its end. */
  readonly reason: string;
  /** Those that were asked, in their order; the last one that applies is the document's. */
  readonly roles: readonly { readonly name: string; readonly applies: boolean | undefined }[];
  readonly role: string | undefined;
  /** The rules' filters that apply to the request. */
  readonly filters: readonly string[];
  /** What goes into the query that is sent to the store, as the server prints filters. */
  readonly pushedFilter: string | undefined;
  /** Whether that query alone decides, so that no document has to be looked at. */
  readonly isPushedWhole: boolean | undefined;
  /** Of a document that is read. */
  readonly fields:
    | { readonly shown: readonly string[]; readonly hidden: readonly string[] }
    | undefined;
  readonly violations: readonly Violation[];
}

/** Explains one operation. Functions that rules call are called. */
export async function explain(
  request: ExplainRequest,
  environment: Omit<RequestEnvironment, "scope"> & { readonly isRefused: IsRefused },
): Promise<Explanation> {
  const decided = await decide(request, environment);
  return {
    roles: [],
    role: undefined,
    filters: [],
    pushedFilter: undefined,
    isPushedWhole: undefined,
    fields: undefined,
    violations: [],
    ...decided,
  };
}

async function decide(
  request: ExplainRequest,
  {
    isRefused,
    ...environment
  }: Omit<RequestEnvironment, "scope"> & { readonly isRefused: IsRefused },
): Promise<Decided> {
  const { scope, namespace, operation } = request;
  const { app, config, user, caller } = scope;
  const { dataSource, database, collection } = namespace;
  const link = app.dataSources.get(dataSource);
  if (link === undefined) return denied(`there is no data source '${dataSource}'`);
  if (isRefused(database)) return denied(`the database '${database}' is closed to all requests`);
  const given = [link.permission, user.permission, caller.permission];
  const refusal = refusalOf(() => {
    mustAllow(operation, { database, name: collection }, ...given);
  });
  if (refusal !== undefined)
    return denied(`the permission of the data source, or of the key, forbids it: ${refusal}`);
  if (user.type === "system") return allowed("the system skips rules and schemas");
  if (config === undefined) return allowed("nothing was ever deployed, so that there are no rules");
  const rules = rulesOf(config, dataSource, database, collection);
  if (rules === undefined) return denied("neither the collection nor its data source has a role");
  const access = createAccess(rules, { config, ...namespace }, { ...environment, scope });
  return operation === "find"
    ? explainRead(request, rules, access)
    : explainWrite(request, rules, access);
}

function refusalOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (cause) {
    if (cause instanceof Fault) return cause.message;
    throw cause;
  }
}
