/** Why a user may write a document, or may not. */
import type { Doc } from "../bson/doc.ts";
import { Fault } from "../kit/fault.ts";
import type { ExplainRequest } from "./explain.ts";
import { allowed, chooseRole, type Decided, denied } from "./explained-role.ts";
import type { NamespaceAccess } from "./namespace-access.ts";
import type { NamespaceRules } from "./namespace-rules.ts";
import { planRead, showDocument } from "./read-plan.ts";
import { hasSchema, validateWrite, type Violation } from "./schema.ts";
import { type Change, mustBePermitted } from "./write-check.ts";

export async function explainWrite(
  { operation, document, after, named = [] }: ExplainRequest,
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
  // What is inserted has not been looked for.
  const applying = operation === "insert" ? [] : await access.filters();
  const filters = applying.map(({ name }) => name);
  const told = { roles, role: role?.name, filters };
  if (change === undefined)
    return {
      isAllowed: roles.every(({ applies }) => applies === false) ? false : undefined,
      reason:
        operation === "update" && document !== undefined
          ? "it depends on what the document becomes; give that, too"
          : "it depends on the document; give one to see more",
      ...told,
    };
  if (roles.every(({ applies }) => applies === false))
    return { ...denied("no role applies"), ...told };
  return { ...told, ...(await explainChange(change, { named, access, role: role?.name ?? "" })) };
}

async function explainChange(
  change: Change,
  given: {
    readonly named: readonly string[];
    readonly access: NamespaceAccess;
    readonly role: string;
  },
): Promise<Decided> {
  const { named, access, role } = given;
  const plan = await planRead(access);
  const { before } = change;
  if (before !== undefined && (await showDocument(plan, before)) === undefined)
    return denied("the user does not see the document, so that no request finds it");
  // What may be hidden is not even left as it is.
  const hidden = named.filter((path) => !plan.shows(path));
  const reason = await denialOf({ ...change, named: hidden }, access);
  if (reason !== undefined) return denied(reason);
  const violations = await violationsOf(change, access);
  if (violations.length > 0)
    return { ...denied("the schema does not let it be stored"), violations };
  return allowed(`the role '${role}' lets it be done`);
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
