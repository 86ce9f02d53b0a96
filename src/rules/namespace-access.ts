/** The rules of a namespace as they are for one request: which roles come into question, and what their conditions say. */
import type { AppConfig } from "../config/app-config.ts";
import { type Decision, evaluateNode } from "./expression/decide.ts";
import { chain, type Eventual } from "./expression/eventual.ts";
import { atBefore, type ExpressionNode } from "./expression/node.ts";
import type { Documents } from "./expression/reference.ts";
import { specialize } from "./expression/specialize.ts";
import type { CompiledExpression, RequestEnvironment } from "./expressions.ts";
import type { CompiledRole, CompiledRuleFilter, NamespaceRules } from "./namespace-rules.ts";
import { withRememberedCalls } from "./remembered-calls.ts";

export interface NamespaceAccess {
  readonly config: AppConfig;
  readonly dataSource: string;
  readonly database: string;
  readonly collection: string;
  readonly environment: RequestEnvironment;
  /** Those that may apply to some document, in their order. */
  roles(): Eventual<readonly CompiledRole[]>;
  /** Those that apply to this request. */
  filters(): Eventual<readonly CompiledRuleFilter[]>;
  /** What an expression comes down to. */
  node(expression: CompiledExpression): Eventual<ExpressionNode>;
  /** The same where it is known without waiting. */
  nodeNow(expression: CompiledExpression): ExpressionNode | undefined;
  readonly decide: (expression: CompiledExpression, documents: Documents) => Eventual<boolean>;
  /** The same for the document as it was before a write; what compares before and after is as in `decide`. */
  readonly decideBefore: NamespaceAccess["decide"];
}

interface Known {
  node: Eventual<ExpressionNode>;
  decision?: Decision;
  before?: Decision;
}

export function createAccess(
  rules: NamespaceRules,
  place: Pick<NamespaceAccess, "config" | "dataSource" | "database" | "collection">,
  given: RequestEnvironment,
): NamespaceAccess {
  const environment = withRememberedCalls(given);
  const known = new Map<CompiledExpression, Known>();
  let roles: Eventual<readonly CompiledRole[]> | undefined;
  let filters: Eventual<readonly CompiledRuleFilter[]> | undefined;

  function know(expression: CompiledExpression): Known {
    const found = known.get(expression);
    if (found !== undefined) return found;
    const made: Known = { node: specialize(expression.node, environment) };
    if (made.node instanceof Promise)
      made.node = made.node.then((node) => {
        made.node = node;
        return node;
      });
    known.set(expression, made);
    return made;
  }

  const access: NamespaceAccess = {
    ...place,
    environment,
    roles: () => (roles ??= selectRoles(rules.roles, access)),
    filters: () => (filters ??= selectFilters(rules.filters, access)),
    node: (expression) => know(expression).node,
    nodeNow(expression) {
      const { node } = know(expression);
      return node instanceof Promise ? undefined : node;
    },
    decide(expression, documents) {
      const own = know(expression);
      return chain(own.node, (node) =>
        (own.decision ??= evaluateNode(node, environment))(documents),
      );
    },
    decideBefore(expression, documents) {
      const own = know(expression);
      return chain(own.node, (node) =>
        (own.before ??= evaluateNode(atBefore(node), environment))(documents),
      );
    },
  };
  return access;
}

/** The first that applies whatever the document is the last that is asked. */
function selectRoles(
  roles: readonly CompiledRole[],
  access: NamespaceAccess,
): Eventual<readonly CompiledRole[]> {
  const [role, ...rest] = roles;
  if (role === undefined) return [];
  return chain(access.node(role.applyWhen), (node) => {
    if (node.kind !== "constant")
      return chain(selectRoles(rest, access), (others) => [role, ...others]);
    return node.value ? [role] : selectRoles(rest, access);
  });
}

function selectFilters(
  filters: readonly CompiledRuleFilter[],
  access: NamespaceAccess,
): Eventual<readonly CompiledRuleFilter[]> {
  const [filter, ...rest] = filters;
  if (filter === undefined) return [];
  return chain(access.node(filter.applyWhen), (node) =>
    chain(selectFilters(rest, access), (others) =>
      node.kind === "constant" && node.value ? [filter, ...others] : others,
    ),
  );
}

/** The role of a document: the first that applies. */
export function roleOf(
  roles: readonly CompiledRole[],
  applies: (role: CompiledRole) => Eventual<boolean>,
): Eventual<CompiledRole | undefined> {
  const [role, ...rest] = roles;
  if (role === undefined) return undefined;
  return chain(applies(role), (isIt) => (isIt ? role : roleOf(rest, applies)));
}
