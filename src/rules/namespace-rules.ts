/** The rules of a namespace, compiled once per deployment. */
import type { Doc } from "../bson/doc.ts";
import type {
  AppConfig,
  DataSourceConfig,
  Expression,
  FieldPermission,
  FilterConfig,
  RoleConfig,
} from "../config/app-config.ts";
import {
  compileExpression,
  type CompiledExpression,
  compileQuery,
  type ExpressionProblem,
} from "./expressions.ts";
import { callsFunctions } from "./expression/node.ts";

/** Reading and writing; an expression that is absent is undefined, which is not the same as false (SPEC §6.3). */
export interface ReadWrite {
  readonly read?: CompiledExpression | undefined;
  readonly write?: CompiledExpression | undefined;
}

export interface CompiledField extends ReadWrite {
  readonly fields?: ReadonlyMap<string, CompiledField> | undefined;
}

export interface CompiledRole extends CompiledField {
  readonly name: string;
  readonly applyWhen: CompiledExpression;
  readonly documentFilters?: ReadWrite | undefined;
  readonly insert?: CompiledExpression | undefined;
  readonly delete?: CompiledExpression | undefined;
  readonly search?: CompiledExpression | undefined;
  readonly additionalFields: ReadWrite;
  /** Atlas: `write: false` beside `fields` says that nothing but those fields is written; a condition says more. */
  readonly leavesWriteToFields: boolean;
}

export interface CompiledRuleFilter {
  readonly name: string;
  readonly applyWhen: CompiledExpression;
  readonly query?: CompiledExpression | undefined;
  readonly projection?: Doc | undefined;
}

export interface NamespaceRules {
  /** In the order in which they are asked. */
  readonly roles: readonly CompiledRole[];
  readonly filters: readonly CompiledRuleFilter[];
  /** Everybody may do everything: there is nothing to ask. */
  readonly isOpen: boolean;
  /** Who the user is says all: nothing else of a request is asked, and no function. */
  readonly isOfUser: boolean;
}

const compiled = new WeakMap<DataSourceConfig, Map<string, NamespaceRules | undefined>>();

/** The key of a data source's default rule among its namespaces, which all have a dot. */
const defaultKey = "";

/** @returns undefined where nobody has any role */
export function rulesOf(
  config: AppConfig,
  dataSource: string,
  database: string,
  collection: string,
): NamespaceRules | undefined {
  const source = config.dataSources.get(dataSource);
  if (source === undefined) return undefined;
  let known = compiled.get(source);
  if (known === undefined) {
    known = new Map();
    compiled.set(source, known);
  }
  const namespace = `${database}.${collection}`;
  const key = source.collections.has(namespace) ? namespace : defaultKey;
  if (!known.has(key)) known.set(key, compileNamespace(source, key, config));
  return known.get(key);
}

/** Atlas: a collection that has no roles of its own has the default ones; its own filters stand beside them. */
function compileNamespace(
  source: DataSourceConfig,
  key: string,
  app: AppConfig,
): NamespaceRules | undefined {
  const own = source.collections.get(key)?.rules;
  const { defaultRule } = source;
  const hasOwnRoles = own !== undefined && own.roles.length > 0;
  const roles = hasOwnRoles ? own.roles : (defaultRule?.roles ?? []);
  const hasOwnFilters = hasOwnRoles || (own !== undefined && own.filters.length > 0);
  const filters = hasOwnFilters ? own.filters : (defaultRule?.filters ?? []);
  if (roles.length === 0) return undefined;
  const rules = {
    roles: roles.map((each) => compileRole(each)),
    filters: filters.map((each) => compileFilter(each)),
  };
  return { ...rules, isOpen: isOpen(rules), isOfUser: isOfUser(rules, app) };
}

/** Tells what is wrong, by the steps from the role or the filter on. */
export type OnProblem = (problem: ExpressionProblem) => void;

export function compileRole(role: RoleConfig, onProblem?: OnProblem): CompiledRole {
  const compile = createCompile(onProblem);
  const { documentFilters, additionalFields } = role;
  return {
    name: role.name,
    applyWhen: compile(role.applyWhen, "apply_when") as CompiledExpression,
    documentFilters: documentFilters && {
      read: compile(documentFilters.read, "document_filters", "read"),
      write: compile(documentFilters.write, "document_filters", "write"),
    },
    read: compile(role.read, "read"),
    write: compile(role.write, "write"),
    insert: compile(role.insert, "insert"),
    delete: compile(role.delete, "delete"),
    search: compile(role.search, "search"),
    fields: compileFields(role.fields, onProblem, ["fields"]),
    additionalFields: {
      read: compile(additionalFields?.read, "additional_fields", "read"),
      write: compile(additionalFields?.write, "additional_fields", "write"),
    },
    leavesWriteToFields: role.write === false && (role.fields?.size ?? 0) > 0,
  };
}

type Compile = (
  expression: Expression | undefined,
  ...steps: readonly string[]
) => CompiledExpression | undefined;

function createCompile(onProblem: OnProblem | undefined): Compile {
  return (expression, ...steps) =>
    expression === undefined
      ? undefined
      : compileExpression(
          expression,
          "document",
          onProblem &&
            (({ path, message }) => {
              onProblem({ path: [...steps, ...path], message });
            }),
        );
}

function compileFields(
  fields: ReadonlyMap<string, FieldPermission> | undefined,
  onProblem: OnProblem | undefined,
  steps: readonly string[],
): ReadonlyMap<string, CompiledField> | undefined {
  if (fields === undefined) return undefined;
  const compile = createCompile(onProblem);
  return new Map(
    [...fields].map(([name, field]) => [
      name,
      {
        read: compile(field.read, ...steps, name, "read"),
        write: compile(field.write, ...steps, name, "write"),
        fields: compileFields(field.fields, onProblem, [...steps, name, "fields"]),
      },
    ]),
  );
}

export function compileFilter(filter: FilterConfig, onProblem?: OnProblem): CompiledRuleFilter {
  const told = (step: string): OnProblem | undefined =>
    onProblem &&
    (({ path, message }): void => {
      onProblem({ path: [step, ...path], message });
    });
  return {
    name: filter.name,
    applyWhen: compileExpression(filter.applyWhen, "request", told("apply_when")),
    query: filter.query && compileQuery(filter.query, told("query")),
    projection: filter.projection?.size === 0 ? undefined : filter.projection,
  };
}

function isOfUser(
  { roles, filters }: Pick<NamespaceRules, "roles" | "filters">,
  { values }: AppConfig,
): boolean {
  const hasSecrets = [...values.values()].some(({ kind }) => kind === "secret");
  const isOf = (expression: CompiledExpression | undefined): boolean =>
    expression === undefined ||
    (!expression.sources.has("request") &&
      !expression.sources.has("args") &&
      !(hasSecrets && expression.sources.has("values")) &&
      !callsFunctions(expression.node));
  const isOfField = (field: CompiledField): boolean =>
    isOf(field.read) && isOf(field.write) && [...(field.fields?.values() ?? [])].every(isOfField);
  const isOfRole = (role: CompiledRole): boolean =>
    isOfField(role) &&
    isOfField(role.additionalFields) &&
    [
      role.applyWhen,
      role.insert,
      role.delete,
      role.documentFilters?.read,
      role.documentFilters?.write,
    ].every(isOf);
  return roles.every(isOfRole) && filters.every((each) => isOf(each.applyWhen) && isOf(each.query));
}

function isOpen({ roles, filters }: Pick<NamespaceRules, "roles" | "filters">): boolean {
  const [first] = roles;
  if (first === undefined || filters.length > 0 || !isTrue(first.applyWhen)) return false;
  const passes = first.documentFilters === undefined || isTrue(first.documentFilters.write);
  // Who may write may read.
  return passes && isTrue(first.write) && isFree(first.insert) && isFree(first.delete);
}

function isTrue(expression: CompiledExpression | undefined): boolean {
  return expression?.node.kind === "constant" && expression.node.value;
}

/** Undefined stands for true here. */
function isFree(expression: CompiledExpression | undefined): boolean {
  return expression === undefined || isTrue(expression);
}
