/** Documents as their role shows them. */
import type { Doc } from "../bson/doc.ts";
import { toDateTime, type Value } from "../bson/value.ts";
import type { FieldCounts, NamespaceTally } from "../config/findings.ts";
import type { QueryEnvironment } from "../query/environment.ts";
import { compileProjection } from "../query/projection.ts";
import { chain, type Eventual } from "./expression/eventual.ts";
import type { Documents } from "./expression/reference.ts";
import { type NamespaceAccess, roleOf } from "./namespace-access.ts";
import type { CompiledRole } from "./namespace-rules.ts";
import { type FieldMasks, mayRead, showFields, type Viewing } from "./visible-fields.ts";

/** A document as the user sees it, undefined where they do not. */
export type DocumentView = (doc: Doc, tally?: NamespaceTally) => Eventual<Doc | undefined>;

/** Reading leaves a document as it is: it stands before and after. */
export function whole(doc: Doc): Documents {
  return { root: doc, prevRoot: doc, this: undefined, prev: undefined };
}

export function hasFilters({ documentFilters }: CompiledRole): boolean {
  return documentFilters?.read !== undefined || documentFilters?.write !== undefined;
}

/** @param isReadable whether that a document came says that it may be read */
export function createView(
  roles: readonly CompiledRole[],
  masks: ReadonlyMap<CompiledRole, FieldMasks | undefined>,
  access: NamespaceAccess,
  isReadable: boolean,
): DocumentView {
  const [only] = roles;
  const needsRole = roles.length > 1 || !isReadable;
  return (doc, tally) => {
    const documents = whole(doc);
    const show = (role: CompiledRole | undefined): Eventual<Doc | undefined> => {
      if (role === undefined) {
        tally?.add(undefined, 1);
        return undefined;
      }
      const fields = masks.get(role);
      return chain(isReadable || mayReadDocument(role, documents, access), (may) => {
        if (may && fields !== undefined)
          return showPart(role, fields, { documents, access, tally });
        // Atlas: what the original counted of a document that is withheld as a whole is not told; here, all its fields.
        const withheld = may ? undefined : { evaluated: doc.size, discarded: doc.size };
        tally?.add(role.name, 1, withheld);
        return may ? doc : undefined;
      });
    };
    if (!needsRole) return show(only);
    return chain(
      roleOf(roles, (role) => access.decide(role.applyWhen, documents)),
      show,
    );
  };
}

function mayReadDocument(
  role: CompiledRole,
  documents: Documents,
  access: NamespaceAccess,
): Eventual<boolean> {
  const { documentFilters } = role;
  const passes =
    !hasFilters(role) || documentFilters === undefined
      ? true
      : mayRead(documentFilters, documents, access);
  return chain(passes, (may) => {
    if (!may || role.read === undefined) return may;
    return mayRead(role, documents, access);
  });
}

/** Of a role without `read`: who may write all sees all. */
function showPart(
  { name, write }: CompiledRole,
  fields: FieldMasks,
  { documents, access, tally }: Viewing & { readonly tally: NamespaceTally | undefined },
): Eventual<Doc | undefined> {
  const doc = documents.root as Doc;
  const counts: FieldCounts | undefined =
    tally === undefined ? undefined : { evaluated: 0, discarded: 0 };
  const writesAll = write === undefined ? false : access.decide(write, documents);
  return chain(writesAll, (all) =>
    chain(all ? doc : showFields(doc, fields, { documents, access, counts }), (shown) => {
      tally?.add(name, 1, counts);
      return shown;
    }),
  );
}

/** Of documents that came by the query alone, nothing is asked but whose they are, and that only where several roles are. */
export function countRoles(
  docs: readonly Doc[],
  tally: NamespaceTally,
  roles: readonly CompiledRole[],
  access: NamespaceAccess,
): void {
  const [only] = roles;
  if (only !== undefined && roles.length === 1) {
    tally.add(only.name, docs.length);
    return;
  }
  for (const doc of docs) {
    const documents = whole(doc);
    const role = roleOf(roles, (each) => access.decide(each.applyWhen, documents));
    // A query that says all asks no function, so that there is nothing to wait for.
    if (!(role instanceof Promise)) tally.add(role?.name, 1);
  }
}

export function compileProjections(projections: readonly Doc[]): (doc: Doc) => Doc {
  const environment: QueryEnvironment = {
    now: toDateTime(Date.now()),
    random: Math.random,
    variables: new Map<string, Value | undefined>(),
  };
  const compiled = projections.map((each) => compileProjection(each, environment, "find"));
  return (doc) => compiled.reduce((made, each) => each.apply(made), doc);
}
