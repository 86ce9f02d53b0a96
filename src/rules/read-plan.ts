/**
 * How a user's reads of a namespace are done: what goes into the query, and what is asked of each document.
 *
 * What can be said as a filter is pushed, so that indexes serve it. Only where that is not all, or where fields are
 * hidden, documents are looked at one by one.
 */
import type { Doc } from "../bson/doc.ts";
import { toDateTime, type Value } from "../bson/value.ts";
import { Fault } from "../kit/fault.ts";
import type { QueryEnvironment } from "../query/environment.ts";
import { compileProjection } from "../query/projection.ts";
import { chain, collect, type Eventual } from "./expression/eventual.ts";
import { allFilters, type Outcome, toFilter } from "./expression/filter.ts";
import {
  allOf,
  always,
  anyOf,
  type ExpressionNode,
  type Left,
  never,
  notOf,
} from "./expression/node.ts";
import type { Documents } from "./expression/reference.ts";
import { evaluateNode } from "./expression/decide.ts";
import type { CompiledExpression } from "./expressions.ts";
import { type NamespaceAccess, roleOf } from "./namespace-access.ts";
import type { CompiledRole } from "./namespace-rules.ts";
import { projectionShows } from "./projection-paths.ts";
import { type FieldMasks, masksOf, mayRead, showFields, showsPath } from "./visible-fields.ts";

export interface ReadPlan {
  /** Matches all documents that the user sees, and no others where `isExact`. */
  readonly filter: Outcome;
  readonly isExact: boolean;
  /** A document as the user sees it, undefined where they do not; absent where nothing is hidden in those that match. */
  readonly view?: (doc: Doc) => Eventual<Doc | undefined>;
  /** Whether `view` may leave nothing of a document that matches exactly. */
  readonly mayVanish: boolean;
  /** Whether a path is shown in every document, with all below it. */
  readonly shows: (path: string) => boolean;
  /** Whether a filter or sort on a path may be asked of documents as they are stored. */
  readonly asksStored: (path: string) => boolean;
  readonly hidesFields: boolean;
  /** Of filters, which the user's own must go with. */
  readonly projections: readonly Doc[];
}

const plans = new WeakMap<NamespaceAccess, Eventual<ReadPlan>>();

/** @throws {Fault} `NoMatchingRuleFound` where no role can apply, whatever the document */
export function planRead(access: NamespaceAccess): Eventual<ReadPlan> {
  const known = plans.get(access);
  if (known !== undefined) return known;
  const made = makePlan(access);
  plans.set(access, made);
  return made;
}

function makePlan(access: NamespaceAccess): Eventual<ReadPlan> {
  return chain(access.roles(), (roles) => {
    if (roles.length === 0) throw noRule(access);
    return chain(access.filters(), (filters) => {
      const queries = filters.flatMap(({ query }) => (query === undefined ? [] : [query]));
      const projections = filters.flatMap(({ projection }) =>
        projection === undefined ? [] : [projection],
      );
      return chain(
        collect([
          readableNode(roles, access),
          ...queries.map((query) => access.node(query)),
        ] as const),
        (nodes) => createPlan(roles, nodes, projections, access),
      );
    });
  });
}

export function noRule({
  database,
  collection,
}: Pick<NamespaceAccess, "database" | "collection">): Fault {
  return new Fault(
    "NoMatchingRuleFound",
    `no rule exists for namespace '${database}.${collection}'`,
  );
}

function createPlan(
  roles: readonly CompiledRole[],
  nodes: readonly ExpressionNode[],
  projections: readonly Doc[],
  access: NamespaceAccess,
): ReadPlan {
  const [readable, ...queries] = nodes.map(withPresence) as [ExpressionNode, ...ExpressionNode[]];
  const own = toFilter(readable, storedPath);
  const others = toFilter(allOf(queries), storedPath);
  const masks = roles.map((role) => (isWhole(role, access) ? undefined : masksOf(role, access)));
  const hidesFields = masks.some((each) => each !== undefined);
  const isExact = own.isExact && others.isExact;
  const shows = (path: string): boolean =>
    masks.every((each) => each === undefined || showsPath(each, path)) &&
    projections.every((each) => projectionShows(each, path));
  const base = {
    shows,
    asksStored: access.config.hiddenFields === "stored" ? (): boolean => true : shows,
    hidesFields: hidesFields || projections.length > 0,
    filter: allFilters([own.filter, others.filter]),
    isExact,
    projections,
    mayVanish: masks.some((each) => each !== undefined && !showsPath(each, "_id")),
  };
  if (isExact && !hidesFields && projections.length === 0) return base;
  const masksOfRole = new Map(roles.map((role, index) => [role, masks[index]]));
  const show = createView(roles, masksOfRole, access, own.isExact);
  const passes = others.isExact ? undefined : evaluateNode(allOf(queries), access.environment);
  const project = compileProjections(projections);
  return {
    ...base,
    mayVanish: base.mayVanish || projections.length > 0,
    view: (doc) =>
      chain(passes?.(whole(doc)) ?? true, (isIn) =>
        isIn
          ? chain(show(doc), (shown) => (shown === undefined ? undefined : project(shown)))
          : undefined,
      ),
  };
}

/** Reading leaves a document as it is: it stands before and after. */
function whole(doc: Doc): Documents {
  return { root: doc, prevRoot: doc, this: undefined, prev: undefined };
}

function storedPath({ source, path }: Left): string | undefined {
  return (source === "root" || source === "prevRoot") && path !== "" ? path : undefined;
}

/** On reading, the document is there. */
function withPresence(node: ExpressionNode): ExpressionNode {
  switch (node.kind) {
    case "and":
      return allOf(node.clauses.map(withPresence));
    case "or":
      return anyOf(node.clauses.map(withPresence));
    case "not":
      return notOf(withPresence(node.clause));
    case "test": {
      const { left, operator, operand } = node;
      const isRoot = (left.source === "root" || left.source === "prevRoot") && left.path === "";
      if (!isRoot || operator !== "$exists" || operand.kind !== "literal") return node;
      return operand.value === true ? always : never;
    }
    default:
      return node;
  }
}

/** Whether a document has a role, and the role lets it be read. */
function readableNode(
  roles: readonly CompiledRole[],
  access: NamespaceAccess,
): Eventual<ExpressionNode> {
  const [role, ...rest] = roles;
  if (role === undefined) return never;
  return chain(access.node(role.applyWhen), (applies) =>
    chain(roleNode(role, access), (readable) => {
      const own = allOf([applies, readable]);
      if (applies.kind === "constant") return own;
      return chain(readableNode(rest, access), (others) =>
        anyOf([own, allOf([notOf(applies), others])]),
      );
    }),
  );
}

function roleNode(role: CompiledRole, access: NamespaceAccess): Eventual<ExpressionNode> {
  const { documentFilters, read, write } = role;
  const nodeOf = (expression: CompiledExpression | undefined): Eventual<ExpressionNode> =>
    expression === undefined ? never : access.node(expression);
  return chain(
    collect([
      hasFilters(role) ? nodeOf(documentFilters?.read) : always,
      hasFilters(role) ? nodeOf(documentFilters?.write) : always,
      // Without `read` the fields decide, which no filter says.
      read === undefined ? always : nodeOf(read),
      read === undefined ? always : nodeOf(write),
    ] as const),
    ([filterRead, filterWrite, reads, writes]) =>
      allOf([
        anyOf([filterRead as ExpressionNode, filterWrite as ExpressionNode]),
        anyOf([reads as ExpressionNode, writes as ExpressionNode]),
      ]),
  );
}

export function hasFilters({ documentFilters }: CompiledRole): boolean {
  return documentFilters?.read !== undefined || documentFilters?.write !== undefined;
}

/** Whether a document that may be read is shown with all its fields. */
function isWhole({ read, write }: CompiledRole, access: NamespaceAccess): boolean {
  if (read !== undefined) return true;
  const node = write === undefined ? undefined : access.nodeNow(write);
  return node?.kind === "constant" && node.value;
}

/** @param isReadable whether that a document came says that it may be read */
function createView(
  roles: readonly CompiledRole[],
  masks: ReadonlyMap<CompiledRole, FieldMasks | undefined>,
  access: NamespaceAccess,
  isReadable: boolean,
): (doc: Doc) => Eventual<Doc | undefined> {
  const [only] = roles;
  const needsRole = roles.length > 1 || !isReadable;
  return (doc) => {
    const documents = whole(doc);
    const show = (role: CompiledRole | undefined): Eventual<Doc | undefined> => {
      if (role === undefined) return undefined;
      const fields = masks.get(role);
      return chain(isReadable || mayReadDocument(role, documents, access), (may) => {
        if (!may) return undefined;
        return fields === undefined ? doc : showPart(role, fields, documents, access);
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
  { write }: CompiledRole,
  fields: FieldMasks,
  documents: Documents,
  access: NamespaceAccess,
): Eventual<Doc | undefined> {
  const doc = documents.root as Doc;
  const writesAll = write === undefined ? false : access.decide(write, documents);
  return chain(writesAll, (all) => (all ? doc : showFields(doc, fields, documents, access)));
}

function compileProjections(projections: readonly Doc[]): (doc: Doc) => Doc {
  const environment: QueryEnvironment = {
    now: toDateTime(Date.now()),
    random: Math.random,
    variables: new Map<string, Value | undefined>(),
    allowsCode: false,
  };
  const compiled = projections.map((each) => compileProjection(each, environment, "find"));
  return (doc) => compiled.reduce((made, each) => each.apply(made), doc);
}
