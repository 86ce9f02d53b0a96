/** What is wrong with the rules of an app, found before they become live. */
import type {
  AppConfig,
  Expression,
  Origin,
  RulesConfig,
  SchemaConfig,
} from "../config/app-config.ts";
import type { Problem } from "../config/app-problem.ts";
import { problemAt } from "../config/problem-at.ts";
import { MongoError } from "../kit/mongo-error.ts";
import { compileProjection } from "../query/projection.ts";
import { createEnvironment } from "./query-environment.ts";
import { compileExpression } from "./expressions.ts";
import { compileFilter, compileRole, type CompiledRole } from "./namespace-rules.ts";
import { compileSchema } from "./schema.ts";

export interface RuleProblems {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Expressions with their places; what the directory's own reader has found is not found again. */
export function checkRules(config: AppConfig): RuleProblems {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const told = { problems, warnings };
  for (const source of config.dataSources.values())
    for (const rules of [
      source.defaultRule,
      ...[...source.collections.values()].map((each) => each.rules),
    ])
      if (rules !== undefined) checkNamespace(rules, config, told);
  for (const source of config.dataSources.values())
    for (const { schema } of source.collections.values())
      if (schema !== undefined) checkSchema(schema, told);
  const callable = [...config.functions.values(), ...config.endpoints, config.dataApi];
  for (const each of callable)
    if (each !== undefined) problems.push(...checkCall(each.canEvaluate, each.origin));
  return told;
}

interface Told {
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

function checkSchema({ schema, origin }: SchemaConfig, { problems }: Told): void {
  compileSchema(schema, ({ path, message }) => problems.push(problemAt(origin, path, message)));
}

function checkNamespace(
  { roles, filters, origin }: RulesConfig,
  { hiddenFields }: AppConfig,
  told: Told,
): void {
  for (const [index, role] of roles.entries()) {
    const compiled = compileRole(role, ({ path, message }) =>
      told.problems.push(problemAt(origin, ["roles", index, ...path], message)),
    );
    if (compiled.leavesWriteToFields)
      told.warnings.push(
        problemAt(
          origin,
          ["roles", index, "write"],
          "is false beside fields: those of the fields that may be written can be, and no others",
        ),
      );
    if (hidesFields(compiled))
      told.warnings.push(
        problemAt(
          origin,
          ["roles", index],
          hiddenFields === "stored"
            ? "hides fields: filters and sorts of users see them all the same, as hidden_fields has it"
            : "hides fields: to filters, sorts and pipelines of users they are missing",
        ),
      );
  }
  for (const [index, filter] of filters.entries()) {
    const wrong = (steps: readonly (string | number)[], message: string): void => {
      told.problems.push(problemAt(origin, ["filters", index, ...steps], message));
    };
    const { projection } = compileFilter(filter, ({ path, message }) => {
      wrong(path, message);
    });
    try {
      if (projection !== undefined) compileProjection(projection, createEnvironment(), "find");
    } catch (cause) {
      if (!(cause instanceof MongoError)) throw cause;
      wrong(["projection"], cause.message);
    }
  }
}

/** Whether some field may not be shown to somebody who has the role. */
function hidesFields({ read, write, fields, additionalFields }: CompiledRole): boolean {
  if (read !== undefined || isTrue(write)) return false;
  const all = [...(fields?.values() ?? []), additionalFields];
  return !all.every((each) => isTrue(each.read) || isTrue(each.write));
}

function isTrue(expression: CompiledRole["read"]): boolean {
  return expression?.node.kind === "constant" && expression.node.value;
}

function checkCall(expression: Expression | undefined, origin: Origin | undefined): Problem[] {
  const problems: Problem[] = [];
  if (expression !== undefined)
    compileExpression(expression, "call", ({ path, message }) =>
      problems.push(problemAt(origin, ["can_evaluate", ...path], message)),
    );
  return problems;
}
