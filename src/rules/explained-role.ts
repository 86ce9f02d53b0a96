/** Parts of explanations: verdicts, and which role a document has. */
import type { Documents } from "./expression/reference.ts";
import type { Explanation } from "./explain.ts";
import type { NamespaceAccess } from "./namespace-access.ts";
import type { CompiledRole, NamespaceRules } from "./namespace-rules.ts";

export type Decided = Pick<Explanation, "isAllowed" | "reason"> & Partial<Explanation>;

export function denied(reason: string): Decided {
  return { isAllowed: false, reason };
}

export function allowed(reason: string): Decided {
  return { isAllowed: true, reason };
}

interface Chosen {
  readonly roles: Explanation["roles"];
  readonly role: CompiledRole | undefined;
}

/** Asks the roles in their order, up to the first that applies. */
export async function chooseRole(
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
