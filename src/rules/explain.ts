/**
 * Why a user may do something with a document, or may not: the same decisions as in a request, told as data.
 *
 * @module
 */
import { printBson } from "../bson/print.ts";
import { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import type { IsRefused } from "../config/internal-database.ts";
import type { Scope } from "../config/scope.ts";
import { Fault } from "../kit/fault.ts";
import { mustAllow } from "./access.ts";
import { compileFilter } from "./expression/filter-test.ts";
import type { Documents } from "./expression/reference.ts";
import type { RequestEnvironment } from "./expressions.ts";
import { createAccess, type NamespaceAccess } from "./namespace-access.ts";
import { type CompiledRole, type NamespaceRules, rulesOf } from "./namespace-rules.ts";
import type { Namespace } from "./open-namespace.ts";
import { planRead, type ReadPlan } from "./read-plan.ts";
import { hasSchema, validateWrite, type Violation } from "./schema.ts";
import { type Change, mustBePermitted } from "./write-check.ts";

export type ExplainedOperation = "find" | "insert" | "update" | "delete";

export interface ExplainRequest {
  readonly scope: Scope;
  readonly namespace: Namespace;
  readonly operation: ExplainedOperation;
  /** As it is stored; for an insert, as it would be. Absent: what can be said of all documents. */
  readonly document?: Doc | undefined;
  /** What an update would make of it. */
  readonly after?: Doc | undefined;
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

type Decided = Pick<Explanation, "isAllowed" | "reason"> & Partial<Explanation>;

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

function denied(reason: string): Decided {
  return { isAllowed: false, reason };
}

function allowed(reason: string): Decided {
  return { isAllowed: true, reason };
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

interface Chosen {
  readonly roles: Explanation["roles"];
  readonly role: CompiledRole | undefined;
}

/** Asks the roles in their order, up to the first that applies. */
async function chooseRole(
  { roles }: NamespaceRules,
  access: NamespaceAccess,
  documents: Documents | undefined,
): Promise<Chosen> {
  const asked: { name: string; applies: boolean | undefined }[] = [];
  for (const role of roles) {
    // The first that applies ends the search.
    // oxlint-disable-next-line no-await-in-loop
    const applies = await appliesTo(role, access, documents);
    asked.push({ name: role.name, applies });
    if (applies === true) return { roles: asked, role };
  }
  return { roles: asked, role: undefined };
}

/** Undefined where it depends on the document, and there is none. */
async function appliesTo(
  { applyWhen }: CompiledRole,
  access: NamespaceAccess,
  documents: Documents | undefined,
): Promise<boolean | undefined> {
  if (documents !== undefined) return access.decide(applyWhen, documents);
  const node = await access.node(applyWhen);
  return node.kind === "constant" ? node.value : undefined;
}

async function explainRead(
  { document }: ExplainRequest,
  rules: NamespaceRules,
  access: NamespaceAccess,
): Promise<Decided> {
  const documents = document && whole(document);
  const { roles, role } = await chooseRole(rules, access, documents);
  const told = { roles, role: role?.name };
  if (roles.every(({ applies }) => applies === false))
    return { ...denied("no role applies"), ...told };
  const plan = await planRead(access);
  const filters = (await access.filters()).map(({ name }) => name);
  const pushed = {
    ...told,
    filters,
    pushedFilter: printFilter(plan),
    isPushedWhole: plan.isExact && !plan.hidesFields,
  };
  if (document === undefined)
    return {
      isAllowed: plan.filter === true ? true : undefined,
      reason:
        plan.filter === true
          ? "every document may be read"
          : "it depends on the document; give one to see more",
      ...pushed,
    };
  const shown = await showDocument(document, plan);
  if (shown === undefined)
    return {
      ...denied(
        role === undefined
          ? "no role applies"
          : `the role '${role.name}', or a filter, does not let the document be read`,
      ),
      ...pushed,
    };
  return {
    ...allowed(`the role '${role?.name ?? ""}' lets it be read`),
    ...pushed,
    fields: compareFields(document, shown),
  };
}

function whole(doc: Doc): Documents {
  return { root: doc, prevRoot: doc, this: undefined, prev: undefined };
}

function printFilter({ filter }: ReadPlan): string {
  if (typeof filter === "boolean") return filter ? "{}" : "nothing matches";
  return printBson(filter);
}

/** As `openNamespace` would give it. */
async function showDocument(document: Doc, plan: ReadPlan): Promise<Doc | undefined> {
  const { filter, view } = plan;
  if (filter === false) return undefined;
  if (filter !== true && !compileFilter(filter)(document)) return undefined;
  return view === undefined ? document : view(document);
}

/** Paths listed of one document, of each kind. */
const pathsMax = 200;

function compareFields(stored: Doc, shown: Doc): NonNullable<Explanation["fields"]> {
  const fields = { shown: [] as string[], hidden: [] as string[] };
  comparePart(stored, shown, "", fields);
  return {
    shown: fields.shown.slice(0, pathsMax),
    hidden: [...new Set(fields.hidden)].slice(0, pathsMax),
  };
}

function comparePart(
  stored: Doc,
  shown: Doc,
  prefix: string,
  fields: { readonly shown: string[]; readonly hidden: string[] },
): void {
  for (const [name, value] of stored.entries()) {
    const path = `${prefix}${name}`;
    const seen = shown.get(name);
    if (seen === undefined) fields.hidden.push(path);
    else if (isSame(value, seen)) fields.shown.push(path);
    else if (value instanceof Doc && seen instanceof Doc)
      comparePart(value, seen, `${path}.`, fields);
    else {
      // Of a list only parts of its documents are shown.
      fields.shown.push(path);
      fields.hidden.push(`${path}.*`);
    }
  }
}

function isSame(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (isArray(left) && isArray(right) && left.length !== right.length) return false;
  return Doc.of({ v: left })
    .toBytes()
    .equals(Doc.of({ v: right }).toBytes());
}

async function explainWrite(
  { operation, document, after }: ExplainRequest,
  rules: NamespaceRules,
  access: NamespaceAccess,
): Promise<Decided> {
  const change = changeOf(operation as Change["verb"], document, after);
  const { roles, role } = await chooseRole(
    rules,
    access,
    change && {
      root: change.after ?? change.before,
      prevRoot: change.before,
      this: undefined,
      prev: undefined,
    },
  );
  const told = { roles, role: role?.name };
  if (change === undefined)
    return {
      isAllowed: roles.every(({ applies }) => applies === false) ? false : undefined,
      reason:
        operation === "update" && document !== undefined
          ? "it depends on what the document becomes; give that, too"
          : "it depends on the document; give one to see more",
      ...told,
    };
  const reason = await denialOf(change, access);
  if (reason !== undefined) return { ...denied(reason), ...told };
  const violations = await violationsOf(change, access);
  if (violations.length > 0)
    return { ...denied("the schema does not let it be stored"), ...told, violations };
  return { ...allowed(`the role '${role?.name ?? ""}' lets it be done`), ...told };
}

function changeOf(
  verb: Change["verb"],
  document: Doc | undefined,
  after: Doc | undefined,
): Change | undefined {
  if (document === undefined) return undefined;
  switch (verb) {
    case "insert":
      return { verb, before: undefined, after: document };
    case "delete":
      return { verb, before: document, after: undefined };
    case "update":
      return after === undefined ? undefined : { verb, before: document, after };
  }
}

/** The permission that denied it; undefined where none did. */
async function denialOf(change: Change, access: NamespaceAccess): Promise<string | undefined> {
  try {
    await mustBePermitted(change, access);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    return cause.cause instanceof Error ? cause.cause.message : cause.message;
  }
}

async function violationsOf(
  { verb, before, after }: Change,
  access: NamespaceAccess,
): Promise<readonly Violation[]> {
  const { config, environment } = access;
  if (after === undefined || verb === "delete" || !hasSchema(config, access)) return [];
  return (await validateWrite(config, access, before, after, environment)).violations;
}
