/** Why a user may read a document, or may not, and what of it. */
import { printBson } from "../bson/print.ts";
import { Doc } from "../bson/doc.ts";
import { isArray, type Value } from "../bson/value.ts";
import { whole } from "./document-view.ts";
import type { ExplainRequest, Explanation } from "./explain.ts";
import { allowed, chooseRole, type Decided, denied } from "./explained-role.ts";
import type { NamespaceAccess } from "./namespace-access.ts";
import type { NamespaceRules } from "./namespace-rules.ts";
import { planRead, type ReadPlan, showDocument } from "./read-plan.ts";

export async function explainRead(
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
  const shown = await showDocument(plan, document);
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

function printFilter({ filter }: ReadPlan): string {
  if (typeof filter === "boolean") return filter ? "{}" : "nothing matches";
  return printBson(filter);
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
