/**
 * How a user's reads of a namespace are done: what goes into the query, and what is asked of each document.
 *
 * What can be said as a filter is pushed, so that indexes serve it. Only where that is not all, or where fields are
 * hidden, documents are looked at one by one.
 */
import type { Doc } from "../bson/doc.ts";
import type { NamespaceTally } from "../config/findings.ts";
import { Fault } from "../kit/fault.ts";
import {
  compileProjections,
  countRoles,
  createView,
  type DocumentView,
  hasFilters,
  whole,
} from "./document-view.ts";
import { chain, collect, type Eventual } from "./expression/eventual.ts";
import { compileFilter } from "./expression/filter-test.ts";
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
import { evaluateNode } from "./expression/decide.ts";
import type { CompiledExpression } from "./expressions.ts";
import type { NamespaceAccess } from "./namespace-access.ts";
import type { CompiledRole } from "./namespace-rules.ts";
import { projectionShows } from "./projection-paths.ts";
import { masksOf, showsPath } from "./visible-fields.ts";

export interface ReadPlan {
  /** Matches all documents that the user sees, and no others where `isExact`. */
  readonly filter: Outcome;
  readonly isExact: boolean;
  /** Absent where nothing is hidden in those that match. */
  readonly view?: DocumentView;
  /** Whether `view` may leave nothing of a document that matches exactly. */
  readonly mayVanish: boolean;
  /** Whether a path is shown in every document, with all below it. */
  readonly shows: (path: string) => boolean;
  /** Whether a filter or sort on a path may be asked of documents as they are stored. */
  readonly asksStored: (path: string) => boolean;
  readonly hidesFields: boolean;
  readonly refusesRegex: boolean;
  /** Of filters, which the user's own must go with. */
  readonly projections: readonly Doc[];
  /** Counts documents that the query alone let through, which `view` has not seen. */
  readonly count: (docs: readonly Doc[], tally: NamespaceTally) => void;
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

/** A document, wherever it comes from, as the user sees it; undefined where they do not. */
export function showDocument(
  { filter, view, count }: ReadPlan,
  doc: Doc,
  tally?: NamespaceTally,
): Eventual<Doc | undefined> {
  if (!compileFilter(filter)(doc)) return undefined;
  if (view !== undefined) return view(doc, tally);
  if (tally !== undefined) count([doc], tally);
  return doc;
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
    refusesRegex: access.config.userRegex === "refused",
    filter: allFilters([own.filter, others.filter]),
    isExact,
    projections,
    mayVanish: masks.some((each) => each !== undefined && !showsPath(each, "_id")),
    count: (docs: readonly Doc[], tally: NamespaceTally): void => {
      countRoles(docs, tally, roles, access);
    },
  };
  if (isExact && !hidesFields && projections.length === 0) return base;
  const masksOfRole = new Map(roles.map((role, index) => [role, masks[index]]));
  const show = createView(roles, masksOfRole, access, own.isExact);
  const passes = others.isExact ? undefined : evaluateNode(allOf(queries), access.environment);
  const project = compileProjections(projections);
  return {
    ...base,
    mayVanish: base.mayVanish || projections.length > 0,
    view: (doc, tally) =>
      chain(passes?.(whole(doc)) ?? true, (isIn) =>
        isIn
          ? chain(show(doc, tally), (shown) => (shown === undefined ? undefined : project(shown)))
          : undefined,
      ),
  };
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

/** Whether a document that may be read is shown with all its fields. */
function isWhole({ read, write }: CompiledRole, access: NamespaceAccess): boolean {
  if (read !== undefined) return true;
  const node = write === undefined ? undefined : access.nodeNow(write);
  return node?.kind === "constant" && node.value;
}
